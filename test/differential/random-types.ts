import type { Draw } from "./draw.ts";

/**
 * A type of a random spec. `text` is the name that it has there, which is also how the set of its
 * values is written.
 */
export type RandomType = { readonly text: string } & (
  | { readonly kind: "bool" | "thread" }
  | { readonly kind: "int"; readonly low: number; readonly high: number }
  | { readonly kind: "enum"; readonly members: readonly string[] }
  | { readonly kind: "symmetric"; readonly size: number }
  | { readonly kind: "option"; readonly of: RandomType }
  | { readonly kind: "set"; readonly of: RandomType }
  | { readonly kind: "map"; readonly key: RandomType; readonly value: RandomType }
  | { readonly kind: "seq"; readonly of: RandomType; readonly lengthMax: number }
  | { readonly kind: "struct"; readonly fields: readonly RandomField[] }
);

/** A field of a struct. */
export interface RandomField {
  readonly name: string;
  readonly type: RandomType;
}

/** The type of conditions. */
export const BOOL: RandomType = { kind: "bool", text: "bool" };
/** The type of threads. */
export const THREAD: RandomType = { kind: "thread", text: "Thread" };

/** The integers `low` to `high`. */
export function integers(low: number, high: number): RandomType {
  return { kind: "int", low, high, text: `${low}..${high}` };
}

/** Equal for types whose values may go into each other, up to the bounds of integers and lengths. */
export function shapeOf(type: RandomType): string {
  switch (type.kind) {
    case "int":
      return "int";
    case "option":
      return `${shapeOf(type.of)}?`;
    case "set":
      return `set<${shapeOf(type.of)}>`;
    case "seq":
      return `seq<${shapeOf(type.of)}>`;
    case "map":
      return `map<${exactly(type.key)}, ${shapeOf(type.value)}>`;
    default:
      return type.text;
  }
}

/** Equal for types that are the same. */
export function exactly(type: RandomType): string {
  switch (type.kind) {
    case "int":
      return `${type.low}..${type.high}`;
    case "option":
      return `${exactly(type.of)}?`;
    case "set":
      return `set<${exactly(type.of)}>`;
    case "seq":
      return `seq<${exactly(type.of)}, ${type.lengthMax}>`;
    case "map":
      return `map<${exactly(type.key)}, ${exactly(type.value)}>`;
    default:
      return type.text;
  }
}

/** Whether every value of one type is one of another of the same shape. */
export function fits(from: RandomType, to: RandomType): boolean {
  if (from.kind === "int" && to.kind === "int") {
    return to.low <= from.low && from.high <= to.high;
  }
  if (from.kind === "seq" && to.kind === "seq") {
    return from.lengthMax <= to.lengthMax && fits(from.of, to.of);
  }
  if (from.kind === "map" && to.kind === "map") {
    return fits(from.value, to.value);
  }
  return "of" in from && "of" in to ? fits(from.of, to.of) : true;
}

/** How many values a type has, if there are `threads` threads. */
export function countOf(type: RandomType, threads: number): number {
  switch (type.kind) {
    case "bool":
      return 2;
    case "thread":
      return threads;
    case "int":
      return type.high - type.low + 1;
    case "enum":
      return type.members.length;
    case "symmetric":
      return type.size;
    case "option":
      return 1 + countOf(type.of, threads);
    case "set":
      return 2 ** countOf(type.of, threads);
    case "map":
      return countOf(type.value, threads) ** countOf(type.key, threads);
    case "seq": {
      const one = countOf(type.of, threads);
      return Array.from({ length: type.lengthMax + 1 }, (_, length) => one ** length).reduce(
        (all, some) => all + some,
        0,
      );
    }
    case "struct":
      return type.fields.reduce((all, field) => all * countOf(field.type, threads), 1);
  }
}

/** Whether a test of a type, or of one inside it, is true. */
export function someInside(type: RandomType, test: (type: RandomType) => boolean): boolean {
  if (test(type)) {
    return true;
  }
  switch (type.kind) {
    case "option":
    case "set":
    case "seq":
      return someInside(type.of, test);
    case "map":
      return someInside(type.key, test) || someInside(type.value, test);
    case "struct":
      return type.fields.some((field) => someInside(field.type, test));
    default:
      return false;
  }
}

/** Whether values of a type can be written only by means of others: it has a scalarset inside. */
export function isNameless(type: RandomType): boolean {
  return someInside(type, (one) => one.kind === "symmetric");
}

/** Whether the first value of a type would name a value of a scalarset. */
export function firstIsMissing(type: RandomType): boolean {
  switch (type.kind) {
    case "symmetric":
      return true;
    case "map":
      return firstIsMissing(type.value);
    case "struct":
      return type.fields.some((field) => firstIsMissing(field.type));
    default:
      return false;
  }
}

/** A type that comes with the declarations it needs. */
interface TypesUnderWay {
  readonly draw: Draw;
  readonly types: RandomType[];
  readonly lines: string[];
  readonly hasThreads: boolean;
}

/** The types of a spec and their declarations. */
export interface DeclaredTypes {
  readonly types: readonly RandomType[];
  readonly lines: readonly string[];
}

