import { conditionOf, leafOf, typedValueFor, valueFor } from "./random-expressions.ts";
import { type Entry, fresh, type Scope, withEntry } from "./random-scope.ts";
import {
  countOf,
  firstIsMissing,
  isNameless,
  type RandomType,
  someInside,
} from "./random-types.ts";

/** Constants; a check may give the first one another value. */
export function randomConstants(scope: Scope): string {
  const { making } = scope;
  const { draw } = making;
  const lines: string[] = [];
  for (let count = draw.below(3); count > 0; count--) {
    const type = draw.pick(making.types.filter(isWritable));
    const name = fresh(making, "C");
    lines.push(`const ${name}: ${type.text} = ${leafOf(scope, type)};`);
    making.constants.push({ text: name, type, writable: false, shared: false });
  }
  return lines.join("\n");
}

function isWritable(type: RandomType): boolean {
  return !isNameless(type) && !someInside(type, (one) => one.kind === "thread");
}

/** Variables; one of each scalarset is always there, so that its values can be had. */
export function randomVariables(scope: Scope): string {
  const { making } = scope;
  const { draw, types } = making;
  const lines: string[] = [];
  let initial = 1;
  const declare = (type: RandomType): void => {
    const name = fresh(making, "g");
    const value = randomInitial(scope, type, Math.floor(12 / initial));
    initial *= value.count;
    lines.push(`var ${name}: ${type.text}${value.text};`);
    making.variables.push({ text: name, type, writable: true, shared: true });
  };
  for (const type of types.filter(({ kind, text }) => kind === "symmetric" || text === "Wide")) {
    declare(type);
  }
  const small = types.filter((type) => countOf(type, 4) <= 4 && !isNameless(type));
  for (let count = 1 + draw.below(3); count > 0; count--) {
    declare(draw.pick(small));
  }
  for (let count = draw.below(4); count > 0; count--) {
    declare(draw.pick(types.filter((type) => !firstIsMissing(type) || countOf(type, 4) <= 6)));
  }
  return lines.join("\n");
}

/** What stands behind the type of a variable, and how many values that allows. */
function randomInitial(
  scope: Scope,
  type: RandomType,
  countMax: number,
): { readonly text: string; readonly count: number } {
  const { draw } = scope.making;
  const values = countOf(type, 4);
  if (type.kind === "symmetric") {
    return { text: ` in ${type.text}`, count: values };
  }
  if (isNameless(type)) {
    return firstIsMissing(type)
      ? { text: ` in ${type.text}`, count: values }
      : { text: "", count: 1 };
  }
  if (countMax >= 3 && draw.chance(0.2)) {
    if (values <= 3 && draw.chance(0.6)) {
      return { text: ` in ${type.text}`, count: values };
    }
    return { text: ` in {${typedValueFor(scope, type, 0)}, ${leafOf(scope, type)}}`, count: 2 };
  }
  const hasFirst = !someInside(type, (one) => one.kind === "thread");
  return draw.chance(0.3) && hasFirst
    ? { text: "", count: 1 }
    : { text: ` = ${leafOf(scope, type)}`, count: 1 };
}

/** Defs: some read variables, some look at threads from outside; and a generic one. */
export function randomDefs(scope: Scope): string {
  const { making } = scope;
  const { draw } = making;
  const lines = [`def pick_g<T>(c: bool, a: T, b: T): T = c ? a : b;`];
  for (let count = draw.below(4); count > 0; count--) {
    const state = draw.chance(0.6);
    const name = fresh(making, "d");
    const known: readonly Entry[] = [...making.constants, ...(state ? making.variables : [])];
    let inner: Scope = { ...scope, entries: known, state };
    const usable = making.types.filter((type) => state || !isNameless(type));
    const result = draw.pick(usable.filter((type) => countOf(type, 4) <= 1000));
    const parameters = Array.from({ length: draw.below(3) }, () => draw.pick(usable));
    const names = parameters.map((type) => {
      const parameter = fresh(making, "a");
      inner = withEntry(inner, parameter, type);
      return `${parameter}: ${type.text}`;
    });
    const hasNone = names.length === 0 && draw.chance(0.6);
    const body = result.kind === "bool" ? conditionOf(inner) : valueFor(inner, result, 2);
    lines.push(`def ${name}${hasNone ? "" : `(${names.join(", ")})`}: ${result.text} = ${body};`);
    making.defs.push({
      name,
      parameters: hasNone ? null : parameters,
      result,
      state,
      observes: false,
    });
  }
  return lines.join("\n");
}
