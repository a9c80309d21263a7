/**
 * An encoder for the binary format of WebAssembly, as far as kernels need it: the MVP with bulk
 * memory and atomic operations (https://webassembly.github.io/spec/core/binary). It knows nothing of
 * specs.
 */

/** The types of values that kernels use. */
export type ValueType = "i32" | "i64";

const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };

/** Name of an instruction without an immediate operand. */
export type Operation =
  | "unreachable"
  | "return"
  | "drop"
  | "select"
  | "i32.eqz"
  | "i32.eq"
  | "i32.ne"
  | "i32.lt_s"
  | "i32.lt_u"
  | "i32.gt_s"
  | "i32.gt_u"
  | "i32.le_s"
  | "i32.le_u"
  | "i32.ge_s"
  | "i32.ge_u"
  | "i64.eqz"
  | "i64.eq"
  | "i64.ne"
  | "i32.clz"
  | "i32.ctz"
  | "i32.popcnt"
  | "i32.add"
  | "i32.sub"
  | "i32.mul"
  | "i32.div_s"
  | "i32.rem_s"
  | "i32.and"
  | "i32.or"
  | "i32.xor"
  | "i32.shl"
  | "i32.shr_s"
  | "i32.shr_u"
  | "i32.rotl"
  | "i64.add"
  | "i64.sub"
  | "i64.mul"
  | "i64.or"
  | "i64.xor"
  | "i64.shl"
  | "i64.shr_u"
  | "i64.rotl"
  | "i32.wrap_i64"
  | "i64.extend_i32_s"
  | "i64.extend_i32_u"
  | "memory.copy"
  | "memory.fill";

const OPERATIONS: Readonly<Record<Operation, readonly number[]>> = {
  unreachable: [0x00],
  return: [0x0f],
  drop: [0x1a],
  select: [0x1b],
  "i32.eqz": [0x45],
  "i32.eq": [0x46],
  "i32.ne": [0x47],
  "i32.lt_s": [0x48],
  "i32.lt_u": [0x49],
  "i32.gt_s": [0x4a],
  "i32.gt_u": [0x4b],
  "i32.le_s": [0x4c],
  "i32.le_u": [0x4d],
  "i32.ge_s": [0x4e],
  "i32.ge_u": [0x4f],
  "i64.eqz": [0x50],
  "i64.eq": [0x51],
  "i64.ne": [0x52],
  "i32.clz": [0x67],
  "i32.ctz": [0x68],
  "i32.popcnt": [0x69],
  "i32.add": [0x6a],
  "i32.sub": [0x6b],
  "i32.mul": [0x6c],
  "i32.div_s": [0x6d],
  "i32.rem_s": [0x6f],
  "i32.and": [0x71],
  "i32.or": [0x72],
  "i32.xor": [0x73],
  "i32.shl": [0x74],
  "i32.shr_s": [0x75],
  "i32.shr_u": [0x76],
  "i32.rotl": [0x77],
  "i64.add": [0x7c],
  "i64.sub": [0x7d],
  "i64.mul": [0x7e],
  "i64.or": [0x84],
  "i64.xor": [0x85],
  "i64.shl": [0x86],
  "i64.shr_u": [0x88],
  "i64.rotl": [0x89],
  "i32.wrap_i64": [0xa7],
  "i64.extend_i32_s": [0xac],
  "i64.extend_i32_u": [0xad],
  "memory.copy": [0xfc, 0x0a, 0x00, 0x00],
  "memory.fill": [0xfc, 0x0b, 0x00],
};

/** Name of an instruction that reads or writes memory; it takes an address from the stack. */
export type Access =
  | "i32.load"
  | "i64.load"
  | "i32.load8_u"
  | "i32.load16_u"
  | "i32.store"
  | "i32.store8"
  | "i64.store"
  | "i32.atomic.load"
  | "i32.atomic.rmw.cmpxchg";

/** Opcode and the logarithm of the natural alignment. */
const ACCESSES: Readonly<Record<Access, readonly [readonly number[], number]>> = {
  "i32.load": [[0x28], 2],
  "i64.load": [[0x29], 3],
  "i32.load8_u": [[0x2d], 0],
  "i32.load16_u": [[0x2f], 1],
  "i32.store": [[0x36], 2],
  "i32.store8": [[0x3a], 0],
  "i64.store": [[0x37], 3],
  "i32.atomic.load": [[0xfe, 0x10], 2],
  "i32.atomic.rmw.cmpxchg": [[0xfe, 0x48], 2],
};

/** A local variable of a function. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** A global variable of the module. */
export interface Global {
  readonly index: number;
}

/** A function of the module, imported or its own. */
export interface Func {
  readonly index: number;
}

/** Where a branch can go: the end of a block or the beginning of a loop. */
export interface Label {
  /** Number of labels around it. */
  readonly depth: number;
}

