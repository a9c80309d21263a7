import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Access,
  createModule,
  type FunctionWriter,
  type ModuleWriter,
  type Operation,
  type Signature,
  type ValueType,
} from "../../src/codegen/wasm.ts";
import { WASM } from "../../src/explorer/webassembly.ts";
import { disassemble, functionsIn, instructions } from "./disassemble.ts";

const MEMORY = { pagesMax: 4, shared: true };
const NOTHING: Signature = { parameters: [], results: [] };
const ONE: Signature = { parameters: ["i32"], results: ["i32"] };

/** The instructions of a function, as the disassembler reads them. */
function written(signature: Signature, write: (code: FunctionWriter) => void): readonly string[] {
  const module = createModule();
  module.define(module.declare(signature), write);
  const [made] = functionsIn(disassemble(module.encode(MEMORY)));
  return made === undefined ? [] : instructions(made);
}

/** What a module exports, once it is running. */
function run(make: (module: ModuleWriter) => void): Record<string, (...given: number[]) => number> {
  const module = createModule();
  make(module);
  const memory = new WASM.Memory({ initial: 1, maximum: 4, shared: true });
  const compiled = new WASM.Module(module.encode(MEMORY));
  const { exports } = new WASM.Instance(compiled, { env: { memory } });
  return exports as Record<string, (...given: number[]) => number>;
}

const SAME = (type: ValueType, count: number, result: ValueType = type) =>
  [new Array<ValueType>(count).fill(type), [result]] as const;

/** What every operation takes and gives, after the specification; tsc misses none. */
const OPERATIONS: Readonly<
  Record<Operation, readonly [readonly ValueType[], readonly ValueType[]]>
> = {
  unreachable: [[], []],
  return: [[], []],
  drop: [["i32"], []],
  select: SAME("i32", 3),
  "i32.eqz": SAME("i32", 1),
  "i32.eq": SAME("i32", 2),
  "i32.ne": SAME("i32", 2),
  "i32.lt_s": SAME("i32", 2),
  "i32.lt_u": SAME("i32", 2),
  "i32.gt_s": SAME("i32", 2),
  "i32.gt_u": SAME("i32", 2),
  "i32.le_s": SAME("i32", 2),
  "i32.le_u": SAME("i32", 2),
  "i32.ge_s": SAME("i32", 2),
  "i32.ge_u": SAME("i32", 2),
  "i64.eqz": SAME("i64", 1, "i32"),
  "i64.eq": SAME("i64", 2, "i32"),
  "i64.ne": SAME("i64", 2, "i32"),
  "i32.clz": SAME("i32", 1),
  "i32.ctz": SAME("i32", 1),
  "i32.popcnt": SAME("i32", 1),
  "i32.add": SAME("i32", 2),
  "i32.sub": SAME("i32", 2),
  "i32.mul": SAME("i32", 2),
  "i32.div_s": SAME("i32", 2),
  "i32.rem_s": SAME("i32", 2),
  "i32.and": SAME("i32", 2),
  "i32.or": SAME("i32", 2),
  "i32.xor": SAME("i32", 2),
  "i32.shl": SAME("i32", 2),
  "i32.shr_s": SAME("i32", 2),
  "i32.shr_u": SAME("i32", 2),
  "i32.rotl": SAME("i32", 2),
  "i64.add": SAME("i64", 2),
  "i64.sub": SAME("i64", 2),
  "i64.mul": SAME("i64", 2),
  "i64.or": SAME("i64", 2),
  "i64.xor": SAME("i64", 2),
  "i64.shl": SAME("i64", 2),
  "i64.shr_u": SAME("i64", 2),
  "i64.rotl": SAME("i64", 2),
  "i32.wrap_i64": SAME("i64", 1, "i32"),
  "i64.extend_i32_s": SAME("i32", 1, "i64"),
  "i64.extend_i32_u": SAME("i32", 1, "i64"),
  "memory.copy": [["i32", "i32", "i32"], []],
  "memory.fill": [["i32", "i32", "i32"], []],
};

/** What every access takes after the address, and gives. */
const ACCESSES: Readonly<Record<Access, readonly [readonly ValueType[], readonly ValueType[]]>> = {
  "i32.load": [[], ["i32"]],
  "i64.load": [[], ["i64"]],
  "i32.load8_u": [[], ["i32"]],
  "i32.load16_u": [[], ["i32"]],
  "i32.store": [["i32"], []],
  "i32.store8": [["i32"], []],
  "i64.store": [["i64"], []],
  "i32.atomic.load": [[], ["i32"]],
  "i32.atomic.rmw.cmpxchg": [["i32", "i32"], ["i32"]],
};

