import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { kernelHint } from "./kernel-words.ts";
import { error, meant, warning } from "./make-diagnostic.ts";

/** MD2001. */
export function nameNotDeclared(span: Span, name: string, near: string | null): Diagnostic {
  const hint = kernelHint(name) ?? meant(near);
  return error("MD2001", span, `'${name}' is not declared`, { hint });
}

/** MD2002. */
export function nameDeclaredTwice(
  second: Span,
  first: Span,
  name: string,
  hint: string | null = null,
): Diagnostic {
  return error("MD2002", second, `'${name}' is declared twice`, {
    hint,
    related: [{ message: "the first declaration is here", span: first }],
  });
}

/** MD2003. */
export function nameHidden(inner: Span, outer: Span, name: string): Diagnostic {
  return error("MD2003", inner, `'${name}' would hide another '${name}'`, {
    hint: "choose another name: a local may not hide a name that is in sight",
    related: [{ message: "the other one is declared here", span: outer }],
  });
}

/** MD2004. `others`: the other imports that lead round. */
export function importCycle(span: Span, target: string, others: readonly Span[]): Diagnostic {
  return error(
    "MD2004",
    span,
    others.length === 0 ? "this file imports itself" : `importing ${target} here closes a cycle`,
    {
      hint: "move what both need into a module of its own",
      related: others.map((other) => ({
        message: "the cycle goes through this import",
        span: other,
      })),
    },
  );
}

/** MD2005. The name exists, but in a module that this one does not import. */
export function nameNotImported(
  span: Span,
  name: string,
  declared: Span,
  module: string,
): Diagnostic {
  return error("MD2005", span, `'${name}' is declared in module ${module}, which is not imported`, {
    related: [{ message: "the declaration is here", span: declared }],
  });
}

/** MD2006. `found` and `wanted` with their article: "a thread", "a value". */
export function wrongKind(
  span: Span,
  name: string,
  found: string,
  wanted: string,
  hint: string | null = null,
): Diagnostic {
  return error("MD2006", span, `'${name}' is ${found}, not ${wanted}`, { hint });
}

/** MD2007. */
export function labelDeclaredTwice(second: Span, first: Span, label: string): Diagnostic {
  return error("MD2007", second, `the label '${label}' is there twice`, {
    hint: "a label stands once in a thread or proc",
    related: [{ message: "the first one is here", span: first }],
  });
}

/** MD2008. `where`: "the thread 'writer'", "the proc 'lock'", "any thread". */
export function labelNotDeclared(
  span: Span,
  label: string,
  where: string,
  near: string | null,
): Diagnostic {
  return error("MD2008", span, `'${label}' is no label of ${where}`, { hint: meant(near) });
}

/** MD2009. */
export function labelIsName(span: Span, declared: Span, label: string): Diagnostic {
  return error("MD2009", span, `the label '${label}' is also the name of a proc`, {
    hint: `'t@${label}' could mean either: choose another label`,
    related: [{ message: "the proc is declared here", span: declared }],
  });
}

/** MD2010. */
export function fieldNotDeclared(
  span: Span,
  field: string,
  type: string,
  near: string | null,
): Diagnostic {
  return error("MD2010", span, `${type} has no field '${field}'`, { hint: meant(near) });
}

/** MD2011. */
export function threadLocalNotDeclared(
  span: Span,
  name: string,
  thread: string,
  near: string | null,
): Diagnostic {
  return error(
    "MD2011",
    span,
    `the thread '${thread}' declares no local '${name}' in its own body`,
    {
      hint: meant(near),
    },
  );
}

/** MD2012. */
export function threadLocalAmbiguous(
  span: Span,
  name: string,
  thread: string,
  places: readonly Span[],
): Diagnostic {
  return error("MD2012", span, `the thread '${thread}' declares more than one local '${name}'`, {
    related: places.map((place) => ({ message: "one of them is here", span: place })),
  });
}

/** MD2013. After `with` or `-D`. */
export function constantNotDeclared(span: Span, name: string, near: string | null): Diagnostic {
  return error("MD2013", span, `there is no constant '${name}'`, { hint: meant(near) });
}

/** MD2014. After `violation(`. */
export function propertyNotDeclared(span: Span, name: string, near: string | null): Diagnostic {
  return error("MD2014", span, `there is no property '${name}'`, { hint: meant(near) });
}

/** MD2015. */
export function nameTaken(span: Span, name: string, by: string): Diagnostic {
  return error("MD2015", span, `'${name}' is ${by} of the language`, {
    hint: "choose another name",
  });
}

/** MD2016. `cycle`: the names from the first round to itself. */
export function recursion(
  span: Span,
  cycle: readonly { readonly name: string; readonly span: Span }[],
): Diagnostic {
  const names = cycle.map((one) => one.name);
  const path = [...names, names[0]].join(" → ");
  return error("MD2016", span, `'${names[0]}' calls itself: ${path}`, {
    hint: "defs and procs are written out where they are called, so they cannot be recursive",
    related: cycle.map((one) => ({ message: `'${one.name}' is declared here`, span: one.span })),
  });
}

/** MD2017. */
export function typeContainsItself(span: Span, name: string): Diagnostic {
  return error("MD2017", span, `the type '${name}' contains itself`, {
    hint: "types are finite: refer to an element by its index instead",
  });
}

/** MD2018. In `@sh("…")`. */
export function shellNameUnknown(span: Span, name: string, near: string | null): Diagnostic {
  return error("MD2018", span, `'{${name}}' is no parameter, local or constant in sight here`, {
    hint: meant(near) ?? "write '{{' for a brace of the shell",
  });
}

/** MD2019. */
export function labelNamesNothing(span: Span, label: string): Diagnostic {
  return warning("MD2019", span, `the label '${label}' names nothing: no step begins here`);
}
