import type { Expression, ModuleFile, Statement } from "../../src/syntax/ast.ts";
import { callOperator, type OperatorName } from "./operators.ts";
import { type Gate, namesIn, nodesIn, type Spot, spotsIn } from "./spots.ts";

/** A replacement of a part of a text, in UTF-16 offsets. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A spec broken in one place. */
export interface Mutant {
  readonly operator: OperatorName;
  /** Path of the text that is changed. */
  readonly file: string;
  /** `proc mddev_unlock`. */
  readonly owner: string;
  /** Counts from 1. */
  readonly line: number;
  /** What is changed, in one line, and what it becomes. */
  readonly before: string;
  readonly after: string;
  /** Which one of those that are alike in all of this, counted from 1. */
  readonly nth: number;
  readonly edits: readonly Edit[];
  readonly gate: Gate;
}

/** What stands for a statement that is left out: nothing, and no step. */
export const LEFT_OUT = "skip;";

/** A text and its tree. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly tree: ModuleFile;
}

/** Found, but not yet told from those that are alike. */
interface Draft {
  readonly operator: OperatorName;
  readonly edits: readonly Edit[];
  /** What is shown of the text. */
  readonly from: number;
  readonly to: number;
}

/** All mutants of a text, in order of the text, those of no effect on it left out. */
export function mutantsOf(source: Source, modules: readonly ModuleFile[]): readonly Mutant[] {
  const { file, text } = source;
  const known = knownIn(modules);
  const results = new Set<string>([text]);
  const counts = new Map<string, number>();
  const mutants: Mutant[] = [];
  for (const spot of spotsIn(source.tree, modules)) {
    for (const { operator, edits, from, to } of draftsOf(spot, text, known)) {
      const changed = edited(text, edits);
      if (results.has(changed)) {
        continue;
      }
      results.add(changed);
      const before = oneLine(text.slice(from, to));
      const after = oneLine(changed.slice(from, to + changed.length - text.length));
      const key = JSON.stringify([operator, spot.owner, before, after]);
      const nth = (counts.get(key) ?? 0) + 1;
      counts.set(key, nth);
      const line = lineAt(text, edits[0]?.start ?? from);
      const gate = spot.kind === "statement" ? spot.gate : null;
      const { owner } = spot;
      mutants.push({ operator, file, owner, line, before, after, nth, edits, gate });
    }
  }
  return mutants;
}

/** The text with the edits, which do not overlap and stand in order. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, text: put } of edits) {
    result += text.slice(at, start) + put;
    at = end;
  }
  return result + text.slice(at);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** Comments and line breaks left out. */
function oneLine(text: string): string {
  return text
    .replace(/\/\/.*$/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

// ---------------------------------------------------------------------------------- what is known

interface Known {
  /** Variables and locals that a name stands for, in procs and defs those they use. */
  mentions(node: unknown): ReadonlySet<string>;
  /** Whether a call of the name is one of a proc with a boolean result. */
  isAnswering(name: string): boolean;
}

function knownIn(modules: readonly ModuleFile[]): Known {
  const bodies = new Map<string, unknown>();
  const answering = new Set<string>();
  const passive = new Set<string>();
  for (const one of modules.flatMap(({ declarations }) => declarations)) {
    if (one.kind === "proc" || one.kind === "def") {
      bodies.set(one.name.text, one.body);
      if (one.kind === "proc" && one.result?.kind === "boolType") {
        answering.add(one.name.text);
      }
    } else if (one.kind === "const" || one.kind === "thread") {
      passive.add(one.name.text);
    }
    for (const node of nodesIn(one)) {
      if (node["kind"] === "enumType") {
        for (const { text } of node["members"] as readonly { readonly text: string }[]) {
          passive.add(text);
        }
      }
    }
  }
  const mentions = (node: unknown): ReadonlySet<string> => {
    const found = new Set<string>();
    const opened = new Set<string>();
    const waiting: unknown[] = [node];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const name of namesIn(next)) {
        if (bodies.has(name)) {
          if (!opened.has(name)) {
            opened.add(name);
            waiting.push(bodies.get(name) ?? null);
          }
        } else if (!passive.has(name)) {
          found.add(name);
        }
      }
    }
    return found;
  };
  return { mentions, isAnswering: (name) => answering.has(name) };
}

