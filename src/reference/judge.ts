import type { Expression } from "../core/expressions.ts";
import type { Predicate } from "../core/program.ts";
import type { PropertyKind } from "../outcome/outcome.ts";
import { ValueError } from "../values/value-error.ts";
import { type Candidate, type LastStep, type Matter, propose } from "./candidates.ts";
import { answer, blockedThreads, isStuck, type Observer, observe } from "./observer.ts";
import type { Search } from "./search.ts";
import type { State } from "./state.ts";
import { depthOf, type StateIndex } from "./store.ts";

/** What is asked of a state or step: where, and how many steps lead there. */
interface Asked {
  readonly observer: Observer;
  readonly length: number;
  readonly state: NonNullable<Candidate["state"]>;
  readonly step: LastStep | null;
}

/** Judges a state that has just been found; false when it breaks the constraint. */
export function judgeState(search: Search, index: StateIndex, state: State): boolean {
  const { there, predicates, store, machine } = search;
  observe(there, state);
  const length = depthOf(store, index);
  const asked: Asked = { observer: there, length, state: { index, state }, step: null };
  const inside = machine.program.constraints.every(
    (condition) => ask(search, asked, condition) !== false,
  );
  for (const invariant of predicates.invariants) {
    if (ask(search, asked, invariant.condition) === false) {
      violated(search, asked, "invariant", invariant);
    }
  }
  if (inside) {
    for (const reachable of predicates.reachables) {
      if (ask(search, asked, reachable.condition) === true) {
        const what: Matter = { kind: "witness", property: "reachable", predicate: reachable };
        propose(search.candidates, { what, length, state: asked.state, step: null }, machine);
      }
    }
    // What they are good for is judged afterwards; here it is only seen whether they have a value.
    const conditions = predicates.recoverables.map(({ condition }) => condition);
    for (const condition of [...conditions, ...predicates.formulas]) {
      ask(search, asked, condition);
    }
  }
  return inside;
}

/** Judges the step of `step` from the state that is expanded to `next`. */
export function judgeStep(
  search: Search,
  from: { readonly index: StateIndex; readonly state: State; readonly depth: number },
  next: State,
  step: LastStep,
): void {
  const { here, predicates } = search;
  if (predicates.steps.length === 0) {
    return;
  }
  observe(here, from.state, next);
  const asked: Asked = { observer: here, length: from.depth, state: from, step };
  for (const predicate of predicates.steps) {
    if (ask(search, asked, predicate.condition) === false) {
      violated(search, asked, "step", predicate);
    }
  }
}

/** Judges whether the state that was expanded is a deadlock (docs/language.md section 7). */
export function judgeDeadlock(search: Search, index: StateIndex, state: State): void {
  const { here, store, machine, options } = search;
  if (!options.deadlock || !isStuck(here)) {
    return;
  }
  const { program } = machine;
  const length = depthOf(store, index);
  const asked: Asked = { observer: here, length, state: { index, state }, step: null };
  const threads = blockedThreads(here);
  const isDeadlock = program.instances.length > 0 ? threads.length > 0 : !mayStop(search, asked);
  if (isDeadlock) {
    search.found = true;
    const what: Matter = { kind: "deadlock", threads };
    propose(search.candidates, { what, length, state: asked.state, step: null }, machine);
  }
}

/** Whether some `final` holds; one that has no value is a finding of its own, not a deadlock too. */
function mayStop(search: Search, asked: Asked): boolean {
  return search.machine.program.finals.some((final) => ask(search, asked, final) !== false);
}

function violated(
  search: Search,
  asked: Asked,
  property: PropertyKind,
  predicate: Predicate,
): void {
  const { length, state, step } = asked;
  const what: Matter = { kind: "violation", property, predicate };
  search.found = true;
  propose(search.candidates, { what, length, state, step }, search.machine);
}

/** The value of a predicate; null, and a finding, when it has none. */
function ask(search: Search, asked: Asked, condition: Expression): boolean | null {
  const found = answer(asked.observer, condition);
  if (!(found instanceof ValueError)) {
    return found;
  }
  const { length, state, step } = asked;
  const rank = 1 + search.conditions.indexOf(condition);
  const what: Matter = { kind: "error", span: found.span, message: found.message, rank };
  search.found = true;
  propose(search.candidates, { what, length, state, step }, search.machine);
  return null;
}