/** Writes the body of one function, instruction after instruction. */
export interface FunctionWriter {
  /** In the order of the function's type. */
  readonly parameters: readonly Local[];
  /** A local that is nobody else's until the end of the scope; its value is undefined. */
  local(type?: ValueType): Local;
  /** A local that stays; 0 at first. */
  lasting(type?: ValueType): Local;
  /** Locals taken while `write` runs are free for others afterwards. */
  scoped<Result>(write: () => Result): Result;
  op(name: Operation): void;
  i32(value: number): void;
  i64(value: bigint): void;
  get(local: Local): void;
  set(local: Local): void;
  tee(local: Local): void;
  getGlobal(global: Global): void;
  setGlobal(global: Global): void;
  /** The address is on the stack; `offset` bytes are added to it without wrapping. */
  access(name: Access, offset?: number): void;
  call(func: Func): void;
  /** Begins a block or loop; `end` ends it. A block with a result leaves it on the stack. */
  begin(kind: "block" | "loop", result?: ValueType): Label;
  /** Begins what is done when the i32 on the stack is not 0. */
  beginIf(result?: ValueType): Label;
  otherwise(): void;
  end(): void;
  br(label: Label): void;
  brIf(label: Label): void;
  /** Takes an index from the stack; what is beyond `labels` goes to `fallback`. */
  brTable(labels: readonly Label[], fallback: Label): void;
}

/** The type of a function. */
export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Collects the parts of a module. Functions can be declared first and written later. */
export interface ModuleWriter {
  /** Imports come before everything else. */
  importFunction(name: string, signature: Signature): Func;
  /** An immutable i32. */
  importGlobal(name: string): Global;
  declare(signature: Signature, exportName?: string): Func;
  define(func: Func, write: (writer: FunctionWriter) => void): void;
  /** A mutable global. */
  global(type: ValueType, initial: number, exportName?: string): Global;
  /** Puts bytes at a fixed address. */
  data(address: number, bytes: Uint8Array): void;
  /** The whole module; its memory is imported as `env.memory`. */
  encode(memory: { readonly pagesMax: number; readonly shared: boolean }): Uint8Array<ArrayBuffer>;
}

type Bytes = number[];

function unsigned(into: Bytes, value: number): void {
  let rest = value >>> 0;
  while (rest >= 0x80) {
    into.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  into.push(rest);
}

function signed(into: Bytes, value: number): void {
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) {
      into.push(byte);
      return;
    }
    into.push(byte | 0x80);
  }
}

function signedLong(into: Bytes, value: bigint): void {
  let rest = BigInt.asIntN(64, value);
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0)) {
      into.push(byte);
      return;
    }
    into.push(byte | 0x80);
  }
}

function append(into: Bytes, bytes: ArrayLike<number>): void {
  for (let index = 0; index < bytes.length; index++) {
    into.push(bytes[index] as number);
  }
}

