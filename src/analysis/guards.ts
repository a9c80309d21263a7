import type { Expression } from "../core/expressions.ts";
import type { Statement } from "../core/statements.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { AgentIndex, Machine } from "../reference/machine.ts";
import { type Decision, Failure, type Guide, pick, type Run, topOf } from "../reference/run.ts";
import type { State } from "../reference/state.ts";
import { present } from "../support/internal-error.ts";
import { elementsOf } from "../values/evaluate.ts";
import { showValue } from "../values/show.ts";
import { universe } from "../values/universe.ts";
import type { Value } from "../values/value.ts";
import { atomText } from "./atoms.ts";
import { type Gap, gapOf, gapOfChoose } from "./gaps.ts";
import { askAt, type Moment, momentOf } from "./moments.ts";
import { readsShared, UNOPENED } from "./opening.ts";

/** What decides how somebody goes on: a condition, or whether there is something to choose. */
export type Question =
  | Decision
  | { readonly kind: "choice"; readonly statement: Extract<Statement, { kind: "choose" }> };

/** A question that was answered the other way than somebody needs it. */
export interface Guard {
  /** Same for the same question of the same agent about the same places, wanted the same way. */
  readonly key: string;
  /** As `key`, whatever places it is about. */
  readonly spot: string;
  readonly question: Question;
  readonly wanted: boolean;
  readonly moment: Moment;
  /** Thread instance, or transition with its parameters. */
  readonly name: string;
  readonly distance: number;
  /** Texts of the atoms that are not as wanted. */
  readonly missing: readonly string[];
}

/** What all explanations of a program share. */
export interface Asking {
  readonly machine: Machine;
  readonly sources: Sources;
}

/** How far the question of a guard is from the wanted answer, asked at `state`. */
export function gapAt({ machine }: Asking, guard: Guard, state: State): Gap {
  const { question, wanted, moment } = guard;
  return askAt(machine, moment, state, (run) => gapOfQuestion(run, question, wanted));
}

/** How far a question is from the wanted answer, where `run` is. */
export function gapOfQuestion(run: Run, question: Question, wanted: boolean): Gap {
  return question.kind === "choice"
    ? gapOfChoose(run, question.statement)
    : gapOf(run, question.condition, wanted);
}

/** The guard that a question is where the run of the machine stands, with its gap. */
export function guardOf(
  { machine, sources }: Asking,
  asked: {
    readonly question: Question;
    readonly wanted: boolean;
    readonly gap: Gap;
    readonly agent: AgentIndex;
    readonly state: State;
  },
): Guard {
  const { question, wanted, gap, agent, state } = asked;
  const moment = momentOf(machine, agent, state);
  const name = nameOf(machine, agent);
  const missing = [
    ...new Set(gap.atoms.map((atom) => atomText(machine.run, sources, atom))),
  ].sort();
  const place = question.kind === "when" ? "when" : moment.frames.map(({ at }) => at.id).join(".");
  const spot = `${name} ${place} ${question.kind} ${wanted}`;
  const key = `${spot} ${missing.join(" & ")}`;
  return { key, spot, question, wanted, moment, name, distance: gap.distance, missing };
}

/** The agent that `machine` runs, as reports call it. */
function nameOf({ program, run, types }: Machine, agent: AgentIndex): string {
  const which = present(program.agents[agent], "an agent");
  if (which.kind === "thread") {
    return present(program.instances[which.instance], "an instance").name;
  }
  const { name, parameterSets, body } = present(
    program.transitions[which.transition],
    "a transition",
  );
  const [frame] = run.frames;
  const given = parameterSets.map((_, slot) =>
    showValue(frame?.locals[slot] ?? null, body.locals[slot]?.type ?? null, types),
  );
  return given.length === 0 ? name : `${name}(${given.join(", ")})`;
}

