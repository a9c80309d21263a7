import type { ActionDict, Node as Parsed } from "ohm-js";
import { present } from "../support/internal-error.ts";
import type {
  BinaryOperator,
  Binding,
  CallExpression,
  Expression,
  FieldValue,
  IntegerLiteral,
  Name,
} from "./ast.ts";
import {
  type Grouping,
  group,
  type Infix,
  isComparison,
  type Placed,
  type PlacedOperator,
} from "./operators.ts";
import {
  comparisonAsElement,
  integerTooLarge,
  operatorsInRow,
  primeNotAfterName,
  unionAsBound,
} from "./problems.ts";
import {
  listed,
  nameOf,
  optional,
  placed,
  type Reading,
  readingOf,
  spanBetween,
  spanOf,
  tree,
  trees,
} from "./reading.ts";

/** `[index]`. */
export interface IndexPart {
  readonly kind: "index";
  readonly index: Expression;
  readonly end: number;
}

/** What follows a primary expression: `.f`, `[i]`, `'`, `@p.l`. */
type PostfixPart =
  | { readonly kind: "field"; readonly name: Name; readonly end: number }
  | IndexPart
  | { readonly kind: "prime"; readonly start: number; readonly end: number }
  | {
      readonly kind: "at";
      readonly place: Name;
      readonly label: Name | null;
      readonly end: number;
    };

const INTEGER_MAX = 2 ** 31 - 1;

