import type { InstanceIndex } from "../core/expressions.ts";
import type { Program } from "../core/program.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { PlainState } from "../outcome/sighting.ts";
import type { AbsentHelper, WaitForGraph } from "../outcome/wait-for.ts";
import { type AgentIndex, createMachine } from "../reference/machine.ts";
import { stateFrom } from "../reference/plain.ts";
import { present } from "../support/internal-error.ts";
import { absentFor, absentForLess, type Past, pastOf, writersBefore } from "./absent.ts";
import { isEscape } from "./agents.ts";
import { chooseHelp, lookElsewhere, reachableFrom } from "./choose-help.ts";
import { cyclesOf, reachingCycles } from "./cycles.ts";
import type { Asking } from "./guards.ts";
import { CONTEXTS_MAX, followNeeds, helpItself, type Need, type Needs, rootsOf } from "./needs.ts";
import { lastingStates } from "./region.ts";
import { tellNeeds } from "./tell.ts";
import { reachesOf } from "./writers.ts";

/** What is to be explained. */
export interface HangInput {
  readonly program: Program;
  readonly sources: Sources;
  /** From an initial state to the one in which the threads are blocked for ever. */
  readonly path: readonly PlainState[];
  /** The threads of a deadlock or hang, in canonical order. */
  readonly threads: readonly InstanceIndex[];
}

/** So many tries of steps an explanation may take; what is not found by then is not told. */
const TRIES_MAX = 30_000;

/**
 * Who waits for whom where some threads are blocked for ever (docs/decisions/0010). It knows no lock
 * and no primitive: it tries who could bring a condition nearer if it could go on itself, and asks the
 * same of what keeps that one.
 */
export function explainHang({ program, sources, path, threads }: HangInput): WaitForGraph {
  const machine = createMachine(program);
  const asking: Asking = { machine, sources };
  const states = path.map((plain) => stateFrom(machine, plain));
  const state = present(states.at(-1), "a state to explain");
  const agents = [...program.agents.keys()].filter((agent) => !isEscape(program, agent));
  const needs: Needs = {
    asking,
    budget: { left: TRIES_MAX },
    byKey: new Map(),
    reaches: reachesOf(machine),
    agents,
  };
  const after = lastingStates(asking, agents, state, CONTEXTS_MAX);
  const roots = threads.flatMap((thread) => rootsOf(needs, state, thread, after));
  const stuck = new Set(
    agents.filter((agent) => {
      const which = present(program.agents[agent], "an agent");
      return which.kind === "thread" && threads.includes(which.instance);
    }),
  );
  followNeeds(needs);
  const absent = findAbsent({ needs, roots, stuck, past: pastOf(asking, states) });
  const waits = tellNeeds(needs, { told: reachableFrom(roots), stuck, absent });
  return { waits, cycles: cyclesOf(waits.map(({ helpers }) => helpers.map((one) => one.needs))) };
}

/** Needs that have been followed, and what they are to be seen with. */
interface Followed {
  readonly needs: Needs;
  readonly roots: readonly Need[];
  readonly stuck: ReadonlySet<AgentIndex>;
  readonly past: Past;
}

/** Who is absent where nobody helps, with the help of all needs chosen on the way. */
function findAbsent(followed: Followed): ReadonlyMap<Need, readonly AbsentHelper[]> {
  const { needs, roots, stuck, past } = followed;
  const absent = new Map<Need, readonly AbsentHelper[]>();
  for (const need of reachableFrom(roots)) {
    if (need.help?.length === 0) {
      const those = absentFor(needs, need.guard, past);
      absent.set(need, those);
      if (those.length === 0 && stuck.has(need.guard.moment.agent)) {
        need.help = helpItself(needs, need);
      }
    }
  }
  lookElsewhere(needs, roots);
  chooseHelp(needs, stuck);
  for (const [need, those] of absent) {
    if (those.length === 0 && need.help?.length === 0) {
      absent.set(need, writersBefore(needs, need.guard, past, stuck));
    }
  }
  // From the ends of the chains: what lies before one that was set right is no guess any more.
  const right = new Set<Need>();
  for (const need of [...reachableFrom(roots)].reverse()) {
    const isSettled = reachableFrom([need]).some((one) => right.has(one));
    const those = !isSettled && isGuess(need, absent) ? insteadOf(need, followed) : [];
    if (those.length > 0) {
      need.help = [];
      absent.set(need, those);
      right.add(need);
    }
  }
  return absent;
}

/** Whether the help of a need leads only to some that nobody ever saw to. */
function isGuess(need: Need, absent: ReadonlyMap<Need, readonly AbsentHelper[]>): boolean {
  const behind = reachableFrom([need]);
  return (
    behind.length > 1 &&
    reachingCycles(behind, ({ help }) => (help ?? []).map((one) => one.needs)).size === 0 &&
    behind.every((one) => (absent.get(one) ?? []).every(({ lastStep }) => lastStep === null))
  );
}

/** Those who would have seen to it for as little as those who would if others had. */
function insteadOf(
  { guard, help }: Need,
  { needs, past, stuck }: Followed,
): readonly AbsentHelper[] {
  const cost = Math.min(...(help ?? []).map(({ run }) => run.cost));
  return absentForLess(needs, guard, past, { cost, stuck });
}
