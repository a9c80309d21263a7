import type { Expression } from "../core/expressions.ts";
import type { Statement } from "../core/statements.ts";
import type { AgentIndex } from "../reference/machine.ts";
import { Failure, type Guide, pick, type Run, topOf } from "../reference/run.ts";
import type { State } from "../reference/state.ts";
import { present } from "../support/internal-error.ts";
import { elementsOf } from "../values/evaluate.ts";
import { universe } from "../values/universe.ts";
import type { Value } from "../values/value.ts";
import {
  type Asked,
  type Asking,
  type Guard,
  gapOfQuestion,
  guardOf,
  type Question,
  type Wait,
  waitOf,
} from "./guards.ts";
import { readsDirectly, readsShared, UNOPENED } from "./opening.ts";

/** A guide that forces guards, for a price. */
export interface Forcing extends Guide {
  /** What this try has cost so far. */
  spent: number;
  /** What idle waits would have cost that were passed although nothing wakes them. */
  passed: number;
  /** The first guard that was forced, and the first idle wait that was passed, where they are asked for. */
  forced: Guard | null;
  woken: Guard | null;
  /** So far in this try. */
  decisions: number;
}

/** What may be forced. */
export interface ForcingOptions {
  readonly agent: AgentIndex;
  readonly state: State;
  /** What may be spent in a try. */
  readonly budget: number;
  /** Never forced: the same question, and those that wait for nothing but the same. */
  readonly need: Wait | null;
  /** Whether it matters what is forced first: it does until something has been forced. */
  readonly asksFirst: boolean;
}

/** What was found out about a decision: what tries have in common before they part is asked once. */
interface Price {
  /** Infinity where it may not be forced. */
  readonly cost: number;
  readonly guard: Guard | null;
}

interface Scene {
  readonly asking: Asking;
  readonly guide: Forcing;
  readonly options: ForcingOptions;
  /** By the decisions and picks so far. */
  readonly prices: Map<string, Price>;
}

/** More decisions than these in one try are a loop that nothing ends. */
const DECISIONS_MAX = 2_000;

/** Of a `choose` without elements, so many values are tried. */
const CHOICES_MAX = 8;

/**
 * Makes a guide for the tries of one step. What a wait or transition needs is forced where that can be
 * paid; branches and values go either way, the true way first.
 */
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
      // What a local keeps is looked at as long as it can be what is needed first.
      const isFirst = options.asksFirst && guide.forced === null;
      const { condition } = decision;
      if (!(isFirst ? readsShared(run, condition, UNOPENED) : readsDirectly(run, condition))) {
        return holds;
      }
      return force(scene, decision, !holds) ? !holds : holds;
    },
    choose: (statement, found) => {
      if (found.length > 0 || statement.kind !== "choose") {
        return found;
      }
      const question: Question = { kind: "choice", statement };
      return force(scene, question, true) ? valuesFor(run, statement) : found;
    },
  };
  const scene: Scene = { asking, guide, options, prices: new Map() };
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
function force(scene: Scene, question: Question, wanted: boolean): boolean {
  const { asking, guide, options } = scene;
  const { plan } = asking.machine.run;
  const key = `${guide.decisions} ${plan.picks.slice(0, plan.made).join()}`;
  let price = scene.prices.get(key);
  if (price === undefined) {
    price = priceOf(scene, question, wanted);
    scene.prices.set(key, price);
  }
  const { cost, guard } = price;
  if (isIdleWait(question)) {
    if (Number.isFinite(cost)) {
      guide.passed += cost;
      guide.woken ??= guard;
    }
    return Number.isFinite(cost);
  }
  if (guide.spent + cost > options.budget) {
    return false;
  }
  const isWait = question.kind === "wait" || question.kind === "when" || question.kind === "choice";
  if (!isWait && pick(plan, 2) === 0) {
    return false;
  }
  guide.spent += cost;
  guide.forced ??= guard;
  return true;
}

function priceOf({ asking, guide, options }: Scene, question: Question, wanted: boolean): Price {
  const { agent, state, budget, need, asksFirst } = options;
  const gap = gapOfQuestion(asking.machine.run, question, wanted);
  const isDear = !isIdleWait(question) && guide.spent + gap.distance > budget;
  const asked: Asked = { question, wanted, gap, agent, state };
  if (!Number.isFinite(gap.distance) || isDear || isSameWait(waitOf(asking, asked), need)) {
    return { cost: Number.POSITIVE_INFINITY, guard: null };
  }
  const isFirst = asksFirst && guide.forced === null;
  return { cost: gap.distance, guard: isFirst ? guardOf(asking, asked) : null };
}

function isIdleWait({ kind, statement }: Question): boolean {
  return (
    (kind === "wait" || kind === "choice") &&
    (statement?.kind === "await" || statement?.kind === "choose") &&
    statement.wait === "idle"
  );
}

function isSameWait(wait: Wait, need: Wait | null): boolean {
  return (
    need !== null &&
    (wait.spot === need.spot || wait.missing.every((text) => need.missing.includes(text)))
  );
}

/** What a `choose` could take if others had seen to it. */
function valuesFor(
  run: Run,
  { slot, set }: Extract<Statement, { readonly kind: "choose" }>,
): readonly Value[] {
  const elements = elementsOf(set, run.context);
  if (elements.length > 0) {
    return elements.slice(0, CHOICES_MAX);
  }
  const { type } = present(topOf(run).code.body.locals[slot], "a local");
  return universe(type, run.context).slice(0, CHOICES_MAX);
}
