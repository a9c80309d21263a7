import { present } from "../support/internal-error.ts";

/** An operand with the range of text it takes, parentheses included. */
export interface Placed<T> {
  readonly value: T;
  readonly start: number;
  readonly end: number;
}

/** An operator where it stands. */
export interface PlacedOperator {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** An operator between two operands; `? middle :` counts as one. */
export interface Infix<T> extends PlacedOperator {
  readonly middle: T | null;
}

/** `prefixes operand` of a flat row of operands and binary operators. */
export interface Operand<T> {
  readonly prefixes: readonly PlacedOperator[];
  readonly operand: Placed<T>;
}

/** What the nodes of a row are made with, and who is told what is wrong. */
export interface Grouping<T> {
  prefix(operator: PlacedOperator, operand: Placed<T>): T;
  binary(operator: PlacedOperator, left: Placed<T>, right: Placed<T>): T;
  conditional(condition: Placed<T>, then: T, otherwise: Placed<T>): T;
  /** `operator` follows another of its level, which does not chain. Told once for a row. */
  chained(operator: PlacedOperator): void;
  /** `operator`, a `|`, is a bound of a range. */
  unionInRange(operator: PlacedOperator): void;
}

type Associativity = "left" | "right" | "none";

interface Level {
  readonly rank: number;
  readonly associativity: Associativity;
}

/** From loosest to tightest; a group shares a level. */
const BINARY_LEVELS: readonly (readonly [Associativity, readonly string[]])[] = [
  ["right", ["?"]],
  ["none", ["~>"]],
  ["left", ["<=>"]],
  ["right", ["=>"]],
  ["left", ["||"]],
  ["left", ["&&"]],
  ["none", ["==", "!=", "<", "<=", ">", ">=", "in", "subset"]],
  ["none", [".."]],
  ["left", ["|"]],
  ["left", ["+", "-"]],
  ["left", ["*", "/", "%", "&"]],
];

const LEVELS: ReadonlyMap<string, Level> = new Map(
  BINARY_LEVELS.flatMap(([associativity, operators], rank) =>
    operators.map((operator): [string, Level] => [operator, { rank, associativity }]),
  ),
);

const COMPARISON_RANK = levelOf("==").rank;

/** Tighter than every binary operator. */
export const PREFIX_RANK: number = BINARY_LEVELS.length;

/** The level of a binary operator: a greater rank binds tighter. */
export function levelOf(operator: string): Level {
  return present(LEVELS.get(operator), `the precedence of ${operator}`);
}

/** Whether `operator` compares two values: `== != < <= > >= in subset`. */
export function isComparison(operator: string): boolean {
  return LEVELS.get(operator)?.rank === COMPARISON_RANK;
}

/**
 * How tight a prefix operator binds. By the letter `always x == 1` would be `(always x) == 1`,
 * which no spec can mean, so the temporal operators take a whole comparison; between `&&` and them
 * nothing changes.
 */
function prefixRank(operator: string): number {
  return operator === "always" || operator === "eventually" ? COMPARISON_RANK - 0.5 : PREFIX_RANK;
}

type Pending<T> =
  | { readonly kind: "prefix"; readonly operator: PlacedOperator; readonly rank: number }
  | { readonly kind: "infix"; readonly operator: Infix<T>; readonly level: Level };

/** An operand, or a finished sub-row with the binary operator at its top. */
interface Done<T> extends Placed<T> {
  readonly top: PlacedOperator | null;
}

/**
 * Groups a flat row `operand (operator operand)*` by precedence. Works on stacks of its own, so
 * that a row of 50,000 operators needs no deeper call stack than one of two.
 */
export function group<T>(
  operands: readonly Operand<T>[],
  operators: readonly Infix<T>[],
  grouping: Grouping<T>,
): T {
  const done: Done<T>[] = [];
  const pending: Pending<T>[] = [];
  const reduce = (): void => {
    const last = present(pending.pop(), "a pending operator");
    const right = present(done.pop(), "a right operand");
    if (last.kind === "prefix") {
      const value = grouping.prefix(last.operator, right);
      done.push({ value, start: last.operator.start, end: right.end, top: null });
    } else {
      const left = present(done.pop(), "a left operand");
      const value = joined(last.operator, left, right, grouping);
      done.push({ value, start: left.start, end: right.end, top: last.operator });
    }
  };

  let isChained = false;
  operands.forEach((item, index) => {
    for (const operator of item.prefixes) {
      pending.push({ kind: "prefix", operator, rank: prefixRank(operator.text) });
    }
    done.push({ ...item.operand, top: null });
    const operator = operators[index];
    if (operator !== undefined) {
      const level = levelOf(operator.text);
      if (reduceBefore(pending, level, reduce) && !isChained) {
        isChained = true;
        grouping.chained(operator);
      }
      pending.push({ kind: "infix", operator, level });
    }
  });
  while (pending.length > 0) {
    reduce();
  }
  return present(done.pop(), "the whole row").value;
}

function joined<T>(operator: Infix<T>, left: Done<T>, right: Done<T>, grouping: Grouping<T>): T {
  if (operator.middle !== null) {
    return grouping.conditional(left, operator.middle, right);
  }
  const union = [left.top, right.top].find((top) => top?.text === "|");
  if (operator.text === ".." && union !== undefined && union !== null) {
    grouping.unionInRange(union);
  }
  return grouping.binary(operator, left, right);
}

/**
 * Reduces what binds tighter than `level`; tells whether an operator of `level` was among it that
 * does not chain.
 */
function reduceBefore<T>(
  pending: readonly Pending<T>[],
  level: Level,
  reduce: () => void,
): boolean {
  let isChained = false;
  for (;;) {
    const last = pending.at(-1);
    if (last === undefined) {
      return isChained;
    }
    const rank = last.kind === "prefix" ? last.rank : last.level.rank;
    if (rank < level.rank || (rank === level.rank && level.associativity === "right")) {
      return isChained;
    }
    isChained ||= last.kind === "infix" && rank === level.rank && level.associativity === "none";
    reduce();
  }
}
