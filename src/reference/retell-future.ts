import type { InstanceIndex } from "../core/expressions.ts";
import { checkLasso } from "../liveness/evaluate.ts";
import { DOOM_STATES_MAX } from "../liveness/point-of-no-return.ts";
import type { PlainStep } from "../outcome/sighting.ts";
import { present } from "../support/internal-error.ts";
import type { LastStep } from "./candidates.ts";
import { boundToHang, hungThreads, stableStates } from "./hangs.ts";
import { answer, observe } from "./observer.ts";
import { groundOf } from "./predicates.ts";
import { type Region, type RegionOptions, regionFrom } from "./region.ts";
import { disagreement, type Retelling, type Retold, type SightOf } from "./retelling.ts";
import { type Look, lookAt, type Space } from "./space.ts";
import type { State, StateKey } from "./state.ts";
import { graphOf } from "./state-graph.ts";
import { orderStep, statementOf, unstableStep } from "./suspicions.ts";
import { wayTo } from "./way-to.ts";

/**
 * Sights of what can still happen, judged again. What is said about all that can be reached is looked
 * at in so many states of it, nearest first, and beyond that taken on trust.
 */
const REGION_STATES_MAX = 3_000;

/** So many states are looked at for all sightings together. */
export const STATES_MAX = 30_000;

/** What can be reached from a state, as far as it is looked at. */
function explore(
  { observer, budget }: Retelling,
  root: State,
  options: Omit<RegionOptions, "statesMax">,
): Region {
  const statesMax = Math.min(REGION_STATES_MAX, budget.states);
  const region = regionFrom(observer, root, { ...options, statesMax });
  budget.states -= Math.min(statesMax, region.keys.length);
  return region;
}

function isBlocked(look: Look | null, threads: readonly InstanceIndex[]): boolean {
  return look !== null && threads.every((thread) => look.statuses[thread] === "blocked");
}

/** Threads that are hung, and no others; for good, unless the check asks for exactly these. */
export function retellHung(
  retelling: Retelling,
  { threads }: SightOf<"hung">,
  state: State,
): Retold {
  const region = blockedFrom(retelling, threads, state);
  if (threads.length === 0) {
    throw disagreement("a hang of no threads");
  }
  if (region.isComplete) {
    const { check } = retelling.machine.program;
    const found = hungThreads(region);
    const isExpected = check.expectations.some(
      (one) => one.kind === "hung" && one.threads?.join() === threads.join(),
    );
    if (found[0]?.join() !== threads.join()) {
      throw disagreement(
        `${namesOf(retelling, found[0] ?? [])} are hung, not only ${namesOf(retelling, threads)}`,
      );
    }
    if (!isExpected && stableStates(region, found)[0] !== true) {
      throw disagreement(`more than ${namesOf(retelling, threads)} can come to hang`);
    }
  }
  return { what: { kind: "hung", threads }, step: null };
}

/** What others than `escape` can still do at a state from which threads are blocked. */
function blockedFrom(
  retelling: Retelling,
  threads: readonly InstanceIndex[],
  state: State,
): Region {
  const region = explore(retelling, state, {
    withEscapes: false,
    endsAt: (look) => !isBlocked(look, threads),
  });
  if (isFreeSomewhere(region, threads)) {
    throw disagreement(`${namesOf(retelling, threads)} can go on, or leave the constraint`);
  }
  return region;
}

/** Whether a state was met in which not all of the threads are blocked. */
function isFreeSomewhere({ looks, outside }: Region, threads: readonly InstanceIndex[]): boolean {
  return outside.size > 0 || looks.some((look) => look !== null && !isBlocked(look, threads));
}

function namesOf({ machine }: Retelling, threads: readonly InstanceIndex[]): string {
  return `(${threads.map((thread) => machine.program.instances[thread]?.name).join(", ")})`;
}

/** From which state of a path on every way ends where the threads of a deadlock or hang are hung. */
export function checkDoomed(
  retelling: Retelling,
  threads: readonly InstanceIndex[],
  path: readonly State[],
  doomedAt: number,
): void {
  const region = explore(
    retelling,
    present(path[doomedAt], "a state of the path"),
    ALL_BUT_ESCAPES,
  );
  if (region.isComplete && !isBound(region, threads)) {
    throw disagreement(`${namesOf(retelling, threads)} can still be saved at step ${doomedAt}`);
  }
  const before = path[doomedAt - 1];
  if (before === undefined || !retelling.isComplete) {
    return;
  }
  const wider = explore(retelling, before, ALL_BUT_ESCAPES);
  // Where there are more states, who looks for a way out gives up.
  if (wider.isComplete && wider.keys.length <= DOOM_STATES_MAX && isBound(wider, threads)) {
    throw disagreement(`${namesOf(retelling, threads)} were doomed before step ${doomedAt}`);
  }
}

const ALL_BUT_ESCAPES = { withEscapes: false, endsAt: () => false };

/** Whether all ways from the first state of a region lead to the hang. */
function isBound(region: Region, threads: readonly InstanceIndex[]): boolean {
  return boundToHang(region, hungThreads(region), threads)[0] === true;
}

