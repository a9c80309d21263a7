import type { InstanceIndex, TransitionIndex } from "../core/expressions.ts";
import type { Program, Transition } from "../core/program.ts";
import type { Statement } from "../core/statements.ts";
import { present } from "../support/internal-error.ts";
import { elementsOf, evaluate } from "../values/evaluate.ts";
import { type RankedCondition, rankedConditions } from "../values/ranked-conditions.ts";
import { type GroundProperties, groundProperties } from "../values/temporal.ts";
import type { TypeContext } from "../values/types.ts";
import type { Value } from "../values/value.ts";
import { type Action, actionsOf } from "./actions.ts";
import { beginOf, createFlow } from "./build-flow.ts";
import { type Node, nextOf, type Rest } from "./flow.ts";
import { chainOf, type Field, type Frame, type Scope } from "./frames.ts";
import { type Knowledge, knowledgeOf } from "./knowledge.ts";
import { type Layout, layOut, type ThreadContents } from "./layout.ts";
import { type FrameMaker, outermostFrame, type Spot, spotOf } from "./make-frames.ts";
import { type Packing, packingOf } from "./packing.ts";
import { watchedSlots } from "./watched-slots.ts";

/** A program as a transition system over packed states. */
export interface Model {
  readonly program: Program;
  readonly types: TypeContext;
  readonly knowledge: Knowledge;
  readonly layout: Layout;
  /** By `InstanceIndex`. */
  readonly threads: readonly ThreadModel[];
  /** By `TransitionIndex`. */
  readonly transitions: readonly TransitionModel[];
  /** Initial values of each variable, in canonical order; fixed variables have one. */
  readonly initial: readonly (readonly Value[])[];
  readonly frames: FrameMaker;
  /** Those of each agent in turn. */
  readonly actions: readonly Action[];
  /** By agent, the first of its actions. */
  readonly actionStarts: readonly number[];
  /** What is asked of states and steps, by rank. */
  readonly conditions: readonly RankedCondition[];
  /** Those of `conditions` that a survey tells: recoverables, then the predicates of properties. */
  readonly surveyed: readonly RankedCondition[];
  readonly ground: GroundProperties;
}

/** A thread instance: how it starts, and what it does from each place of rest. */
export interface ThreadModel {
  readonly frame: Frame;
  readonly begin: Node;
  /** In canonical order, which is that of their locations. */
  readonly rests: readonly Rest[];
  /** Whether it can end or not have started; then location 0 means that. */
  readonly canBeDone: boolean;
}

/** A transition: what it does for each choice of its parameters. */
export interface TransitionModel {
  readonly transition: Transition;
  /**
   * One entry for each choice of known parameters, in canonical order; or one entry whose parameters
   * are chosen when it is taken.
   */
  readonly choices: readonly { readonly frame: Frame; readonly begin: Node }[];
  /** The values of the parameters that are chosen when it is taken; null where they are known. */
  readonly chosen: readonly (readonly Value[])[] | null;
}

/** More choices than this are not written out one by one. */
const WRITTEN_OUT_MAX = 64;

/** Makes the model of a program; `isCounted` says whether executed statements are marked. */
export function modelOf(program: Program, isCounted: boolean): Model {
  const knowledge = knowledgeOf(program);
  const { types } = knowledge;
  const watched = watchedSlots(program);
  const maker: FrameMaker = { knowledge, frames: [], callees: new Map(), watched };
  const threads = program.instances.map((_, index) => threadModel(maker, index, isCounted));
  const transitions = program.transitions.map((one, index) =>
    transitionModel(maker, one, index, isCounted),
  );
  const variables = new Map<number, Packing>();
  for (const [index, { type }] of program.variables.entries()) {
    if (!knowledge.fixed.has(index)) {
      variables.set(index, packingOf(type, types));
    }
  }
  const layout = layOut({
    variables,
    variableCount: program.variables.length,
    threads: threads.map((thread) => contentsOf(maker, thread)),
  });
  const initial = program.variables.map(({ initial: from }) =>
    from.kind === "one"
      ? [evaluate(from.value, knowledge.constant)]
      : elementsOf(from.set, knowledge.constant),
  );
  const ground = groundProperties(program.properties, knowledge.constant);
  const conditions = rankedConditions(program, ground);
  return {
    program,
    types,
    knowledge,
    layout,
    threads,
    transitions,
    initial,
    frames: maker,
    ...actionsOf(program, threads, transitions),
    conditions,
    surveyed: conditions.filter(({ kind }) => kind === "recoverable" || kind === "predicate"),
    ground,
  };
}

function threadModel(maker: FrameMaker, instance: InstanceIndex, isCounted: boolean): ThreadModel {
  const { program, constant } = maker.knowledge;
  const { thread: index, index: given } = present(program.instances[instance], "an instance");
  const { name, body } = present(program.threads[index], "a thread");
  const known = given === null ? [] : [evaluate(given, constant)];
  const frame = outermostFrame(maker, { kind: "thread", index, name, body, instance, known });
  const begin = beginOf(createFlow(maker, isCounted), frame);
  const { rests, ends } = reach(begin);
  const sorted = [...rests].sort(comparePlaces);
  const canBeDone = ends || present(program.threads[index], "a thread").dormant;
  for (const [position, rest] of sorted.entries()) {
    rest.location = position + (canBeDone ? 1 : 0);
  }
  return { frame, begin, rests: sorted, canBeDone };
}

