import { SURVEY_FAILS, SURVEY_OUTSIDE } from "../../src/codegen/kernel.ts";
import type { Program } from "../../src/core/program.ts";
import type { Statement } from "../../src/core/statements.ts";
import type { Type } from "../../src/core/types.ts";
import { stateAt } from "../../src/explorer/instance.ts";
import { restAt } from "../../src/model/decode.ts";
import type { Rest } from "../../src/model/flow.ts";
import { chainOf, type Field, type Storage } from "../../src/model/frames.ts";
import { type Model, modelOf, openFields, statementsOf } from "../../src/model/model.ts";
import { pack, packingOf, readBits, wordsOf } from "../../src/model/packing.ts";
import { present } from "../../src/support/internal-error.ts";
import { showValue } from "../../src/values/show.ts";
import type { Value } from "../../src/values/value.ts";
import { type KernelSearch, searchKernel } from "../codegen/kernel-search.ts";
import { type Hash, mixed, summed, textHash } from "./hashing.ts";

/** How places of a mutated text are called: as those of the original that they come from. */
export type PlaceName = (statement: Statement) => string;

/**
 * Equal for equal state graphs: the same states, the same of them initial, and from each the same
 * steps. A state is the values of all variables, and for each thread where it stands and its locals.
 * Of each state also count: which threads are blocked and which ready, which actions are possible
 * (an action is what fairness speaks of: a thread, one of its strong waits, a transition), whether a
 * step fails, which conditions of `recoverable` and of temporal properties hold; and of each step the
 * action and the state that it leads to. So whatever a check may ask of two equal graphs, hangs and
 * fairness included, it is answered alike. (Hashes of 64 bits stand for states.) Null where there are
 * more than `statesMax` states.
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
  const { kernel, arena, main, ranges } = search;
  const total = present(ranges.at(-1), "states")[1];
  const initial = present(ranges[0], "initial states")[1];
  const hashState = stateHasher(model, placeName);
  const states = Array.from({ length: total }, (_, index) => {
    const address = (main.store.value >>> 0) + index * kernel.words * 4;
    return hashState(stateAt(arena, kernel.words, address));
  });
  const views = viewsOf(search, states, initial, actionHashes(model, placeName));
  return [total, ...summed(views)].join(" ");
}

function placeText(rest: Rest | null, placeName: PlaceName): string {
  return rest === null ? "-" : statementsOf(rest).map(placeName).join(" ");
}

function actionHashes(model: Model, placeName: PlaceName): readonly Hash[] {
  return model.actions.map(({ agent, choice, rest }) =>
    textHash(`${agent} ${choice ?? "-"} ${placeText(rest, placeName)}`),
  );
}

/** A part of a state: equal values of one type have equal bits, wherever they stand. */
type Part =
  | { readonly kind: "bits"; readonly bit: number; readonly bits: number }
  | { readonly kind: "known"; readonly words: readonly number[] };

/** What a thread has at a place of rest. */
interface At {
  readonly name: Hash;
  readonly locals: readonly Part[];
}

/** Hashes packed states, whatever the layout is in which they are packed. */
function stateHasher(model: Model, placeName: PlaceName): (words: Uint32Array) => Hash {
  const { program, layout, knowledge, threads } = model;
  const variables = program.variables.map(({ type }, index): Part => {
    const field = layout.variables[index] ?? null;
    return field === null
      ? knownPart(model, type, knowledge.fixed.get(index) as Value)
      : fieldPart(field);
  });
  const places = new Map<Rest | null, At>();
  const placeOf = (rest: Rest | null): At => {
    let found = places.get(rest);
    if (found === undefined) {
      const locals = rest === null ? [] : localsAt(model, rest);
      found = { name: textHash(placeText(rest, placeName)), locals };
      places.set(rest, found);
    }
    return found;
  };
  return (words) => {
    const numbers: number[] = [];
    for (const part of variables) {
      addPart(numbers, part, words);
    }
    for (const instance of threads.keys()) {
      const { name, locals } = placeOf(restAt(model, words, instance));
      numbers.push(name[0], name[1]);
      for (const part of locals) {
        addPart(numbers, part, words);
      }
    }
    return mixed(numbers);
  };
}

function addPart(numbers: number[], part: Part, words: Uint32Array): void {
  if (part.kind === "known") {
    numbers.push(...part.words);
  } else if (part.bits <= 32) {
    numbers.push(readBits(words, part.bit, part.bits));
  } else {
    for (let word = 0; word < part.bits / 32; word++) {
      numbers.push(words[part.bit / 32 + word] as number);
    }
  }
}