/** A condition that can never hold again. */
export function retellRecoverable(
  retelling: Retelling,
  { index }: SightOf<"recoverable">,
  state: State,
): Retold {
  const { machine, observer, predicates } = retelling;
  const predicate = present(machine.program.recoverables[index], `recoverable ${index}`);
  if (!predicates.recoverables.includes(predicate)) {
    throw disagreement(`recoverable ${predicate.name} was not asked for`);
  }
  let isMet = false;
  const region = explore(retelling, state, {
    withEscapes: true,
    endsAt: (_, there) => {
      observe(observer, there);
      isMet ||= answer(observer, predicate.condition) === true;
      return isMet;
    },
  });
  if (isMet || region.outside.size > 0) {
    throw disagreement(`${predicate.name} can be satisfied again`);
  }
  return { what: { kind: "violation", property: "recoverable", predicate }, step: null };
}

/** A fair behaviour that violates a property. */
export function retellProperty(
  retelling: Retelling,
  sight: SightOf<"property">,
  path: readonly State[],
): Retold {
  const { machine, predicates } = retelling;
  const { loop } = sight;
  const predicate = present(machine.program.properties[sight.index], `property ${sight.index}`);
  const { formulas, predicates: grounded } = groundOf(machine);
  const formula = present(formulas[sight.index], "a formula");
  const isAsked = retelling.properties?.has(predicate.name) ?? true;
  if (!isAsked) {
    throw disagreement(`property ${predicate.name} was not asked for`);
  }
  const targets = loop === null ? path.slice(1) : [...path.slice(1), present(path[loop], "a loop")];
  if (sight.steps.length !== targets.length) {
    throw disagreement(`${sight.steps.length} steps, not ${targets.length}`);
  }
  const steps = sight.steps.map((step, at) => {
    const from = present(path[at], "a state");
    return givenStep(retelling, from, present(targets[at], "a state"), { step, at });
  });
  const { space, numbers } = spaceOf(retelling, path);
  const { graph, constraints, actions } = graphOf(space, {
    initial: [0],
    predicates: grounded.map((one) => (predicates.formulas.includes(one) ? one : null)),
  });
  const taken = sight.steps.map(({ agent, choice }, at) => {
    const { key } = present(path[at], "a state");
    const look = present(space.looks[numbers.get(key) ?? -1], "what can happen");
    const target = numbers.get(present(targets[at], "a state").key);
    const edge = look.edges.find(
      (one) => one.target === target && one.action.agent === agent && one.action.choice === choice,
    );
    return actions.indexOf(present(edge, "a step that changes the state").action);
  });
  const lasso = {
    path: path.map(({ key }) => present(numbers.get(key), "a state")),
    actions: taken,
    loop,
  };
  const wrong = checkLasso(graph, lasso, formula, constraints);
  if (wrong !== null) {
    throw disagreement(`no violation of ${predicate.name}: ${wrong}`);
  }
  return {
    what: { kind: "violation", property: "property", predicate },
    step: null,
    lasso: { loop, steps },
  };
}

function givenStep(
  { machine }: Retelling,
  from: State,
  to: State,
  { step, at }: { readonly step: PlainStep; readonly at: number },
): LastStep {
  const found = from.key === to.key ? null : wayTo(machine, from, to.key, step);
  if (found === null) {
    throw disagreement(`step ${at} is none of agent ${step.agent} that changes the state`);
  }
  return found;
}

/** The states of a path, with the steps from each. */
function spaceOf(
  { machine, observer }: Retelling,
  path: readonly State[],
): { readonly space: Space; readonly numbers: ReadonlyMap<StateKey, number> } {
  const numbers = new Map<StateKey, number>();
  const inPath = [...new Map(path.map((state) => [state.key, state])).values()];
  for (const { key } of inPath) {
    numbers.set(key, numbers.size);
  }
  // What lies off the path is one more state, of which nothing is known.
  const numberOf = ({ key }: State): number => numbers.get(key) ?? inPath.length;
  const looks = inPath.map((state) => lookAt(observer, state, numberOf));
  const keys = inPath.map(({ key }) => key);
  return { space: { machine, keys: [...keys, ""], looks: [...looks, null] }, numbers };
}

/** A step of another that takes away from a thread what it waited for. */
export function retellUnstable(
  { machine, observer }: Retelling,
  { kind, thread, statement }: SightOf<"unstable">,
  state: State,
): Retold {
  const step = unstableStep(observer, state, thread);
  if (step === null || statementOf(machine, state, thread) !== statement) {
    throw disagreement(`nobody keeps thread ${thread} from going on at statement ${statement}`);
  }
  return { what: { kind, thread, statement }, step };
}

/** A step that takes a lock of somebody who holds another. */
export function retellOrder({ machine }: Retelling, sight: SightOf<"order">, state: State): Retold {
  const step = orderStep(machine, state, sight);
  if (step === null) {
    throw disagreement(`thread ${sight.thread} does not take the second lock there`);
  }
  return { what: sight, step };
}
