import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Field, Scope } from "../../src/model/frames.ts";
import { type Contents, layOut } from "../../src/model/layout.ts";
import { bitsFor, isSmall, type Packing, packingOf } from "../../src/model/packing.ts";
import { CONTEXT, isVarying, TYPE } from "./arbitrary-values.ts";

const PACKING: fc.Arbitrary<Packing> = TYPE.filter(isVarying).map((type) =>
  packingOf(type, CONTEXT),
);

/** Scopes with so many levels of scopes in them. */
function scopes(levels: number): fc.Arbitrary<Scope> {
  const field = PACKING.map((packing): Field => ({ packing, bit: -1 }));
  return fc.record({
    fields: fc.array(field, { maxLength: 3 }),
    children: levels === 0 ? fc.constant([]) : fc.array(scopes(levels - 1), { maxLength: 3 }),
  });
}

const SCOPE = scopes(2);

const CONTENTS: fc.Arbitrary<Contents> = fc
  .record({
    variables: fc.array(fc.option(PACKING, { freq: 4 }), { maxLength: 6 }),
    threads: fc.array(
      fc.record({
        placeCount: fc.integer({ min: 1, max: 40 }),
        scopes: fc.array(SCOPE, { maxLength: 2 }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ variables, threads }) => ({
    variables: new Map(
      variables.flatMap((packing, index): [number, Packing][] =>
        packing === null ? [] : [[index, packing]],
      ),
    ),
    variableCount: variables.length,
    threads,
  }));

/** The fields of a scope and all in it. */
function fieldsIn({ fields, children }: Scope): readonly Field[] {
  return [...fields, ...children.flatMap(fieldsIn)];
}

/** Fields that are in use together in some state: a way from the outermost scope to the innermost. */
function waysIn({ fields, children }: Scope): readonly (readonly Field[])[] {
  return children.length === 0
    ? [fields]
    : children.flatMap((child) => waysIn(child).map((way) => [...fields, ...way]));
}

function bitsOf({ bit, packing }: Field): readonly number[] {
  return Array.from({ length: packing.bits }, (_, index) => bit + index);
}

function expectDisjoint(...groups: readonly (readonly Field[])[]): void {
  const all = groups.flatMap((fields) => [...new Set(fields.flatMap(bitsOf))]);
  expect(new Set(all).size).toBe(all.length);
}

describe("a layout", () => {
  test("lets no small field straddle words, and begins wide ones at a word", () => {
    fc.assert(
      fc.property(CONTENTS, (contents) => {
        const { variables, locations, words } = layOut(contents);
        const inner = contents.threads.flatMap((thread) => thread.scopes).flatMap(fieldsIn);
        const fields = [
          ...variables.filter((field) => field !== null),
          ...locations,
          ...inner,
        ].filter(({ packing }) => packing.bits > 0);
        for (const { bit, packing } of fields) {
          expect(bit).toBeGreaterThanOrEqual(0);
          expect(bit + packing.bits).toBeLessThanOrEqual(words * 32);
          if (isSmall(packing)) {
            expect(bit >>> 5).toBe((bit + packing.bits - 1) >>> 5);
          } else {
            expect(bit % 32).toBe(0);
          }
        }
      }),
    );
  });

  test("gives what is in use together bits of its own", () => {
    fc.assert(
      fc.property(CONTENTS, (contents) => {
        const { variables, locations } = layOut(contents);
        const always = [...variables.filter((field) => field !== null), ...locations];
        // Threads rest where they want, so any scope of one can be in use with any of another.
        const perThread = contents.threads.map(({ scopes }) => scopes.flatMap(fieldsIn));
        expectDisjoint(...always.map((field) => [field]), ...perThread);
        for (const scope of contents.threads.flatMap((thread) => thread.scopes)) {
          for (const way of waysIn(scope)) {
            expectDisjoint(...way.map((field) => [field]));
          }
        }
      }),
    );
  });

  test("counts the bits that some field has", () => {
    fc.assert(
      fc.property(CONTENTS, (contents) => {
        const { variables, locations, bits } = layOut(contents);
        const inner = contents.threads.flatMap((thread) => thread.scopes).flatMap(fieldsIn);
        const fields = [...variables.filter((field) => field !== null), ...locations, ...inner];
        expect(bits).toBe(new Set(fields.flatMap(bitsOf)).size);
      }),
    );
  });

  test("has a place for every variable but the fixed ones, and for where each thread rests", () => {
    fc.assert(
      fc.property(CONTENTS, (contents) => {
        const { variables, locations } = layOut(contents);
        expect(variables.map((field) => field?.packing ?? null)).toEqual(
          Array.from(
            { length: contents.variableCount },
            (_, index) => contents.variables.get(index) ?? null,
          ),
        );
        expect(locations.map(({ packing }) => packing.bits)).toEqual(
          contents.threads.map(({ placeCount }) => bitsFor(placeCount)),
        );
      }),
    );
  });

  test("lets scopes that exclude each other share bits, those of two threads not", () => {
    const byte = packingOf({ kind: "int", low: 0, high: 255 }, CONTEXT);
    const scope = (children: Scope[] = []): Scope => ({
      fields: [{ packing: byte, bit: -1 }],
      children,
    });
    const bits = (...threads: readonly (readonly Scope[])[]): number =>
      layOut({
        variables: new Map(),
        variableCount: 0,
        threads: threads.map((scopes) => ({ placeCount: 1, scopes })),
      }).bits;
    expect(bits([scope(), scope()])).toBe(8);
    expect(bits([scope([scope(), scope()])])).toBe(16);
    expect(bits([scope([scope([scope()]), scope()])])).toBe(24);
    expect(bits([scope()], [scope()])).toBe(16);
  });
});
