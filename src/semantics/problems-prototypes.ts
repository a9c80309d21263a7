import type { Diagnostic, RelatedPlace, Span } from "../diagnostics/diagnostic.ts";
import type { Name } from "../syntax/ast.ts";
import { error } from "./make-diagnostic.ts";

/** The code of a prototype that nothing defines: no error of a file that is there to be imported. */
export const PROTOTYPE_UNDEFINED = "MD2020";

type Kind = "const" | "def" | "proc";

/** MD2020. `module`: that of the prototype; `near`: a definition that was perhaps meant. */
export function prototypeUndefined(
  name: Name,
  kind: Kind,
  module: string,
  near: Name | null,
): Diagnostic {
  const what = kind === "const" ? "value" : "body";
  return error(
    PROTOTYPE_UNDEFINED,
    name.span,
    `'${name.text}' is a prototype, and nothing gives its ${what}`,
    {
      hint: `define it in a module that imports ${module}, or import one that does`,
      related: near === null ? [] : [{ message: "did you mean this definition?", span: near.span }],
    },
  );
}

/** MD2021. */
export function definitionOfOtherKind(
  name: Name,
  kind: Kind,
  prototype: Name,
  kindOfPrototype: Kind,
): Diagnostic {
  const message = `'${name.text}' is a ${kind} here, but its prototype is a ${kindOfPrototype}`;
  return error("MD2021", name.span, message, { related: declaredAt(prototype.span) });
}

/**
 * MD2021. `part`: "the type", "the result", "parameter 2"; `here` and `there`: what it is, as
 * written.
 */
export function definitionDiffers(
  span: Span,
  name: string,
  part: string,
  [here, there]: readonly [here: string, there: string],
  prototype: Span,
): Diagnostic {
  const message = `'${name}' is not as its prototype: ${part} is ${here} here, ${there} there`;
  return error("MD2021", span, message, { related: declaredAt(prototype) });
}

/** MD2022. */
export function prototypeGeneric(span: Span, name: string): Diagnostic {
  return error("MD2022", span, `the prototype '${name}' has type parameters`, {
    hint: "only what has a body may be generic",
  });
}

function declaredAt(span: Span): readonly RelatedPlace[] {
  return [{ message: "the prototype is here", span }];
}
