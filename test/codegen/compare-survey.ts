import { SURVEY_FAILS, SURVEY_OUTSIDE } from "../../src/codegen/kernel.ts";
import { stateAt } from "../../src/explorer/instance.ts";
import { decode } from "../../src/model/decode.ts";
import { type Model, statementsOf } from "../../src/model/model.ts";
import { actionOf } from "../../src/reference/actions.ts";
import type { Machine } from "../../src/reference/machine.ts";
import {
  answer,
  createObserver,
  isEscape,
  observe,
  observedWays,
  statusOf,
} from "../../src/reference/observer.ts";
import { stateFrom } from "../../src/reference/plain.ts";
import { startsOf } from "../../src/reference/starts.ts";
import type { State } from "../../src/reference/state.ts";
import { afterStep, changesState } from "../../src/reference/ways.ts";
import { present } from "../../src/support/internal-error.ts";
import type { HowToSearch, KernelSearch } from "./kernel-search.ts";

/** What a state looks like; lists are sorted. */
export interface View {
  readonly outside: boolean;
  /** Whether a step fails that is no escape's. */
  readonly fails: boolean;
  /** Instances. */
  readonly blocked: readonly number[];
  readonly ready: readonly number[];
  /** As `actionText`. */
  readonly possible: readonly string[];
  /** Bits. */
  readonly holds: readonly number[];
  /** An action and the state that it leads to, each way once. */
  readonly edges: readonly string[];
}

/** By the key that the reference gives to a state. */
export type Views = ReadonlyMap<string, View>;

const OUTSIDE: View = {
  outside: true,
  fails: false,
  blocked: [],
  ready: [],
  possible: [],
  holds: [],
  edges: [],
};

/** What the reference says of each reachable state; null where there are more than `statesMax`. */
export function referenceViews(machine: Machine, model: Model, statesMax: number): Views | null {
  const { program } = machine;
  const observer = createObserver(machine);
  const found = new Map<string, State>();
  for (const start of startsOf(machine)) {
    if (start.kind === "start") {
      found.set(start.state.key, start.state);
    }
  }
  const views = new Map<string, View>();
  for (const [key, state] of found) {
    if (found.size > statesMax) {
      return null;
    }
    observe(observer, state);
    if (program.constraints.some((condition) => answer(observer, condition) === false)) {
      views.set(key, OUTSIDE);
      continue;
    }
    const possible = new Set<string>();
    const edges: string[] = [];
    let fails = false;
    for (const agent of program.agents.keys()) {
      for (const way of observedWays(observer, agent)) {
        if (way.kind === "wait" || (way.kind === "step" && !changesState(state, way))) {
          continue;
        }
        const action = actionText(actionOf(machine, state, agent, way.picks));
        possible.add(action);
        fails ||= way.kind === "failure" && !isEscape(machine, agent);
        if (way.kind === "step") {
          const next = afterStep(state, way);
          if (!found.has(next.key)) {
            found.set(next.key, next);
          }
          edges.push(`${action} → ${next.key}`);
        }
      }
    }
    const are = (status: string): readonly number[] =>
      [...program.instances.keys()].filter((one) => statusOf(observer, one) === status);
    views.set(key, {
      outside: false,
      fails,
      blocked: are("blocked"),
      ready: are("ready"),
      possible: [...possible].sort(),
      holds: model.surveyed.flatMap(({ condition }, bit) =>
        answer(observer, condition) === true ? [bit] : [],
      ),
      edges: edges.sort(),
    });
  }
  return views;
}

function actionText(of: {
  readonly agent: number;
  readonly place: readonly number[] | null;
  readonly choice: number | null;
}): string {
  return `${of.agent} ${of.place?.join() ?? "-"} ${of.choice ?? "-"}`;
}

/** What a kernel says of all states that it found, asked for in pieces of `chunk` states. */
export function surveyedViews(
  search: KernelSearch,
  machine: Machine,
  { chunk, mode }: { readonly chunk: number; readonly mode: "survey" | "sketch" },
): Views {
  const { model, kernel, arena, main, ranges } = search;
  const keys = new Map<number, string>();
  const keyOf = (index: number): string => {
    let key = keys.get(index);
    if (key === undefined) {
      const words = stateAt(arena, kernel.words, addressOf(search, index));
      key = stateFrom(machine, decode(model, words)).key;
      keys.set(index, key);
    }
    return key;
  };
  const views = new Map<string, View>();
  for (const [from, to] of ranges) {
    for (let first = from; first < to; ) {
      const until = main[mode](first, Math.min(to, first + chunk)) >>> 0;
      if (until === first) {
        throw new Error(`no room for what state ${first} looks like`);
      }
      const read = reader(search);
      for (; first < until; first++) {
        views.set(keyOf(first), readView(search, read, keyOf));
      }
    }
  }
  return views;
}

/** Address of a state of the store. */
export function addressOf({ main, kernel }: KernelSearch, index: number): number {
  return (main.store.value >>> 0) + index * kernel.words * 4;
}

/** Reads one word of what was written after the other. */
function reader({ kernel, arena }: KernelSearch): () => number {
  const { offset, words: count } = present(kernel.survey ?? undefined, "surveys");
  const [area] = arena.areas;
  const words = new Uint32Array(arena.memory.buffer, present(area, "an area") + offset, count);
  let at = 0;
  return () => present(words[at++], "a word");
}

function readView(
  { kernel, model }: KernelSearch,
  read: () => number,
  keyOf: (index: number) => string,
): View {
  const { threadWords, actionWords, conditionWords } = present(
    kernel.survey ?? undefined,
    "surveys",
  );
  const first = read();
  if (first === SURVEY_OUTSIDE) {
    return OUTSIDE;
  }
  const bits = (words: number): readonly number[] =>
    Array.from({ length: words }, read).flatMap((word, index) =>
      Array.from({ length: 32 }, (_, bit) => index * 32 + bit).filter(
        (bit) => ((word >>> (bit % 32)) & 1) === 1,
      ),
    );
  const textOf = (action: number): string => {
    const { agent, choice, rest } = present(model.actions[action], "an action");
    const place = rest === null ? null : statementsOf(rest).map(({ id }) => id);
    return actionText({ agent, choice, place });
  };
  return {
    outside: false,
    fails: first >= SURVEY_FAILS,
    blocked: bits(threadWords),
    ready: bits(threadWords),
    possible: bits(actionWords).map(textOf).sort(),
    holds: bits(conditionWords),
    edges: Array.from({ length: (first & ~SURVEY_FAILS) >>> 0 }, () => {
      const target = read();
      return `${textOf(read())} → ${target === SURVEY_OUTSIDE ? "nowhere" : keyOf(target)}`;
    }).sort(),
  };
}

/** A kernel alone, and two that share their memory and take turns. */
export const WAYS_TO_SEARCH: readonly Omit<HowToSearch, "statesMax">[] = [
  { sharing: "alone", instances: 1, turn: 64, properties: null, survey: true },
  { sharing: "shared", instances: 2, turn: 3, properties: null, survey: true },
];
