import { List } from "immutable";
import { describe, expect, test } from "vitest";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import { build, options } from "../reference/run.ts";
import { compareText, differenceOf, type Engine, REFERENCE } from "./compare-engines.ts";
import { explainDifference } from "./explain-difference.ts";
import { randomSpec } from "./random-spec.ts";

/** A spec in which something of every kind is found, with a trace and with waiting threads. */
const EVERYTHING = `
module everything;

type Color = enum { RED, GREEN };

var m: map<Color, set<0..2>> = [c in Color -> {}];
var q: seq<Color, 2>;
var n: 0..2 = 0;

proc grow(by: 0..2) { n := n + by; }

thread one {
  /// Adds.
  @sh("echo {x}")
  first: choose x in 0..2 where x > 0 { m[RED] |= {x}; grow(x); }
  assert n < 2;
  await idle false;
}

thread two {
  await n > 0;
  q := append(q, GREEN);
  either { grow(1); } or { await m[GREEN] == {2}; }
  await m[GREEN] == {2};
}

invariant small: n < 2;
step once: n' <= n + 1;
reachable long: len(q) == 1;
reachable never: n == 0 && len(q) == 2;
check all expect deadlock;
`;

/** Every result that is like `thing` but in one place. */
function* tampered(thing: unknown): Generator<unknown> {
  if (typeof thing === "number") {
    yield thing + 1;
  } else if (typeof thing === "string") {
    yield `${thing}?`;
  } else if (typeof thing === "boolean") {
    yield !thing;
  } else if (thing === null) {
    yield "something";
  } else if (Array.isArray(thing)) {
    yield* tamperedList(thing);
  } else if (thing instanceof Map) {
    const entries: [unknown, unknown][] = [...thing];
    yield new Map([...entries, ["another", false]]);
    for (const [key, part] of entries) {
      yield new Map(entries.filter(([one]) => one !== key));
      for (const other of tampered(part)) {
        yield new Map([...entries.slice(0, -1), [key, other]]);
      }
    }
    // Names are in the order of declaration; counts by number are in none.
    if (entries.length > 1 && typeof entries[0]?.[0] === "string") {
      yield new Map([...entries].reverse());
    }
  } else if (typeof thing === "object" && "size" in thing) {
    yield List(["another value"]);
  } else if (typeof thing === "object") {
    for (const [key, part] of Object.entries(thing)) {
      for (const other of tampered(part)) {
        yield { ...thing, [key]: other };
      }
    }
  }
}

function* tamperedList(list: readonly unknown[]): Generator<unknown[]> {
  yield [...list, ...list.slice(-1), ...(list.length === 0 ? ["one more"] : [])];
  if (list.length > 0) {
    yield list.slice(1);
  }
  for (const [at, part] of list.entries()) {
    for (const other of tampered(part)) {
      yield [...list.slice(0, at), other, ...list.slice(at + 1)];
    }
  }
}

describe("the comparison of engines", () => {
  test("finds no difference between an engine and itself", async () => {
    const engines = [REFERENCE, REFERENCE];
    const { kind } = await compareText(EVERYTHING, { engines, statesMax: null });
    expect(kind).toBe("equal");
  });

  test("notices every single place in which a result is another", async () => {
    const { program, sources } = build(EVERYTHING);
    const result = await REFERENCE.run(program, { ...options(sources), coverage: true });
    const kinds = result.findings.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["error", "assertion", "deadlock", "violation"]));
    const unnoticed: number[] = [];
    let count = 0;
    for (const other of tampered(result) as Generator<SearchResult>) {
      count += 1;
      if ((differenceOf(program, result, other) === null) !== isAboutItself(result, other)) {
        unnoticed.push(count);
      }
    }
    expect(unnoticed).toEqual([]);
    // States, traces and waits are in there: findings alone have more places than this.
    expect(count).toBeGreaterThan(500);
  });

  test("takes an exception for a difference", async () => {
    const throws: Engine = () => Promise.reject(new Error("no such thing"));
    const engines = [REFERENCE, { name: "throwing", run: throws }];
    const compared = await compareText(EVERYTHING, { engines, statesMax: null });
    expect(compared).toMatchObject({
      kind: "different",
      difference: { check: "all", engine: "throwing", path: "an exception" },
    });
  });

  test("says in which check, mode and place an engine is wrong, with a small spec", async () => {
    const engines = [REFERENCE, { name: "wrong", run: wrongAboutChoose }];
    const compared = { engines, statesMax: 3_000 };
    for (let seed = 0; ; seed++) {
      const text = randomSpec(seed);
      const comparison = await compareText(text, compared);
      if (comparison.kind === "different") {
        const told = await explainDifference(text, comparison.difference, compared);
        expect(told).toContain("the engine wrong differs in statistics.transitions");
        const smallest = told.slice(told.indexOf("module"));
        expect(smallest).toContain("choose");
        expect(smallest.split("\n").length).toBeLessThan(15);
        break;
      }
    }
  });
});

/** Whether a result differs only in what an engine tells of itself. */
function isAboutItself({ statistics: a }: SearchResult, { statistics: b }: SearchResult): boolean {
  return (
    a.engine !== b.engine ||
    a.workers !== b.workers ||
    a.elapsedMs !== b.elapsedMs ||
    a.storage !== b.storage ||
    a.timing !== b.timing
  );
}

/** Right, but for the transitions of a spec whose first thread has a `choose` of its own. */
const wrongAboutChoose: Engine = async (program, told) => {
  const result = await REFERENCE.run(program, told);
  const statements = program.threads[0]?.body.block.statements ?? [];
  const isWrong = statements.some(({ kind }) => kind === "choose");
  const transitions = result.statistics.transitions + (isWrong ? 1 : 0);
  return { ...result, statistics: { ...result.statistics, transitions } };
};
