import { describe, expect, test } from "vitest";
import { FOUND, SURVEY_OUTSIDE } from "../../src/codegen/kernel.ts";
import type { Program } from "../../src/core/program.ts";
import { stateAt } from "../../src/explorer/instance.ts";
import { decode } from "../../src/model/decode.ts";
import { modelOf } from "../../src/model/model.ts";
import { createMachine } from "../../src/reference/machine.ts";
import { prepareText } from "../differential/memory-host.ts";
import { randomSpec } from "../differential/random-spec.ts";
import { specFiles } from "../differential/spec-files.ts";
import { program } from "../semantics/compile.ts";
import {
  addressOf,
  referenceViews,
  surveyedViews,
  type View,
  type Views,
  WAYS_TO_SEARCH,
} from "./compare-survey.ts";
import { searchKernel } from "./kernel-search.ts";

const STATES_MAX = 1_000;

/**
 * What the reference says of the states of a program, surveys saying the same; null for too many,
 * which a kernel notices sooner (others compare how many states there are).
 */
function agreedViews(of: Program, statesMax: number = STATES_MAX): Views | null {
  const model = modelOf(of, false);
  const machine = createMachine(of);
  let views: Views | null = null;
  for (const [index, how] of WAYS_TO_SEARCH.entries()) {
    const search = searchKernel(model, { ...how, statesMax });
    if (search === null && index === 0) {
      return null;
    }
    views ??= referenceViews(machine, model, statesMax);
    if (search === null || views === null) {
      throw new Error("there are more states for one than for another");
    }
    const found = search.found.length;
    const chunk = index === 0 ? 7 : 500;
    expect(surveyedViews(search, machine, { chunk, mode: "survey" })).toEqual(views);
    if (index > 0) {
      expectSketch(surveyedViews(search, machine, { chunk, mode: "sketch" }), views);
    }
    // Nothing is reported a second time.
    expect(search.found).toHaveLength(found);
  }
  return views;
}

/** A sketch says the same, but of the edges of each state it tells two, or as many as there are. */
function expectSketch(sketch: Views, views: Views): void {
  const withoutEdges = (all: Views): Views =>
    new Map([...all].map(([key, view]) => [key, { ...view, edges: [] }]));
  expect(withoutEdges(sketch)).toEqual(withoutEdges(views));
  for (const [key, { edges }] of sketch) {
    const all = [...(views.get(key)?.edges ?? [])];
    expect(edges).toHaveLength(Math.min(2, all.length));
    for (const edge of edges) {
      const at = all.indexOf(edge);
      expect(at).toBeGreaterThanOrEqual(0);
      all.splice(at, 1);
    }
  }
}

/** The same for a text without its `module` line. */
function viewsOf(text: string, statesMax?: number): readonly View[] {
  const views = agreedViews(program(text), statesMax);
  if (views === null) {
    throw new Error("too many states");
  }
  return [...views.values()];
}

