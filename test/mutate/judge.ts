import type { Program } from "../../src/core/program.ts";
import type { Sources } from "../../src/diagnostics/diagnostic.ts";
import { present } from "../../src/support/internal-error.ts";
import { fingerprintOf, type PlaceName } from "./fingerprint.ts";
import { type Edit, edited, LEFT_OUT, type Mutant } from "./mutants.ts";
import { runProgram, unmetText } from "./run.ts";
import {
  checkNames,
  linked,
  programsOf,
  type Refusable,
  readSpec,
  type Spec,
  withText,
} from "./specs.ts";

/** A check, and what is known of it without a mutation. */
export interface KnownCheck {
  readonly spec: string;
  readonly check: string;
  readonly states: number;
  /** The count after `states`. */
  readonly pinned: number | null;
}

/** A known check with what it executes. */
export interface Measured extends KnownCheck {
  readonly executed: readonly string[];
  /** Why it is not met, or not met within the limits; empty where it is. */
  readonly unmet: readonly string[];
}

/** What became of a mutant. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** The check that notices, or in which something differs: `raid10.spec hold_write_error_idle`. */
  readonly by: string | null;
  readonly because: string;
  /** How many checks were run. */
  readonly tried: number;
}

/** In the order in which they are told. */
export const VERDICTS = {
  refused: "not a spec any more: not counted",
  noticed: "a check finds what it should not, or does not find what it should",
  count: "only a pinned number of states is another",
  equivalent: "no check can tell: the state graphs of all are equal",
  unreached: "no check comes there",
  unfinished: "the limits came before an answer",
  survivor: "no check notices, though some state graph is another",
} as const;

/** See `VERDICTS`. */
export type VerdictKind = keyof typeof VERDICTS;

/** A search of a mutant may become so much larger. */
const GROWTH = { factor: 4, more: 10_000 };
const TIME_MS_MAX = 30_000;
/** After so many searches without an answer there is none for the mutant. */
const UNFINISHED_MAX = 3;

/** Elaborating so few checks together costs little more than one of them. */
const TOGETHER_MAX = 6;

const SPECS = new Map<string, Promise<Spec>>();

function specAt(path: string): Promise<Spec> {
  const known = SPECS.get(path) ?? readSpec(path).then((read) => theValue(read));
  SPECS.set(path, known);
  return known;
}

function theValue<T>(result: Refusable<T>): T {
  if (!result.ok) {
    throw new Error(result.why.join("; "));
  }
  return result.value;
}

/** The checks of a spec by name. */
export async function checksOf(path: string): Promise<readonly string[]> {
  return checkNames(theValue(linked(await specAt(path))));
}

/** Runs a check without a mutation, to its end. */
export async function measure(path: string, check: string): Promise<Measured> {
  const spec = await specAt(path);
  const program = present(theValue(programsOf(theValue(linked(spec)), [check]))[0], "a program");
  const { unmet, states, executed, isComplete } = await runProgram(
    program,
    spec.sources,
    { states: null, timeMs: 10 * TIME_MS_MAX },
    true,
  );
  const problems = unmet.map(unmetText);
  return {
    spec: path,
    check,
    states,
    pinned: program.check.states,
    executed: [...executed],
    unmet: isComplete || problems.length > 0 ? problems : ["incomplete"],
  };
}

/** Runs the checks on a mutant, in the order given, until one notices. */
export async function judgeMutant(mutant: Mutant, checks: readonly KnownCheck[]): Promise<Verdict> {
  if (checks.length === 0) {
    return { kind: "unreached", by: null, because: "", tried: 0 };
  }
  const differing: string[] = [];
  let countNoticed: { readonly by: string; readonly because: string } | null = null;
  let unfinished: string | null = null;
  let open = 0;
  const ready = createPrograms(mutant, checks);
  for (const [index, known] of checks.entries()) {
    const by = `${known.spec} ${known.check}`;
    const changed = await ready.of(known);
    if (!changed.ok) {
      return { kind: "refused", by, because: changed.why[0] ?? "", tried: index };
    }
    const { program, sources } = changed.value;
    const run = await runProgram(program, sources, {
      states: GROWTH.factor * known.states + GROWTH.more,
      timeMs: TIME_MS_MAX,
    });
    const told = run.unmet.find(({ kind }) => kind !== "incomplete");
    if (told !== undefined) {
      return { kind: "noticed", by, because: unmetText(told), tried: index + 1 };
    }
    const isSame = run.isComplete && run.states === known.states;
    if (!isSame) {
      const count = run.isComplete ? `${run.states}` : `more than ${run.states}`;
      const because = `${count} states, not ${known.states}`;
      if (known.pinned !== null && (run.isComplete || run.states > known.states)) {
        countNoticed ??= { by, because };
      }
      if (run.isComplete) {
        differing.push(`${by}: ${because}`);
      } else {
        unfinished ??= by;
        open += 1;
        if (open >= UNFINISHED_MAX) {
          break;
        }
      }
    }
  }
  const tried = checks.length;
  if (unfinished === null) {
    const isSame = countNoticed === null && differing.length === 0;
    const other = isSame ? await differenceIn(mutant, checks, ready) : (differing[0] ?? "");
    if (other === null || (await isIdle(mutant, checks))) {
      return { kind: "equivalent", by: null, because: "", tried };
    }
    return countNoticed !== null
      ? { kind: "count", ...countNoticed, tried }
      : { kind: "survivor", by: null, because: other, tried };
  }
  return countNoticed !== null
    ? { kind: "count", ...countNoticed, tried }
    : { kind: "unfinished", by: unfinished, because: "", tried };
}

