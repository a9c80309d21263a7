import type { Expression, Formula } from "../core/expressions.ts";
import type { Program } from "../core/program.ts";
import type { Block } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import { blocksIn, childrenOf } from "../core/walk.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { cardinality, isScalar, type TypeContext } from "../values/types.ts";
import type { Context } from "./context.ts";
import { expressionsOf } from "./heights.ts";
import { COMPOSITES_MAX, SCALARS_MAX } from "./limits.ts";
import { computedSetTooLarge } from "./problems-limits.ts";
import { join } from "./type-relations.ts";

/**
 * What becomes of a set. `kept`: it is computed as a whole. `tried`: only whether one value is in it
 * is asked. `walked`: its elements are gone through (MD9010 bounds how many).
 */
type Use = "kept" | "tried" | "walked";

/** A set type inside a type whose elements have too many values. */
interface Excess {
  readonly count: number;
  readonly countMax: number;
}

interface Walk {
  readonly context: Context;
  readonly types: TypeContext;
  /** What was found in the types seen so far. */
  readonly known: Map<Type, Excess | null>;
}

/**
 * Reports the sets in code and properties that would be too large to be packed as one bit for each
 * value of their element type. What is worked out before the search is no matter.
 */
export function checkSets(context: Context, program: Program): void {
  const types = { threads: program.instances.map((one) => one.name) };
  const walk: Walk = { context, types, known: new Map() };
  if (!visitProgram(walk, program)) {
    // Last, for a generic def or proc gets its types from what is computed.
    checkDeclarations(walk, program);
  }
}

/** Whether something was reported. */
function visitProgram(walk: Walk, program: Program): boolean {
  const { threads, procs, transitions, invariants, steps, reachables, recoverables } = program;
  const expressions = [
    ...program.defs.map((one) => one.body),
    ...transitions.flatMap((one) => one.when ?? []),
    ...[...invariants, ...steps, ...reachables, ...recoverables].map((one) => one.condition),
    ...program.finals,
    ...program.constraints,
  ];
  let reported = visitAll(walk, expressions);
  for (const { body } of [...procs, ...threads, ...transitions]) {
    reported = visitBlock(walk, body.block) || reported;
  }
  for (const { formula } of program.properties) {
    reported = visitFormula(walk, formula) || reported;
  }
  return reported;
}

/**
 * The types of what values go into. A declared set has few elements (MD9012), unless these are of
 * `Thread`: nobody knew how many threads there are when the type was read.
 */
function checkDeclarations(walk: Walk, program: Program): void {
  for (const { type, span } of [...program.constants, ...program.variables]) {
    checkType(walk, type, span);
  }
  for (const { parameters, result, span } of program.defs) {
    for (const { type } of parameters) {
      checkType(walk, type, span);
    }
    checkType(walk, result, span);
  }
  for (const { result, span } of program.procs) {
    if (result !== null) {
      checkType(walk, result, span);
    }
  }
  for (const { body } of [...program.procs, ...program.threads, ...program.transitions]) {
    for (const { type, span } of body.locals) {
      checkType(walk, type, span);
    }
  }
}

function visitBlock(walk: Walk, block: Block): boolean {
  let reported = false;
  for (const statement of block.statements) {
    if (statement.kind === "choose") {
      reported = visit(walk, statement.set, "walked") || reported;
      reported = (statement.where !== null && visit(walk, statement.where, "kept")) || reported;
    } else {
      reported = visitAll(walk, expressionsOf(statement)) || reported;
    }
    for (const inner of blocksIn(statement)) {
      reported = visitBlock(walk, inner) || reported;
    }
  }
  return reported;
}

function visitFormula(walk: Walk, formula: Formula): boolean {
  switch (formula.kind) {
    case "predicate":
      return visit(walk, formula.expression, "kept");
    case "always":
    case "eventually":
    case "not":
      return visitFormula(walk, formula.of);
    case "forall":
    case "exists": {
      const reported = visit(walk, formula.set, "walked");
      return visitFormula(walk, formula.body) || reported;
    }
    default: {
      const reported = visitFormula(walk, formula.left);
      return visitFormula(walk, formula.right) || reported;
    }
  }
}