/** Parts one behind the other: each byte is copied once, and modules have many. */
function joined(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/** A number in front of what it counts. */
function counted(count: number): Bytes {
  const bytes: Bytes = [];
  unsigned(bytes, count);
  return bytes;
}

function name(into: Bytes, text: string): void {
  const bytes = new TextEncoder().encode(text);
  unsigned(into, bytes.length);
  append(into, bytes);
}

/** The writer of a function of this type, and what it wrote. */
function createFunction(signature: Signature): { writer: FunctionWriter; encode(): Uint8Array } {
  const code: Bytes = [];
  const parameters = signature.parameters.map((type, index): Local => ({ index, type }));
  const own: ValueType[] = [];
  const free: Record<ValueType, Local[]> = { i32: [], i64: [] };
  const open: Local[][] = [];
  let depth = 0;
  const begin = (opcode: number, result?: ValueType): Label => {
    code.push(opcode, result === undefined ? 0x40 : TYPE_CODES[result]);
    depth += 1;
    return { depth };
  };
  const branch = (label: Label): void => unsigned(code, depth - label.depth);
  const indexed = (opcode: number, index: number): void => {
    code.push(opcode);
    unsigned(code, index);
  };
  const fresh = (type: ValueType): Local => {
    own.push(type);
    return { index: parameters.length + own.length - 1, type };
  };
  const writer: FunctionWriter = {
    parameters,
    local: (type = "i32") => {
      const local = free[type].pop() ?? fresh(type);
      open.at(-1)?.push(local);
      return local;
    },
    lasting: (type = "i32") => fresh(type),
    scoped: (write) => {
      open.push([]);
      const result = write();
      for (const local of open.pop() ?? []) {
        free[local.type].push(local);
      }
      return result;
    },
    op: (operation) => append(code, OPERATIONS[operation]),
    i32: (value) => {
      code.push(0x41);
      signed(code, value);
    },
    i64: (value) => {
      code.push(0x42);
      signedLong(code, value);
    },
    get: ({ index }) => indexed(0x20, index),
    set: ({ index }) => indexed(0x21, index),
    tee: ({ index }) => indexed(0x22, index),
    getGlobal: ({ index }) => indexed(0x23, index),
    setGlobal: ({ index }) => indexed(0x24, index),
    access: (access, offset = 0) => {
      const [opcode, alignment] = ACCESSES[access];
      append(code, opcode);
      unsigned(code, alignment);
      unsigned(code, offset);
    },
    call: ({ index }) => indexed(0x10, index),
    begin: (kind, result) => begin(kind === "block" ? 0x02 : 0x03, result),
    beginIf: (result) => begin(0x04, result),
    otherwise: () => {
      code.push(0x05);
    },
    end: () => {
      depth -= 1;
      code.push(0x0b);
    },
    br: (label) => {
      code.push(0x0c);
      branch(label);
    },
    brIf: (label) => {
      code.push(0x0d);
      branch(label);
    },
    brTable: (labels, fallback) => {
      code.push(0x0e);
      unsigned(code, labels.length);
      for (const label of labels) {
        branch(label);
      }
      branch(fallback);
    },
  };
  const encode = (): Uint8Array => {
    const locals = counted(own.length);
    for (const type of own) {
      locals.push(1, TYPE_CODES[type]);
    }
    const size = locals.length + code.length + 1;
    return joined([counted(size), locals, code, [0x0b]]);
  };
  return { writer, encode };
}

interface Defined {
  readonly type: number;
  readonly exportName: string | undefined;
  readonly signature: Signature;
  body: Uint8Array | null;
}

/** An empty module. */
export function createModule(): ModuleWriter {
  const types: string[] = [];
  const typeBytes: Bytes[] = [];
  const typeOf = ({ parameters, results }: Signature): number => {
    const bytes: Bytes = [0x60];
    for (const list of [parameters, results]) {
      unsigned(bytes, list.length);
      append(
        bytes,
        list.map((type) => TYPE_CODES[type]),
      );
    }
    const key = bytes.join();
    const known = types.indexOf(key);
    if (known >= 0) {
      return known;
    }
    typeBytes.push(bytes);
    return types.push(key) - 1;
  };
  const imports: Bytes[] = [];
  let importedFunctions = 0;
  let importedGlobals = 0;
  const functions: Defined[] = [];
  const globals: Bytes[] = [];
  const exports: Bytes[] = [];
  const data: Uint8Array[] = [];
  const imported = (field: string): Bytes => {
    const bytes: Bytes = [];
    name(bytes, "env");
    name(bytes, field);
    return bytes;
  };
  const exported = (field: string, kind: number, index: number): void => {
    const bytes: Bytes = [];
    name(bytes, field);
    bytes.push(kind);
    unsigned(bytes, index);
    exports.push(bytes);
  };
  return {
    importFunction: (field, signature) => {
      const bytes = imported(field);
      bytes.push(0x00);
      unsigned(bytes, typeOf(signature));
      imports.push(bytes);
      importedFunctions += 1;
      return { index: importedFunctions - 1 };
    },
    importGlobal: (field) => {
      const bytes = imported(field);
      bytes.push(0x03, TYPE_CODES.i32, 0x00);
      imports.push(bytes);
      importedGlobals += 1;
      return { index: importedGlobals - 1 };
    },
    declare: (signature, exportName) => {
      functions.push({ type: typeOf(signature), exportName, signature, body: null });
      const index = importedFunctions + functions.length - 1;
      if (exportName !== undefined) {
        exported(exportName, 0x00, index);
      }
      return { index };
    },
    define: ({ index }, write) => {
      const defined = functions[index - importedFunctions] as Defined;
      const { writer, encode } = createFunction(defined.signature);
      write(writer);
      defined.body = encode();
    },
    global: (type, initial, exportName) => {
      const bytes: Bytes = [TYPE_CODES[type], 0x01];
      if (type === "i32") {
        bytes.push(0x41);
        signed(bytes, initial);
      } else {
        bytes.push(0x42);
        signedLong(bytes, BigInt(initial));
      }
      bytes.push(0x0b);
      globals.push(bytes);
      const index = importedGlobals + globals.length - 1;
      if (exportName !== undefined) {
        exported(exportName, 0x03, index);
      }
      return { index };
    },
    data: (address, bytes) => {
      const segment: Bytes = [0x00, 0x41];
      signed(segment, address);
      segment.push(0x0b);
      unsigned(segment, bytes.length);
      data.push(joined([segment, bytes]));
    },
    encode: ({ pagesMax, shared }) => {
      const memory = imported("memory");
      memory.push(0x02, shared ? 0x03 : 0x01);
      unsigned(memory, 0);
      unsigned(memory, pagesMax);
      return assemble({
        1: typeBytes,
        2: [...imports, memory],
        3: functions.map(({ type }) => counted(type)),
        6: globals,
        7: exports,
        10: functions.map(({ body }) => body as Uint8Array),
        11: data,
      });
    },
  };
}

/** Sections by their number; each is a vector of entries. */
function assemble(
  sections: Readonly<Record<number, readonly ArrayLike<number>[]>>,
): Uint8Array<ArrayBuffer> {
  const parts: ArrayLike<number>[] = [[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]];
  for (const [id, entries] of Object.entries(sections)) {
    if (entries.length > 0) {
      const content = joined([counted(entries.length), ...entries]);
      parts.push([Number(id)], counted(content.length), content);
    }
  }
  return joined(parts);
}
