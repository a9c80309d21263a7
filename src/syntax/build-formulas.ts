import type { ActionDict, Node as Parsed } from "ohm-js";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Binding, Expression, Formula, Name } from "./ast.ts";
import {
  binary,
  checkInteger,
  complaints,
  operatorOf,
  unary,
  withParts,
} from "./build-expressions.ts";
import { group, type Operand, type Placed, type PlacedOperator } from "./operators.ts";
import { temporalOperand } from "./problems.ts";
import { placed, type Reading, readingOf, spanBetween, spanOf, tree } from "./reading.ts";

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
  Formula(first, _question, thens, _colon, elses): Piece {
    const reading = readingOf(this);
    if (thens.children.length === 0) {
      return tree(first, reading);
    }
    const chains = [first, ...elses.children].map((node) =>
      stateOnly(node, "in a conditional", reading),
    );
    const branches = thens.children.map((node) => stateOnly(node, "in a conditional", reading));
    const last = chains.reduceRight((later, chain, index): Placed<Expression> => {
      const then = branches[index];
      if (then === undefined) {
        return chain;
      }
      const value: Expression = {
        span: spanBetween(chain.start, later.end, reading),
        kind: "conditional",
        condition: chain.value,
        then: then.value,
        else: later.value,
      };
      return { start: chain.start, end: later.end, value };
    });
    return { kind: "state", expression: last.value };
  },
  FormulaChain(first, operators, rest): Piece {
    const reading = readingOf(this);
    const operands = [first, ...rest.children].map((node) => tree<Operand<Piece>>(node, reading));
    return group(
      operands,
      operators.children.map((one) => operatorOf(one, reading)),
      {
        ...complaints(reading),
        prefix: (operator, operand) => prefixed(operator, operand, reading),
        binary: (operator, left, right) => joined(operator, left, right, reading),
      },
    );
  },
  FormulaOperand(prefixes, primary, _starts, parts): Operand<Piece> {
    const reading = readingOf(this);
    const { start, end } = spanOf(primary.source, reading);
    let value = tree<Piece>(primary, reading);
    if (value.kind === "state") {
      checkInteger({ value: value.expression, start, end }, prefixes, parts, reading);
    }
    if (parts.children.length > 0) {
      const of = expressionOf({ value, start, end }, "before `.`, `[`, `'` and `@`", reading);
      value = { kind: "state", expression: withParts({ value: of, start, end }, parts, reading) };
    }
    return {
      prefixes: prefixes.children.map((one) => operatorOf(one, reading)),
      operand: { value, start, end: spanOf(this.source, reading).end },
    };
  },
  FormulaPrimary_parentheses(_open, inner, _close): Piece {
    return tree(inner, readingOf(this));
  },
  FormulaPrimary_quantifier(word, binding, _colon, body): Piece {
    const reading = readingOf(this);
    const span = spanOf(this.source, reading);
    const quantifier = word.sourceString as "forall" | "exists" | "count";
    const bound = tree<Binding>(binding, reading);
    const inner = placed<Piece>(body, reading);
    if (inner.value.kind === "temporal" && quantifier !== "count") {
      const of: Formula = {
        span,
        kind: "quantified",
        quantifier,
        binding: bound,
        body: inner.value.formula,
      };
      return { kind: "temporal", formula: of };
    }
    const counted = expressionOf(inner, "in `count`", reading);
    return {
      kind: "state",
      expression: { span, kind: "quantifier", quantifier, binding: bound, body: counted },
    };
  },
  FormulaPrimary_let(_let, name, _equals, value, _colon, body): Piece {
    const reading = readingOf(this);
    return {
      kind: "state",
      expression: {
        span: spanOf(this.source, reading),
        kind: "let",
        name: tree<Name>(name, reading),
        value: stateOnly(value, "in `let`", reading).value,
        body: stateOnly(body, "in `let`", reading).value,
      },
    };
  },
  FormulaPrimary(primary): Piece {
    const reading = readingOf(this);
    const piece = tree<Piece | Expression>(primary, reading);
    return piece.kind === "state" || piece.kind === "temporal"
      ? piece
      : { kind: "state", expression: piece };
  },
};

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
    case "!":
      if (operand.value.kind === "temporal") {
        return { kind: "temporal", formula: { span, kind: "not", of: operand.value.formula } };
      }
      break;
    default:
  }
  const value = expressionOf(operand, "after `-`", reading);
  return { kind: "state", expression: unary(operator, { ...operand, value }, reading) };
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
