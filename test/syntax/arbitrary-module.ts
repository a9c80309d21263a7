import fc from "fast-check";
import type {
  Block,
  CheckDeclaration,
  Declaration,
  Doc,
  Expression,
  Import,
  ModuleFile,
  Parameter,
  ShellCommand,
  Statement,
  ThreadQualifier,
  ThreadReference,
  TransitionQualifier,
  TypeExpression,
  WaitKind,
} from "../../src/syntax/ast.ts";
import {
  arbitraryBinding,
  arbitraryCall,
  arbitraryExpression,
  arbitraryFormula,
  arbitraryInteger,
  arbitraryName,
  arbitraryPlainName,
  NOWHERE,
} from "./arbitrary-expression.ts";

/** `kind` and `fields` as a node without place. */
function node<K extends string, T extends object>(
  kind: K,
  fields: { [F in keyof T]: fc.Arbitrary<T[F]> },
): fc.Arbitrary<T & { readonly kind: K; readonly span: typeof NOWHERE.span }> {
  return fc.record(fields).map((record) => ({ ...NOWHERE, kind, ...(record as T) }));
}

function few<T>(of: fc.Arbitrary<T>, least: number): fc.Arbitrary<T[]> {
  return fc.array(of, { minLength: least, maxLength: 3 });
}

const arbitraryDoc: fc.Arbitrary<Doc> = fc.option(
  fc
    .array(
      fc.constantFrom("", "Waits.", "  indented", "/ slash", "größer → 1", "*/ /* no comment"),
      { minLength: 1, maxLength: 3 },
    )
    .map((lines) => lines.join("\n")),
  { freq: 3 },
);

const arbitraryShell: fc.Arbitrary<ShellCommand | null> = fc.option(
  fc
    .oneof(
      fc.constantFrom("echo idle > sync_action", 'a "b" \\ {x}', "ö\n\t"),
      fc.string({ unit: "binary" }),
    )
    .map((text) => ({ ...NOWHERE, text })),
  { freq: 3 },
);

const reference: fc.Arbitrary<ThreadReference> = fc
  .record({ name: arbitraryName, index: fc.option(arbitraryExpression) })
  .map((of) => ({ ...NOWHERE, ...of }));

// A type, as fast-check asks for one with an index signature.
type Trees = {
  readonly type: TypeExpression;
  readonly place: Expression;
  readonly block: Block;
  readonly statement: Statement;
  readonly bareIf: Statement;
};

const BARE = { doc: null, shell: null, label: null };

const trees = fc.letrec<Trees>((tie) => {
  const type = tie("type");
  const block = tie("block");
  const expression = arbitraryExpression;
  const range = node("rangeType", { low: expression, high: expression });
  const enumeration = node("enumType", { members: few(arbitraryName, 1) });
  const wait = fc.constantFrom<WaitKind>("plain", "idle", "strong");
  const bare = <K extends string, T extends object>(
    kind: K,
    fields: { [F in keyof T]: fc.Arbitrary<T[F]> },
  ) => node(kind, fields).map((one) => ({ ...BARE, ...one }));
  const plain = fc.oneof(
    { depthSize: "small" },
    bare("skip", {}),
    bare("break", {}),
    bare("continue", {}),
    bare("assign", {
      target: tie("place"),
      operator: fc.constantFrom(":=", "+=", "-=", "|=", "&="),
      value: expression,
    }),
    bare("let", { name: arbitraryName, value: expression }),
    bare("local", { name: arbitraryName, type, value: fc.option(expression) }),
    bare("await", { wait, condition: expression }),
    bare("assert", { condition: expression }),
    bare("call", { call: arbitraryCall }),
    bare("return", { value: fc.option(expression) }),
    bare("start", { thread: reference }),
    tie("bareIf"),
    bare("while", { condition: expression, body: block }),
    bare("loop", { body: block }),
    bare("atomic", { body: block }),
    bare("either", { branches: few(block, 2) }),
    bare("choose", {
      wait,
      binding: fc
        .record({ name: arbitraryPlainName, set: expression })
        .map((of) => ({ ...NOWHERE, ...of })),
      where: fc.option(expression),
      body: block,
    }),
    block,
  );
  return {
    type: fc.oneof(
      { depthSize: "small" },
      node("boolType", {}),
      node("threadType", {}),
      node("namedType", { name: arbitraryPlainName }),
      range,
      enumeration,
      node("symmetricType", { of: fc.oneof(range, enumeration) }),
      node("optionType", { of: type }),
      node("setType", { of: type }),
      node("mapType", { key: type, value: type }),
      node("seqType", { of: type, length: expression }),
      node("structType", {
        fields: few(
          fc
            .record({ doc: arbitraryDoc, name: arbitraryName, type })
            .map((of) => ({ ...NOWHERE, ...of })),
          1,
        ),
      }),
    ) as fc.Arbitrary<TypeExpression>,
    place: fc.oneof(
      { depthSize: "small" },
      node("name", { name: arbitraryName }),
      node("field", { of: tie("place"), name: arbitraryName }),
      node("index", { of: tie("place"), index: expression }),
    ) as fc.Arbitrary<Expression>,
    block: bare("block", { body: few(tie("statement"), 0) }) as fc.Arbitrary<Block>,
    bareIf: bare("if", {
      condition: expression,
      then: block,
      else: fc.oneof({ depthSize: "small" }, fc.constant(null), block, tie("bareIf")),
    }) as fc.Arbitrary<Statement>,
    statement: fc
      .record({
        plain,
        doc: arbitraryDoc,
        shell: arbitraryShell,
        label: fc.option(arbitraryName, { freq: 3 }),
      })
      .map(({ plain: core, ...annotations }) => ({
        ...core,
        ...annotations,
      })) as fc.Arbitrary<Statement>,
  };
});