describe("instructions", () => {
  test.each(Object.entries(OPERATIONS))("%s is encoded as such", (name, [parameters, results]) => {
    const made = written({ parameters, results }, (code) => {
      code.parameters.forEach(code.get);
      code.op(name as Operation);
    });
    expect(made).toEqual([...parameters.map((_, index) => `local.get ${index}`), name]);
  });

  // The disassembler shows an alignment where it is not the natural one.
  test.each(Object.entries(ACCESSES))(
    "%s is encoded with its alignment",
    (name, [more, results]) => {
      const parameters: readonly ValueType[] = ["i32", ...more];
      const made = written({ parameters, results }, (code) => {
        code.parameters.forEach(code.get);
        code.access(name as Access);
      });
      expect(made).toEqual([...parameters.map((_, index) => `local.get ${index}`), name]);
    },
  );

  test("locals and globals are read, written and kept", () => {
    const module = createModule();
    const base = module.importGlobal("base");
    const counter = module.global("i32", -1);
    const long = module.global("i64", 2 ** 40);
    module.define(module.declare(ONE), (code) => {
      const [given] = code.parameters;
      const other = code.local("i64");
      code.getGlobal(base);
      code.setGlobal(counter);
      code.getGlobal(long);
      code.set(other);
      code.get(given ?? other);
      code.tee(given ?? other);
    });
    const text = disassemble(module.encode(MEMORY));
    const [made] = functionsIn(text);
    expect(made && instructions(made)).toEqual([
      "global.get 0",
      "global.set 1",
      "global.get 2",
      "local.set 1",
      "local.get 0",
      "local.tee 0",
    ]);
    expect(made?.locals).toBe("i64");
    expect(text).toContain('(import "env" "base" (global (;0;) i32))');
    expect(text).toContain("(global (;1;) (mut i32) (i32.const -1))");
    expect(text).toContain(`(global (;2;) (mut i64) (i64.const ${2 ** 40}))`);
  });

  test("locals of a scope are used again after it, those that last are not", () => {
    const module = createModule();
    module.define(module.declare(NOTHING), (code) => {
      const lasting = code.lasting();
      const first = code.scoped(() => [code.local(), code.local("i64")]);
      const second = code.scoped(() => [code.local(), code.local("i64")]);
      expect(second).toEqual(first);
      expect(first).not.toContainEqual(lasting);
    });
    expect(functionsIn(disassemble(module.encode(MEMORY)))[0]?.locals).toBe("i32 i32 i64");
  });
});

/** Numbers at which an encoding in groups of 7 bits becomes longer, and their neighbours. */
const EDGES = Array.from({ length: 10 }, (_, index) => [
  2n ** BigInt(7 * index + 6),
  2n ** BigInt(7 * index),
])
  .flat()
  .flatMap((edge) => [edge - 1n, edge, edge + 1n, -edge - 1n, -edge, -edge + 1n]);

describe("numbers", () => {
  test("an i32 of any size is read as it was written", () => {
    const edges = EDGES.map((edge) => Number(BigInt.asIntN(32, edge)));
    const any = fc.oneof(fc.integer(), fc.constantFrom(...edges, -(2 ** 31), 2 ** 31 - 1));
    fc.assert(
      fc.property(fc.array(any, { minLength: 1 }), (values) => {
        const made = written(NOTHING, (code) => {
          for (const value of values) {
            code.i32(value);
            code.op("drop");
          }
        });
        expect(made).toEqual(values.flatMap((value) => [`i32.const ${value}`, "drop"]));
      }),
    );
  });

  test("an i64 of any size is read as it was written", () => {
    const edges = EDGES.map((edge) => BigInt.asIntN(64, edge));
    const any = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.constantFrom(...edges, -(2n ** 63n), 2n ** 63n - 1n),
    );
    fc.assert(
      fc.property(fc.array(any, { minLength: 1 }), (values) => {
        const made = written(NOTHING, (code) => {
          for (const value of values) {
            code.i64(value);
            code.op("drop");
          }
        });
        expect(made).toEqual(values.flatMap((value) => [`i64.const ${value}`, "drop"]));
      }),
    );
  });

  test("an offset of any size is read as it was written", () => {
    const edges = EDGES.filter((edge) => edge > 0n && edge < 2n ** 32n).map(Number);
    const any = fc.oneof(
      fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      fc.constantFrom(...edges, 2 ** 32 - 1),
    );
    fc.assert(
      fc.property(any, (offset) => {
        const made = written(ONE, (code) => {
          code.parameters.forEach(code.get);
          code.access("i32.load", offset);
        });
        expect(made).toEqual(["local.get 0", `i32.load offset=${offset}`]);
      }),
    );
  });

  // 128 is the first index that takes two bytes, 16,384 the first that takes three.
  test.each([127, 128, 129, 16_384])("%i locals and functions have indices that fit", (count) => {
    const module = createModule();
    const functions = Array.from({ length: count + 1 }, () => module.declare(NOTHING));
    for (const [index, func] of functions.entries()) {
      module.define(func, (code) => {
        if (index === 0) {
          const locals = Array.from({ length: count + 1 }, () => code.lasting());
          for (const local of locals.slice(-1)) {
            code.get(local);
            code.set(local);
          }
          functions.slice(-1).forEach(code.call);
        }
      });
    }
    const [first] = functionsIn(disassemble(module.encode(MEMORY)));
    expect(first && instructions(first)).toEqual([
      `local.get ${count}`,
      `local.set ${count}`,
      `call ${count}`,
    ]);
  });
});