/** The actions of the rules for expressions. */
export const EXPRESSION_ACTIONS: ActionDict<unknown> = {
  Expression: rowAction,
  Chain: rowAction,
  SetChain: rowAction,
  Bound: rowAction,
  operator(_text): Infix<Expression> {
    return operatorOf(this, readingOf(this));
  },
  setOperator(_text): Infix<Expression> {
    return operatorOf(this, readingOf(this));
  },
  boundOperator(_text): Infix<Expression> {
    return operatorOf(this, readingOf(this));
  },
  Question(_question, middle, _colon): Infix<Expression> {
    const reading = readingOf(this);
    const { start, end } = spanOf(this.source, reading);
    return { text: "?", start, end, middle: tree(middle, reading) };
  },
  Operand(prefixes, primary, _starts, parts): Expression {
    const reading = readingOf(this);
    const end = spanOf(this.source, reading).end;
    const base = placed<Expression>(primary, reading);
    checkInteger(base, prefixes, parts, reading);
    let result = withParts(base, parts, reading);
    for (const prefix of prefixes.children.toReversed()) {
      const operator = operatorOf(prefix, reading);
      result = unary(operator, { value: result, start: operator.end, end }, reading);
    }
    return result;
  },

  Field(_dot, name): PostfixPart {
    const reading = readingOf(this);
    return { kind: "field", name: nameOf(name, reading), end: endOf(this, reading) };
  },
  Subscript(_open, index, _close): PostfixPart {
    const reading = readingOf(this);
    return { kind: "index", index: tree(index, reading), end: endOf(this, reading) };
  },
  prime(_prime): PostfixPart {
    return { kind: "prime", ...spanOf(this.source, readingOf(this)) };
  },
  At(_at, place, label): PostfixPart {
    const reading = readingOf(this);
    return {
      kind: "at",
      place: nameOf(place, reading),
      label: optional(label, reading),
      end: endOf(this, reading),
    };
  },
  Label(_dot, name): Name {
    return nameOf(name, readingOf(this));
  },

  EmptyCall(name, _open, _close): CallExpression {
    const reading = readingOf(this);
    return { ...here(this, reading), kind: "call", name: nameOf(name, reading), arguments: [] };
  },
  Call(name, _open, first, _commas, rest, _close): CallExpression {
    const reading = readingOf(this);
    return {
      ...here(this, reading),
      kind: "call",
      name: nameOf(name, reading),
      arguments: listed(first, rest, reading),
    };
  },
  Record(name, _open, field, _colon, value, _commas, names, _colons, values, _close): Expression {
    const reading = readingOf(this);
    const fields = fieldsOf([field, ...names.children], [value, ...values.children], reading);
    return { ...here(this, reading), kind: "struct", name: nameOf(name, reading), fields };
  },
  Plain(name): Expression {
    const reading = readingOf(this);
    return { ...here(this, reading), kind: "name", name: nameOf(name, reading) };
  },
  Variable(name): Expression {
    const reading = readingOf(this);
    return { ...here(this, reading), kind: "name", name: nameOf(name, reading) };
  },
  Parentheses(_open, inner, _close): Expression {
    return tree(inner, readingOf(this));
  },
  EmptySet(_open, _close): Expression {
    return { ...here(this, readingOf(this)), kind: "set", elements: [] };
  },
  Fields(_open, field, _colon, value, _commas, names, _colons, values, _close): Expression {
    const reading = readingOf(this);
    const fields = fieldsOf([field, ...names.children], [value, ...values.children], reading);
    return { ...here(this, reading), kind: "struct", name: null, fields };
  },
  Filter(_open, name, _in, set, _where, condition, _close): Expression {
    const reading = readingOf(this);
    const binding = bindingOf(name, set, reading);
    return { ...here(this, reading), kind: "filter", binding, where: tree(condition, reading) };
  },
  Image(_open, element, _for, binding, where, _close): Expression {
    const reading = readingOf(this);
    return {
      ...here(this, reading),
      kind: "image",
      element: tree(element, reading),
      binding: tree(binding, reading),
      where: optional(where, reading),
    };
  },
  SetLiteral(_open, first, _commas, rest, _close): Expression {
    const reading = readingOf(this);
    const elements = [first, ...rest.children].map((node) => setElement(node, reading));
    return { ...here(this, reading), kind: "set", elements };
  },
  MapLiteral(_open, name, _in, set, _arrow, value, _close): Expression {
    const reading = readingOf(this);
    const binding = bindingOf(name, set, reading);
    return { ...here(this, reading), kind: "map", binding, value: tree(value, reading) };
  },
  EmptySequence(_open, _close): Expression {
    return { ...here(this, readingOf(this)), kind: "sequence", elements: [] };
  },
  Sequence(_open, first, _commas, rest, _close): Expression {
    const reading = readingOf(this);
    return { ...here(this, reading), kind: "sequence", elements: listed(first, rest, reading) };
  },
  Quantified(quantifier, name, _in, set, _colon, body): Expression {
    const reading = readingOf(this);
    return {
      ...here(this, reading),
      kind: "quantifier",
      quantifier: quantifier.sourceString as "forall" | "exists" | "count",
      binding: bindingOf(name, set, reading),
      body: tree(body, reading),
    };
  },
  Let(_let, name, _equals, value, _colon, body): Expression {
    const reading = readingOf(this);
    return {
      ...here(this, reading),
      kind: "let",
      name: nameOf(name, reading),
      value: tree(value, reading),
      body: tree(body, reading),
    };
  },
  Where(_where, condition): Expression {
    return tree(condition, readingOf(this));
  },
  Binding(name, _in, set): Binding {
    return bindingOf(name, set, readingOf(this));
  },

  integer(_first, _rest): IntegerLiteral {
    const reading = readingOf(this);
    const raw = this.sourceString;
    return { ...here(this, reading), kind: "integer", raw, value: Number(raw) };
  },
  constantWord(word): Expression {
    const node = here(this, readingOf(this));
    switch (word.sourceString) {
      case "true":
      case "false":
        return { ...node, kind: "boolean", value: word.sourceString === "true" };
      case "bool":
        return { ...node, kind: "boolSet" };
      default:
        return { ...node, kind: word.sourceString as "none" | "self" };
    }
  },
};

function rowAction(this: Parsed, first: Parsed, operators: Parsed, rest: Parsed): Expression {
  const reading = readingOf(this);
  if (operators.children.length === 0) {
    return tree(first, reading);
  }
  const operands = [first, ...rest.children].map((node) => ({
    prefixes: [],
    operand: placed<Expression>(node, reading),
  }));
  return group(operands, trees<Infix<Expression>>(operators, reading), {
    ...complaints(reading),
    prefix: (operator, operand) => unary(operator, operand, reading),
    binary: (operator, left, right) => binary(operator, left, right, reading),
    conditional: (condition, then, otherwise) => conditional(condition, then, otherwise, reading),
  });
}

/** What is said about a row of operators, in expressions and formulas alike. */
export function complaints(reading: Reading): Pick<Grouping<unknown>, "chained" | "unionInRange"> {
  return {
    chained(operator) {
      const span = spanBetween(operator.start, operator.end, reading);
      reading.problems.push(operatorsInRow(span, operator.text));
    },
    unionInRange(operator) {
      reading.problems.push(unionAsBound(spanBetween(operator.start, operator.end, reading)));
    },
  };
}

