import { randomMap, randomSequence, randomSet } from "./random-collections.ts";
import { randomPart } from "./random-parts.ts";
import { randomBool, randomInteger } from "./random-scalars.ts";
import {
  fresh,
  isUsable,
  placeToRead,
  type RandomDef,
  type Scope,
  usableTypes,
  withEntry,
} from "./random-scope.ts";
import {
  BOOL,
  countOf,
  fits,
  integers,
  isNameless,
  type RandomType,
  shapeOf,
  THREAD,
} from "./random-types.ts";

/** What is wanted of an expression. */
export interface Wanted {
  readonly type: RandomType;
  /** How many levels it may have at most. */
  readonly depth: number;
  /** Whether nothing around it gives `none`, `{}`, `[]` and nameless structs a type. */
  readonly alone: boolean;
}

/** The text of an expression whose value fits a type, in most specs; it never needs parentheses. */
export function expression(scope: Scope, wanted: Wanted): string {
  const { draw } = scope.making;
  if (wanted.depth <= 0 || draw.chance(0.2)) {
    return leaf(scope, wanted);
  }
  const kind = draw.weighted([
    [8, "own"],
    [1, "conditional"],
    [0.5, "let"],
    [1, "def"],
    [1, "part"],
  ] as const);
  switch (kind) {
    case "conditional":
      return conditional(scope, wanted);
    case "let":
      return letIn(scope, wanted);
    case "def":
      return application(scope, wanted) ?? ofKind(scope, wanted);
    case "part":
      return randomPart(scope, wanted) ?? ofKind(scope, wanted);
    default:
      return ofKind(scope, wanted);
  }
}

/** An expression where the context says what type is expected. */
export function valueFor(scope: Scope, type: RandomType, depth = 2): string {
  return expression(scope, { type, depth, alone: false });
}

/** An expression that has its type by itself. */
export function typedValueFor(scope: Scope, type: RandomType, depth = 2): string {
  return expression(scope, { type, depth, alone: true });
}

/** A condition. */
export function conditionOf(scope: Scope, depth = 3): string {
  return expression(scope, { type: BOOL, depth, alone: false });
}

function ofKind(scope: Scope, wanted: Wanted): string {
  const { type } = wanted;
  switch (type.kind) {
    case "bool":
      return randomBool(scope, wanted.depth);
    case "int":
      return randomInteger(scope, type, wanted.depth);
    case "set":
      return randomSet(scope, type, wanted);
    case "map":
      return randomMap(scope, type, wanted);
    case "seq":
      return randomSequence(scope, type, wanted);
    case "struct":
      return structOf(scope, type, wanted);
    case "option":
      return optionOf(scope, type, wanted);
    default:
      return leaf(scope, wanted);
  }
}

/** Something of one word if there is one: a place, or a literal. */
export function leaf(scope: Scope, wanted: Wanted): string {
  const { type } = wanted;
  const { draw } = scope.making;
  if (type.kind === "symmetric" || draw.chance(0.6)) {
    const place = placeToRead(scope, type, (key) => keyOf(scope, key));
    if (place !== null) {
      return place;
    }
  }
  return literal(scope, wanted);
}

/** A key of a map: what stands in it is no element of a map again, which could go on for ever. */
export function keyOf(scope: Scope, type: RandomType): string {
  const whole = scope.entries.filter(
    (entry) => shapeOf(entry.type) === shapeOf(type) && fits(entry.type, type),
  );
  const named = scope.entries.filter((entry) => entry.type.kind === "symmetric");
  return whole.length > 0 && scope.making.draw.chance(0.7)
    ? scope.making.draw.pick(whole).text
    : literal({ ...scope, entries: named }, { type, depth: 0, alone: false });
}

/** A leaf where the context gives the type. */
export function leafOf(scope: Scope, type: RandomType): string {
  return leaf(scope, { type, depth: 0, alone: false });
}

function literal(scope: Scope, wanted: Wanted): string {
  const { type, alone } = wanted;
  const { draw, threads } = scope.making;
  switch (type.kind) {
    case "bool":
      return draw.pick(["true", "false"]);
    case "int":
      return integerLiteral(scope, type);
    case "enum":
      return draw.pick(type.members);
    case "symmetric":
      return draw.pick(scope.entries.filter((entry) => entry.type.text === type.text)).text;
    case "thread":
      if (scope.self && draw.chance(0.3)) {
        return "self";
      }
      return threadName(scope, draw.pick(threads.filter(isNamed(scope))));
    case "option":
      if (alone) {
        return optionOf(scope, type, { ...wanted, depth: 0 });
      }
      return draw.chance(0.5) || !isUsable(scope, type.of) ? "none" : leafOf(scope, type.of);
    case "set":
    case "seq": {
      const [open, close] = type.kind === "set" ? "{}" : "[]";
      const lengthMax = type.kind === "set" ? 2 : type.lengthMax;
      const usable = isUsable(scope, type.of) && lengthMax > 0;
      if (alone && !usable) {
        return `tail([${literal(scope, { ...wanted, type: type.of })}])`;
      }
      const least = alone ? 1 : 0;
      const length = usable ? least + draw.below(lengthMax + 1 - least) : 0;
      const parts = Array.from({ length }, () => leaf(scope, { ...wanted, type: type.of }));
      return `${open}${parts.join(", ")}${close}`;
    }
    case "map": {
      const name = fresh(scope.making, "k");
      return `[${name} in ${type.key.text} -> ${leaf(scope, { ...wanted, type: type.value })}]`;
    }
    case "struct":
      return structOf(scope, type, { ...wanted, depth: 0 });
  }
}

