import type { Draw } from "./draw.ts";
import { exactly, fits, isNameless, type RandomType, shapeOf } from "./random-types.ts";

/** Something that can be read, and perhaps written, by its text. */
export interface Entry {
  readonly text: string;
  readonly type: RandomType;
  readonly writable: boolean;
  /** Whether it is a variable of the module. */
  readonly shared: boolean;
}

/** A thread of the spec; `index` is null for one without. */
export interface RandomThread {
  readonly name: string;
  readonly index: { readonly name: string; readonly type: RandomType; readonly set: string } | null;
  readonly dormant: boolean;
  readonly escapes: boolean;
}

/** A def that the code may use. */
export interface RandomDef {
  readonly name: string;
  /** Null for the form without parentheses. */
  readonly parameters: readonly RandomType[] | null;
  readonly result: RandomType;
  readonly state: boolean;
  readonly observes: boolean;
}

/** A proc that the code may call. */
export interface RandomProc {
  readonly name: string;
  readonly parameters: readonly { readonly type: RandomType; readonly byReference: boolean }[];
  readonly result: RandomType | null;
  /** Whether it may be called in one step: it has no loop whose end is not in sight. */
  readonly ends: boolean;
  readonly self: boolean;
}

/** A spec under way: what is declared so far. */
export interface Making {
  readonly draw: Draw;
  /** How likely a value is that may not fit, or that may not exist. */
  readonly risk: number;
  readonly types: readonly RandomType[];
  readonly threads: readonly RandomThread[];
  readonly constants: Entry[];
  readonly variables: Entry[];
  readonly defs: RandomDef[];
  readonly procs: RandomProc[];
  readonly transitions: string[];
  /** Where threads can be seen: `label`, `proc`, `proc.label`, by thread; "" for those of any. */
  readonly labels: { readonly thread: string; readonly at: string }[];
  /** Locals of threads' own bodies. */
  readonly locals: {
    readonly thread: RandomThread;
    readonly name: string;
    readonly type: RandomType;
    /** Whether its type is written down, so that code may read it too. */
    readonly declared: boolean;
  }[];
  /** Numbers names, which are all different. */
  next: number;
  /** Statements that may still be made. */
  fuel: number;
}

/** Where an expression or statement stands. */
export interface Scope {
  readonly making: Making;
  readonly entries: readonly Entry[];
  /** Whether variables, `done(t)` and `t.x` may be read. */
  readonly state: boolean;
  /** Whether `self` may be used. */
  readonly self: boolean;
  /** Whether `@`, `enabled` and `blocked` may be used. */
  readonly observes: boolean;
}

/** A name that nothing else has. */
export function fresh(making: Making, stem: string): string {
  making.next += 1;
  return `${stem}${making.next}`;
}

/** A scope with one more name in it. */
export function withEntry<S extends Scope>(scope: S, text: string, type: RandomType): S {
  const entry: Entry = { text, type, writable: false, shared: false };
  return { ...scope, entries: [...scope.entries, entry] };
}

/** Types whose values can be written in a scope: of a scalarset there must be one in sight. */
export function usableTypes(scope: Scope): readonly RandomType[] {
  return scope.making.types.filter((type) => isUsable(scope, type));
}

/** See `usableTypes`. */
export function isUsable(scope: Scope, type: RandomType): boolean {
  return !isNameless(type) || scope.entries.some((entry) => entry.type.kind === "symmetric");
}

/** Makes the text of an index that fits a key type, or of any integer for a sequence. */
export type WriteKey = (type: RandomType) => string;

/** A readable place whose values fit `type`; null where none was found in a few tries. */
export function placeToRead(scope: Scope, type: RandomType, writeKey: WriteKey): string | null {
  const { draw, risk } = scope.making;
  const { entries } = scope;
  for (let attempt = 0; attempt < 8 && entries.length > 0; attempt++) {
    const entry = draw.pick(entries);
    const place = walk(scope, entry, writeKey, (found) => {
      const sameShape = shapeOf(found) === shapeOf(type);
      return sameShape && (fits(found, type) || draw.chance(risk));
    });
    if (place !== null) {
      return place.text;
    }
  }
  return null;
}

/** A place that can be assigned, of exactly the type `wanted` if one is; null where none was found. */
export function placeToWrite(
  scope: Scope,
  wanted: RandomType | null,
  writeKey: WriteKey,
): Entry | null {
  const { draw } = scope.making;
  const entries = scope.entries.filter((entry) => entry.writable);
  for (let attempt = 0; attempt < 12 && entries.length > 0; attempt++) {
    const entry = draw.pick(entries);
    const found = walk(scope, entry, writeKey, (type) =>
      wanted === null
        ? isUsable(scope, type) && draw.chance(0.6)
        : exactly(type) === exactly(wanted),
    );
    if (found !== null) {
      return found;
    }
  }
  return null;
}

/** Goes from an entry into what it contains until the test says that this is it. */
function walk(
  scope: Scope,
  entry: Entry,
  writeKey: WriteKey,
  isIt: (type: RandomType) => boolean,
): Entry | null {
  const { draw, risk } = scope.making;
  const { type, text } = entry;
  if (isIt(type)) {
    return entry;
  }
  switch (type.kind) {
    case "struct": {
      const field = draw.pick(type.fields);
      return walk(scope, { ...entry, ...field, text: `${text}.${field.name}` }, writeKey, isIt);
    }
    case "map": {
      if (!isUsable(scope, type.key)) {
        return null;
      }
      const key = writeKey(type.key);
      return walk(scope, { ...entry, text: `${text}[${key}]`, type: type.value }, writeKey, isIt);
    }
    case "seq": {
      if (type.lengthMax === 0 || !draw.chance(risk)) {
        return null;
      }
      const at = draw.below(type.lengthMax);
      return walk(scope, { ...entry, text: `${text}[${at}]`, type: type.of }, writeKey, isIt);
    }
    case "option":
      return entry.writable || !draw.chance(risk)
        ? null
        : walk(scope, { ...entry, text: `the(${text})`, type: type.of }, writeKey, isIt);
    default:
      return null;
  }
}
