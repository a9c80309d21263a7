import type { SlotIndex } from "../core/expressions.ts";
import type { Argument, Block, Body, Call, PlaceStep, Statement } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import { blocksIn } from "../core/walk.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { misfit } from "../values/types.ts";
import type { Value } from "../values/value.ts";
import type { BoundPlace, BoundStep, Frame, KeptIndex, Scope, Storage } from "./frames.ts";
import { foldIn, type Knowledge } from "./knowledge.ts";
import { packingOf } from "./packing.ts";

/** Gives each frame of a model its number, and finds the frame of a call again. */
export interface FrameMaker {
  readonly knowledge: Knowledge;
  readonly frames: Frame[];
  /** By frame and `Statement.id` of the call. */
  readonly callees: Map<Frame, Map<number, Frame>>;
  /** Slots of thread bodies that other code reads (`t.x`), by thread. */
  readonly watched: ReadonlyMap<number, ReadonlySet<SlotIndex>>;
}

/** What the outermost frame of an agent is made of. */
export interface Outermost {
  readonly kind: "thread" | "transition";
  readonly index: number;
  readonly name: string;
  readonly body: Body;
  readonly instance: number | null;
  /** Values of the first slots, where they are known: the index, the parameters. */
  readonly known: readonly Value[];
}

/** The frame of a thread or transition. */
export function outermostFrame(maker: FrameMaker, of: Outermost): Frame {
  const given = of.known.map((value): Storage => ({ kind: "constant", value }));
  const isAtomic = of.kind === "transition";
  return addFrame(maker, { ...of, result: null, parent: null, call: null, isAtomic, given });
}

/** The frame of the call that `statement` of `parent` makes. */
export function calleeFrame(
  maker: FrameMaker,
  parent: Frame,
  statement: Statement,
  call: Call,
): Frame {
  let callees = maker.callees.get(parent);
  if (callees === undefined) {
    callees = new Map();
    maker.callees.set(parent, callees);
  }
  let frame = callees.get(statement.id);
  if (frame === undefined) {
    frame = makeCallee(maker, parent, statement, call);
    callees.set(statement.id, frame);
  }
  return frame;
}

function makeCallee(
  maker: FrameMaker,
  parent: Frame,
  statement: Statement,
  { proc: index, arguments: given }: Call,
): Frame {
  const { knowledge } = maker;
  const proc = present(knowledge.program.procs[index], "a proc");
  const isAtomic = isAtomicAt(parent, statement);
  const fields: Scope = { fields: [], children: [] };
  const assigned = knowledge.assigned(proc.body);
  const storages = given.map((argument, slot): Storage => {
    const { type } = present(proc.body.locals[slot], "a parameter");
    if (argument.kind === "reference") {
      return { kind: "reference", place: bind(maker, parent, argument, { isAtomic, fields }) };
    }
    const known = foldIn(argument.value, { knowledge, frame: parent, binders: new Map() });
    return known !== null &&
      !assigned.has(slot) &&
      misfit(known.value, type, knowledge.types) === null
      ? { kind: "constant", value: known.value }
      : makeStorage(maker, type, { isAtomic, fields });
  });
  const { name, body, result } = proc;
  const { instance } = parent;
  const of = { kind: "proc", index, name, body, result, parent, call: statement } as const;
  return addFrame(maker, { ...of, instance, isAtomic, given: storages }, fields);
}

interface Surroundings {
  readonly isAtomic: boolean;
  readonly fields: Scope;
}

function makeStorage(maker: FrameMaker, type: Type, { isAtomic, fields }: Surroundings): Storage {
  const packing = packingOf(type, maker.knowledge.types);
  if (isAtomic) {
    return { kind: "temporary", packing };
  }
  const field = { packing, bit: -1 };
  fields.fields.push(field);
  return { kind: "field", field };
}

function bind(
  maker: FrameMaker,
  frame: Frame,
  { place }: Argument & { kind: "reference" },
  surroundings: Surroundings,
): BoundPlace {
  const path = place.path.map((step) => bindStep(maker, frame, step, surroundings));
  const { root } = place;
  if (root.kind === "variable") {
    return { root, path };
  }
  const outer = frame.storages[root.slot];
  return outer?.kind === "reference"
    ? { root: outer.place.root, path: [...outer.place.path, ...path] }
    : { root: { kind: "local", frame, slot: root.slot }, path };
}