/** The places of rest that a thread can come to, and whether it can end. */
function reach(begin: Node): { readonly rests: ReadonlySet<Rest>; readonly ends: boolean } {
  const rests = new Set<Rest>();
  const seen = new Set<Node>([begin]);
  let ends = false;
  for (const node of seen) {
    const { op } = node;
    if (op.kind === "rest") {
      rests.add(op.rest);
      seen.add(op.rest.entry);
    } else if (op.kind === "end") {
      ends = true;
    }
    for (const next of nextOf(node)) {
      seen.add(next);
    }
  }
  return { rests, ends };
}

function comparePlaces(a: Rest, b: Rest): number {
  const chainA = statementsOf(a);
  const chainB = statementsOf(b);
  for (const [depth, statement] of chainA.entries()) {
    const other = chainB[depth];
    if (other === undefined) {
      return 1;
    }
    if (statement.id !== other.id) {
      return statement.id - other.id;
    }
  }
  return chainA.length - chainB.length;
}

/** The statements at which the frames of a place of rest stand, outermost first. */
export function statementsOf({ frame, statement }: Rest): readonly Statement[] {
  const chain = chainOf(frame);
  return [...chain.slice(1).map((one) => present(one.call, "a call")), statement];
}

function transitionModel(
  maker: FrameMaker,
  transition: Transition,
  index: TransitionIndex,
  isCounted: boolean,
): TransitionModel {
  const { name, body, parameterSets } = transition;
  const values = parameterSets.map((set) => elementsOf(set, maker.knowledge.constant));
  const count = values.reduce((all, one) => all * one.length, 1);
  const isWrittenOut = count <= WRITTEN_OUT_MAX;
  const choices = (isWrittenOut ? tuples(values) : [[]]).map((known) => {
    const of = { kind: "transition", index, name, body, instance: null, known } as const;
    const frame = outermostFrame(maker, of);
    return { frame, begin: beginOf(createFlow(maker, isCounted), frame) };
  });
  return { transition, choices, chosen: isWrittenOut ? null : values };
}

function tuples(lists: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  return lists.reduce<readonly (readonly Value[])[]>(
    (all, list) => all.flatMap((tuple) => list.map((value) => [...tuple, value])),
    [[]],
  );
}

/**
 * The scopes in which a thread can rest, in a tree like the blocks and calls. What is in other
 * scopes never outlives a step: its fields get no bits.
 */
function contentsOf(maker: FrameMaker, { frame, rests, canBeDone }: ThreadModel): ThreadContents {
  const used = new Set<Scope>();
  for (const rest of rests) {
    const statements = statementsOf(rest);
    for (const [depth, one] of chainOf(rest.frame).entries()) {
      addScopes(used, one, present(statements[depth], "a statement"));
    }
  }
  const isWatched = maker.watched.has(frame.index);
  const callees = new Map<Scope, Scope[]>();
  const collect = (caller: Frame): void => {
    for (const callee of maker.callees.get(caller)?.values() ?? []) {
      const { block } = spotOf(caller.body, present(callee.call, "a call"));
      const around = present(caller.scopes.get(block), "the scope of a block");
      callees.set(around, [...(callees.get(around) ?? []), callee.outermost]);
      collect(callee);
    }
  };
  collect(frame);
  const build = (scope: Scope): Scope => ({
    fields: scope.fields,
    children: [...scope.children, ...(callees.get(scope) ?? [])]
      .filter((child) => used.has(child))
      .map(build),
  });
  // What is read from outside, also where it is out of scope, has bits that nothing else uses.
  const flat = (): Scope => ({
    fields: own.flatMap((scope) => scope.fields),
    children: own
      .flatMap((scope) => callees.get(scope) ?? [])
      .filter((one) => used.has(one))
      .map(build),
  });
  const own = isWatched ? scopesIn(frame.outermost) : [];
  const scopes = isWatched ? [flat()] : used.has(frame.outermost) ? [build(frame.outermost)] : [];
  return { placeCount: rests.length + (canBeDone ? 1 : 0), scopes };
}

/** Adds the scopes of a frame that are open at one of its statements. */
function addScopes(used: Set<Scope>, frame: Frame, statement: Statement): void {
  used.add(frame.outermost);
  for (let at: Statement | null = statement; at !== null; ) {
    const spot: Spot = spotOf(frame.body, at);
    used.add(present(frame.scopes.get(spot.block), "the scope of a block"));
    at = spot.container;
  }
}

/** A scope and all in it, without those of calls. */
function scopesIn(scope: Scope): readonly Scope[] {
  return [scope, ...scope.children.flatMap(scopesIn)];
}

/** The fields that are in use when a thread rests at a place. */
export function openFields({ frame, statement }: Rest): ReadonlySet<Field> {
  const used = new Set<Scope>();
  let at = statement;
  for (let one: Frame | null = frame; one !== null; one = one.parent) {
    addScopes(used, one, at);
    at = one.call ?? at;
  }
  return new Set([...used].flatMap((scope) => scope.fields));
}
