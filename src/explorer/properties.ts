import type { Lasso } from "../liveness/graph.ts";
import { judgeProperty } from "../liveness/judge.ts";
import { decode } from "../model/decode.ts";
import type { PlainStep, Sighting } from "../outcome/sighting.ts";
import { present } from "../support/internal-error.ts";
import type { Expanded, Judged } from "./afterwards.ts";
import { constraintsOf } from "./fairness.ts";
import { comparing, giveUp } from "./hangs.ts";
import { storedState } from "./instance.ts";
import { isToldToEnd, paceOf } from "./pace.ts";
import { pieces } from "./ranges.ts";
import type { Search } from "./search.ts";
import { buildGraph } from "./state-graph.ts";

/** Judges temporal properties, by their indices, on the states that were expanded. */
export async function judgeProperties(
  search: Search,
  expanded: Expanded,
  asked: readonly number[],
): Promise<Pick<Judged, "lassos" | "vacuous">> {
  const { model, options } = search;
  const lassos: Sighting[] = [];
  const vacuous: (readonly number[])[] = model.program.properties.map(() => []);
  const pace = paceOf(search, "properties");
  const built = await buildGraph({
    expanded,
    conditionCount: model.surveyed.length,
    skipped: model.program.recoverables.length,
    actionCount: model.actions.length,
    initial: initialStates(search),
    pace,
    compare: comparing(search),
  });
  if (typeof built === "string") {
    giveUp(search, built);
    return { lassos, vacuous };
  }
  const constraints = constraintsOf(model);
  for (const index of asked) {
    const formula = present(model.ground.formulas[index], "a formula");
    const judged = await judgeProperty(built.graph, formula, constraints, {
      memoryBytes: expanded.budget.left(),
      clock: () => options.clock(),
      pause: () => pace.turn(null).then(() => {}),
      shouldStop: () => isToldToEnd(search),
    });
    if (judged.kind === "unknown") {
      giveUp(search, judged.why);
      break;
    }
    if (judged.kind === "violated") {
      lassos.push(sightingOf(search, index, judged.lasso));
    } else {
      vacuous[index] = judged.vacuous;
    }
  }
  built.forget();
  return { lassos, vacuous };
}

function initialStates({ levels }: Search): readonly number[] {
  const found: number[] = [];
  pieces(levels[0]?.ranges ?? [], 0, Number.POSITIVE_INFINITY, (from, to) => {
    for (let state = from; state < to; state++) {
      found.push(state);
    }
  });
  return found;
}

/** A lasso leads to itself: no shorter path to one of its states would do. */
function sightingOf(
  { model, arena, kernel, decoded }: Search,
  index: number,
  { path, actions, loop }: Lasso,
): Sighting {
  const steps = actions.map((action): PlainStep => {
    const { agent, choice } = present(model.actions[action], "an action");
    return { agent, choice };
  });
  return {
    what: { kind: "property", index, loop, steps },
    length: steps.length,
    path: path.map((state) => decode(model, storedState(arena, kernel.words, state), decoded)),
    doomedAt: null,
  };
}