function fieldPart({ packing, bit }: Field): Part {
  return { kind: "bits", bit, bits: packing.bits };
}

function knownPart(model: Model, type: Type, value: Value): Part {
  const packing = packingOf(type, model.types);
  const words = new Uint32Array(Math.max(1, wordsOf(packing)));
  pack(packing, value, { words, bit: 0 }, model.types);
  return { kind: "known", words: [...words] };
}

/** Locals by their slots, outermost frame first; no mutant moves a declaration unnoticed. */
function localsAt(model: Model, rest: Rest): readonly Part[] {
  const open = openFields(rest);
  const isOpen = (field: Field): boolean => open.has(field) && field.bit >= 0;
  const partsOf = (storage: Storage, name: string, type: Type): readonly Part[] => {
    const named: Part = { kind: "known", words: textHash(`${storage.kind} ${name}`) };
    switch (storage.kind) {
      case "constant":
        return [named, knownPart(model, type, storage.value)];
      case "field":
        return isOpen(storage.field) ? [named, fieldPart(storage.field)] : [];
      case "reference":
        return storage.place.path.flatMap((step): readonly Part[] => {
          if (step.kind !== "element" || step.index.kind === "temporary") {
            return [];
          }
          return step.index.kind === "constant"
            ? [named, { kind: "known", words: textHash(showValue(step.index.value)) }]
            : isOpen(step.index.field)
              ? [named, fieldPart(step.index.field)]
              : [];
        });
      default:
        return [];
    }
  };
  return chainOf(rest.frame).flatMap(({ storages, body }) =>
    storages.flatMap((storage, slot) => {
      const { name, type } = present(body.locals[slot], "a local");
      return partsOf(storage, name, type);
    }),
  );
}

/** What a survey tells of each state, hashed. */
function* viewsOf(
  { kernel, arena, main }: KernelSearch,
  states: readonly Hash[],
  initial: number,
  actions: readonly Hash[],
): Generator<Hash> {
  const layout = present(kernel.survey ?? undefined, "surveys");
  const { threadWords, actionWords, conditionWords } = layout;
  const area = present(arena.areas[0], "an area");
  const total = states.length;
  for (let first = 0; first < total; ) {
    const until = main.survey(first, Math.min(total, first + 256)) >>> 0;
    if (until === first) {
      throw new Error(`no room for what state ${first} looks like`);
    }
    const words = new Uint32Array(arena.memory.buffer, area + layout.offset, layout.words);
    let at = 0;
    for (; first < until; first++) {
      const head = words[at++] as number;
      const view: number[] = [...(states[first] as Hash), first < initial ? 1 : 0];
      if (head === SURVEY_OUTSIDE) {
        yield mixed([...view, 2]);
        continue;
      }
      view.push(head >= SURVEY_FAILS ? 1 : 0);
      for (const end = at + 2 * threadWords; at < end; at++) {
        view.push(words[at] as number);
      }
      view.push(...summed(bitsOf(words.subarray(at, at + actionWords), actions)));
      at += actionWords;
      for (const end = at + conditionWords; at < end; at++) {
        view.push(words[at] as number);
      }
      const edges = new Set<number>();
      for (let edge = (head & ~SURVEY_FAILS) >>> 0; edge > 0; edge--, at += 2) {
        // Different ways of a step may lead to the same state.
        edges.add((words[at + 1] as number) * 2 ** 32 + (words[at] as number));
      }
      view.push(...summed(edgeHashes(edges, states, actions)));
      yield mixed(view);
    }
  }
}

function* bitsOf(words: Uint32Array, actions: readonly Hash[]): Generator<Hash> {
  for (const [index, action] of actions.entries()) {
    if ((((words[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1) {
      yield action;
    }
  }
}

const OUTSIDE: Hash = [1, 1];

function* edgeHashes(
  edges: ReadonlySet<number>,
  states: readonly Hash[],
  actions: readonly Hash[],
): Generator<Hash> {
  for (const edge of edges) {
    const [action, target] = [Math.floor(edge / 2 ** 32), edge % 2 ** 32];
    const to = target === SURVEY_OUTSIDE ? OUTSIDE : present(states[target], "a state");
    yield mixed([...present(actions[action], "an action"), ...to]);
  }
}
