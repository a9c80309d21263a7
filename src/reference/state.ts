import type { InstanceIndex, VariableIndex } from "../core/expressions.ts";
import type { Program } from "../core/program.ts";
import type { Type } from "../core/types.ts";
import { present } from "../support/internal-error.ts";
import { compareValues } from "../values/order.ts";
import { showValue } from "../values/show.ts";
import type { TypeContext } from "../values/types.ts";
import type { Value } from "../values/value.ts";
import type { Frame } from "./frames.ts";
import type { PartIndex } from "./recall.ts";

/**
 * A state (docs/language.md section 6): the variables, and where each thread stands with its
 * locals. Its parts are kept once in a `StateTable`; a state has their numbers.
 */
export interface State {
  /** By `PartIndex`: the variables in order of declaration, then the thread instances. */
  readonly numbers: readonly number[];
  /** Equal exactly for equal states. */
  readonly key: StateKey;
}

/**
 * The numbers of a state's parts as text: exact, nothing is hashed away. Each number is one or two
 * characters.
 */
export type StateKey = string;

/** Gives equal parts of states one number and one object each. */
export interface StateTable {
  /** Values of variables, by `VariableIndex`. */
  readonly variables: readonly PartTable<Value>[];
  /** Frames of threads, outermost first and empty when the thread is done, by `InstanceIndex`. */
  readonly threads: readonly PartTable<readonly Frame[]>[];
}

interface PartTable<Part> {
  /** What tells the parts apart. A part that was met before is found by identity. */
  textOf(part: Part): string | number | boolean | null;
  readonly numbers: Map<Part | string | number | boolean | null, number>;
  readonly known: WeakMap<object, number>;
  readonly parts: Part[];
}

/** An empty table for the states of `program`. */
export function createStateTable(program: Program, context: TypeContext): StateTable {
  const table = <Part>(textOf: PartTable<Part>["textOf"]): PartTable<Part> => ({
    textOf,
    numbers: new Map(),
    known: new WeakMap(),
    parts: [],
  });
  return {
    variables: program.variables.map(({ type }) =>
      table<Value>((value) => valueText(value, type, context)),
    ),
    threads: program.instances.map(() =>
      table<readonly Frame[]>((frames) => framesText(frames, context)),
    ),
  };
}

/** The position of a variable among the parts of a state. */
export function variablePart(variable: VariableIndex): PartIndex {
  return variable;
}

/** The position of a thread instance among the parts of a state. */
export function threadPart(table: StateTable, instance: InstanceIndex): PartIndex {
  return table.variables.length + instance;
}

/** The number of a variable's value. */
export function numberOfValue(table: StateTable, variable: VariableIndex, value: Value): number {
  return intern(present(table.variables[variable], "the table of a variable"), value);
}

/** The number of a thread's frames. */
export function numberOfFrames(
  table: StateTable,
  instance: InstanceIndex,
  frames: readonly Frame[],
): number {
  return intern(present(table.threads[instance], "the table of a thread"), frames);
}

/** The value of a variable in a state. */
export function valueAt(table: StateTable, { numbers }: State, variable: VariableIndex): Value {
  return table.variables[variable]?.parts[numbers[variable] as number] as Value;
}

/** The frames of a thread in a state. */
export function framesAt(
  table: StateTable,
  { numbers }: State,
  instance: InstanceIndex,
): readonly Frame[] {
  const number = numbers[threadPart(table, instance)] as number;
  return present(table.threads[instance]?.parts[number], "frames");
}

/** The state of parts with these numbers. */
export function stateOf(numbers: readonly number[]): State {
  return { numbers, key: encode(numbers) };
}

/** From this code on a character is the first of two. */
const CONTINUED = 0x8000;

function encode(numbers: readonly number[]): StateKey {
  let key = "";
  for (const number of numbers) {
    key +=
      number < CONTINUED
        ? String.fromCharCode(number)
        : String.fromCharCode(CONTINUED + Math.floor(number / 2 ** 16), number % 2 ** 16);
  }
  return key;
}

/** The state that has `key`. */
export function decodeState(key: StateKey): State {
  const numbers: number[] = [];
  for (let offset = 0; offset < key.length; offset++) {
    let number = key.charCodeAt(offset);
    if (number >= CONTINUED) {
      offset += 1;
      number = (number - CONTINUED) * 2 ** 16 + key.charCodeAt(offset);
    }
    numbers.push(number);
  }
  return { numbers, key };
}