/** The parse node of an operator, placed. */
export function operatorOf(node: Parsed, reading: Reading): Infix<never> {
  const { start, end } = spanOf(node.source, reading);
  return { text: node.sourceString, start, end, middle: null };
}

/** A binary expression; its span reaches over the parentheses of its operands. */
export function binary(
  operator: PlacedOperator,
  left: Placed<Expression>,
  right: Placed<Expression>,
  reading: Reading,
): Expression {
  return {
    span: spanBetween(left.start, right.end, reading),
    kind: "binary",
    operator: operator.text as BinaryOperator,
    left: left.value,
    right: right.value,
  };
}

/** A unary expression. */
export function unary(
  operator: PlacedOperator,
  operand: Placed<Expression>,
  reading: Reading,
): Expression {
  return {
    span: spanBetween(operator.start, operand.end, reading),
    kind: "unary",
    operator: operator.text as "!" | "-",
    operand: operand.value,
  };
}

/** `condition ? then : otherwise`. */
export function conditional(
  condition: Placed<Expression>,
  then: Expression,
  otherwise: Placed<Expression>,
  reading: Reading,
): Expression {
  return {
    span: spanBetween(condition.start, otherwise.end, reading),
    kind: "conditional",
    condition: condition.value,
    then,
    else: otherwise.value,
  };
}

/** `primary` with its postfix parts, of which there may be thousands. */
export function withParts(
  primary: Placed<Expression>,
  parts: Parsed,
  reading: Reading,
): Expression {
  let result = primary.value;
  for (const part of trees<PostfixPart>(parts, reading)) {
    const node = { span: spanBetween(primary.start, part.end, reading) };
    switch (part.kind) {
      case "field":
        result = { ...node, kind: "field", of: result, name: part.name };
        break;
      case "index":
        result = { ...node, kind: "index", of: result, index: part.index };
        break;
      case "at":
        result = { ...node, kind: "at", of: result, place: part.place, label: part.label };
        break;
      case "prime":
        if (result.kind === "name") {
          result = { ...node, kind: "prime", name: result.name };
        } else {
          const span = spanBetween(part.start, part.end, reading);
          reading.problems.push(primeNotAfterName(span));
        }
    }
  }
  return result;
}

function setElement(node: Parsed, reading: Reading): Expression {
  const element = tree<Expression>(node, reading);
  const span = spanOf(node.source, reading);
  // A comparison in parentheses has a narrower span than the text it was read from.
  const isBare = element.span.start === span.start && element.span.end === span.end;
  if (element.kind === "binary" && isComparison(element.operator) && isBare) {
    reading.problems.push(comparisonAsElement(span));
  }
  return element;
}

/** `name: value, name: value, …`. */
function fieldsOf(
  names: readonly Parsed[],
  values: readonly Parsed[],
  reading: Reading,
): readonly FieldValue[] {
  return names.map((node, index) => {
    const name = nameOf(node, reading);
    const { value, end } = placed<Expression>(present(values[index], "a field's value"), reading);
    return { span: spanBetween(name.span.start, end, reading), name, value };
  });
}

/** `name in set`. */
function bindingOf(name: Parsed, set: Parsed, reading: Reading): Binding {
  const variable = nameOf(name, reading);
  const { value, end } = placed<Expression>(set, reading);
  return { span: spanBetween(variable.span.start, end, reading), name: variable, set: value };
}

/** 2147483648 exists only as the operand of a minus. */
export function checkInteger(
  base: Placed<Expression>,
  prefixes: Parsed,
  parts: Parsed,
  reading: Reading,
): void {
  const { value, start } = base;
  // In parentheses it has been checked already.
  if (value.kind !== "integer" || value.span.start !== start || value.value <= INTEGER_MAX) {
    return;
  }
  const isNegated = prefixes.children.at(-1)?.sourceString === "-" && parts.children.length === 0;
  if (!isNegated || value.value > INTEGER_MAX + 1) {
    reading.problems.push(integerTooLarge(value.span));
  }
}

function here(node: Parsed, reading: Reading): { readonly span: ReturnType<typeof spanOf> } {
  return { span: spanOf(node.source, reading) };
}

function endOf(node: Parsed, reading: Reading): number {
  return spanOf(node.source, reading).end;
}
