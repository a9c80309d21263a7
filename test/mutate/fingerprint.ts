import { createHash } from "node:crypto";
import { SURVEY_FAILS, SURVEY_OUTSIDE } from "../../src/codegen/kernel.ts";
import type { Program } from "../../src/core/program.ts";
import type { Statement } from "../../src/core/statements.ts";
import { stateAt } from "../../src/explorer/instance.ts";
import { decode, restAt } from "../../src/model/decode.ts";
import type { Rest } from "../../src/model/flow.ts";
import { chainOf } from "../../src/model/frames.ts";
import { type Model, modelOf, statementsOf } from "../../src/model/model.ts";
import { present } from "../../src/support/internal-error.ts";
import { showValue } from "../../src/values/show.ts";
import { type KernelSearch, searchKernel } from "../codegen/kernel-search.ts";

/** How places of a mutated text are called: as those of the original that they come from. */
export type PlaceName = (statement: Statement) => string;

/**
 * Equal for equal state graphs: the same states, the same of them initial, and from each the same
 * steps. A state is the values of all variables, and for each thread where it stands and its locals.
 * Of each state also count: which threads are blocked and which ready, which actions are possible
 * (an action is what fairness speaks of: a thread, one of its strong waits, a transition), whether a
 * step fails, which conditions of `recoverable` and of temporal properties hold; and of each step the
 * action and the state that it leads to. So whatever a check may ask of two equal graphs, hangs and
 * fairness included, it is answered alike. Null where there are more than `statesMax` states.
 */
export function fingerprintOf(
  program: Program,
  statesMax: number,
  placeName: PlaceName,
): string | null {
  const model = modelOf(program, false);
  const search = searchKernel(model, {
    sharing: "alone",
    instances: 1,
    statesMax: statesMax + 1_024,
    turn: 1_024,
    properties: null,
    survey: true,
  });
  if (search === null) {
    return null;
  }
  const total = present(search.ranges.at(-1) ?? undefined, "states")[1];
  const initial = present(search.ranges[0], "initial states")[1];
  const namer = createNamer(model, placeName);
  const states = Array.from({ length: total }, (_, index) => {
    const { kernel, arena, main } = search;
    const address = (main.store.value >>> 0) + index * kernel.words * 4;
    return namer.state(stateAt(arena, kernel.words, address));
  });
  const seen: string[] = [];
  for (const { index, view } of viewsOf(search, total, namer, states)) {
    const isInitial = index < initial ? "initial" : "";
    seen.push(digest(`${states[index]}\n${isInitial}\n${view}`));
  }
  return digest(seen.sort().join());
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64").slice(0, 24);
}

interface Namer {
  /** Stands for the state. */
  state(words: Uint32Array): string;
  action(index: number): string;
}

function createNamer(model: Model, placeName: PlaceName): Namer {
  const places = new Map<Rest, string>();
  const place = (rest: Rest | null): string => {
    if (rest === null) {
      return "-";
    }
    let name = places.get(rest);
    if (name === undefined) {
      name = statementsOf(rest).map(placeName).join(" ");
      places.set(rest, name);
    }
    return name;
  };
  const actions = model.actions.map(
    ({ agent, choice, rest }) => `${agent} ${choice ?? "-"} ${place(rest)}`,
  );
  return {
    state: (words) => {
      const rests = model.threads.map((_, instance) => place(restAt(model, words, instance)));
      return digest(`${rests.join("\n")}\n${valuesText(model, words)}`);
    },
    action: (index) => present(actions[index], "an action"),
  };
}

function valuesText(model: Model, words: Uint32Array): string {
  const { program, types } = model;
  const { variables, threads } = decode(model, words);
  const values = variables.map((value, index) => {
    const { type } = present(program.variables[index], "a variable");
    return showValue(value, type, types);
  });
  const locals = threads.map((frames, instance) => {
    const rest = frames.length === 0 ? null : restAt(model, words, instance);
    const chain = rest === null ? [] : chainOf(rest.frame);
    return frames
      .flatMap((frame, depth) =>
        (chain[depth]?.body.locals ?? []).map(({ name }, slot) => {
          const kept = (frame.kept[slot] ?? []).map((one) => showValue(one));
          return `${name}=${showValue(frame.locals[slot] ?? null)}@${kept.join()}`;
        }),
      )
      .join(";");
  });
  return [...values, ...locals].join("\n");
}

/** What a survey tells of each state. */
function* viewsOf(
  { kernel, arena, main }: KernelSearch,
  total: number,
  namer: Namer,
  states: readonly string[],
): Generator<{ readonly index: number; readonly view: string }> {
  const layout = present(kernel.survey ?? undefined, "surveys");
  const { threadWords, actionWords, conditionWords } = layout;
  const area = present(arena.areas[0], "an area");
  for (let first = 0; first < total; ) {
    const until = main.survey(first, Math.min(total, first + 256)) >>> 0;
    if (until === first) {
      throw new Error(`no room for what state ${first} looks like`);
    }
    const words = new Uint32Array(arena.memory.buffer, area + layout.offset, layout.words);
    let at = 0;
    const read = (): number => words[at++] as number;
    const some = (count: number): readonly number[] => Array.from({ length: count }, read);
    for (; first < until; first++) {
      const head = read();
      if (head === SURVEY_OUTSIDE) {
        yield { index: first, view: "outside" };
        continue;
      }
      const threads = some(2 * threadWords);
      const possible = bitsOf(some(actionWords)).map((action) => namer.action(action));
      const holds = some(conditionWords);
      const edges = new Set<string>();
      for (let edge = (head & ~SURVEY_FAILS) >>> 0; edge > 0; edge--) {
        const target = read();
        const action = namer.action(read());
        edges.add(`${action} ${target === SURVEY_OUTSIDE ? "outside" : states[target]}`);
      }
      const parts = [
        head >= SURVEY_FAILS ? "fails" : "",
        threads.join(),
        possible.sort().join(),
        holds.join(),
        ...[...edges].sort(),
      ];
      yield { index: first, view: parts.join("\n") };
    }
  }
}

function bitsOf(words: readonly number[]): readonly number[] {
  return words.flatMap((word, index) =>
    Array.from({ length: 32 }, (_, bit) => bit)
      .filter((bit) => ((word >>> bit) & 1) === 1)
      .map((bit) => index * 32 + bit),
  );
}