function intern<Part extends Value | readonly Frame[]>(table: PartTable<Part>, part: Part): number {
  if (typeof part === "object" && part !== null) {
    let number = table.known.get(part);
    if (number === undefined) {
      number = numberOf(table, table.textOf(part), part);
      table.known.set(part, number);
    }
    return number;
  }
  return numberOf(table, part, part);
}

function numberOf<Part>(
  table: PartTable<Part>,
  text: Part | string | number | boolean | null,
  part: Part,
): number {
  let number = table.numbers.get(text);
  if (number === undefined) {
    number = table.parts.length;
    table.numbers.set(text, number);
    table.parts.push(part);
  }
  return number;
}

function valueText(
  value: Value,
  type: Type,
  context: TypeContext,
): string | number | boolean | null {
  return typeof value === "object" && value !== null ? objectText(value, type, context) : value;
}

/** Objects keep their text: values are shared by many states, and are the same object in most. */
const TEXTS = new WeakMap<object, string>();

function objectText(value: Value & object, type: Type, context: TypeContext): string {
  let text = TEXTS.get(value);
  if (text === undefined) {
    text = showValue(value, type, context);
    TEXTS.set(value, text);
  }
  return text;
}

function framesText(frames: readonly Frame[], context: TypeContext): string {
  let text = "";
  for (const { code, at, locals, references } of frames) {
    text += `|${at.id}`;
    for (const [slot, value] of locals.entries()) {
      const local = present(code.body.locals[slot], "a local");
      if (local.kind === "reference") {
        // Which place it is follows from the calls; only the indices that were kept vary.
        for (const step of references[slot]?.path ?? []) {
          text += step.kind === "element" ? `,${keptText(step.index, step.of, context)}` : "";
        }
      } else {
        text += `,${valueText(value, local.type, context) ?? "none"}`;
      }
    }
  }
  return text;
}

function keptText(index: Value, of: Type, context: TypeContext): string {
  const text = of.kind === "map" ? valueText(index, of.key, context) : index;
  return String(text ?? "none");
}

/** What the canonical order of states depends on. */
export interface StateOrder {
  readonly program: Program;
  readonly table: StateTable;
  readonly types: TypeContext;
}

/** The canonical order of states (decision 0001, rule 12). */
export function compareStates(a: State, b: State, { program, table, types }: StateOrder): number {
  for (const [index, { type }] of program.variables.entries()) {
    const order = compareValues(valueAt(table, a, index), valueAt(table, b, index), type, types);
    if (order !== 0) {
      return order;
    }
  }
  for (const index of program.instances.keys()) {
    const order = compareFrames(framesAt(table, a, index), framesAt(table, b, index), types);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

/** First the places, then the locals: by slot, outermost frame first. */
function compareFrames(a: readonly Frame[], b: readonly Frame[], context: TypeContext): number {
  const common = Math.min(a.length, b.length);
  for (let depth = 0; depth < common; depth++) {
    const order = (a[depth]?.at.id ?? 0) - (b[depth]?.at.id ?? 0);
    if (order !== 0) {
      return order;
    }
  }
  if (a.length !== b.length) {
    return a.length - b.length;
  }
  for (let depth = 0; depth < common; depth++) {
    const order = compareLocals(
      present(a[depth], "a frame"),
      present(b[depth], "a frame"),
      context,
    );
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

function compareLocals(a: Frame, b: Frame, context: TypeContext): number {
  for (const [slot, { kind, type }] of a.code.body.locals.entries()) {
    const order =
      kind === "reference"
        ? compareKept(a, b, slot, context)
        : compareValues(a.locals[slot] as Value, b.locals[slot] as Value, type, context);
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

function compareKept(a: Frame, b: Frame, slot: number, context: TypeContext): number {
  const others = b.references[slot]?.path ?? [];
  for (const [index, step] of (a.references[slot]?.path ?? []).entries()) {
    const other = others[index];
    if (step.kind === "element" && other?.kind === "element") {
      const order =
        step.of.kind === "map"
          ? compareValues(step.index, other.index, step.of.key, context)
          : Number(step.index) - Number(other.index);
      if (order !== 0) {
        return order;
      }
    }
  }
  return 0;
}
