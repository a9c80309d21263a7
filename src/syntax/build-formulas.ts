import type { ActionDict, Node as Parsed } from "ohm-js";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Binding, Expression, Formula } from "./ast.ts";
import {
  binary,
  complaints,
  conditional,
  operatorOf,
  unary,
  withParts,
} from "./build-expressions.ts";
import { group, type Infix, type Operand, type Placed, type PlacedOperator } from "./operators.ts";
import { temporalOperand } from "./problems.ts";
import {
  nameOf,
  placed,
  type Reading,
  readingOf,
  spanBetween,
  spanOf,
  tree,
  trees,
} from "./reading.ts";

/**
 * What a piece of a formula turns out to be. A piece without temporal operator stays an expression
 * until a temporal one needs it: so the leaves become as large as they can.
 */
type Piece =
  | { readonly kind: "state"; readonly expression: Expression }
  | { readonly kind: "temporal"; readonly formula: Formula };

type Connective = Extract<Formula, { readonly kind: "connective" }>["operator"];

const CONNECTIVES: ReadonlySet<string> = new Set(["~>", "&&", "||", "=>", "<=>"]);

/** The actions of the rules for formulas. Those below `Property` give pieces. */
export const FORMULA_ACTIONS: ActionDict<unknown> = {
  Formula: rowAction,
  FormulaChain: rowAction,
  formulaOperator(_text): Infix<Piece> {
    return operatorOf(this, readingOf(this));
  },
  FormulaQuestion(_question, middle, _colon): Infix<Piece> {
    const reading = readingOf(this);
    const { start, end } = spanOf(this.source, reading);
    const then = stateOnly(middle, IN_CONDITIONAL, reading).value;
    return { text: "?", start, end, middle: { kind: "state", expression: then } };
  },
  FormulaOperand(prefixes, primary): Operand<Piece> {
    const reading = readingOf(this);
    const { start, end } = spanOf(primary.source, reading);
    const inner = tree<Piece | Expression>(primary, reading);
    const value: Piece =
      inner.kind === "state" || inner.kind === "temporal"
        ? inner
        : { kind: "state", expression: inner };
    return {
      prefixes: prefixes.children.map((one) => operatorOf(one, reading)),
      operand: { value, start, end },
    };
  },
  FormulaParentheses(open, inner, close, _starts, parts): Piece {
    const reading = readingOf(this);
    const value = tree<Piece>(inner, reading);
    if (parts.children.length === 0) {
      return value;
    }
    const start = spanOf(open.source, reading).start;
    const end = spanOf(close.source, reading).end;
    const of = expressionOf({ value, start, end }, "before `.`, `[`, `'` and `@`", reading);
    return { kind: "state", expression: withParts({ value: of, start, end }, parts, reading) };
  },
  FormulaQuantified(word, binding, _colon, body): Piece {
    const reading = readingOf(this);
    const span = spanOf(this.source, reading);
    const quantifier = word.sourceString as "forall" | "exists" | "count";
    const bound = tree<Binding>(binding, reading);
    const inner = placed<Piece>(body, reading);
    if (inner.value.kind === "temporal" && quantifier !== "count") {
      const of = inner.value.formula;
      return {
        kind: "temporal",
        formula: { span, kind: "quantified", quantifier, binding: bound, body: of },
      };
    }
    const counted = expressionOf(inner, "in `count`", reading);
    return {
      kind: "state",
      expression: { span, kind: "quantifier", quantifier, binding: bound, body: counted },
    };
  },
  FormulaLet(_let, name, _equals, value, _colon, body): Piece {
    const reading = readingOf(this);
    return {
      kind: "state",
      expression: {
        span: spanOf(this.source, reading),
        kind: "let",
        name: nameOf(name, reading),
        value: stateOnly(value, "in `let`", reading).value,
        body: stateOnly(body, "in `let`", reading).value,
      },
    };
  },
};

const IN_CONDITIONAL = "in a conditional";

function rowAction(this: Parsed, first: Parsed, operators: Parsed, rest: Parsed): Piece {
  const reading = readingOf(this);
  const operands = [first, ...rest.children].map((node) => tree<Operand<Piece>>(node, reading));
  const infixes = trees<Infix<Piece>>(operators, reading);
  return group(operands, infixes, {
    ...complaints(reading),
    prefix: (operator, operand) => prefixed(operator, operand, reading),
    binary: (operator, left, right) => joined(operator, left, right, reading),
    conditional: (condition, then, otherwise) => {
      const [test, last] = [condition, otherwise].map((side) => ({
        ...side,
        value: expressionOf(side, IN_CONDITIONAL, reading),
      })) as [Placed<Expression>, Placed<Expression>];
      const middle = expressionOf({ ...condition, value: then }, IN_CONDITIONAL, reading);
      return { kind: "state", expression: conditional(test, middle, last, reading) };
    },
  });
}

/** The formula of a whole property. */
export function formulaOf(node: Parsed, reading: Reading): Formula {
  return asFormula(placed<Piece>(node, reading), reading);
}

function prefixed(operator: PlacedOperator, operand: Placed<Piece>, reading: Reading): Piece {
  const span = spanBetween(operator.start, operand.end, reading);
  switch (operator.text) {
    case "always":
    case "eventually":
      return {
        kind: "temporal",
        formula: { span, kind: operator.text, of: asFormula(operand, reading) },
      };
    default:
      return operand.value.kind === "temporal"
        ? { kind: "temporal", formula: { span, kind: "not", of: operand.value.formula } }
        : {
            kind: "state",
            expression: unary(operator, { ...operand, value: operand.value.expression }, reading),
          };
  }
}

function joined(
  operator: PlacedOperator,
  left: Placed<Piece>,
  right: Placed<Piece>,
  reading: Reading,
): Piece {
  const isTemporal = [left, right].some((side) => side.value.kind === "temporal");
  if (operator.text === "~>" || (isTemporal && CONNECTIVES.has(operator.text))) {
    return {
      kind: "temporal",
      formula: {
        span: spanBetween(left.start, right.end, reading),
        kind: "connective",
        operator: operator.text as Connective,
        left: asFormula(left, reading),
        right: asFormula(right, reading),
      },
    };
  }
  const where = `beside \`${operator.text}\``;
  const sides = [left, right].map((side) => ({
    ...side,
    value: expressionOf(side, where, reading),
  })) as [Placed<Expression>, Placed<Expression>];
  return { kind: "state", expression: binary(operator, ...sides, reading) };
}

function stateOnly(node: Parsed, where: string, reading: Reading): Placed<Expression> {
  const piece = placed<Piece>(node, reading);
  return { ...piece, value: expressionOf(piece, where, reading) };
}

/** The expression of a piece. For a temporal one a problem, and a stand-in that nobody will see. */
function expressionOf(piece: Placed<Piece>, where: string, reading: Reading): Expression {
  if (piece.value.kind === "state") {
    return piece.value.expression;
  }
  const span: Span = spanBetween(piece.start, piece.end, reading);
  reading.problems.push(temporalOperand(span, where));
  return { span, kind: "boolean", value: true };
}

function asFormula(piece: Placed<Piece>, reading: Reading): Formula {
  return piece.value.kind === "temporal"
    ? piece.value.formula
    : {
        span: spanBetween(piece.start, piece.end, reading),
        kind: "predicate",
        expression: piece.value.expression,
      };
}
