import type {
  BinaryOperator,
  Expression,
  Formula,
  FunctionName,
} from "../../src/core/expressions.ts";
import type { Program } from "../../src/core/program.ts";
import type { Block, Statement } from "../../src/core/statements.ts";
import { type NamedEngine, REFERENCE } from "./compare-engines.ts";

/** Anything in a program that has a kind, or is a block. */
type Node = { readonly [key: string]: unknown };
type Rewrite = (node: Node) => Node;

/** The program with every node rewritten, inner ones first. */
function rewritten(program: Program, rewrite: Rewrite): Program {
  const visit = (part: unknown): unknown => {
    if (Array.isArray(part)) {
      return part.map(visit);
    }
    if (typeof part !== "object" || part === null) {
      return part;
    }
    const entries = Object.entries(part).map(([key, inner]) => [key, visit(inner)]);
    return rewrite(Object.fromEntries(entries));
  };
  return visit(program) as Program;
}

function nodes(rewrite: Rewrite): (program: Program) => Program {
  return (program) => rewritten(program, rewrite);
}

/** Rewrites statements of one kind, in the shape that core gives them. */
function statement<Kind extends Statement["kind"]>(
  kind: Kind,
  change: (one: Statement & { readonly kind: Kind }) => Partial<Record<string, unknown>>,
): (program: Program) => Program {
  return nodes((node) =>
    node["kind"] === kind && "label" in node && "id" in node
      ? { ...node, ...change(node as unknown as Statement & { readonly kind: Kind }) }
      : node,
  );
}

function operator(from: BinaryOperator, to: BinaryOperator): (program: Program) => Program {
  return nodes((node) => (node["operator"] === from ? { ...node, operator: to } : node));
}

function functionName(from: FunctionName, to: FunctionName): (program: Program) => Program {
  return nodes((node) => (node["function"] === from ? { ...node, function: to } : node));
}

function expression(from: Expression["kind"], to: Expression["kind"]) {
  return nodes((node) =>
    node["kind"] === from && "binder" in node ? { ...node, kind: to } : node,
  );
}

function formula(from: Formula["kind"], to: Formula["kind"]) {
  return nodes((node) => (node["kind"] === from ? { ...node, kind: to } : node));
}

const FALSE: Node = { kind: "boolean", value: false, type: { kind: "bool" } };

/** Ways to misread a program; an engine that does is wrong. */
const MISREADINGS: Readonly<Record<string, (program: Program) => Program>> = {
  "locals outlive their block": nodes((node) =>
    "slots" in node ? { ...(node as unknown as Block), slots: [] } : node,
  ),
  "the last branch is tried first": statement("either", ({ branches }) => ({
    branches: [...branches].reverse(),
  })),
  "the first branch is the only one": statement("either", ({ branches }) => ({
    branches: branches.slice(0, 1),
  })),
  "labels make no step": nodes((node) =>
    typeof node["label"] === "string" && "id" in node ? { ...node, label: null } : node,
  ),
  "idle waits must end": statement("await", () => ({ wait: "plain" })),
  "idle choices must end": statement("choose", () => ({ wait: "plain" })),
  "where is not asked": statement("choose", () => ({ where: null })),
  "atomic is a block": statement("atomic", () => ({ kind: "block" })),
  "a block is atomic": statement("block", () => ({ kind: "atomic" })),
  "break goes on": statement("break", () => ({ kind: "continue" })),
  "continue breaks": statement("continue", () => ({ kind: "break" })),
  "assertions are skipped": statement("assert", () => ({ kind: "skip" })),
  "nothing is started": statement("start", () => ({ kind: "skip" })),
  "a call's ! is overlooked": nodes((node) =>
    node["negated"] === true ? { ...node, negated: false } : node,
  ),
  "strong waits are plain": nodes((node) =>
    node["wait"] === "strong" ? { ...node, wait: "plain" } : node,
  ),
  "everybody is fair": nodes((node) =>
    node["unfair"] === true ? { ...node, unfair: false } : node,
  ),
  "no fairness is declared": (program) => ({ ...program, fairness: [] }),
  "transitions promise nothing": (program) => ({
    ...program,
    transitions: program.transitions.map((one) => ({ ...one, fairness: "none" })),
  }),
  "always is eventually": formula("always", "eventually"),
  "eventually is always": formula("eventually", "always"),
  "leads to is implies": formula("leadsTo", "implies"),
  "everything is recoverable": (program) => ({
    ...program,
    recoverables: program.recoverables.map((one) => ({
      ...one,
      condition: { kind: "boolean", value: true, type: { kind: "bool" }, span: one.span },
    })),
  }),
  "only any hang is expected": (program) => ({
    ...program,
    check: {
      ...program.check,
      expectations: program.check.expectations.map((one) =>
        one.kind === "hung" ? { ...one, threads: null } : one,
      ),
    },
  }),
  "nothing escapes": nodes((node) => (node["escape"] === true ? { ...node, escape: false } : node)),
  "dormant threads run": nodes((node) =>
    node["dormant"] === true ? { ...node, dormant: false } : node,
  ),
  "guards are not asked": nodes((node) => ("when" in node ? { ...node, when: null } : node)),
  "no constraint holds back": (program) => ({ ...program, constraints: [] }),
  "nothing may stop": (program) => ({ ...program, finals: [] }),
  "agents take turns the other way": (program) => ({
    ...program,
    agents: [...program.agents].reverse(),
  }),
  "nobody is done": nodes((node) =>
    node["kind"] === "done" && "of" in node ? { ...FALSE, span: node["span"] } : node,
  ),
  "nobody is blocked": nodes((node) =>
    node["kind"] === "blocked" ? { ...FALSE, span: node["span"] } : node,
  ),
  "a prime is overlooked": nodes((node) =>
    node["kind"] === "prime" ? { ...node, kind: "variable" } : node,
  ),
  "places in procs do not count": nodes((node) =>
    node["kind"] === "at" && node["proc"] !== null ? { ...FALSE, span: node["span"] } : node,
  ),
  "forall is exists": expression("forall", "exists"),
  "exists is forall": expression("exists", "forall"),
  "and is or": operator("and", "or"),
  "or is iff": operator("or", "iff"),
  "implies is iff": operator("implies", "iff"),
  "iff is implies": operator("iff", "implies"),
  "< is <=": operator("less", "lessEqual"),
  "<= is <": operator("lessEqual", "less"),
  "> is >=": operator("greater", "greaterEqual"),
  ">= is >": operator("greaterEqual", "greater"),
  "equal is different": operator("equal", "notEqual"),
  "plus is minus": operator("add", "subtract"),
  "minus is plus": operator("subtract", "add"),
  "times is plus": operator("multiply", "add"),
  "quotient is remainder": operator("divide", "remainder"),
  "remainder is quotient": operator("remainder", "divide"),
  "union is intersection": operator("union", "intersection"),
  "intersection is union": operator("intersection", "union"),
  "difference is intersection": operator("difference", "intersection"),
  "subset is equality": operator("subset", "equal"),
  "min is max": functionName("min", "max"),
  "max is min": functionName("max", "min"),
  "negation does nothing": nodes((node) =>
    node["kind"] === "negate" ? (node["of"] as Node) : node,
  ),
};

/** Engines that are the reference but for one misreading; what they misread is their name. */
export const WRONG_ENGINES: readonly NamedEngine[] = Object.entries(MISREADINGS).map(
  ([name, misread]) => ({
    name,
    run: (program, options) => REFERENCE.run(misread(program), options),
  }),
);