function bindStep(
  maker: FrameMaker,
  frame: Frame,
  step: PlaceStep,
  surroundings: Surroundings,
): BoundStep {
  if (step.kind === "field") {
    return step;
  }
  const { knowledge } = maker;
  const type = indexTypeOf(step.of);
  const known = foldIn(step.index, { knowledge, frame, binders: new Map() });
  const index =
    known !== null && misfit(known.value, type, knowledge.types) === null
      ? ({ kind: "constant", value: known.value } as const)
      : (makeStorage(maker, type, surroundings) as KeptIndex);
  return { kind: "element", of: step.of, index };
}

/** What an index of a map or sequence can be. */
export function indexTypeOf(of: Type): Type {
  if (of.kind === "map") {
    return of.key;
  }
  if (of.kind === "seq") {
    return { kind: "int", low: 0, high: of.lengthMax - 1 };
  }
  throw new InternalError("an index of what has no elements");
}

type Made = Pick<
  Frame,
  "kind" | "index" | "name" | "parent" | "call" | "body" | "result" | "instance" | "isAtomic"
> & {
  /** Of the first slots. */
  readonly given: readonly Storage[];
};

function addFrame(maker: FrameMaker, made: Made, outermost: Scope = newScope()): Frame {
  const { given, ...rest } = made;
  const storages = [...given];
  const scopes = new Map<Block, Scope>();
  const frame: Frame = { ...rest, id: maker.frames.length, storages, scopes, outermost };
  maker.frames.push(frame);
  // Parameters of a transition that are not known, and slots that no block declares.
  for (const [slot, { type }] of made.body.locals.entries()) {
    storages[slot] ??= { kind: "temporary", packing: packingOf(type, maker.knowledge.types) };
  }
  addBlock(maker, frame, storages, made.body.block, { scope: outermost, isAtomic: made.isAtomic });
  return frame;
}

function newScope(): Scope {
  return { fields: [], children: [] };
}

/** Gives the locals of a block their places, and those of the blocks in it. */
function addBlock(
  maker: FrameMaker,
  frame: Frame,
  storages: Storage[],
  block: Block,
  around: { readonly scope: Scope; readonly isAtomic: boolean; readonly choice?: SlotIndex },
): void {
  const scope = newScope();
  around.scope.children.push(scope);
  (frame.scopes as Map<Block, Scope>).set(block, scope);
  const slots = around.choice === undefined ? block.slots : [around.choice, ...block.slots];
  for (const slot of slots) {
    const { type } = present(frame.body.locals[slot], "a local");
    const isWatched =
      frame.kind === "thread" && (maker.watched.get(frame.index)?.has(slot) ?? false);
    const isAtomic = around.isAtomic && !isWatched;
    storages[slot] = makeStorage(maker, type, { isAtomic, fields: scope });
  }
  for (const statement of block.statements) {
    const isAtomic = around.isAtomic || statement.kind === "atomic";
    for (const inner of blocksIn(statement)) {
      const choice = statement.kind === "choose" ? { choice: statement.slot } : {};
      addBlock(maker, frame, storages, inner, { scope, isAtomic, ...choice });
    }
  }
}

/** Whether a statement is inside `atomic`, in its own body or further out. */
export function isAtomicAt(frame: Frame, statement: Statement): boolean {
  return frame.isAtomic || spotOf(frame.body, statement).isAtomic;
}

/** Where a statement stands in its body. */
export interface Spot {
  readonly block: Block;
  /** In `block.statements`. */
  readonly index: number;
  /** The statement that `block` is a part of; null for the block of the body. */
  readonly container: Statement | null;
  /** Whether `container`, or what contains it, is an `atomic`. */
  readonly isAtomic: boolean;
}

const SPOTS = new WeakMap<Body, ReadonlyMap<Statement, Spot>>();

/** Where a statement stands. */
export function spotOf(body: Body, statement: Statement): Spot {
  let spots = SPOTS.get(body);
  if (spots === undefined) {
    const found = new Map<Statement, Spot>();
    addSpots(found, body.block, null, false);
    spots = found;
    SPOTS.set(body, spots);
  }
  return present(spots.get(statement), "the spot of a statement");
}

function addSpots(
  spots: Map<Statement, Spot>,
  block: Block,
  container: Statement | null,
  isAtomic: boolean,
): void {
  for (const [index, statement] of block.statements.entries()) {
    spots.set(statement, { block, index, container, isAtomic });
    for (const inner of blocksIn(statement)) {
      addSpots(spots, inner, statement, isAtomic || statement.kind === "atomic");
    }
  }
}