function visitAll(walk: Walk, expressions: readonly Expression[]): boolean {
  let reported = false;
  for (const expression of expressions) {
    reported = visit(walk, expression, "kept") || reported;
  }
  return reported;
}

/** Whether something was reported inside: what contains it is too large only because it is. */
function visit(walk: Walk, expression: Expression, use: Use): boolean {
  let reported = false;
  for (const child of childrenOf(expression)) {
    reported = visit(walk, child, useOfChild(expression, child, use)) || reported;
  }
  const type = typeMade(expression, use);
  return reported || (type !== null && checkType(walk, type, expression.span));
}

function useOfChild(expression: Expression, child: Expression, use: Use): Use {
  switch (expression.kind) {
    case "binary":
      return expression.operator === "inSet" && child === expression.right
        ? "tried"
        : expression.operator === "union" && use === "tried"
          ? "tried"
          : "kept";
    case "conditional":
      return use === "tried" ? "tried" : "kept";
    case "forall":
    case "exists":
    case "count":
    case "filter":
    case "image":
      return child === expression.set ? "walked" : "kept";
    case "function":
      // Of those of sequences nothing is walked, but no set stands there either.
      return "walked";
    default:
      return "kept";
  }
}

/**
 * The type that a node needs and its children do not: null where there is none, as for what only
 * reads a variable or a part of a value, and for a range, which is small unless it is only tried.
 */
function typeMade(expression: Expression, use: Use): Type | null {
  const { type } = expression;
  switch (expression.kind) {
    case "set":
      // An empty one has its type from where it goes.
      return use === "tried" || expression.elements.length === 0 ? null : type;
    case "image":
    case "conditional":
      return use === "tried" ? null : type;
    case "universe":
      return use === "kept" ? type : expression.of;
    case "filter":
      // One that is gone through has the type of what it filters.
      return use === "walked" ? null : type;
    case "sequence":
    case "append":
    case "struct":
      return type;
    case "binary":
      return typeOfBinary(expression, use);
    default:
      return null;
  }
}

function typeOfBinary(
  { operator, left, right, type }: Expression & { readonly kind: "binary" },
  use: Use,
): Type | null {
  switch (operator) {
    case "union":
      return use === "tried" ? null : type;
    case "equal":
    case "notEqual":
    case "subset":
    case "intersection":
    case "difference":
      return joined(left.type, right.type);
    case "inSet":
    case "inSequence":
      return right.type.kind === "set" || right.type.kind === "seq"
        ? joined(left.type, right.type.of)
        : null;
    default:
      return null;
  }
}

/** The common type of two sides; null where it is that of one of them, or a scalar type. */
function joined(left: Type, right: Type): Type | null {
  return left === right || isScalar(left) ? null : join(left, right);
}

function checkType({ context, types, known }: Walk, type: Type, span: Span): boolean {
  const found = excessIn(type, types, known);
  if (found !== null) {
    context.report(computedSetTooLarge(span, found.count, found.countMax));
  }
  return found !== null;
}

/** Scalars have their rank in them, all others have to be looked up in a table of all values. */
function countMaxOf(element: Type): number {
  return isScalar(element.kind === "option" ? element.of : element) ? SCALARS_MAX : COMPOSITES_MAX;
}

/** The outermost set type inside a type whose elements have more values than there may be. */
function excessIn(type: Type, types: TypeContext, known: Map<Type, Excess | null>): Excess | null {
  if (isScalar(type)) {
    return null;
  }
  const before = known.get(type);
  if (before !== undefined) {
    return before;
  }
  const of = (part: Type): Excess | null => excessIn(part, types, known);
  let found: Excess | null = null;
  switch (type.kind) {
    case "set": {
      const [count, countMax] = [cardinality(type.of, types), countMaxOf(type.of)];
      found = count > countMax ? { count, countMax } : of(type.of);
      break;
    }
    case "option":
    case "seq":
      found = of(type.of);
      break;
    case "map":
      found = of(type.key) ?? of(type.value);
      break;
    case "struct":
      for (const field of type.fields) {
        found ??= of(field.type);
      }
      break;
  }
  known.set(type, found);
  return found;
}
