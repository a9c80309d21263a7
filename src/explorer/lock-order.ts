import { waitsFrom } from "../model/actions.ts";
import { restAt } from "../model/decode.ts";
import type { Model } from "../model/model.ts";
import { keyTypeOf, type Packing, readBits } from "../model/packing.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { type LockPlace, lockPlaces } from "../values/lock-places.ts";
import { rankOf } from "../values/universe.ts";
import { storedState } from "./instance.ts";
import type { Search } from "./search.ts";
import { keepLeast, type Seen, type Sights, sightKey } from "./sights.ts";
import type { Surveyor } from "./surveys.ts";
import type { Looked } from "./suspicions.ts";

/** Looks for threads that take a lock while they hold another. */
export interface OrderWatch {
  look(looked: Looked): void;
  /** Of each pair of locks that different threads take in opposite orders, the least two threads. */
  pairs(): readonly Seen[];
}

/** Where the owner of a lock stands in a state: 0 for nobody, else the thread plus 1. */
interface OwnerBits {
  /** Index into what `lockPlaces` lists. */
  readonly lock: number;
  readonly bit: number;
  readonly bits: number;
}

/** Null where there are no two locks that anybody takes. */
export function watchOrders(search: Search, { words }: Surveyor): OrderWatch | null {
  const { model, arena, kernel } = search;
  const owners = ownersIn(model);
  if (owners.length < 2) {
    return null;
  }
  const threads = threadsOfActions(model);
  const found: Sights = new Map();
  const stateOf = (index: number): Uint32Array => storedState(arena, kernel.words, index);
  const look = ({ state, depth, edgesFrom, edgesTo }: Looked): void => {
    const before = stateOf(state);
    const holders = owners.map(({ bit, bits }) => readBits(before, bit, bits));
    for (let edge = edgesFrom; edge < edgesTo; edge += 2) {
      const thread = threads[words[edge + 1] as number] ?? null;
      // Most steps are of threads that hold nothing.
      if (thread === null || !holders.includes(thread + 1) || !mayWait(model, before, thread)) {
        continue;
      }
      const after = stateOf(words[edge] as number);
      for (const { first, second } of takings(owners, thread, { holders, after })) {
        const what = { kind: "order", first, second, thread } as const;
        keepLeast(model, found, { what, length: depth + 1, state: before, isStep: true });
      }
    }
  };
  return { look, pairs: () => pairsIn(found, owners, model.threads.length) };
}

interface Taken {
  readonly first: number;
  readonly second: number;
}

/** The locks that a thread takes in a step while it holds others, before and afterwards. */
function takings(
  owners: readonly OwnerBits[],
  thread: number,
  { holders, after }: { readonly holders: readonly number[]; readonly after: Uint32Array },
): readonly Taken[] {
  const now = owners.map(({ bit, bits }) => readBits(after, bit, bits));
  const holds = (of: readonly number[], at: number): boolean => of[at] === thread + 1;
  const positions = [...owners.keys()];
  return positions
    .filter((second) => holds(now, second) && !holds(holders, second))
    .flatMap((second) =>
      positions
        .filter((first) => holds(now, first) && holds(holders, first))
        .map((first) => ({
          first: present(owners[first], "a lock").lock,
          second: present(owners[second], "a lock").lock,
        })),
    );
}

/** Whether a thread may have to wait in its next step, other than idly. */
function mayWait(model: Model, state: Uint32Array, thread: number): boolean {
  const rest = restAt(model, state, thread);
  return rest !== null && waitsFrom(rest).notIdle;
}

function pairsIn(
  found: Sights,
  owners: readonly OwnerBits[],
  threadCount: number,
): readonly Seen[] {
  const threads = [...Array(threadCount).keys()];
  const taken = (first: number, second: number, thread: number): Seen | undefined =>
    found.get(sightKey({ kind: "order", first, second, thread }));
  const pairOf = (first: number, second: number): readonly Seen[] => {
    for (const t of threads) {
      const one = taken(first, second, t);
      for (const u of one === undefined ? [] : threads) {
        const other = u === t ? undefined : taken(second, first, u);
        if (one !== undefined && other !== undefined) {
          return [one, other];
        }
      }
    }
    return [];
  };
  return owners.flatMap(({ lock: first }, position) =>
    owners.slice(position + 1).flatMap(({ lock: second }) => pairOf(first, second)),
  );
}

/** By action, the thread whose steps it is about; null for a transition. */
function threadsOfActions({ program, actions }: Model): readonly (number | null)[] {
  return actions.map(({ agent }) => {
    const who = present(program.agents[agent], "an agent");
    return who.kind === "thread" ? who.instance : null;
  });
}

/** Where the owners stand; variables that no step changes are left out, as nobody takes them. */
function ownersIn(model: Model): readonly OwnerBits[] {
  return lockPlaces(model.program.variables, model.types).flatMap((place, lock): OwnerBits[] => {
    const field = model.layout.variables[place.variable] ?? null;
    if (field === null) {
      return [];
    }
    const { offset, packing } = insideOf(model, field.packing, place);
    return [{ lock, bit: field.bit + offset, bits: packing.bits }];
  });
}

function insideOf(
  { types }: Model,
  packing: Packing,
  { path }: LockPlace,
): { readonly offset: number; readonly packing: Packing } {
  let at = packing;
  let offset = 0;
  for (const step of path) {
    if (step.kind === "field" && at.kind === "struct") {
      const { field } = step;
      const part = present(
        at.fields.find(({ name }) => name === field),
        "a field",
      );
      offset += part.offset;
      at = part.packing;
    } else if (step.kind === "key" && at.kind === "map") {
      offset += rankOf(step.key, keyTypeOf(at), types) * at.stride;
      at = at.value;
    } else {
      throw new InternalError("the place of a lock is not in its variable");
    }
  }
  if (at.kind !== "option" || !at.isFlat) {
    throw new InternalError("the owner of a lock is not an optional thread");
  }
  return { offset, packing: at };
}