// --------------------------------------------------------------------------------------- operators

function draftsOf(spot: Spot, text: string, known: Known): readonly Draft[] {
  switch (spot.kind) {
    case "def": {
      const { body, result } = spot.def;
      // A prototype has no body.
      if (body === null) {
        return [];
      }
      const whole = result.kind === "boolType" ? negated(body, text) : [];
      return [...whole, ...sidesIn(body, text)].map((one) => shownIn(one, body.span));
    }
    case "when": {
      const { when } = spot.transition;
      return when === null ? [] : conditionDrafts(when, text, "drop-when");
    }
    default:
      return [...statementDrafts(spot.statement, text, known), ...swapDrafts(spot, text, known)];
  }
}

type Change = Pick<Draft, "operator" | "edits">;

function shownIn(change: Change, shown: { readonly start: number; readonly end: number }): Draft {
  return { ...change, from: shown.start, to: shown.end };
}

function conditionDrafts(condition: Expression, text: string, drop: "drop-when"): readonly Draft[] {
  return [
    replaced(drop, condition, "true"),
    ...negated(condition, text),
    ...sidesIn(condition, text),
  ].map((one) => shownIn(one, condition.span));
}

function statementDrafts(statement: Statement, text: string, known: Known): readonly Draft[] {
  const shown = headOf(statement);
  return changesOf(statement, text, known).map((one) => shownIn(one, shown));
}

/** What is shown of a statement: with a block what stands in front of it. */
function headOf(statement: Statement): { readonly start: number; readonly end: number } {
  const { start, end } = statement.span;
  switch (statement.kind) {
    case "if":
      return { start, end: statement.then.span.start };
    case "while":
    case "choose":
      return { start, end: statement.body.span.start };
    default:
      return { start, end };
  }
}

function changesOf(statement: Statement, text: string, known: Known): readonly Change[] {
  const left = (operator: OperatorName): Change => replaced(operator, statement, LEFT_OUT);
  switch (statement.kind) {
    case "await":
      return [
        left("drop-await"),
        ...negated(statement.condition, text),
        ...sidesIn(statement.condition, text),
        ...(statement.wait === "strong" ? [weakened(statement, text)] : []),
      ];
    case "if":
    case "while":
      return [
        replaced("always", statement.condition, "true"),
        replaced("never", statement.condition, "false"),
        ...negated(statement.condition, text),
        ...sidesIn(statement.condition, text),
      ];
    case "choose":
      return statement.where === null ? [] : conditionDrafts(statement.where, text, "drop-when");
    case "assign":
      return [
        left("drop-update"),
        ...answers(statement.value, known),
        ...sidesIn(statement.value, text),
      ];
    case "let":
    case "local":
    case "return":
      return statement.value === null || statement.value === undefined
        ? statement.kind === "return"
          ? [left("drop-jump")]
          : []
        : [...answers(statement.value, known), ...sidesIn(statement.value, text)];
    case "break":
    case "continue":
      return [left("drop-jump")];
    case "call":
      return [left(callOperator(statement.call.name.text)), ...sidesIn(statement.call, text)];
    case "start":
      return [left("drop-start")];
    case "atomic":
      return [
        {
          operator: "split-atomic",
          edits: [{ start: statement.span.start, end: statement.body.span.start, text: "" }],
        },
      ];
    default:
      return [];
  }
}

function replaced(
  operator: OperatorName,
  { span: { start, end } }: Pick<Expression, "span">,
  text: string,
): Change {
  return { operator, edits: [{ start, end, text }] };
}

function weakened({ span: { start, end } }: Statement, text: string): Change {
  const from = start + text.slice(start, end).indexOf("strong");
  return { operator: "weaken-strong", edits: [{ start: from, end: from + 7, text: "" }] };
}