const INTERVALS: readonly (readonly [number, number])[] = [
  [0, 1],
  [0, 2],
  [0, 3],
  [-1, 1],
  [-2, 0],
  [5, 5],
  [1, 4],
  [-3, 3],
  [0, 7],
];

const WIDE_INTERVALS: readonly (readonly [number, number])[] = [
  [-(2 ** 31), 2 ** 31 - 1],
  [0, 2 ** 31 - 1],
  [0, 65_535],
  [-40_000, 1_000_000],
];

/** Random types, simple ones first; each of the later ones is made of earlier ones. */
export function randomTypes(draw: Draw, hasThreads: boolean): DeclaredTypes {
  const way: TypesUnderWay = { draw, types: [BOOL], lines: [], hasThreads };
  for (const [low, high] of draw.shuffled(INTERVALS).slice(0, 2)) {
    way.types.push(integers(low, high));
  }
  if (draw.chance(0.25)) {
    way.types.push(integers(...draw.pick(WIDE_INTERVALS)));
  }
  if (draw.chance(0.4)) {
    const [low, high] = draw.pick(INTERVALS);
    declare(way, `${low}..${high}`, "Small", { kind: "int", low, high });
  }
  const members = ["RED", "GREEN", "BLUE", "BLACK"].slice(0, draw.pick([1, 2, 2, 3, 3, 4]));
  declare(way, `enum { ${members.join(", ")} }`, "Color", { kind: "enum", members });
  if (draw.chance(0.3)) {
    declareSymmetric(way);
  }
  if (hasThreads && draw.chance(0.4)) {
    way.types.push(THREAD);
  }
  if (draw.chance(0.15)) {
    declareWide(way);
  }
  const count = 1 + draw.below(6);
  for (let made = 0; made < count; made++) {
    declareComposite(way, `T${made}`);
  }
  return { types: way.types, lines: way.lines };
}

type Bare = RandomType extends infer T ? (T extends RandomType ? Omit<T, "text"> : never) : never;

function declare(way: TypesUnderWay, definition: string, name: string, type: Bare): void {
  way.lines.push(`type ${name} = ${definition};`);
  way.types.push({ ...type, text: name } as RandomType);
}

function declareSymmetric(way: TypesUnderWay): void {
  const size = way.draw.pick([1, 2, 2, 3]);
  const definition = way.draw.chance(0.5)
    ? `symmetric 0..${size - 1}`
    : `symmetric enum { ${["SDA", "SDB", "SDC"].slice(0, size).join(", ")} }`;
  declare(way, definition, "Disk", { kind: "symmetric", size });
}

/** A type whose values take several words. */
function declareWide(way: TypesUnderWay): void {
  const { draw } = way;
  const of = integers(...draw.pick(WIDE_INTERVALS));
  switch (draw.below(3)) {
    case 0: {
      const key = integers(-2, 2 + draw.below(8));
      declare(way, `map<${key.text}, ${of.text}>`, "Wide", { kind: "map", key, value: of });
      break;
    }
    case 1:
      declare(way, `seq<${of.text}, 4>`, "Wide", { kind: "seq", of, lengthMax: 4 });
      break;
    default: {
      const element = integers(-3, 30 + draw.below(60));
      declare(way, `set<${element.text}>`, "Wide", { kind: "set", of: element });
    }
  }
}

function declareComposite(way: TypesUnderWay, name: string): void {
  const { draw } = way;
  const part = (countMax: number): RandomType => {
    const small = way.types.filter((one) => countOf(one, 4) <= countMax);
    const composite = small.filter((one) => /^T\d/.test(one.text));
    return draw.pick(composite.length > 0 && draw.chance(0.5) ? composite : small);
  };
  const kind = draw.pick(["option", "set", "set", "map", "map", "seq", "seq", "struct", "struct"]);
  switch (kind) {
    case "option": {
      const of = draw.pick(way.types.filter((one) => one.kind !== "option"));
      declare(way, `${of.text}?`, name, { kind, of });
      break;
    }
    case "set": {
      const of = part(draw.chance(0.15) ? 70 : 8);
      declare(way, `set<${of.text}>`, name, { kind, of });
      break;
    }
    case "map": {
      const isLong = draw.chance(0.2);
      const key = isLong ? integers(0, 3 + draw.below(9)) : part(5);
      const value = part(2 ** 33);
      const bits = countOf(key, 4) * Math.log2(countOf(value, 4));
      const fitting = bits <= 400 ? value : BOOL;
      const definition = `map<${key.text}, ${fitting.text}>`;
      declare(way, definition, name, { kind, key, value: fitting });
      break;
    }
    case "seq": {
      const of = part(2 ** 33);
      const lengthMax = draw.pick([0, 1, 2, 2, 3, 3, 5]);
      declare(way, `seq<${of.text}, ${lengthMax}>`, name, { kind, of, lengthMax });
      break;
    }
    default: {
      const names = ["f", "g", "h"].slice(0, draw.pick([1, 2, 2, 3]));
      const fields = names.map((field) => ({ name: field, type: part(2 ** 33) }));
      const text = fields.map((field) => `${field.name}: ${field.type.text};`).join(" ");
      declare(way, `struct { ${text} }`, name, { kind: "struct", fields });
      break;
    }
  }
}
