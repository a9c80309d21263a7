import type { Place, PlaceStep } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import type { Code } from "./code.ts";
import { type Context, fail } from "./context.ts";
import { fieldOf, inferIndex } from "./elements.ts";
import { describeEntity, type Entity } from "./entities.ts";
import { typeOfVariable } from "./names.ts";
import { notAPlace, notAssignable } from "./problems-code.ts";
import { isEntity, type LocalName, lookUp, use } from "./scopes.ts";
import { threadNamedBy } from "./thread-expressions.ts";

/** What an assignment or a `ref` argument names; null, with a report, where that cannot change. */
export function elaboratePlace(
  context: Context,
  code: Code,
  expression: ast.Expression,
): Place | null {
  const { span } = expression;
  switch (expression.kind) {
    case "name":
      return root(context, code, expression.name);
    case "field": {
      const thread = threadNamedBy(context, code, expression.of);
      if (thread !== null) {
        const what = `'${thread.name.text}.${expression.name.text}', a local of a thread,`;
        const hint = "a thread's locals are its own: use a variable";
        return fail(context, notAssignable(span, what, hint, null));
      }
      const of = elaboratePlace(context, code, expression.of);
      const field =
        of === null ? null : fieldOf(context, of.type, expression.name, expression.of.span);
      return of === null || field === null
        ? null
        : longer(of, { kind: "field", field: expression.name.text, of: of.type }, field.type, span);
    }
    case "index": {
      const of = elaboratePlace(context, code, expression.of);
      if (of === null) {
        return null;
      }
      const { index } = expression;
      const position = inferIndex(context, code, of.type, index, expression.of.span);
      return position === null
        ? null
        : longer(
            of,
            { kind: "element", index: position.index, of: of.type, span: index.span },
            position.type,
            span,
          );
    }
    default:
      return fail(context, notAPlace(span));
  }
}

function longer(of: Place, step: PlaceStep, type: Type, span: Span): Place {
  return { span, root: of.root, path: [...of.path, step], type };
}

function root(context: Context, code: Code, name: ast.Name): Place | null {
  const found = lookUp(context, code, name);
  if (found === null) {
    return null;
  }
  return isEntity(found) ? rootEntity(context, code, name, found) : rootLocal(context, name, found);
}

function rootEntity(context: Context, code: Code, name: ast.Name, entity: Entity): Place | null {
  const { span, text } = name;
  if (entity.kind !== "var") {
    const what = `'${text}', ${describeEntity(entity)},`;
    const hint =
      entity.kind === "const" ? "declare it with 'var' if it changes" : "only variables change";
    return fail(context, notAssignable(span, what, hint, entity.name.span));
  }
  use(context, code, "state", { span, what: `the variable '${text}'` });
  const type = typeOfVariable(context, entity);
  return type === null
    ? null
    : { span, root: { kind: "variable", variable: entity.index }, path: [], type };
}

const FIXED = {
  constant: "declare it with 'var' and its type if it changes",
  index: "a thread keeps its index",
  choice: "copy it to a 'var' of its own",
} as const;

const ROLES = {
  constant: "which 'let' declares,",
  index: "the index of the thread,",
  choice: "which is chosen once,",
} as const;

function rootLocal(context: Context, { span, text }: ast.Name, local: LocalName): Place | null {
  if (local.kind === "slot") {
    const { role, type } = local;
    if (role === "parameter" || role === "reference" || role === "variable") {
      return type === null
        ? null
        : { span, root: { kind: "local", slot: local.slot }, path: [], type };
    }
    return fail(context, notAssignable(span, `'${text}', ${ROLES[role]}`, FIXED[role], local.span));
  }
  const what = local.kind === "type" ? `'${text}', a type,` : `'${text}'`;
  return fail(context, notAssignable(span, what, "only variables change", local.span));
}