function negated(condition: Expression, text: string): readonly Change[] {
  const { start, end } = condition.span;
  // `!` in front of a call that has one already is refused.
  const inner =
    condition.kind === "unary" && condition.operator === "!"
      ? text.slice(start + 1, end).trim()
      : `!(${text.slice(start, end)})`;
  return [replaced("negate", condition, inner)];
}

/** Where a proc answers yes or no. */
function answers(value: Expression, known: Known): readonly Change[] {
  if (value.kind !== "call" || !known.isAnswering(value.name.text)) {
    return [];
  }
  const yes = callOperator(value.name.text) === "drop-lock" ? "drop-lock" : "assume-true";
  return [replaced(yes, value, "true"), replaced("assume-false", value, "false")];
}

/** Each `&&` and `||` with one side less. */
function sidesIn(expression: Expression, text: string): readonly Change[] {
  const changes: Change[] = [];
  for (const node of nodesIn(expression)) {
    const operator = node["operator"];
    if (node["kind"] === "binary" && (operator === "&&" || operator === "||")) {
      changes.push(...sidesOf(node as unknown as Binary, text));
    }
  }
  return changes;
}

type Binary = Extract<Expression, { readonly kind: "binary" }>;

function sidesOf(node: Binary, text: string): readonly Change[] {
  const { left, operator } = node;
  const name = operator === "&&" ? "drop-conjunct" : "drop-disjunct";
  const at = operatorAt(text, left.span.end, operator);
  const keepLeft = text.slice(node.span.start, at).trim();
  const keepRight = text.slice(at + operator.length, node.span.end).trim();
  // Of a chain the left side is itself one of these, with sides of its own.
  const isChain = left.kind === "binary" && left.operator === operator;
  return [...(isChain ? [] : [replaced(name, node, keepRight)]), replaced(name, node, keepLeft)];
}

/** Between the operands stand parentheses, blanks and comments. */
function operatorAt(text: string, from: number, operator: string): number {
  for (let at = from; ; at++) {
    if (text.startsWith("//", at)) {
      at = text.indexOf("\n", at);
    } else if (text.startsWith(operator, at)) {
      return at;
    }
  }
}

// ---------------------------------------------------------------------------------- neighbours

/** What must stay where it is: what leaves, what only states a property, what does nothing. */
const UNMOVED: ReadonlySet<Statement["kind"]> = new Set([
  "return",
  "break",
  "continue",
  "assert",
  "skip",
]);

function swapDrafts(
  { statement, next, isWithinStep }: Extract<Spot, { readonly kind: "statement" }>,
  text: string,
  known: Known,
): readonly Draft[] {
  if (next === null || !isMovable(statement) || !isMovable(next)) {
    return [];
  }
  // In which order locks are given back makes no difference to anybody.
  if (isUnlock(statement) && isUnlock(next)) {
    return [];
  }
  const mentioned = known.mentions(next);
  const isShared = [...known.mentions(statement)].some((name) => mentioned.has(name));
  // Within one step nobody sees in which order things happen that have nothing in common.
  if (isWithinStep && !isShared && !leaves(statement) && !leaves(next)) {
    return [];
  }
  const [first, second] = [statement.span, next.span];
  const edits: readonly Edit[] = [
    { start: first.start, end: first.end, text: text.slice(second.start, second.end) },
    { start: second.start, end: second.end, text: text.slice(first.start, first.end) },
  ];
  return [{ operator: "swap", edits, from: first.start, to: second.end }];
}

function isMovable(statement: Statement): boolean {
  return !UNMOVED.has(statement.kind) && !(statement.kind === "local" && statement.value === null);
}

function isUnlock(statement: Statement): boolean {
  return statement.kind === "call" && callOperator(statement.call.name.text) === "drop-unlock";
}

/** Whether what stands behind it may not be executed. */
function leaves(statement: Statement): boolean {
  return [...nodesIn(statement)].some(
    ({ kind }) => kind === "return" || kind === "break" || kind === "continue",
  );
}
