import type { Block, Call, Condition, Statement, WaitKind } from "../core/statements.ts";
import { present } from "../support/internal-error.ts";
import { spotOf } from "./code.ts";
import type { Frame } from "./frames.ts";
import type { Machine } from "./machine.ts";
import { calleeOf, type Scene, sceneOf } from "./scenes.ts";
import { isStepping } from "./stepping.ts";

/** A call under way in the walk: where it stands. */
interface At {
  readonly scene: Scene;
  readonly at: Statement;
}

/** A statement of the frame above `depth` others; null for the body of a transition. */
interface Extent {
  readonly depth: number;
  readonly statement: Statement;
}

/**
 * In front of the innermost statement of `frames`; what comes before `atomic` and `seeking` is as in
 * `Run`: inside of which `atomic` it is, and in a branch of which `either` that has not stepped yet.
 */
interface Point {
  readonly frames: readonly At[];
  readonly atomic: Extent | null;
  readonly seeking: Extent | null;
}

/** The walk over the text of one step: each point is gone on from once. */
interface Walk {
  readonly machine: Machine;
  readonly seen: Set<string>;
  readonly found: Set<WaitKind>;
  readonly pending: Point[];
}

const KNOWN = new WeakMap<readonly Frame[], ReadonlySet<WaitKind>>();

/**
 * The kinds of waits that the code contains which the next step of a thread at `frames` can run
 * through, as far as its text tells: either outcome of every condition counts, whatever constants
 * say. What stands behind the next place of rest does not count.
 */
export function waitsInStep(machine: Machine, frames: readonly Frame[]): ReadonlySet<WaitKind> {
  let known = KNOWN.get(frames);
  if (known === undefined) {
    const walk: Walk = { machine, seen: new Set(), found: new Set(), pending: [] };
    const stack = frames.map((frame) => ({
      scene: sceneOf(machine, frames, frame),
      at: frame.at,
    }));
    execute(walk, { frames: stack, atomic: null, seeking: null });
    for (let point = walk.pending.pop(); point !== undefined; point = walk.pending.pop()) {
      visit(walk, point);
    }
    known = walk.found;
    KNOWN.set(frames, known);
  }
  return known;
}

function topOf({ frames }: Point): At {
  return present(frames.at(-1), "a frame");
}

/** In front of a statement that the step has come to: rests there if the step is over. */
function visit(walk: Walk, point: Point): void {
  if (point.frames.length === 0) {
    return;
  }
  const { scene, at } = topOf(point);
  const key = [
    ...point.frames.map((frame) => frame.at.id),
    ...[point.atomic, point.seeking].map((one) =>
      one === null ? "-" : `${one.depth}:${one.statement.id}`,
    ),
  ].join(" ");
  if (walk.seen.has(key)) {
    return;
  }
  walk.seen.add(key);
  const steps =
    point.atomic === null && isStepping(at, scene.code, walk.machine.program.defs, scene.sharing);
  if (!steps || point.seeking !== null) {
    const isDecided = steps && at.kind !== "either" && at.kind !== "choose";
    execute(walk, isDecided ? { ...point, seeking: null } : point);
  }
}

function execute(walk: Walk, point: Point): void {
  const { at } = topOf(point);
  switch (at.kind) {
    case "skip":
    case "assert":
    case "start":
      proceed(walk, point);
      return;
    case "await":
      walk.found.add(at.wait);
      proceed(walk, point);
      return;
    case "break":
    case "continue":
      jump(walk, point, at.kind);
      return;
    case "assign":
    case "declare":
    case "return":
      if (at.value?.kind === "call") {
        call(walk, point, at.value.call);
      } else {
        deliver(walk, point);
      }
      return;
    case "call":
      call(walk, point, at.call);
      return;
    case "if":
    case "while":
      decide(walk, point, at.condition);
      return;
    case "loop":
    case "block":
      enter(walk, point, at.body);
      return;
    case "atomic":
      enter(walk, { ...point, atomic: point.atomic ?? extentOf(point) }, at.body);
      return;
    case "either":
      for (const branch of at.branches) {
        enter(walk, seek(point), branch);
      }
      return;
    case "choose":
      walk.found.add(at.wait);
      enter(walk, seek(point), at.body);
  }
}