describe("a survey says of every state what the reference says", () => {
  test.each(specFiles())("of $file", { timeout: 120_000 }, async ({ file, text }) => {
    const { programs } = await prepareText(text, file);
    for (const one of programs) {
      agreedViews(one);
    }
  });

  test("of random specs that ask more", { timeout: 120_000 }, async () => {
    const compared = { states: 0, specs: 0 };
    for (let seed = 0; compared.specs < 60; seed++) {
      const { programs } = await prepareText(asking(randomSpec(seed)));
      for (const one of programs) {
        const views = agreedViews(one);
        compared.specs += views === null ? 0 : 1;
        compared.states += views?.size ?? 0;
      }
    }
    expect(compared.states).toBeGreaterThan(60);
  });

  test("of threads and transitions that come to the rescue", () => {
    const views = viewsOf(`
      var n: 0..3 = 0; var go: bool = false;
      thread waits { await go; n := 3; }
      escape thread operator { await n == 1; go := true; }
      escape transition time when n < 1 { n := n + 1; }`);
    // The operator never counts as blocked, though it waits at first.
    expect(views.every(({ blocked }) => !blocked.includes(1))).toBe(true);
    expect(views.some(({ blocked }) => blocked.includes(0))).toBe(true);
  });

  test("of steps that fail: they are possible, and no edges", () => {
    const views = viewsOf(`
      var n: 0..2 = 0;
      thread adds { loop { n := n + 1; } }
      thread asserts { assert n < 2; assert n < 1; }
      fair transition jumps(by in 0..2) when n == 1 { n := n + by; }`);
    const failing = views.filter(
      ({ possible, edges }) =>
        !possible.every((action) => edges.some((edge) => edge.startsWith(`${action} `))),
    );
    expect(failing.length).toBeGreaterThan(1);
  });

  test("of states outside of the constraints, and of edges to them", () => {
    const views = viewsOf(`
      var n: 0..9 = 0; var m: 0..9 = 0;
      constraint n < 4; constraint m != 2;
      transition up when n < 9 { n := n + 1; }
      transition over when m < 9 { m := m + 1; }
      recoverable low: n == 0;`);
    // n from 0 to 3 with m 0 or 1 inside; outside n = 4 with these m, and m = 2 with these n.
    expect(views.filter(({ outside }) => !outside)).toHaveLength(4 * 2);
    expect(views.filter(({ outside }) => outside)).toHaveLength(2 + 4);
  });

  test("of threads that are started and end", () => {
    viewsOf(`
      var n: 0..3 = 0;
      dormant thread sync[i in 0..1] { await n > i; n := n - 1; }
      thread admin { loop { choose i in 0..1 where done(sync[i]) { start sync[i]; } n := 2; } }
      property runs: always (n == 2 ~> exists i in 0..1: !done(sync[i]));`);
  });

  test("of transitions that are fair for each choice of their parameters", () => {
    const spec = (last: number): string => `
      var n: 0..99 = 0; var tens: 0..9 = 0;
      strong transition sets(i in 0..${last}, j in {2, 4, 6})
        when i * 6 + j <= n + 14 && i * 6 + j < 60
      { n := i * 6 + j; }
      transition plain(j in 0..1) when n == j { tens := j; }
      fair transition moves(only in {7}) { tens := (tens + only) % 10; }`;
    for (const last of [9, 30]) {
      // 60 is too much. Written out as 30 choices, and chosen from 93 when the step is taken.
      const model = modelOf(program(spec(last)), false);
      expect(model.transitions[0]?.chosen === null).toBe(last === 9);
      expect(model.actions).toHaveLength((last + 1) * 3 + 1 + 1);
      const views = viewsOf(spec(last));
      expect(new Set(views.flatMap(({ possible }) => possible)).size).toBe(10 * 3 - 1 + 1 + 1);
    }
  });

  test("of strong places: their steps are actions of their own", () => {
    const text = `
      const OFF: bool = false;
      var n: 0..3 = 0; var free: bool = true;
      proc take() { await strong free; free := false; }
      thread several {
        loop {
          either { await strong n == 1; } or { await idle n == 2; n := 0; }
          n := 3;
          take();
          choose strong i in 0..2 where i < n { n := i; }
          free := true;
        }
      }
      thread never { loop { atomic { if (OFF) { await strong free; } n := 1; } } }
      unfair thread retries {
        loop {
          atomic {
            var i: 0..3 = 0;
            while (i < 3) {
              i := i + 1;
              if (i == n) { await strong free; n := 2; break; }
            }
          }
        }
      }
      transition back when n == 3 { n := 1; }`;
    const model = modelOf(program(text), false);
    const placesOf = (agent: number): number =>
      model.actions.filter((one) => one.agent === agent && one.rest !== null).length;
    // The \`either\`, the one in take, the condition that is never true, and the \`choose\`.
    expect([0, 1, 2, 3].map(placesOf)).toEqual([3, 1, 1, 0]);
    const views = viewsOf(text);
    // Of \`several\` all of them but the first are where only one action of it is possible at a time.
    const possible = new Set(views.flatMap((view) => view.possible));
    expect([...possible].filter((action) => action.startsWith("0 "))).toHaveLength(1 + 3);
  });

  test("of steps with too many ways: an error, possible for the choice where it shows", () => {
    // Of `many` each choice has 2048 ways, which are too many only together.
    const views = viewsOf(`
      var n: 0..3 = 0;
      fair transition large(by in 1..3) when n < by {
        atomic {
          var i: 0..3 = 0;
          while (n == 1 && by == 2) { i := 0; }
        }
        n := by;
      }
      thread bounded { await n == 2; choose i in 0..399 { choose j in 0..399 { n := 3; } } }
      transition many(by in 0..63) when n == 3 { ${"either { skip; } or { skip; } ".repeat(11)} n := 0; }`);
    expect(views.some(({ possible, edges }) => possible.length > 0 && edges.length === 0)).toBe(
      true,
    );
  });

  test("of conditions, 0 for those without a value", () => {
    const views = viewsOf(`
      var n: 0..40 = 0;
      transition up when n < 40 { n := n + 1; }
      recoverable divides: 12 / (n - 3) == 4;
      property each: forall i in 0..35: always (n == i ~> n / (i - 5) == 40);
      property waits: eventually enabled(up) && always !(n == 40);`);
    // Two for each i, one of which has no value for i = 5; n - 3 is 3 in one state.
    expect(views.filter(({ holds }) => holds.includes(0))).toHaveLength(1);
    expect(new Set(views.flatMap(({ holds }) => holds)).size).toBeLessThanOrEqual(1 + 2 * 36 + 2);
  });
});

