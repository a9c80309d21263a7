import type { Program } from "../core/program.ts";
import { compareStates } from "../model/decode.ts";
import type { Model } from "../model/model.ts";
import type { Sight } from "../outcome/sighting.ts";
import { present } from "../support/internal-error.ts";
import type { Expanded } from "./afterwards.ts";
import { type Doom, doomIn } from "./doom.ts";
import { hungSets } from "./hung-sets.ts";
import { storedState } from "./instance.ts";
import {
  type MaskPlan,
  type Masks,
  maskWords,
  runsOf,
  type Tuning,
  threadBits,
  workOutMasks,
} from "./masks.ts";
import type { Needs } from "./needs.ts";
import { paceOf } from "./pace.ts";
import type { Search } from "./search.ts";
import { keepLeast } from "./sights.ts";

/** A sketch leaves few edges that are worth being forgotten, and sweeps over them cost little. */
const TUNING: Tuning = { edgesKept: Number.POSITIVE_INFINITY, sweepsPay: 1 / 8, isSketched: true };

/** Judges hung threads and recoverables, which are worked out together. */
export async function judgeMasks(
  search: Search,
  expanded: Expanded,
  { hung, recoverables }: Needs,
): Promise<Doom | null> {
  if (!hung && recoverables.length === 0) {
    return null;
  }
  const { model } = search;
  const plan: MaskPlan = {
    threads: hung ? model.program.instances.length : 0,
    recoverables,
    isEscape: escapesOf(model),
  };
  const pace = paceOf(search, "hangs");
  const masks = await workOutMasks({ ...expanded, plan, pace, tuning: TUNING });
  if (typeof masks === "string") {
    giveUp(search, masks);
    return null;
  }
  seeRecoverables(search, expanded, { plan, masks });
  if (!hung) {
    return null;
  }
  const perState = maskWords(plan);
  const sets = await hungSets({
    ...expanded,
    masks: { ...masks, perState, bits: threadBits(plan) },
    pace,
    deadlocks: [...search.sights.values()].flatMap(({ what }) =>
      what.kind === "deadlock" ? [what.threads] : [],
    ),
    expected: expectedSets(model.program),
    compare: comparing(search),
  });
  if (typeof sets === "string") {
    giveUp(search, sets);
    return null;
  }
  for (const { threads, state, depth } of sets) {
    see(search, { kind: "hung", threads }, { state, depth });
  }
  return doomIn(search, expanded, { masks, perState, isEscape: plan.isEscape });
}

/** What ended a judgement; what ends a search from outside is noted already. */
export function giveUp(search: Search, why: "memory" | "stopped"): void {
  if (why === "memory") {
    search.incomplete ??= "memory";
  }
}

/** By action, whether it is one of an `escape` agent. */
function escapesOf({ program, actions }: Model): Uint8Array {
  return Uint8Array.from(actions, ({ agent }) => (isEscape(program, agent) ? 1 : 0));
}

function isEscape({ agents, instances, threads, transitions }: Program, index: number): boolean {
  const agent = present(agents[index], "an agent");
  return agent.kind === "transition"
    ? present(transitions[agent.transition], "a transition").escape
    : present(threads[present(instances[agent.instance], "an instance").thread], "a thread").escape;
}

function expectedSets({ check }: Program): readonly (readonly number[])[] {
  return check.expectations.flatMap((expected) =>
    expected.kind === "hung" && expected.threads !== null ? [expected.threads] : [],
  );
}

/** Canonical order of states by their indices. */
export function comparing({ model, arena, kernel }: Search): (a: number, b: number) => number {
  const at = (index: number): Uint32Array => storedState(arena, kernel.words, index);
  return (a, b) => compareStates(model, at(a), at(b));
}

/** Keeps what shows at a state, if nothing less does. */
function see(
  { model, arena, kernel, sights }: Search,
  what: Sight,
  { state, depth }: { readonly state: number; readonly depth: number },
): void {
  const words = storedState(arena, kernel.words, state);
  keepLeast(model, sights, { what, length: depth, state: words, isStep: false });
}

interface Found {
  readonly plan: MaskPlan;
  readonly masks: Masks;
}

/** States from which none can be reached that satisfies a `recoverable`. */
function seeRecoverables(
  search: Search,
  { levels }: Expanded,
  { plan, masks: { words } }: Found,
): void {
  const perState = maskWords(plan);
  for (const [position, index] of plan.recoverables.entries()) {
    const bit = plan.threads + position;
    for (const [depth, ranges] of levels.entries()) {
      for (const { from, to } of runsOf([ranges], false)) {
        for (let state = from; state < to; state++) {
          const word = words[state * perState + (bit >>> 5)] as number;
          if (((word >>> (bit & 31)) & 1) === 1) {
            see(search, { kind: "recoverable", index }, { state, depth });
          }
        }
      }
      if (search.sights.has(`recoverable ${index}`)) {
        break;
      }
    }
  }
}
