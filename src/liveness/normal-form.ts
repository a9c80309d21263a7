import type { GraphFormula } from "./graph.ts";

/**
 * A node of a formula in which only conditions on a single state are negated. Nodes are numbered, parts
 * before wholes, and equal ones are the same node.
 */
export type NormalNode =
  | { readonly kind: "literal"; readonly literal: number }
  | { readonly kind: "and" | "or"; readonly of: readonly number[] }
  | { readonly kind: "always" | "eventually"; readonly of: number };

/** A condition on one state, without temporal operators, or its opposite. */
export interface Literal {
  readonly condition: GraphFormula;
  readonly isNegated: boolean;
}

/** A formula in negation normal form. What its nodes and literals are depends on the formula alone. */
export interface NormalFormula {
  readonly nodes: readonly NormalNode[];
  readonly literals: readonly Literal[];
  readonly root: number;
}

/** The negation of a formula, in negation normal form. */
export function negationOf(formula: GraphFormula): NormalFormula {
  const builder: Builder = { nodes: [], literals: [], known: new Map() };
  const root = normalize(builder, formula, false);
  return { nodes: builder.nodes, literals: builder.literals, root };
}

/** Whether a formula speaks of one state only. */
export function isStateFormula(formula: GraphFormula): boolean {
  switch (formula.kind) {
    case "predicate":
      return true;
    case "not":
      return isStateFormula(formula.of);
    case "always":
    case "eventually":
    case "leadsTo":
      return false;
    default:
      return isStateFormula(formula.left) && isStateFormula(formula.right);
  }
}

interface Builder {
  readonly nodes: NormalNode[];
  readonly literals: Literal[];
  /** Nodes and literals by what they say. */
  readonly known: Map<string, number>;
}

/** The node for a formula, or for its opposite. */
function normalize(builder: Builder, formula: GraphFormula, isHeld: boolean): number {
  if (isStateFormula(formula)) {
    return literal(builder, { condition: formula, isNegated: !isHeld });
  }
  const of = (part: GraphFormula, held: boolean): number => normalize(builder, part, held);
  switch (formula.kind) {
    case "predicate":
      return literal(builder, { condition: formula, isNegated: !isHeld });
    case "not":
      return of(formula.of, !isHeld);
    case "always":
    case "eventually":
      return (formula.kind === "always") === isHeld
        ? always(builder, of(formula.of, isHeld))
        : eventually(builder, of(formula.of, isHeld));
    case "and":
    case "or":
      return (formula.kind === "and") === isHeld
        ? and(builder, [of(formula.left, isHeld), of(formula.right, isHeld)])
        : or(builder, [of(formula.left, isHeld), of(formula.right, isHeld)]);
    case "implies":
      return isHeld
        ? or(builder, [of(formula.left, false), of(formula.right, true)])
        : and(builder, [of(formula.left, true), of(formula.right, false)]);
    case "leadsTo": {
      if (isHeld) {
        const served = eventually(builder, of(formula.right, true));
        return always(builder, or(builder, [of(formula.left, false), served]));
      }
      const never = always(builder, of(formula.right, false));
      return eventually(builder, and(builder, [of(formula.left, true), never]));
    }
    case "iff":
      return or(builder, [
        and(builder, [of(formula.left, true), of(formula.right, isHeld)]),
        and(builder, [of(formula.left, false), of(formula.right, !isHeld)]),
      ]);
  }
}

function literal(builder: Builder, said: Literal): number {
  const { literals, known } = builder;
  const key = JSON.stringify(said);
  const index = known.get(key) ?? literals.push(said) - 1;
  known.set(key, index);
  return nodeFor(builder, { kind: "literal", literal: index });
}

function nodeFor({ nodes, known }: Builder, node: NormalNode): number {
  const key = JSON.stringify(node);
  const index = known.get(key) ?? nodes.push(node) - 1;
  known.set(key, index);
  return index;
}

// The equivalences below keep the automaton small: `always` and `eventually` in front of what speaks of
// a behaviour's end alone are left out, and operators that distribute are joined.

function and(builder: Builder, parts: readonly number[]): number {
  return join(builder, "and", parts);
}

function or(builder: Builder, parts: readonly number[]): number {
  return join(builder, "or", parts);
}

/**
 * `always a && always b` is `always (a && b)`, and `eventually always a && eventually always b` is
 * `eventually always (a && b)`; for `||` it is the same with `always` and `eventually` exchanged.
 */
function join(builder: Builder, kind: "and" | "or", parts: readonly number[]): number {
  const of = [...new Set(flatten(builder, kind, parts))].sort((a, b) => a - b);
  const [inner, outer] =
    kind === "and" ? (["always", "eventually"] as const) : (["eventually", "always"] as const);
  const now = of.filter((part) => operand(builder, part, inner) !== null);
  if (now.length > 1) {
    const inside = now.map((part) => operand(builder, part, inner) as number);
    const joined = temporal(builder, inner, join(builder, kind, inside));
    return join(builder, kind, [...of.filter((part) => !now.includes(part)), joined]);
  }
  const underBoth = (part: number): number | null =>
    operand(builder, operand(builder, part, outer), inner);
  const late = of.filter((part) => underBoth(part) !== null);
  if (late.length > 1) {
    const inside = join(
      builder,
      kind,
      late.map((part) => underBoth(part) as number),
    );
    const joined = temporal(builder, outer, temporal(builder, inner, inside));
    return join(builder, kind, [...of.filter((part) => !late.includes(part)), joined]);
  }
  return of.length === 1 ? (of[0] as number) : nodeFor(builder, { kind, of });
}

function flatten(builder: Builder, kind: "and" | "or", parts: readonly number[]): number[] {
  return parts.flatMap((part) => {
    const node = builder.nodes[part] as NormalNode;
    return node.kind === kind ? flatten(builder, kind, node.of) : [part];
  });
}

/** What stands under that operator; null where the node is another one. */
function operand(
  { nodes }: Builder,
  index: number | null,
  kind: "always" | "eventually",
): number | null {
  const node = index === null ? undefined : nodes[index];
  return node?.kind === kind ? node.of : null;
}

function always(builder: Builder, of: number): number {
  return temporal(builder, "always", of);
}

function eventually(builder: Builder, of: number): number {
  return temporal(builder, "eventually", of);
}

function temporal(builder: Builder, kind: "always" | "eventually", of: number): number {
  const node = builder.nodes[of] as NormalNode;
  if (node.kind === kind || isOfTheEnd(builder, of)) {
    return of;
  }
  // `eventually (a || eventually b)` is `eventually (a || b)`; the same with `always` and `&&`.
  if (node.kind === (kind === "always" ? "and" : "or")) {
    const parts = node.of.map((part) => operand(builder, part, kind) ?? part);
    if (parts.some((part, at) => part !== node.of[at])) {
      return temporal(builder, kind, join(builder, node.kind, parts));
    }
  }
  return nodeFor(builder, { kind, of });
}

/** Whether a node says something that no finite beginning of a behaviour can change. */
function isOfTheEnd(builder: Builder, index: number): boolean {
  const node = builder.nodes[index] as NormalNode;
  switch (node.kind) {
    case "literal":
      return false;
    case "and":
    case "or":
      return node.of.every((part) => isOfTheEnd(builder, part));
    case "always":
      return builder.nodes[node.of]?.kind === "eventually";
    case "eventually":
      return builder.nodes[node.of]?.kind === "always";
  }
}