describe("a kernel that surveys", () => {
  const search = (text: string, statesMax: number) => {
    const found = searchKernel(modelOf(program(text), false), {
      sharing: "alone",
      instances: 1,
      turn: 64,
      properties: null,
      survey: true,
      statesMax,
    });
    if (found === null) {
      throw new Error("too many states");
    }
    return found;
  };

  test("finds the index of a state, and none of what is no state of the search", () => {
    const done = search("var n: 0..40 = 0; transition up when n < 33 { n := n + 1; }", 100);
    const { main, kernel, arena } = done;
    const sought = (arena.areas[0] ?? 0) + kernel.soughtStatesOffset;
    for (let index = 0; index < 34; index++) {
      const state = stateAt(arena, kernel.words, addressOf(done, index)).slice();
      stateAt(arena, kernel.words, sought).set(state);
      expect(main.find(sought)).toBe(index);
    }
    stateAt(arena, kernel.words, sought)[0] = 35;
    expect(main.find(sought) >>> 0).toBe(SURVEY_OUTSIDE);
  });

  test("tells of no state of which not all fits into the room", () => {
    // 265² edges fit into a megabyte once: an edge takes two words.
    const far = (name: string): string => `
      transition ${name}(i in 0..264, j in 0..264) { x := 1 + 265 * i + j; }`;
    const spec = `var n: 0..1 in 0..1; var x: 0..70_225 = 0; constraint x == 0; ${far("far")}`;
    const once = search(spec.replaceAll("_", ""), 2 * 70_226);
    expect(once.main.survey(0, 10)).toBe(1);
    expect(once.main.survey(1, 10)).toBe(10);
    expect(once.main.sketch(0, 10)).toBe(10);
    const twice = search(`${spec}${far("twice")}`.replaceAll("_", ""), 2 * 70_226);
    expect(twice.main.survey(0, 10)).toBe(0);
    expect(twice.main.survey(2, 10)).toBe(10);
  });

  test("counts no steps", () => {
    const { main } = search("var n: 0..9 = 0; transition up when n < 9 { n := n + 1; }", 20);
    const before = main.transitions.value;
    expect(before).toBe(9);
    main.survey(0, 10);
    main.sketch(0, 10);
    expect(main.transitions.value).toBe(before);
  });

  test("reports where a condition has no value, inside of the constraints, if it is asked for", () => {
    const text = `
      var n: 0..9 = 0;
      constraint n < 7;
      transition up when n < 9 { n := n + 1; }
      invariant small: n < 10;
      recoverable third: 12 / (n - 3) == 4;
      property last: eventually 12 / (n - 7) == 4;
      property fifth: always (n == 1 ~> 12 / (n - 5) == 4);
      property sixth: eventually 12 / (n - 6) == 4;`;
    const reports = (properties: ReadonlySet<string> | null) => {
      const model = modelOf(program(text), false);
      const how = { sharing: "alone", instances: 1, turn: 64, survey: true } as const;
      const found = searchKernel(model, { ...how, properties, statesMax: 20 })?.found ?? [];
      return found.map(({ kind, id, state }) => [
        kind === FOUND.error ? "error" : kind,
        model.conditions[id - 1]?.name,
        decode(model, state).variables[0],
      ]);
    };
    // n = 7 breaks the constraint. The states are judged one after the other.
    expect(reports(null)).toEqual([
      ["error", "third", 3],
      ["error", "fifth", 5],
      ["error", "sixth", 6],
    ]);
    expect(reports(new Set(["small", "sixth"]))).toEqual([["error", "sixth", 6]]);
  });
});

/** A random spec that asks of its reachables whether they can be come to again, and in the end are. */
function asking(text: string): string {
  const asked = [...text.matchAll(/^reachable (\w+): (.*);$/gm)].map(
    ([, name, condition]) =>
      `recoverable back_${name}: ${condition};\nproperty end_${name}: always (${condition}) || eventually (${condition});`,
  );
  return `${text}\n${asked.join("\n")}\n`;
}
