import type { PlainFrame, PlainState } from "../outcome/sighting.ts";
import { present, unreachable } from "../support/internal-error.ts";
import { cardinality, firstValue } from "../values/types.ts";
import type { Value } from "../values/value.ts";
import type { Rest } from "./flow.ts";
import { chainOf, type Field, type Frame, type KeptIndex, type Storage } from "./frames.ts";
import { type Model, openFields, statementsOf } from "./model.ts";
import { comparePacked, type Packing, pack, readBits, unpack, WORD_BITS } from "./packing.ts";

/** A packed state: words from some offset on. */
export type PackedState = Uint32Array;

/**
 * What was decoded of one model. The states of traces differ in little, and traces begin alike: what
 * has the same bits becomes the same object.
 */
export interface Decoded {
  /** By the words of a state. */
  readonly states: Map<string, PlainState>;
  /** By field, and by its bits. */
  readonly values: Map<Field, Map<number | string, Value>>;
}

/** Nothing yet. */
export function nothingDecoded(): Decoded {
  return { states: new Map(), values: new Map() };
}

/** A packed state in plain values. */
export function decode(
  model: Model,
  words: PackedState,
  decoded: Decoded = nothingDecoded(),
): PlainState {
  const key = words.join();
  let state = decoded.states.get(key);
  if (state === undefined) {
    state = decodeAnew({ model, ...decoded }, words);
    decoded.states.set(key, state);
  }
  return state;
}

interface Decoder extends Decoded {
  readonly model: Model;
}

function decodeAnew(decoder: Decoder, words: PackedState): PlainState {
  const { model } = decoder;
  const { program, layout, knowledge } = model;
  const variables = program.variables.map((_, index): Value => {
    const field = layout.variables[index];
    return field === null || field === undefined
      ? (knowledge.fixed.get(index) as Value)
      : fieldValue(decoder, words, field);
  });
  const threads = model.threads.map((_, instance) => {
    const rest = restAt(model, words, instance);
    return rest === null ? [] : framesOf(decoder, words, rest);
  });
  return { variables, threads };
}

function fieldValue({ model, values }: Decoder, words: PackedState, field: Field): Value {
  const { packing, bit } = field;
  let known = values.get(field);
  if (known === undefined) {
    known = new Map();
    values.set(field, known);
  }
  // What has more than a word is whole words.
  const bits =
    packing.bits <= WORD_BITS
      ? readBits(words, bit, packing.bits)
      : words.subarray(bit / WORD_BITS, (bit + packing.bits) / WORD_BITS).join();
  const found = known.get(bits);
  if (found !== undefined) {
    return found;
  }
  const value = unpack(packing, { words, bit }, model.types);
  known.set(bits, value);
  return value;
}

/** Where a thread rests in a packed state; null when it is done. */
export function restAt(model: Model, words: PackedState, instance: number): Rest | null {
  const { packing, bit } = present(model.layout.locations[instance], "a location");
  const { rests, canBeDone } = present(model.threads[instance], "a thread");
  const location = readBits(words, bit, packing.bits);
  if (!canBeDone) {
    return present(rests[location], "a place");
  }
  return location === 0 ? null : present(rests[location - 1], "a place");
}

function framesOf(decoder: Decoder, words: PackedState, rest: Rest): readonly PlainFrame[] {
  const statements = statementsOf(rest);
  const open = openAt(rest);
  return chainOf(rest.frame).map((frame, depth) => ({
    statement: present(statements[depth], "a statement").id,
    locals: frame.storages.map((storage, slot) =>
      localOf(decoder, words, { frame, storage, slot, open }),
    ),
    kept: frame.storages.map((storage) =>
      storage.kind === "reference"
        ? storage.place.path.flatMap((step) =>
            step.kind === "element" ? [keptOf(decoder, words, step.index)] : [],
          )
        : [],
    ),
  }));
}

const OPEN = new WeakMap<Rest, ReadonlySet<Field>>();

function openAt(rest: Rest): ReadonlySet<Field> {
  let open = OPEN.get(rest);
  if (open === undefined) {
    open = openFields(rest);
    OPEN.set(rest, open);
  }
  return open;
}

interface LocalPlace {
  readonly frame: Frame;
  readonly storage: Storage;
  readonly slot: number;
  readonly open: ReadonlySet<Field>;
}

/** What is not in scope has its first value; others use its bits. */
function localOf(
  decoder: Decoder,
  words: PackedState,
  { frame, storage, slot, open }: LocalPlace,
): Value {
  const { type } = present(frame.body.locals[slot], "a local");
  switch (storage.kind) {
    case "constant":
      return storage.value;
    case "field":
      if (open.has(storage.field) && storage.field.bit >= 0) {
        return fieldValue(decoder, words, storage.field);
      }
      return firstValueOf(decoder.model, type);
    case "temporary":
      return firstValueOf(decoder.model, type);
    case "reference":
      return null;
    default:
      return unreachable(storage);
  }
}

/** Without threads a `Thread` has no value, but what has a local of it can't be called. */
function firstValueOf(model: Model, type: Packing["type"]): Value {
  return cardinality(type, model.types) === 0 ? null : firstValue(type, model.types);
}

function keptOf(decoder: Decoder, words: PackedState, index: KeptIndex): Value {
  switch (index.kind) {
    case "constant":
      return index.value;
    case "field":
      return fieldValue(decoder, words, index.field);
    default:
      return null;
  }
}

/** The canonical order of packed states (decision 0001, rule 12): negative, zero or positive. */
export function compareStates(model: Model, a: PackedState, b: PackedState): number {
  const { layout, types } = model;
  const compare = (packing: Packing, bit: number): number =>
    comparePacked(packing, { words: a, bit }, { words: b, bit }, types);
  for (const field of layout.variables) {
    const order = field === null ? 0 : compare(field.packing, field.bit);
    if (order !== 0) {
      return order;
    }
  }
  for (const [instance, location] of layout.locations.entries()) {
    const order =
      compare(location.packing, location.bit) || compareLocals(model, a, { instance, compare });
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

const NONE: ReadonlySet<Field> = new Set();

/** Two threads at the same place: locals by slot, outermost frame first. */
function compareLocals(
  model: Model,
  words: PackedState,
  { instance, compare }: { instance: number; compare(packing: Packing, bit: number): number },
): number {
  const rest = restAt(model, words, instance);
  const open = rest === null ? NONE : openAt(rest);
  for (const frame of rest === null ? [] : chainOf(rest.frame)) {
    for (const storage of frame.storages) {
      const kept =
        storage.kind === "reference"
          ? storage.place.path.flatMap((step) => (step.kind === "element" ? [step.index] : []))
          : [storage];
      for (const one of kept) {
        if (one.kind === "field" && one.field.bit >= 0 && open.has(one.field)) {
          const order = compare(one.field.packing, one.field.bit);
          if (order !== 0) {
            return order;
          }
        }
      }
    }
  }
  return 0;
}

/** Writes the values of all variables into a state that is all zeros. */
export function packVariables(model: Model, values: readonly Value[], words: PackedState): void {
  for (const [index, value] of values.entries()) {
    const field = model.layout.variables[index];
    if (field !== null && field !== undefined) {
      pack(field.packing, value, { words, bit: field.bit }, model.types);
    }
  }
}
