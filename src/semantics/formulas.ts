import type * as core from "../core/expressions.ts";
import type * as ast from "../syntax/ast.ts";
import { constantSetting } from "./constants.ts";
import { type Context, newBinder } from "./context.ts";
import { expectBool, inferSet } from "./expressions.ts";
import { notConstant } from "./problems-constants.ts";
import { type Setting, withLocal } from "./scopes.ts";
import { isClosed } from "./walk-core.ts";

const CONNECTIVES = {
  "~>": "leadsTo",
  "&&": "and",
  "||": "or",
  "=>": "implies",
  "<=>": "iff",
} as const;

/** A temporal formula; null where an error has been reported. */
export function elaborateFormula(
  context: Context,
  setting: Setting,
  formula: ast.Formula,
): core.Formula | null {
  const { span } = formula;
  switch (formula.kind) {
    case "predicate": {
      const expression = expectBool(context, setting, formula.expression);
      return expression === null ? null : { kind: "predicate", span, expression };
    }
    case "always":
    case "eventually":
    case "not": {
      const of = elaborateFormula(context, setting, formula.of);
      return of === null ? null : { kind: formula.kind, span, of };
    }
    case "connective": {
      const left = elaborateFormula(context, setting, formula.left);
      const right = elaborateFormula(context, setting, formula.right);
      return left === null || right === null
        ? null
        : { kind: CONNECTIVES[formula.operator], span, left, right };
    }
    case "quantified":
      return elaborateQuantified(context, setting, formula);
  }
}

function elaborateQuantified(
  context: Context,
  setting: Setting,
  { quantifier, binding, body, span }: ast.Formula & { readonly kind: "quantified" },
): core.Formula | null {
  const place = "the set of a quantifier over temporal formulas";
  const set = inferSet(context, constantSetting(setting, place), binding.set, null);
  const binder = newBinder(context);
  const local = {
    kind: "binder",
    binder,
    type: set?.element ?? null,
    span: binding.name.span,
  } as const;
  const inner = withLocal(context, setting, binding.name, local);
  const of = elaborateFormula(context, inner, body);
  if (set !== null && !isClosed(set.expression, context.readers)) {
    context.report(notConstant(binding.set.span, place));
    return null;
  }
  return set === null || of === null
    ? null
    : { kind: quantifier, span, binder, set: set.expression, body: of };
}
