import type {
  Block,
  DefDeclaration,
  Expression,
  ModuleFile,
  Statement,
  TransitionDeclaration,
} from "../../src/syntax/ast.ts";

/**
 * The statements of which one must have been executed (as coverage counts it) before control can
 * come to a place, as `file:offset`; null where nothing is known, so that it may always come there.
 */
export type Gate = readonly string[] | null;

/** Code in a proc, thread or transition, or what a def computes for it. */
export type Spot =
  | {
      readonly kind: "statement";
      readonly statement: Statement;
      /** `proc mddev_unlock`. */
      readonly owner: string;
      readonly gate: Gate;
      /** What stands behind it in the same block; null for the last. */
      readonly next: Statement | null;
      /** Whether no thread ever rests between it and its neighbour. */
      readonly isWithinStep: boolean;
    }
  | { readonly kind: "when"; readonly transition: TransitionDeclaration; readonly owner: string }
  | { readonly kind: "def"; readonly def: DefDeclaration; readonly owner: string };

/** How `Gate` names a statement. */
export function gateOf(span: { readonly file: string; readonly start: number }): string {
  return `${span.file}:${span.start}`;
}

/** A node of the tree, or a list in it. */
type Tree = Readonly<Record<string, unknown>>;

/** Every node inside a node, itself included, in order of the text. */
export function* nodesIn(node: unknown): Generator<Tree> {
  if (typeof node !== "object" || node === null) {
    return;
  }
  if (!Array.isArray(node)) {
    yield node as Tree;
  }
  for (const part of Object.values(node)) {
    yield* nodesIn(part);
  }
}

/** Every name that is used inside a node. */
export function namesIn(node: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  for (const one of nodesIn(node)) {
    const name = one["name"];
    const isUse = one["kind"] === "name" || one["kind"] === "call";
    if (isUse && typeof name === "object" && name !== null && "text" in name) {
      names.add(String(name.text));
    }
  }
  return names;
}

/** The blocks directly inside a statement, and an `else if` as a block of its own. */
function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case "block":
      return [statement.body];
    case "if": {
      const last = statement.else;
      const others = last === null ? [] : [last.kind === "block" ? last.body : [last]];
      return [statement.then.body, ...others];
    }
    case "while":
    case "loop":
    case "choose":
    case "atomic":
      return [statement.body.body];
    case "either":
      return statement.branches.map((branch) => branch.body);
    default:
      return [];
  }
}

/** Code of a module. A prototype has none. */
interface Code {
  readonly kind: "proc" | "thread" | "transition";
  readonly name: string;
  readonly body: Block;
}

function codeIn(tree: ModuleFile): readonly Code[] {
  return tree.declarations.flatMap((one): readonly Code[] => {
    if (one.kind !== "proc" && one.kind !== "thread" && one.kind !== "transition") {
      return [];
    }
    const body = one.body as Block | null | undefined;
    return body ? [{ kind: one.kind, name: one.name.text, body }] : [];
  });
}

/** Where a proc is called. */
interface CallSite {
  readonly gate: Gate;
  readonly caller: Code;
  readonly isInAtomic: boolean;
}

/** What the modules of a spec call where. */
interface Calls {
  readonly sites: ReadonlyMap<string, readonly CallSite[]>;
  /** The procs of which a call may be part of a larger step. */
  readonly inAtomic: ReadonlySet<string>;
}

/** All places in `tree` that can be mutated. `modules`: all modules of the specs that are checked. */
export function spotsIn(tree: ModuleFile, modules: readonly ModuleFile[]): readonly Spot[] {
  const codes = modules.flatMap(codeIn);
  const calls = callsIn(codes);
  const spots: Spot[] = [];
  const used = defsUsed(codes, modules);
  for (const declaration of tree.declarations) {
    if (declaration.kind === "def" && used.has(declaration.name.text) && declaration.body) {
      const owner = `def ${declaration.name.text}`;
      spots.push({ kind: "def", def: declaration, owner });
    }
    if (declaration.kind === "transition" && declaration.when !== null) {
      const owner = `transition ${declaration.name.text}`;
      spots.push({ kind: "when", transition: declaration, owner });
    }
    for (const code of codeIn({ ...tree, declarations: [declaration] })) {
      spots.push(...statementsOf(code, calls));
    }
  }
  return spots;
}

function statementsOf(code: Code, calls: Calls): readonly Spot[] {
  const spots: Spot[] = [];
  const owner = `${code.kind} ${code.name}`;
  const isWithin = code.kind === "transition" || isAlwaysWithinStep(code, calls);
  visit(code, calls.inAtomic, entryGate(code, calls, new Set()), (statement, place) => {
    const { gate, next, isInAtomic } = place;
    const isWithinStep = isWithin || isInAtomic;
    spots.push({ kind: "statement", statement, owner, gate, next, isWithinStep });
  });
  return spots;
}

interface Place {
  readonly gate: Gate;
  readonly next: Statement | null;
  readonly isInAtomic: boolean;
}

