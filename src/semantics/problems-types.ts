import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { error, meant, warning } from "./make-diagnostic.ts";

/** MD3001. `wanted` and `found` are types as text, or "a set", "an integer". */
export function typeMismatch(
  span: Span,
  found: string,
  wanted: string,
  hint: string | null = null,
): Diagnostic {
  return error("MD3001", span, `this is ${found}, but ${wanted} is expected`, { hint });
}

/** MD3002. */
export function operandsDiffer(
  span: Span,
  operator: string,
  left: string,
  right: string,
  hint: string | null = null,
): Diagnostic {
  return error("MD3002", span, `'${operator}' is not defined between ${left} and ${right}`, {
    hint,
  });
}

/** MD3003. `what`: `none`, `{}`, `[]`, "a struct without a name". */
export function contextMissing(span: Span, what: string, hint: string): Diagnostic {
  return error("MD3003", span, `nothing here says which type ${what} has`, { hint });
}

/** MD3004. */
export function optionOfOption(span: Span, type: string): Diagnostic {
  return error("MD3004", span, `${type} is optional already`, {
    hint: "there is no optional value of an optional value: use a struct or an enum",
  });
}

/** MD3005. `use`: "written down", "ordered". */
export function symmetricUse(span: Span, type: string, use: string, hint: string): Diagnostic {
  return error("MD3005", span, `the values of the symmetric type ${type} cannot be ${use}`, {
    hint,
  });
}

/** MD3006. `why`: "the symmetric type Disk names no value". */
export function firstValueMissing(span: Span, type: string, why: string): Diagnostic {
  return error("MD3006", span, `${type} has no first value, because ${why}`, {
    hint: "give an initial value, or make it optional",
  });
}

/** MD3007. */
export function argumentCount(
  span: Span,
  name: string,
  wanted: number,
  found: number,
  declared: Span | null,
): Diagnostic {
  const arguments_ = wanted === 1 ? "1 argument" : `${wanted} arguments`;
  return error("MD3007", span, `'${name}' takes ${arguments_}, not ${found}`, {
    related: declared === null ? [] : [{ message: `'${name}' is declared here`, span: declared }],
  });
}

/** MD3008. */
export function parenthesesWrong(span: Span, name: string, wanted: boolean): Diagnostic {
  return wanted
    ? error("MD3008", span, `'${name}' has parameters`, { hint: `call it: ${name}(…)` })
    : error("MD3008", span, `'${name}' has no parameter list`, {
        hint: `write ${name} without parentheses`,
      });
}

/** MD3009. `list`: the missing fields. */
export function fieldsMissing(span: Span, type: string, list: readonly string[]): Diagnostic {
  const fields = list.map((field) => `'${field}'`).join(", ");
  return error(
    "MD3009",
    span,
    `${type} needs ${list.length === 1 ? "the field" : "the fields"} ${fields}`,
  );
}

/** MD3010. */
export function fieldTwice(second: Span, first: Span, field: string): Diagnostic {
  return error("MD3010", second, `the field '${field}' is there twice`, {
    related: [{ message: "the first one is here", span: first }],
  });
}

/** MD3012. */
export function rangeEmpty(span: Span, low: number, high: number): Diagnostic {
  return error("MD3012", span, `the type ${low}..${high} has no values`);
}

/** MD3013. */
export function keysNotAType(span: Span): Diagnostic {
  return error("MD3013", span, "the keys of a map are all values of a type", {
    hint: "write the name of a type or a range of constants, and decide in the value",
  });
}

/** MD3014. */
export function threadIndexMissing(span: Span, name: string): Diagnostic {
  return error("MD3014", span, `'${name}' is an indexed thread`, {
    hint: `say which one: ${name}[…]`,
  });
}

/** MD3015. */
export function threadNotIndexed(span: Span, name: string): Diagnostic {
  return error("MD3015", span, `the thread '${name}' has no index`, { hint: `write ${name}` });
}

/** MD3016. `what`: "the variable 'x'"; `place`: "a constant". */
export function notAllowedHere(
  span: Span,
  what: string,
  place: string,
  uses: { readonly span: Span; readonly what: string } | null,
): Diagnostic {
  return error("MD3016", span, `${what} may not be used in ${place}`, {
    related: uses === null ? [] : [{ message: `${uses.what} is used here`, span: uses.span }],
  });
}

/** MD3017. */
export function typeParameterUnknown(span: Span, name: string, callee: string): Diagnostic {
  return error(
    "MD3017",
    span,
    `the arguments do not say what '${name}' is in this call of '${callee}'`,
  );
}

/** MD3018. */
export function neverFitting(span: Span, found: string, wanted: string): Diagnostic {
  return warning("MD3018", span, `${found} never fits ${wanted}`);
}

/** MD3019. */
export function typeOfLocalUnknown(span: Span, name: string): Diagnostic {
  return error("MD3019", span, `the type of '${name}' is not known yet here`, {
    hint: `declare it with its type: var ${name}: …`,
  });
}

/** MD3020. */
export function symmetricNameless(span: Span): Diagnostic {
  return error("MD3020", span, "a symmetric type needs a name", {
    hint: "declare it: type Name = symmetric …;",
  });
}

/** MD3022. */
export function threadUnspecific(span: Span): Diagnostic {
  return error("MD3022", span, "a local of a thread is named by the thread itself", {
    hint: "write thread.local or thread[index].local",
  });
}

/** MD3023. A `t.x` that would show a value of a symmetric type before it was given one. */
export function symmetricLocal(span: Span, name: string, type: string): Diagnostic {
  return error("MD3023", span, `'${name}' has no first value to show where it is out of scope`, {
    hint: `its type ${type} is symmetric: keep it in a variable instead`,
  });
}

/** MD3024. */
export function refTypeDiffers(span: Span, found: string, wanted: string): Diagnostic {
  return error("MD3024", span, `this place is a ${found}, but the reference is to a ${wanted}`, {
    hint: "a reference is to a place of exactly the parameter's type",
  });
}

/** MD3025. */
export function fieldsOfNothing(span: Span, field: string, found: string): Diagnostic {
  return error("MD3025", span, `${found} has no fields, so there is no '${field}'`);
}

/** MD3026. */
export function nothingToIndex(span: Span, found: string): Diagnostic {
  return error("MD3026", span, `${found} is neither a map nor a sequence, and has no elements`);
}

/** MD3027. */
export function primeOfOther(span: Span, name: string, near: string | null): Diagnostic {
  return error("MD3027", span, `'${name}' is no variable, so there is no ${name}' after the step`, {
    hint: meant(near),
  });
}
