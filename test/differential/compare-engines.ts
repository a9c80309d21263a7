import { Map as ImmutableMap, isSet, List } from "immutable";
import { NO_LIMITS } from "../../src/check/check.ts";
import { judge } from "../../src/check/judge.ts";
import type { Prepared } from "../../src/check/prepare.ts";
import type { Program } from "../../src/core/program.ts";
import { renderDiagnostic } from "../../src/diagnostics/render.ts";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import { type ExploreOptions, explore } from "../../src/reference/explore.ts";
import { type Json, valueToJson } from "../../src/values/json.ts";
import type { Value } from "../../src/values/value.ts";
import { options } from "../reference/run.ts";
import { prepareText } from "./memory-host.ts";

/** Searches the states of a program. */
export type Engine = (program: Program, options: ExploreOptions) => Promise<SearchResult>;

/** An engine and what to call it when it is wrong. */
export interface NamedEngine {
  readonly name: string;
  readonly run: Engine;
}

/** The engine whose answer is right by definition. */
export const REFERENCE: NamedEngine = { name: "reference", run: explore };

/** A search in which an engine answered otherwise than the first one. */
export interface Difference {
  readonly check: string;
  /** How the check was searched: "as it is", "to the end", … */
  readonly mode: string;
  readonly engine: string;
  /** Where in the result: `findings.0.trace.steps.2.text`. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

/** What comparing the engines on one spec showed. */
export type Comparison =
  | { readonly kind: "invalid"; readonly problem: string }
  /** Left out, because the first engine met more states than asked for. */
  | { readonly kind: "large" }
  | { readonly kind: "equal"; readonly results: readonly SearchResult[] }
  | { readonly kind: "different"; readonly difference: Difference };

/** How a spec is compared. */
export interface CompareOptions {
  /** The first one says what is right. */
  readonly engines: readonly NamedEngine[];
  /** Specs with more states than this are left out; null for no bound. */
  readonly statesMax: number | null;
  /** The checks to run; null for all. */
  readonly checks?: readonly string[] | null;
  /** The ways to search each check, as `Difference.mode` names them; null for all. */
  readonly modes?: readonly string[] | null;
}

/** Runs every check of a spec text on every engine. */
export async function compareText(
  text: string,
  compare: CompareOptions,
  file = "test.spec",
): Promise<Comparison> {
  const prepared = await prepareText(text, file);
  const problem = prepared.diagnostics.find(({ severity }) => severity === "error");
  if (problem !== undefined) {
    const rendered = renderDiagnostic(problem, prepared.sources, { color: false });
    return { kind: "invalid", problem: rendered };
  }
  return comparePrepared(prepared, compare);
}

/** Runs every check of a prepared spec on every engine. */
export async function comparePrepared(
  { programs, sources }: Prepared,
  { engines, statesMax, checks = null, modes = null }: CompareOptions,
): Promise<Comparison> {
  const [first, ...others] = engines;
  if (first === undefined) {
    throw new Error("no engine to compare with");
  }
  const results: SearchResult[] = [];
  const wanted = programs.filter(({ check }) => checks === null || checks.includes(check.name));
  for (const program of wanted) {
    for (const { mode, program: asked, more } of modesOf(program)) {
      if (modes !== null && !modes.includes(mode)) {
        continue;
      }
      const told = { ...options(sources), ...more };
      const right = await first.run(asked, bounded(told, statesMax));
      if (right.incomplete === "states") {
        return { kind: "large" };
      }
      results.push(right);
      for (const { name, run } of others) {
        const found = await tried(asked, right, () => run(asked, told));
        if (found !== null) {
          const { check } = program;
          const difference = { check: check.name, mode, engine: name, ...found };
          return { kind: "different", difference };
        }
      }
    }
  }
  return { kind: "equal", results };
}

/** That an engine throws is a difference too. */
async function tried(
  program: Program,
  right: SearchResult,
  run: () => Promise<SearchResult>,
): Promise<Place | null> {
  try {
    return differenceOf(program, right, await run());
  } catch (error) {
    const found = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { path: "an exception", expected: "a result", found };
  }
}

function bounded(told: ExploreOptions, states: number | null): ExploreOptions {
  return { ...told, limits: { ...told.limits, states } };
}

interface Mode {
  readonly mode: string;
  readonly program: Program;
  readonly more: Partial<ExploreOptions>;
}

/**
 * A check as it is, and so that it does not stop at a finding: a pinned count, whatever it is, needs
 * the whole state space. Then with less to look for, and with a limit that is the same for all: of
 * those to time, memory and states, an engine may take notice when it has done more.
 */
function modesOf(program: Program): readonly Mode[] {
  const { check, invariants, steps, reachables, recoverables } = program;
  const whole = { ...program, check: { ...check, states: check.states ?? 0 } };
  const all = [...invariants, ...steps, ...reachables, ...recoverables, ...program.properties];
  const half = all.filter((_, at) => at % 2 === 0);
  const properties = new Set(half.map(({ name }) => name));
  return [
    { mode: "as it is", program, more: {} },
    { mode: "to the end", program: whole, more: { coverage: true, suspicions: true } },
    { mode: "with half of the properties", program, more: { properties, hung: false } },
    { mode: "without deadlocks", program, more: { deadlock: false } },
    { mode: "to depth 2", program: whole, more: shallow(2) },
    {
      mode: "to depth 6, with suspicions",
      program: whole,
      more: { ...shallow(6), suspicions: true },
    },
  ];
}

/** What is judged on a part of the states. */
function shallow(depth: number): Partial<ExploreOptions> {
  return { limits: { ...NO_LIMITS, depth } };
}

/** Where two results of one search are not alike; null when they are. */
export function differenceOf(
  program: Program,
  expected: SearchResult,
  found: SearchResult,
): Place | null {
  // What a check makes of a result is asked of results that are alike, so that it is one of a search.
  return (
    firstDifference(plain(expected), plain(found), []) ??
    firstDifference(judged(program, expected), judged(program, found), ["judged"])
  );
}

/** What a search tells of itself; all its other numbers are of what was searched. */
const OWN_NUMBERS: readonly string[] = ["engine", "workers", "elapsedMs", "storage", "timing"];

/** What a check makes of a result, as plain data. */
function judged(program: Program, result: SearchResult): Json {
  const { verdict, met, unmet, findings } = judge(result, program);
  return plain({ verdict, met, unmet, expected: findings.map(({ expected }) => expected) });
}

/** Anything as JSON; what JSON cannot say is written in a way that keeps different things apart. */
function plain(thing: unknown): Json {
  if (thing === undefined) {
    return "(undefined)";
  }
  if (thing === null || typeof thing !== "object") {
    return Object.is(thing, -0) ? "-0" : (thing as Json);
  }
  if (isSet(thing) || List.isList(thing) || ImmutableMap.isMap(thing)) {
    return valueToJson(thing as Value);
  }
  if (thing instanceof Map) {
    return inOrder(thing).map(([key, value]) => [plain(key), plain(value)]);
  }
  if (Array.isArray(thing)) {
    return thing.map(plain);
  }
  return Object.fromEntries(Object.entries(thing).map(([key, value]) => [key, plain(value)]));
}

/** A map by name is in the order of declaration; one of counts by number is in none. */
function inOrder(map: ReadonlyMap<unknown, unknown>): readonly (readonly [unknown, unknown])[] {
  const entries = [...map];
  return entries.every(([key, value]) => typeof key === "number" && typeof value === "number")
    ? entries.filter(([, count]) => count !== 0).sort(([a], [b]) => Number(a) - Number(b))
    : entries;
}

type Place = Pick<Difference, "path" | "expected" | "found">;

function firstDifference(a: Json, b: Json, path: readonly string[]): Place | null {
  const here = { path: path.join("."), expected: shown(a), found: shown(b) };
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return a === b ? null : here;
  }
  if (Array.isArray(a) !== Array.isArray(b)) {
    return here;
  }
  const left = new Map(Object.entries(a));
  const right = new Map(Object.entries(b));
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    if (path.at(-1) === "statistics" && OWN_NUMBERS.includes(key)) {
      continue;
    }
    const [one, other] = [left.get(key), right.get(key)];
    const inner =
      one === undefined || other === undefined
        ? { path: [...path, key].join("."), expected: shown(one), found: shown(other) }
        : firstDifference(one, other, [...path, key]);
    if (inner !== null) {
      return inner;
    }
  }
  return null;
}

function shown(json: Json | undefined): string {
  return json === undefined ? "(nothing)" : JSON.stringify(json, null, 1);
}

/** A difference for people. */
export function describeDifference(difference: Difference): string {
  const { check, mode, engine, path, expected, found } = difference;
  return [
    `check ${check}, ${mode}: the engine ${engine} differs in ${path}`,
    `expected: ${expected}`,
    `found:    ${found}`,
  ].join("\n");
}
