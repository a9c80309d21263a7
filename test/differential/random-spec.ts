import fc from "fast-check";
import { type Draw, drawFrom } from "./draw.ts";
import { randomProcs, randomThreads, randomTransitions } from "./random-code.ts";
import { randomConstants, randomDefs, randomVariables } from "./random-declarations.ts";
import { randomChecks, randomProperties } from "./random-properties.ts";
import type { Making, RandomThread, Scope } from "./random-scope.ts";
import { integers, type RandomType, randomTypes } from "./random-types.ts";

/** The text of a small well-typed spec; the same for the same seed. */
export function randomSpec(seed: number): string {
  const draw = drawFrom(seed);
  const style = draw.weighted([
    [13, "threads"],
    [4, "both"],
    [3, "transitions"],
  ] as const);
  const { types, lines } = randomTypes(draw, style !== "transitions");
  const making: Making = {
    draw,
    risk: draw.weighted([
      [5, 0],
      [3, 0.02],
      [2, 0.2],
    ]),
    types,
    threads: style === "transitions" ? [] : threadsOf(draw, types),
    constants: [],
    variables: [],
    defs: [],
    procs: [],
    transitions: [],
    labels: [],
    locals: [],
    next: 0,
    fuel: 10 + draw.below(16),
  };
  const scope: Scope = { making, entries: [], state: false, self: false, observes: false };
  const declarations = [
    randomConstants(scope),
    randomVariables(scope),
    randomDefs(scope),
    randomProcs(scope),
    style === "transitions" ? "" : randomThreads(scope),
    style === "threads" ? "" : randomTransitions(scope),
  ];
  const properties = randomProperties(scope);
  const parts = [
    `/// Made from seed ${seed}.\nmodule random_spec;`,
    lines.join("\n"),
    ...declarations,
    properties,
    randomChecks(scope, properties),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** The texts of random specs: fast-check picks the seed, and `shrinkSpec` makes a failing one small. */
export const arbitrarySpec: fc.Arbitrary<string> = fc
  .noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 }))
  .map(randomSpec);

/** Threads by name: the first has no index or one that can be written down. */
function threadsOf(draw: Draw, types: readonly RandomType[]): readonly RandomThread[] {
  const count = draw.pick([1, 2, 2, 2, 3, 3]);
  const disk = types.find((type) => type.kind === "symmetric");
  return Array.from({ length: count }, (_, at): RandomThread => {
    const name = ["reader", "writer", "admin"][at] ?? "other";
    const dormant = at > 0 && draw.chance(0.35);
    const escapes = draw.chance(0.1);
    const kind = { name, dormant, escapes };
    if (count > 2 ? draw.chance(0.9) : draw.chance(0.7)) {
      return { ...kind, index: null };
    }
    const index = `${name}_i`;
    if (at > 0 && disk !== undefined && draw.chance(0.5)) {
      return { ...kind, index: { name: index, type: disk, set: disk.text } };
    }
    const type = draw.pick(types.filter((one) => one.kind === "enum" || one.kind === "int"));
    if (type.kind === "enum" && type.members.length <= 2) {
      return { ...kind, index: { name: index, type, set: type.text } };
    }
    const set = draw.pick(["0..1", "0..1", "{0, 1}", "2..2", "-1..0"]);
    const [low, high] = set === "2..2" ? [2, 2] : set === "-1..0" ? [-1, 0] : [0, 1];
    return { ...kind, index: { name: index, type: integers(low, high), set } };
  });
}
