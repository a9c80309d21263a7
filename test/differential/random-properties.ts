import { conditionOf, leafOf, valueFor } from "./random-expressions.ts";
import { type Entry, fresh, type Scope } from "./random-scope.ts";
import { integers } from "./random-types.ts";

/** Properties of all kinds, constraints, fairness, and where a system may stop. */
export function randomProperties(scope: Scope): string {
  const { making } = scope;
  const { draw, threads } = making;
  const entries = [...making.constants, ...making.variables];
  const code: Scope = { making, entries, state: true, self: false, observes: true };
  const lines: string[] = observingDef(code);
  for (let count = draw.below(4); count > 0; count--) {
    lines.push(`invariant ${fresh(making, "inv")}: ${weakened(code)};`);
  }
  for (let count = draw.pick([0, 0, 1, 2]); count > 0; count--) {
    const primed: readonly Entry[] = making.variables.map((entry) => ({
      ...entry,
      text: `${entry.text}'`,
    }));
    const both: Scope = { ...code, entries: [...entries, ...primed, ...primed] };
    lines.push(`step ${fresh(making, "step")}: ${weakened(both)};`);
  }
  for (let count = draw.below(3); count > 0; count--) {
    lines.push(`reachable ${fresh(making, "reach")}: ${conditionOf(code)};`);
  }
  if (draw.chance(0.15)) {
    lines.push(`constraint ${weakened(code)};`);
  }
  if (draw.chance(threads.length === 0 ? 0.6 : 0.05)) {
    lines.push(`final: ${conditionOf(code)};`);
  }
  const fair = threads.filter(({ escapes }) => !escapes);
  if (fair.length > 0 && draw.chance(0.05)) {
    lines.push(`fairness ${draw.pick(["weak", "strong"])}(${draw.pick(fair).name});`);
  }
  for (let count = draw.pick([0, 0, 0, 1, 1, 2]); count > 0; count--) {
    lines.push(`recoverable ${fresh(making, "back")}: ${conditionOf(code)};`);
  }
  for (let count = draw.pick([0, 0, 1, 1, 2]); count > 0; count--) {
    lines.push(`property ${fresh(making, "live")}: ${formula(code, 3)};`);
  }
  return lines.join("\n");
}

/** A temporal formula: of several that are likely to be meant, or any. */
function formula(scope: Scope, depth: number): string {
  const { making } = scope;
  const { draw } = making;
  const condition = (): string => `(${conditionOf(scope)})`;
  const part = (): string => `(${formula(scope, depth - 1)})`;
  if (depth === 0) {
    return condition();
  }
  const quantified = (): string => {
    const name = fresh(making, "each");
    const entry: Entry = { text: name, type: integers(0, 1), writable: false, shared: false };
    const inner: Scope = { ...scope, entries: [...scope.entries, entry, entry] };
    return `${draw.pick(["forall", "exists"])} ${name} in 0..1: (${formula(inner, depth - 1)})`;
  };
  return draw.weighted([
    [4, () => `${condition()} ~> ${condition()}`],
    [3, () => `always eventually ${condition()}`],
    [2, () => `eventually always ${condition()}`],
    [3, () => `eventually ${part()}`],
    [3, () => `always ${part()}`],
    [1, () => `!${part()}`],
    [4, () => `${part()} ${draw.pick(["&&", "||", "=>", "<=>", "~>"])} ${part()}`],
    [2, quantified],
    [2, condition],
  ])();
}

/** A def that looks at threads from outside. */
function observingDef(scope: Scope): string[] {
  const { making } = scope;
  if (!making.draw.chance(0.25)) {
    return [];
  }
  const name = fresh(making, "seen");
  const text = `def ${name}: bool = ${conditionOf(scope)};`;
  making.defs.push({
    name,
    parameters: null,
    result: { kind: "bool", text: "bool" },
    state: true,
    observes: true,
  });
  return [text];
}

/** A condition that holds somewhat more often than any condition. */
function weakened(scope: Scope): string {
  const { draw } = scope.making;
  const condition = (): string => conditionOf(scope);
  return draw.weighted([
    [1, condition],
    [2, () => `(${condition()} || ${condition()})`],
    [2, () => `(${condition()} => ${condition()})`],
    [6, () => `((${condition()} && ${condition()}) => (${condition()} || ${condition()}))`],
  ])();
}

/** One or two checks. `properties` is the text with what they may expect to be violated. */
export function randomChecks(scope: Scope, properties: string): string {
  const { making } = scope;
  const { draw, constants, threads } = making;
  const plain = threads.find(({ index }) => index === null);
  const named = /^(?:invariant|step|reachable|recoverable|property) (\w+)/m.exec(properties)?.[1];
  const lines: string[] = [];
  if (draw.chance(0.6)) {
    const expectation = draw.weighted([
      [5, ""],
      [1, " expect deadlock"],
      [1, " expect hung"],
      [plain === undefined ? 0 : 1, ` expect hung(${plain?.name ?? ""})`],
      [1, " expect error"],
      [1, " expect assertion, deadlock"],
      [1, " expect ok states 5"],
      [plain === undefined ? 0 : 1, ` expect deadlock(${plain?.name ?? ""})`],
      [named === undefined ? 0 : 1, ` expect violation(${named ?? ""})`],
    ]);
    lines.push(`check first${expectation};`);
  }
  const constant = constants[0];
  if (constant !== undefined && draw.chance(0.5)) {
    const safe: Scope = { ...scope, making: { ...making, risk: 0 } };
    const value = draw.chance(0.5) ? leafOf(safe, constant.type) : valueFor(safe, constant.type, 1);
    lines.push(`check other with ${constant.text} = ${value};`);
  }
  return lines.join("\n");
}
