import fc from "fast-check";
import type { Span } from "../../src/diagnostics/diagnostic.ts";
import type {
  BinaryOperator,
  Binding,
  CallExpression,
  Expression,
  Formula,
  IntegerLiteral,
  Name,
} from "../../src/syntax/ast.ts";

/** The span of every node of a random tree: they have no source. */
export const NOWHERE: { readonly span: Span } = { span: { file: "<random>", start: 0, end: 0 } };

/**
 * Names, contextual words among them, and long ones that make lines break. `always` and
 * `eventually` are left out: in a property `always(x)` is a formula and not a call.
 */
const WORDS = `a b x1 _y step idle strong fair weak final states start with expect when dormant skip
  for sh ok symmetric subset escape size deadlock Msg Thread
  nr_pending_of_the_array mddev_with_a_name_that_fills_a_line`.split(/\s+/);

const BINARY_OPERATORS: readonly BinaryOperator[] = [
  "<=>",
  "=>",
  "||",
  "&&",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "in",
  "subset",
  "..",
  "|",
  "+",
  "-",
  "*",
  "/",
  "%",
  "&",
];

/** A name with the text of one of `words`. */
function nameOf(words: readonly string[]): fc.Arbitrary<Name> {
  return fc.constantFrom(...words).map((text) => ({ ...NOWHERE, text }));
}

/** Any name. */
export const arbitraryName: fc.Arbitrary<Name> = nameOf(WORDS);

/** A name that cannot be taken for the qualifier of a wait, or for the type `Thread`. */
export const arbitraryPlainName: fc.Arbitrary<Name> = nameOf(
  WORDS.filter((word) => !["idle", "strong", "Thread"].includes(word)),
);

/** An integer literal as one is written. */
export const arbitraryInteger: fc.Arbitrary<IntegerLiteral> = fc
  .constantFrom("0", "1", "42", "007", "0x1F", "2147483647")
  .map((raw) => ({ ...NOWHERE, kind: "integer", raw, value: Number(raw) }));

// A type, as fast-check asks for one with an index signature.
type Trees = {
  readonly expression: Expression;
  readonly leaf: Expression;
  readonly binding: Binding;
  readonly call: CallExpression;
  readonly formula: Formula;
  readonly temporal: Formula;
};

const trees = fc.letrec<Trees>((tie) => {
  const few = <T>(of: fc.Arbitrary<T>, least: number) =>
    fc.array(of, { minLength: least, maxLength: 3 });
  const node = <K extends string, T extends object>(
    kind: K,
    fields: { [F in keyof T]: fc.Arbitrary<T[F]> },
  ) => fc.record(fields).map((record) => ({ ...NOWHERE, kind, ...(record as T) }));
  const expression = tie("expression");
  const binding = tie("binding");
  return {
    leaf: fc.oneof(
      arbitraryInteger,
      fc.boolean().map((value): Expression => ({ ...NOWHERE, kind: "boolean", value })),
      fc
        .constantFrom<"none" | "self" | "boolSet">("none", "self", "boolSet")
        .map((kind): Expression => ({ ...NOWHERE, kind })),
      arbitraryName.map((name): Expression => ({ ...NOWHERE, kind: "name", name })),
      arbitraryName.map((name): Expression => ({ ...NOWHERE, kind: "prime", name })),
    ),
    binding: fc
      .record({ name: arbitraryName, set: expression })
      .map((of) => ({ ...NOWHERE, ...of })),
    call: node("call", { name: arbitraryName, arguments: few(expression, 0) }),
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { arbitrary: tie("leaf"), weight: 4 },
      node("unary", { operator: fc.constantFrom<"!" | "-">("!", "-"), operand: expression }),
      {
        arbitrary: node("binary", {
          operator: fc.constantFrom(...BINARY_OPERATORS),
          left: expression,
          right: expression,
        }),
        weight: 5,
      },
      node("conditional", { condition: expression, then: expression, else: expression }),
      node("field", { of: expression, name: arbitraryName }),
      node("index", { of: expression, index: expression }),
      node("at", {
        of: expression,
        place: arbitraryName,
        label: fc.option(arbitraryName),
      }),
      tie("call"),
      node("set", { elements: few(expression, 0) }),
      node("filter", { binding, where: expression }),
      node("image", { element: expression, binding, where: fc.option(expression) }),
      node("quantifier", {
        quantifier: fc.constantFrom<"forall" | "exists" | "count">("forall", "exists", "count"),
        binding,
        body: expression,
      }),
      node("map", { binding, value: expression }),
      node("sequence", { elements: few(expression, 0) }),
      node("struct", {
        name: fc.option(arbitraryName),
        fields: few(
          fc
            .record({ name: arbitraryName, value: expression })
            .map((of) => ({ ...NOWHERE, ...of })),
          1,
        ),
      }),
      node("let", { name: arbitraryName, value: expression, body: expression }),
    ) as fc.Arbitrary<Expression>,
    formula: fc.oneof(
      { depthSize: "small" },
      node("predicate", { expression }),
      tie("temporal"),
    ) as fc.Arbitrary<Formula>,
    // Each has a temporal operator in it: without one it would be part of a leaf.
    temporal: fc.oneof(
      { depthSize: "small" },
      node("always", { of: tie("formula") }),
      node("eventually", { of: tie("formula") }),
      node("not", { of: tie("temporal") }),
      node("connective", {
        operator: fc.constant<"~>">("~>"),
        left: tie("formula"),
        right: tie("formula"),
      }),
      node("connective", {
        operator: fc.constantFrom<"&&" | "||" | "=>" | "<=>">("&&", "||", "=>", "<=>"),
        left: tie("temporal"),
        right: tie("formula"),
      }),
      node("connective", {
        operator: fc.constantFrom<"&&" | "||" | "=>" | "<=>">("&&", "||", "=>", "<=>"),
        left: tie("formula"),
        right: tie("temporal"),
      }),
      node("quantified", {
        quantifier: fc.constantFrom<"forall" | "exists">("forall", "exists"),
        binding,
        body: tie("temporal"),
      }),
    ) as fc.Arbitrary<Formula>,
  };
});

/** Any expression that the grammar can read. */
export const arbitraryExpression: fc.Arbitrary<Expression> = trees.expression;

/** `x in S`. */
export const arbitraryBinding: fc.Arbitrary<Binding> = trees.binding;

/** `f(a, b)`. */
export const arbitraryCall: fc.Arbitrary<CallExpression> = trees.call;

/** Any formula whose leaves are as large as they can be, as the grammar gives them. */
export const arbitraryFormula: fc.Arbitrary<Formula> = trees.formula;