/** The first check of which the state graph is another; null where all are equal. */
async function differenceIn(
  mutant: Mutant,
  checks: readonly KnownCheck[],
  ready: Programs,
): Promise<string | null> {
  for (const known of checks) {
    const changed = await ready.of(known);
    const place = placeIn(mutant);
    if (
      !changed.ok ||
      fingerprintOf(changed.value.program, known.states, place) !== (await fingerprintAsIs(known))
    ) {
      return `other steps in ${known.spec} ${known.check}`;
    }
  }
  return null;
}

/**
 * Whether what a mutant leaves out does nothing wherever it is executed. Left out it takes its step
 * with it; so a step that does nothing is put in its place, and then the graphs must be equal.
 */
async function isIdle(mutant: Mutant, checks: readonly KnownCheck[]): Promise<boolean> {
  if (!mutant.edits.some(({ text }) => text === LEFT_OUT)) {
    return false;
  }
  const edits = mutant.edits.map((one) => ({ ...one, text: "await true;" }));
  const idle = { ...mutant, edits };
  return (await differenceIn(idle, checks, createPrograms(idle, checks))) === null;
}

const FINGERPRINTS = new Map<string, string | null>();

async function fingerprintAsIs({ spec, check, states }: KnownCheck): Promise<string | null> {
  const key = `${spec} ${check}`;
  let found = FINGERPRINTS.get(key);
  if (found === undefined) {
    const programs = theValue(programsOf(theValue(linked(await specAt(spec))), [check]));
    const same: PlaceName = ({ span }) => `${span.file}:${span.start}`;
    found = fingerprintOf(present(programs[0], "a program"), states, same);
    FINGERPRINTS.set(key, found);
  }
  return found;
}

/** A place of the mutated text, by where it stands in the original. */
function placeIn({ file, edits }: Mutant): PlaceName {
  return ({ span }) =>
    `${span.file}:${span.file === file ? before(span.start, edits) : span.start}`;
}

/** Where the text at an offset stood before the edits. */
export function before(offset: number, edits: readonly Edit[]): number {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (offset < start + shift) {
      break;
    }
    if (offset < start + shift + text.length) {
      // Inside of what was put there: nothing of the original but its beginning.
      return offset === start + shift ? start : -offset;
    }
    shift += text.length - (end - start);
  }
  return offset - shift;
}

interface Programs {
  of(
    check: KnownCheck,
  ): Promise<Refusable<{ readonly program: Program; readonly sources: Sources }>>;
}

/** The programs of a mutant: of each spec first one, then, if it is needed, all others together. */
function createPrograms(mutant: Mutant, checks: readonly KnownCheck[]): Programs {
  const made = new Map<string, Program>();
  const specs = new Map<string, Spec>();
  const key = ({ spec, check }: KnownCheck): string => `${spec} ${check}`;
  return {
    of: async (known) => {
      let changed = specs.get(known.spec);
      const isFirst = changed === undefined;
      if (changed === undefined) {
        const spec = await specAt(known.spec);
        const text = edited(spec.sources.get(mutant.file) ?? "", mutant.edits);
        const result = withText(spec, mutant.file, text);
        if (!result.ok) {
          return result;
        }
        changed = result.value;
        specs.set(known.spec, changed);
      }
      if (!made.has(key(known))) {
        const others = checks.filter((one) => one.spec === known.spec && !made.has(key(one)));
        const wanted = isFirst && others.length > TOGETHER_MAX ? [known] : others;
        const spec = linked(changed);
        if (!spec.ok) {
          return spec;
        }
        const programs = programsOf(
          spec.value,
          wanted.map(({ check }) => check),
        );
        if (!programs.ok) {
          return programs;
        }
        for (const [index, one] of wanted.entries()) {
          made.set(key(one), present(programs.value[index], "a program"));
        }
      }
      const program = present(made.get(key(known)), "a program");
      return { ok: true, value: { program, sources: changed.sources } };
    },
  };
}