function extentOf(point: Point): Extent {
  return { depth: point.frames.length - 1, statement: topOf(point).at };
}

function seek(point: Point): Point {
  return point.atomic === null ? { ...point, seeking: extentOf(point) } : point;
}

function decide(walk: Walk, point: Point, condition: Condition): void {
  if (condition.kind === "call") {
    call(walk, point, condition.call);
  } else {
    deliver(walk, point);
  }
}

function call(walk: Walk, point: Point, made: Call): void {
  const { scene, at } = topOf(point);
  const callee = calleeOf(walk.machine, scene, at, made);
  const [first] = callee.code.body.block.statements;
  if (first === undefined) {
    proceed(walk, point);
  } else {
    walk.pending.push({ ...point, frames: [...point.frames, { scene: callee, at: first }] });
  }
}

/** The innermost statement has its value, whatever that is. */
function deliver(walk: Walk, point: Point): void {
  const { at } = topOf(point);
  switch (at.kind) {
    case "return": {
      const outer = popFrame(point);
      if (outer.frames.length > 0) {
        deliver(walk, outer);
      }
      return;
    }
    case "if":
      enter(walk, point, at.then);
      if (at.else === null) {
        proceed(walk, point);
      } else {
        enter(walk, point, at.else);
      }
      return;
    case "while":
      enter(walk, point, at.body);
      proceed(walk, point);
      return;
    default:
      proceed(walk, point);
  }
}

function standAt(point: Point, at: Statement): Point {
  return { ...point, frames: [...point.frames.slice(0, -1), { ...topOf(point), at }] };
}

function enter(walk: Walk, point: Point, block: Block): void {
  const [first] = block.statements;
  if (first === undefined) {
    afterBlock(walk, point, topOf(point).at);
  } else {
    walk.pending.push(standAt(point, first));
  }
}

function proceed(walk: Walk, point: Point): void {
  const { block, index, container } = spotOf(walk.machine.code, topOf(point).at);
  const next = block.statements[index + 1];
  if (next === undefined) {
    afterBlock(walk, point, container);
  } else {
    walk.pending.push(standAt(point, next));
  }
}

/** Behind the end of a block that is a part of `container`, or of a body. */
function afterBlock(walk: Walk, point: Point, container: Statement | null): void {
  if (container === null) {
    const outer = popFrame(point);
    if (outer.frames.length > 0) {
      proceed(walk, outer);
    }
    return;
  }
  const there = standAt(point, container);
  if (container.kind === "while" || container.kind === "loop") {
    walk.pending.push(there);
  } else {
    proceed(walk, leave(there));
  }
}

function jump(walk: Walk, from: Point, kind: "break" | "continue"): void {
  let point = from;
  for (;;) {
    const { container } = spotOf(walk.machine.code, topOf(point).at);
    const outer = present(container, "a loop around break and continue");
    point = standAt(point, outer);
    if (outer.kind === "while" || outer.kind === "loop") {
      break;
    }
    point = leave(point);
  }
  if (kind === "continue") {
    walk.pending.push(point);
  } else {
    proceed(walk, leave(point));
  }
}

/** The innermost statement is left: what it was the extent of ends. */
function leave(point: Point): Point {
  const here = extentOf(point);
  const ends = (one: Extent | null): boolean =>
    one !== null && one.depth === here.depth && one.statement === here.statement;
  return {
    ...point,
    atomic: ends(point.atomic) ? null : point.atomic,
    seeking: ends(point.seeking) ? null : point.seeking,
  };
}

function popFrame({ frames, atomic, seeking }: Point): Point {
  const depth = frames.length - 1;
  return {
    frames: frames.slice(0, -1),
    atomic: atomic !== null && atomic.depth >= depth ? null : atomic,
    seeking: seeking !== null && seeking.depth >= depth ? null : seeking,
  };
}