describe("blocks", () => {
  test("a branch names the block, however deep it stands", () => {
    const made = written(NOTHING, (code) => {
      const outer = code.begin("block");
      const loop = code.begin("loop");
      code.i32(1);
      const inner = code.beginIf();
      code.br(outer);
      code.otherwise();
      code.i32(0);
      code.brIf(loop);
      code.br(inner);
      code.end();
      code.br(loop);
      code.end();
      code.end();
    });
    expect(made).toEqual(
      [
        "block",
        "loop",
        "i32.const 1",
        "if",
        "br 2",
        "else",
        "i32.const 0",
        "br_if 1",
        "br 0",
      ].concat(["end", "br 0", "end", "end"]),
    );
  });

  test("a table of branches lists its labels, then where all else goes", () => {
    const made = written(ONE, (code) => {
      const outer = code.begin("block");
      const middle = code.begin("block");
      const inner = code.begin("block");
      code.parameters.forEach(code.get);
      code.brTable([inner, outer, inner], middle);
      code.end();
      code.end();
      code.end();
      code.i32(0);
    });
    expect(made).toContain("br_table 0 2 0 1");
  });

  test("code does what its blocks say", () => {
    const { choose = Number, sum = Number } = run((module) => {
      module.define(module.declare(ONE, "choose"), (code) => {
        const rest = code.begin("block");
        const second = code.begin("block");
        const first = code.begin("block");
        code.parameters.forEach(code.get);
        code.brTable([first, second], rest);
        code.end();
        code.i32(10);
        code.op("return");
        code.end();
        code.i32(20);
        code.op("return");
        code.end();
        code.i32(30);
      });
      module.define(module.declare(ONE, "sum"), (code) => {
        const all = code.lasting();
        const loop = code.begin("loop");
        code.get(all);
        code.parameters.forEach(code.get);
        code.op("i32.add");
        code.set(all);
        code.parameters.forEach(code.get);
        code.i32(1);
        code.op("i32.sub");
        code.parameters.forEach(code.tee);
        code.brIf(loop);
        code.end();
        code.get(all);
        code.i32(55);
        code.op("i32.eq");
        code.beginIf("i32");
        code.i32(1);
        code.otherwise();
        code.get(all);
        code.end();
      });
    });
    expect([choose(0), choose(1), choose(2), choose(-1)]).toEqual([10, 20, 30, 30]);
    // 1 + 2 + … + 10 = 55, for which the `if` gives 1; 1 + 2 + 3 = 6.
    expect([sum(10), sum(3)]).toEqual([1, 6]);
  });
});

describe("modules", () => {
  test("imports come first, and equal types stand once", () => {
    const module = createModule();
    const found = module.importFunction("found", { parameters: ["i32", "i64"], results: [] });
    const func = module.declare({ parameters: ["i32", "i64"], results: [] }, "again");
    module.define(func, (code) => {
      code.parameters.forEach(code.get);
      code.call(found);
    });
    expect(disassemble(module.encode({ pagesMax: 65_536, shared: true }))).toBe(`(module
  (type (;0;) (func (param i32 i64)))
  (import "env" "found" (func (;0;) (type 0)))
  (import "env" "memory" (memory (;0;) 0 65536 shared))
  (func (;1;) (export "again") (type 0) (param i32 i64)
    local.get 0
    local.get 1
    call 0))
`);
  });

  test("a memory that nobody shares is imported as such", () => {
    const text = disassemble(createModule().encode({ pagesMax: 1, shared: false }));
    expect(text).toContain('(import "env" "memory" (memory (;0;) 0 1))');
  });

  test("data stands at its address, also beyond 2 GiB", () => {
    const module = createModule();
    module.data(1024, Uint8Array.of(1, 0x61, 255));
    module.data(2 ** 31 + 8, new Uint8Array(200));
    const text = disassemble(module.encode(MEMORY));
    expect(text).toContain('(data (;0;) (i32.const 1024) "\\01a\\ff")');
    // An address is written as a signed number.
    expect(text).toContain(`(data (;1;) (i32.const ${-(2 ** 31) + 8}) "${"\\00".repeat(200)}")`);
  });

  test("functions are declared first and defined in any order", () => {
    const { one = Number, two = Number } = run((module) => {
      const signature: Signature = { parameters: [], results: ["i32"] };
      const first = module.declare(signature, "one");
      const second = module.declare(signature, "two");
      module.define(second, (code) => code.i32(2));
      module.define(first, (code) => {
        code.call(second);
        code.i32(1);
        code.op("i32.sub");
      });
    });
    expect([one(), two()]).toEqual([1, 2]);
  });
});