function visit(
  code: Code,
  inAtomic: ReadonlySet<string>,
  entry: Gate,
  each: (statement: Statement, place: Place) => void,
): void {
  const isPart = code.kind === "transition" || inAtomic.has(code.name);
  const walk = (block: readonly Statement[], around: Gate, isInAtomic: boolean): void => {
    for (const [index, statement] of block.entries()) {
      const before = block[index - 1];
      // What is part of a step is counted only if the step as a whole is possible.
      const isCounted = !isPart && !isInAtomic;
      const gate = isCounted
        ? isNeverWaiting(statement)
          ? [gateOf(statement.span)]
          : before === undefined
            ? around
            : [gateOf(before.span)]
        : around;
      each(statement, { gate, next: block[index + 1] ?? null, isInAtomic });
      for (const inner of blocksOf(statement)) {
        walk(inner, gate, isInAtomic || statement.kind === "atomic");
      }
    }
  };
  walk(code.body.body, entry, false);
}

/** Whether control that comes to it executes it: no wait and no call that may wait. */
function isNeverWaiting(statement: Statement): boolean {
  switch (statement.kind) {
    case "skip":
    case "start":
      return true;
    case "assign":
    case "let":
      return statement.value.kind !== "call";
    default:
      return false;
  }
}

/** One of its calls must have been reached; a thread may always run. */
function entryGate(code: Code, calls: Calls, above: ReadonlySet<string>): Gate {
  const sites = code.kind === "proc" ? calls.sites.get(code.name) : undefined;
  if (code.kind !== "proc") {
    return null;
  }
  if (sites === undefined || above.has(code.name)) {
    return [];
  }
  const gates: string[] = [];
  for (const { gate, caller } of sites) {
    const seen = new Set([...above, code.name]);
    // A gate of "nothing known" stands for the entry of the caller.
    const reached = gate ?? entryGate(caller, calls, seen);
    if (reached === null) {
      return null;
    }
    gates.push(...reached);
  }
  return [...new Set(gates)];
}

function callsIn(codes: readonly Code[]): Calls {
  const procs = new Set(codes.filter(({ kind }) => kind === "proc").map(({ name }) => name));
  const inAtomic = new Set<string>();
  for (let before = -1; before !== inAtomic.size; ) {
    before = inAtomic.size;
    for (const code of codes) {
      visit(code, inAtomic, null, (statement, { isInAtomic }) => {
        const isPart = isInAtomic || code.kind === "transition" || inAtomic.has(code.name);
        for (const name of isPart ? calledBy(statement) : []) {
          inAtomic.add(name);
        }
      });
    }
  }
  const sites = new Map<string, CallSite[]>();
  for (const code of codes) {
    visit(code, inAtomic, null, (statement, { gate, isInAtomic }) => {
      for (const name of calledBy(statement)) {
        if (procs.has(name)) {
          const isPart = isInAtomic || code.kind === "transition";
          sites.set(name, [...(sites.get(name) ?? []), { gate, caller: code, isInAtomic: isPart }]);
        }
      }
    });
  }
  return { sites, inAtomic };
}

/** Whether all its calls are part of larger steps, so that nobody rests inside of it. */
function isAlwaysWithinStep(code: Code, calls: Calls): boolean {
  const sites = code.kind === "proc" ? (calls.sites.get(code.name) ?? []) : [];
  return (
    sites.length > 0 &&
    sites.every(({ isInAtomic, caller }) => isInAtomic || isAlwaysWithinStep(caller, calls))
  );
}

/** The calls in a statement itself, not in its blocks. */
function calledBy(statement: Statement): readonly string[] {
  const parts: readonly (Expression | null)[] =
    statement.kind === "call"
      ? [statement.call]
      : "value" in statement
        ? [statement.value]
        : "condition" in statement
          ? [statement.condition]
          : [];
  return parts.flatMap((part) =>
    [...nodesIn(part)].flatMap((node) =>
      node["kind"] === "call" ? [(node["name"] as { readonly text: string }).text] : [],
    ),
  );
}

/** The defs that code uses, also through other defs. */
function defsUsed(codes: readonly Code[], modules: readonly ModuleFile[]): ReadonlySet<string> {
  const defs = new Map(
    modules.flatMap(({ declarations }) =>
      declarations.flatMap((one): readonly [string, DefDeclaration][] =>
        one.kind === "def" ? [[one.name.text, one]] : [],
      ),
    ),
  );
  const whens = modules.flatMap(({ declarations }) =>
    declarations.flatMap((one) => (one.kind === "transition" ? [one.when] : [])),
  );
  const used = new Set<string>();
  const waiting: unknown[] = [codes.map(({ body }) => body), whens];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of namesIn(next)) {
      const def = defs.get(name);
      if (def !== undefined && !used.has(name)) {
        used.add(name);
        waiting.push(def.body);
      }
    }
  }
  return used;
}