/** Any type. */
export const arbitraryType: fc.Arbitrary<TypeExpression> = trees.type;

/** Any statement, annotations and all. */
export const arbitraryStatement: fc.Arbitrary<Statement> = trees.statement;

const doc = arbitraryDoc;
const name = arbitraryName;
const expression = arbitraryExpression;
const type = arbitraryType;
const body = trees.block;
const typeParameters = few(name, 0);

function parameters(byReference: fc.Arbitrary<boolean>): fc.Arbitrary<Parameter[]> {
  return few(
    fc.record({ name, byReference, type }).map((of) => ({ ...NOWHERE, ...of })),
    0,
  );
}

const check = node("check", {
  doc,
  shell: arbitraryShell,
  name,
  constants: few(
    fc.record({ name, value: expression }).map((of) => ({ ...NOWHERE, ...of })),
    0,
  ),
  expectations: few(
    fc.oneof(
      node("ok", {}),
      node("error", {}),
      node("assertion", {}),
      node("deadlock", { threads: fc.option(few(reference, 1)) }),
      node("hung", { threads: fc.option(few(reference, 1)) }),
      node("violation", { name }),
    ),
    0,
  ),
  states: fc.option(arbitraryInteger),
}) as fc.Arbitrary<CheckDeclaration>;

/** Any declaration. */
export const arbitraryDeclaration: fc.Arbitrary<Declaration> = fc.oneof(
  node("const", { doc, name, type, value: fc.option(expression) }),
  node("assume", { doc, condition: expression }),
  node("type", { doc, name, definition: type }),
  node("var", {
    doc,
    name,
    type,
    initial: fc.oneof(
      fc.constant({ kind: "first" }),
      expression.map((value) => ({ kind: "one", value })),
      expression.map((set) => ({ kind: "any", set })),
    ),
  }),
  node("def", {
    doc,
    name,
    typeParameters,
    parameters: fc.option(parameters(fc.constant(false))),
    result: type,
    body: fc.option(expression),
  }),
  node("proc", {
    doc,
    name,
    typeParameters,
    parameters: parameters(fc.boolean()),
    result: fc.option(type),
    body: fc.option(body),
  }),
  node("thread", {
    doc,
    shell: arbitraryShell,
    qualifiers: fc.subarray<ThreadQualifier>(["dormant", "unfair", "escape"]),
    name,
    index: fc.option(arbitraryBinding),
    body,
  }),
  node("transition", {
    doc,
    shell: arbitraryShell,
    qualifiers: fc.subarray<TransitionQualifier>(["fair", "strong", "escape"]),
    name,
    parameters: few(arbitraryBinding, 0),
    when: fc.option(expression),
    body,
  }),
  node("invariant", { doc, name, condition: expression }),
  node("step", { doc, name, condition: expression }),
  node("reachable", { doc, name, condition: expression }),
  node("recoverable", { doc, name, condition: expression }),
  node("property", { doc, name, formula: arbitraryFormula }),
  node("final", { doc, condition: expression }),
  node("constraint", { doc, condition: expression }),
  node("fairness", {
    doc,
    strength: fc.constantFrom<"weak" | "strong">("weak", "strong"),
    names: few(name, 1),
  }),
  check,
) as fc.Arbitrary<Declaration>;

const arbitraryImport: fc.Arbitrary<Import> = fc
  .oneof(
    name.map((library): Import["target"] => ({ kind: "library", name: library })),
    fc.constantFrom("./raid-common.spec", "../x y.spec").map((path): Import["target"] => ({
      kind: "path",
      path,
    })),
  )
  .map((target) => ({ ...NOWHERE, kind: "import", target }));

/** Any file. */
export const arbitraryModule: fc.Arbitrary<ModuleFile> = fc
  .record({
    doc,
    name,
    imports: few(arbitraryImport, 0),
    declarations: fc.array(arbitraryDeclaration, { maxLength: 4 }),
  })
  .map((of) => ({ ...NOWHERE, kind: "module", ...of }));