/** A guide that forces guards, for a price. */
export interface Forcing extends Guide {
  /** What this try has cost so far. */
  spent: number;
  /** As far as idle waits are passed although nothing wakes them. */
  passed: number;
  /** The first guard that was forced. */
  forced: Guard | null;
  /** The first idle wait that was passed. */
  woken: Guard | null;
  decisions: number;
}

/** What may be forced. */
export interface ForcingOptions {
  readonly agent: AgentIndex;
  readonly state: State;
  /** What may be spent in a try. */
  readonly budget: number;
  /** Never forced: the same question, and those that wait for nothing but the same. */
  readonly need: Guard | null;
}

/** More decisions than these in one try are a loop that nothing ends. */
const DECISIONS_MAX = 2_000;

/** Of a `choose` without elements, so many values are tried. */
const CHOICES_MAX = 8;

/** Makes a guide. What a wait or transition needs is forced; a branch or value either way. */
export function createForcing(asking: Asking, options: ForcingOptions): Forcing {
  const { run } = asking.machine;
  const guide: Forcing = {
    spent: 0,
    passed: 0,
    forced: null,
    woken: null,
    decisions: 0,
    decide: (decision, holds) => {
      count(guide, decision.condition);
      if (holds && (decision.kind === "wait" || decision.kind === "when")) {
        return true;
      }
      if (!readsShared(run, decision.condition, UNOPENED)) {
        return holds;
      }
      return force(asking, guide, options, decision, !holds) ? !holds : holds;
    },
    choose: (statement, found) => {
      if (found.length > 0 || statement.kind !== "choose") {
        return found;
      }
      const question: Question = { kind: "choice", statement };
      return force(asking, guide, options, question, true) ? valuesFor(run, statement) : found;
    },
  };
  return guide;
}

/** Begins another try. */
export function restart(guide: Forcing): void {
  guide.spent = 0;
  guide.passed = 0;
  guide.forced = null;
  guide.woken = null;
  guide.decisions = 0;
}

function count(guide: Forcing, { span }: Expression): void {
  guide.decisions += 1;
  if (guide.decisions > DECISIONS_MAX) {
    throw new Failure("error", span, "a loop that nothing ends");
  }
}

/** Whether the guard is forced in this try; what is paid for it is noted. */
function force(
  asking: Asking,
  guide: Forcing,
  { agent, state, budget, need }: ForcingOptions,
  question: Question,
  wanted: boolean,
): boolean {
  const { run } = asking.machine;
  const gap = gapOfQuestion(run, question, wanted);
  const isIdle = isIdleWait(question);
  if (!Number.isFinite(gap.distance) || (!isIdle && guide.spent + gap.distance > budget)) {
    return false;
  }
  const guard = guardOf(asking, { question, wanted, gap, agent, state });
  if (need !== null && isSameWait(guard, need)) {
    return false;
  }
  if (isIdle) {
    guide.passed += gap.distance;
    guide.woken ??= guard;
    return true;
  }
  const isWait = question.kind === "wait" || question.kind === "when" || question.kind === "choice";
  if (!isWait && pick(run.plan, 2) === 0) {
    return false;
  }
  guide.spent += gap.distance;
  guide.forced ??= guard;
  return true;
}

function isIdleWait({ kind, statement }: Question): boolean {
  return (
    (kind === "wait" || kind === "choice") &&
    (statement?.kind === "await" || statement?.kind === "choose") &&
    statement.wait === "idle"
  );
}

function isSameWait(guard: Guard, need: Guard): boolean {
  return guard.spot === need.spot || guard.missing.every((text) => need.missing.includes(text));
}

/** What a `choose` could take if others had seen to it. */
function valuesFor(
  run: Run,
  { slot, set }: Extract<Statement, { kind: "choose" }>,
): readonly Value[] {
  const elements = elementsOf(set, run.context);
  if (elements.length > 0) {
    return elements.slice(0, CHOICES_MAX);
  }
  const { type } = present(topOf(run).code.body.locals[slot], "a local");
  return universe(type, run.context).slice(0, CHOICES_MAX);
}
