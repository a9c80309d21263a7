import {
  conditionOf,
  expression,
  leaf,
  setToGoThrough,
  type Wanted,
} from "./random-expressions.ts";
import { fresh, type Scope, withEntry } from "./random-scope.ts";
import { countOf, type RandomType } from "./random-types.ts";

type Of<Kind extends RandomType["kind"]> = RandomType & { readonly kind: Kind };

/** A set that is no literal. */
export function randomSet(scope: Scope, type: Of<"set">, wanted: Wanted): string {
  const { making } = scope;
  const { draw } = making;
  const depth = wanted.depth - 1;
  const { of } = type;
  const isSmall = countOf(of, 4) <= 16;
  const kind = draw.weighted([
    [3, "operator"],
    [2, "filter"],
    [2, "image"],
    [1.5, "elements"],
    [isSmall ? 1 : 0, "universe"],
    [of.kind === "int" && isSmall ? 1.5 : 0, "range"],
  ] as const);
  switch (kind) {
    case "operator": {
      const left = expression(scope, { ...wanted, depth, alone: true });
      const right = expression(scope, { ...wanted, depth });
      return `(${left} ${draw.pick(["|", "&", "-"])} ${right})`;
    }
    case "filter": {
      const name = fresh(making, "e");
      const inner = withEntry(scope, name, of);
      const base =
        isSmall && draw.chance(0.6)
          ? of.text
          : expression(scope, { type, depth: depth - 1, alone: true });
      return `{${name} in ${base} where ${conditionOf(inner, depth)}}`;
    }
    case "image": {
      const name = fresh(making, "e");
      const { text, element } = setToGoThrough(scope, 10);
      const inner = withEntry(scope, name, element);
      const one = expression(inner, { type: of, depth, alone: wanted.alone });
      const where = draw.chance(0.4) ? ` where ${conditionOf(inner, depth)}` : "";
      return `{${one} for ${name} in ${text}${where}}`;
    }
    case "elements": {
      const one = (): string => expression(scope, { type: of, depth, alone: wanted.alone });
      return draw.chance(0.5) ? `{${one()}}` : `{${one()}, ${one()}}`;
    }
    case "range":
      if (of.kind === "int") {
        const bound = (): string => expression(scope, { type: of, depth, alone: true });
        return `(${bound()}..${bound()})`;
      }
      break;
  }
  return of.text.includes("..") ? `(${of.text})` : of.text;
}

/** A map that is made from its keys. */
export function randomMap(scope: Scope, type: Of<"map">, wanted: Wanted): string {
  const name = fresh(scope.making, "k");
  const inner = withEntry(scope, name, type.key);
  const value = expression(inner, { ...wanted, type: type.value, depth: wanted.depth - 1 });
  return `[${name} in ${type.key.text} -> ${value}]`;
}

/** A sequence that is made from another one. */
export function randomSequence(scope: Scope, type: Of<"seq">, wanted: Wanted): string {
  const { making } = scope;
  const { draw, risk } = making;
  const { lengthMax, of } = type;
  const depth = wanted.depth - 1;
  const other = expression(scope, { type, depth, alone: true });
  const name = fresh(making, "s");
  switch (draw.below(3)) {
    case 0: {
      const isSafe = !draw.chance(risk);
      const rest = isSafe ? `(${name} == [] ? ${name} : tail(${name}))` : `tail(${name})`;
      return `(let ${name} = ${other}: ${rest})`;
    }
    case 1: {
      const inner = withEntry(scope, name, type);
      const element = expression(inner, { type: of, depth, alone: true });
      const longer = `append(${name}, ${element})`;
      const isSafe = !draw.chance(risk);
      const text = isSafe ? `(len(${name}) < ${lengthMax} ? ${longer} : ${name})` : longer;
      return `(let ${name} = ${other}: ${text})`;
    }
    default:
      return leaf(scope, wanted);
  }
}
