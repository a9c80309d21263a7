import { expect, test } from "vitest";
import { always, and, eventually, graphOf, judgeNow, leadsTo, not, weak } from "./build.ts";

/** As many states, a step from each to each other one; predicate `s` holds at state `s` alone. */
function everywhere(states: number): Parameters<typeof graphOf>[0] {
  const all = [...Array(states).keys()];
  return {
    states,
    edges: all.flatMap((from) =>
      all.filter((to) => to !== from).map((to) => [from, to, 0] as const),
    ),
    holds: all.map((state) => [state]),
  };
}

test("an automaton with a state for each set of places may be large", async () => {
  const sketch = everywhere(13);
  const seen = [...sketch.holds.keys()].map((place) => eventually(place));
  const all = seen.reduce((left, right) => and(left, right));
  // One way round all the states sees them all.
  expect(await judgeNow(graphOf(sketch), not(all))).toMatchObject({ kind: "violated" });
  const again = always(all);
  expect(await judgeNow(graphOf(sketch), not(again), [weak(0)])).toMatchObject({
    kind: "violated",
  });
});

test("what can hold in too many ways is too large, and is not said to hold", async () => {
  // Each of these is asked for at state 0, and can begin to hold now or later.
  const stays = [...Array(16).keys()].map((place) => leadsTo(place, always(16 + place)));
  const all = stays.reduce((left, right) => and(left, right));
  const holds = Array.from({ length: 32 }, () => [0]);
  const graph = graphOf({ states: 2, edges: [[0, 1, 0]], holds });
  const judged = await judgeNow(graph, not(all), [weak(0)]);
  expect(judged).toEqual({ kind: "unknown", why: "memory" });
});

test("a machine without room for what is asked of it is too little memory", async () => {
  const graph = graphOf({ states: 1, edges: [], holds: [[0]] });
  // No array has so many entries.
  const judged = await judgeNow({ ...graph, stateCount: 2 ** 40 }, eventually(0));
  expect(judged).toEqual({ kind: "unknown", why: "memory" });
});