type IntegerType = RandomType & { readonly kind: "int" };

function integerLiteral({ making }: Scope, { low, high }: IntegerType): string {
  const { draw } = making;
  const isWide = high - low > 1000;
  if (isWide) {
    return String(draw.pick([low, high, low + 1, Math.trunc(low / 2) + Math.trunc(high / 2)]));
  }
  const value = low + draw.below(high - low + 1);
  return value > 0 && draw.chance(0.05) ? `0x${value.toString(16)}` : String(value);
}

/** Threads that can be named here: those with a symmetric index only through a value in sight. */
export function isNamed(scope: Scope): (thread: Scope["making"]["threads"][number]) => boolean {
  return ({ index }) => index === null || isUsable(scope, index.type);
}

/** `t` or `t[i]`. */
export function threadName(scope: Scope, thread: Scope["making"]["threads"][number]): string {
  const { index, name } = thread;
  return index === null ? name : `${name}[${leafOf(scope, index.type)}]`;
}

type StructType = RandomType & { readonly kind: "struct" };

function structOf(scope: Scope, type: StructType, { depth, alone }: Wanted): string {
  const { draw } = scope.making;
  const fields = draw
    .shuffled(type.fields)
    .map((field) => `${field.name}: ${valueFor(scope, field.type, depth - 1)}`);
  const name = alone || draw.chance(0.5) ? `${type.text} ` : "";
  return `${name}{ ${fields.join(", ")} }`;
}

type OptionType = RandomType & { readonly kind: "option" };

function optionOf(scope: Scope, type: OptionType, { depth, alone }: Wanted): string {
  const { draw } = scope.making;
  if (!alone) {
    return draw.chance(0.3) ? "none" : valueFor(scope, type.of, depth - 1);
  }
  const condition = conditionOf(scope, Math.min(1, depth - 1));
  const value = typedValueFor(scope, type.of, depth - 1);
  return draw.chance(0.5) ? `(${condition} ? ${value} : none)` : `(${condition} ? none : ${value})`;
}

function conditional(scope: Scope, wanted: Wanted): string {
  const inner = { ...wanted, depth: wanted.depth - 1 };
  const condition = conditionOf(scope, 1);
  return `(${condition} ? ${expression(scope, inner)} : ${expression(scope, inner)})`;
}

function letIn(scope: Scope, wanted: Wanted): string {
  const { making } = scope;
  const type = making.draw.pick(usableTypes(scope));
  const value = typedValueFor(scope, type, 1);
  const name = fresh(making, "v");
  const inner = withEntry(scope, name, type);
  return `(let ${name} = ${value}: ${expression(inner, { ...wanted, depth: wanted.depth - 1 })})`;
}

/** A use of some def with a fitting result, or of one of the generic ones. */
function application(scope: Scope, wanted: Wanted): string | null {
  const { making } = scope;
  const { type, depth } = wanted;
  const { draw } = making;
  if (draw.chance(0.25) && !isNameless(type)) {
    const branch = (): string => typedValueFor(scope, type, depth - 1);
    return `pick_g(${conditionOf(scope, 1)}, ${branch()}, ${branch()})`;
  }
  const fitting = making.defs.filter(
    (def) =>
      isAllowed(scope, def) && shapeOf(def.result) === shapeOf(type) && fits(def.result, type),
  );
  if (fitting.length === 0) {
    return null;
  }
  const { name, parameters } = draw.pick(fitting);
  return parameters === null
    ? name
    : `${name}(${parameters.map((one) => valueFor(scope, one, depth - 1)).join(", ")})`;
}

function isAllowed(scope: Scope, def: RandomDef): boolean {
  const usable = (def.parameters ?? []).every((one) => isUsable(scope, one));
  return usable && (scope.state || !def.state) && (scope.observes || !def.observes);
}

/** A set to go through: the text, and the type of its elements. */
export function setToGoThrough(
  scope: Scope,
  countMax: number,
): { readonly text: string; readonly element: RandomType } {
  const { making } = scope;
  const { draw } = making;
  const small = making.types.filter((one) => countOf(one, 4) <= countMax);
  const kind = draw.weighted([
    [4, "universe"],
    [2, "range"],
    [2, "value"],
    [1, "dynamic"],
  ] as const);
  switch (kind) {
    case "range": {
      const low = draw.below(3) - 1;
      const element = integers(low, low + draw.below(3));
      return { text: element.text, element };
    }
    case "value": {
      const sets = usableTypes(scope).filter(
        (one) => one.kind === "set" && countOf(one.of, 4) <= countMax,
      );
      if (sets.length > 0) {
        const type = draw.pick(sets);
        const element = type.kind === "set" ? type.of : BOOL;
        return { text: typedValueFor(scope, type, 1), element };
      }
      break;
    }
    case "dynamic": {
      const element = integers(0, 2);
      const high = valueFor(scope, element, 1);
      return { text: `(${valueFor(scope, element, 0)}..${high})`, element };
    }
  }
  const element = draw.pick(small);
  return { text: element.text, element };
}

/** Threads exist, so that `done(t)` and the like can be written. */
export function threadOf(scope: Scope, depth: number): string {
  return valueFor(scope, THREAD, depth);
}
