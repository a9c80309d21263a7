import type { Expression } from "../core/expressions.ts";
import type { Block, Call, Condition, Source, Statement } from "../core/statements.ts";
import { InternalError, present, unreachable } from "../support/internal-error.ts";
import type { Node, Op, Rest } from "./flow.ts";
import type { Field, Frame } from "./frames.ts";
import { foldIn } from "./knowledge.ts";
import { calleeFrame, type FrameMaker, spotOf } from "./make-frames.ts";
import { isStepping } from "./stepping.ts";

/**
 * How far a step has come (decision 0001, rules 1, 6 and 8).
 *
 * - `settling`: the step is done; what is local joins it, up to the next place of rest.
 * - `seeking`: inside a branch of `at` whose first stepping statement has not been reached.
 * - `atomic`: inside of the `atomic` statement `at`; null for the body of a transition.
 */
type Phase =
  | { readonly kind: "settling" }
  | { readonly kind: "seeking"; readonly frame: Frame; readonly at: Statement }
  | { readonly kind: "atomic"; readonly frame: Frame; readonly at: Statement | null };

const SETTLING: Phase = { kind: "settling" };

/** A point of the code: the frame whose statement comes next, and the phase. */
interface Point {
  readonly frame: Frame;
  readonly phase: Phase;
}

/** A flow graph under construction. */
export interface FlowBuilder {
  readonly maker: FrameMaker;
  readonly nodes: Node[];
  /** By frame and statement. */
  readonly rests: Map<string, Rest>;
  /** By frame, statement and phase. */
  readonly known: Map<string, Node>;
  /** What is still to be done for nodes that were handed out. */
  readonly pending: (() => void)[];
  /** Whether executed statements are marked. */
  readonly isCounted: boolean;
}

/** An empty graph. */
export function createFlow(maker: FrameMaker, isCounted: boolean): FlowBuilder {
  return { maker, nodes: [], rests: new Map(), known: new Map(), pending: [], isCounted };
}

/** Where an agent begins: a thread when it is started, a transition when it is taken. */
export function beginOf(flow: FlowBuilder, frame: Frame): Node {
  const [first] = frame.body.block.statements;
  const phase: Phase = frame.kind === "transition" ? { kind: "atomic", frame, at: null } : SETTLING;
  const begin =
    first === undefined ? node(flow, { kind: "end" }) : visit(flow, { frame, phase }, first);
  for (let task = flow.pending.pop(); task !== undefined; task = flow.pending.pop()) {
    task();
  }
  return begin;
}

function node(flow: FlowBuilder, op: Op): Node {
  const made = { id: flow.nodes.length, op };
  flow.nodes.push(made);
  return made;
}

/** A node that is worked out later: code may be long, and loops lead back. */
function later(flow: FlowBuilder, key: string, make: () => Op): Node {
  let made = flow.known.get(key);
  if (made === undefined) {
    const shell = node(flow, { kind: "end" });
    flow.known.set(key, shell);
    flow.pending.push(() => {
      shell.op = make();
    });
    made = shell;
  }
  return made;
}

function phaseKey(phase: Phase): string {
  return phase.kind === "settling" ? "" : `${phase.kind} ${phase.frame.id} ${phase.at?.id}`;
}

/** In front of a statement: rests if it steps and the step is over, else executes it. */
function visit(flow: FlowBuilder, point: Point, statement: Statement): Node {
  const { frame, phase } = point;
  const key = `${frame.id} ${statement.id} ${phaseKey(phase)}`;
  return later(flow, key, () => {
    const steps =
      phase.kind !== "atomic" && isStepping(flow.maker.knowledge.program, frame, statement);
    if (steps && phase.kind === "settling") {
      return { kind: "rest", rest: restAt(flow, frame, statement) };
    }
    return execute(flow, steps ? { frame, phase: taken(statement, phase) } : point, statement);
  });
}

/** A stepping statement makes the step, except that `either` and `choose` are decided later. */
function taken(statement: Statement, phase: Phase): Phase {
  return statement.kind === "either" || statement.kind === "choose" ? phase : SETTLING;
}

function restAt(flow: FlowBuilder, frame: Frame, statement: Statement): Rest {
  const key = `${frame.id} ${statement.id}`;
  let rest = flow.rests.get(key);
  if (rest === undefined) {
    const entry = later(flow, `${key} entry`, () =>
      execute(flow, { frame, phase: SETTLING }, statement),
    );
    rest = { frame, statement, entry, location: -1 };
    flow.rests.set(key, rest);
  }
  return rest;
}

function execute(flow: FlowBuilder, point: Point, statement: Statement): Op {
  const op = executed(flow, point, statement);
  if (!flow.isCounted) {
    return op;
  }
  return { kind: "mark", statement: statement.id, next: node(flow, op) };
}

function executed(flow: FlowBuilder, point: Point, statement: Statement): Op {
  const { frame } = point;
  switch (statement.kind) {
    case "skip":
      return alias(proceed(flow, point, statement));
    case "break":
    case "continue":
      return alias(jump(flow, point, statement, statement.kind));
    case "assign":
    case "declare":
    case "return":
      return obtain(flow, point, statement);
    case "await": {
      const wait = node(flow, { kind: "wait", wait: statement.wait });
      return test(flow, frame, statement.condition, [proceed(flow, point, statement), wait]);
    }
    case "assert": {
      const failed = node(flow, { kind: "fail", failure: "assertion" });
      return test(flow, frame, statement.condition, [proceed(flow, point, statement), failed]);
    }
    case "if":
    case "while":
      return decide(flow, point, statement, statement.condition);
    case "loop":
    case "block":
      return alias(enter(flow, point, statement, statement.body));
    case "either": {
      const inside = seek(point, statement);
      const branches = statement.branches.map((branch) => enter(flow, inside, statement, branch));
      return { kind: "pick", branches };
    }
    case "choose":
      return choose(flow, point, statement);
    case "atomic": {
      const phase: Phase =
        point.phase.kind === "atomic" ? point.phase : { kind: "atomic", frame, at: statement };
      return alias(enter(flow, { frame, phase }, statement, statement.body));
    }
    case "call":
      return call(flow, point, statement, statement.call);
    case "start": {
      const next = proceed(flow, point, statement);
      return { kind: "start", frame, thread: statement.thread, index: statement.index, next };
    }
    default:
      return unreachable(statement);
  }
}

/** Goes on at a node that may not be worked out yet. */
function alias(next: Node, never: Node | null = null): Op {
  return { kind: "clear", fields: [], next, never };
}

type Storing = Extract<Statement, { kind: "assign" | "declare" | "return" }>;

function obtain(flow: FlowBuilder, point: Point, statement: Storing): Op {
  const { frame } = point;
  const source: Source | null = statement.value;
  if (source?.kind === "call") {
    return call(flow, point, statement, source.call);
  }
  if (statement.kind === "return") {
    return giveBack(flow, point, statement, source?.expression ?? null);
  }
  const next = proceed(flow, point, statement);
  return statement.kind === "assign"
    ? { kind: "assign", frame, target: statement.target, value: wanted(source), next }
    : { kind: "declare", frame, slot: statement.slot, value: source?.expression ?? null, next };
}

function wanted(source: Source | null): Expression {
  if (source?.kind !== "expression") {
    throw new InternalError("an assignment without a value");
  }
  return source.expression;
}

type Deciding = Extract<Statement, { kind: "if" | "while" }>;

function decide(flow: FlowBuilder, point: Point, statement: Deciding, condition: Condition): Op {
  if (condition.kind === "call") {
    return call(flow, point, statement, condition.call);
  }
  return test(flow, point.frame, condition.expression, branches(flow, point, statement));
}

/** Behind a condition that holds, and behind one that does not. */
function branches(flow: FlowBuilder, point: Point, statement: Deciding): readonly [Node, Node] {
  if (statement.kind === "while") {
    return [enter(flow, point, statement, statement.body), proceed(flow, point, statement)];
  }
  return [
    enter(flow, point, statement, statement.then),
    statement.else === null
      ? proceed(flow, point, statement)
      : enter(flow, point, statement, statement.else),
  ];
}

function test(
  flow: FlowBuilder,
  frame: Frame,
  condition: Expression,
  [then, otherwise]: readonly [Node, Node],
): Op {
  const { knowledge } = flow.maker;
  const known = foldIn(condition, { knowledge, frame, binders: new Map() });
  if (known === null) {
    return { kind: "test", frame, condition, then, else: otherwise };
  }
  return known.value === true ? alias(then, otherwise) : alias(otherwise, then);
}

function seek({ frame, phase }: Point, at: Statement): Point {
  return { frame, phase: phase.kind === "atomic" ? phase : { kind: "seeking", frame, at } };
}

function choose(
  flow: FlowBuilder,
  point: Point,
  statement: Extract<Statement, { kind: "choose" }>,
): Op {
  const { slot, set, where, wait, body } = statement;
  const some = enter(flow, seek(point, statement), statement, body);
  const none = node(flow, { kind: "wait", wait });
  return { kind: "choose", frame: point.frame, slot, set, where, some, none };
}

function call(flow: FlowBuilder, point: Point, statement: Statement, of: Call): Op {
  const { frame, phase } = point;
  const callee = calleeFrame(flow.maker, frame, statement, of);
  const [first] = callee.body.block.statements;
  const next =
    first === undefined
      ? leaveFrame(flow, { frame: callee, phase })
      : visit(flow, { frame: callee, phase }, first);
  return { kind: "call", frame, callee, call: of, next };
}

/** The innermost frame ends, and its caller goes on with the value. */
function giveBack(
  flow: FlowBuilder,
  point: Point,
  statement: Statement,
  value: Expression | null,
): Op {
  const { frame } = point;
  const leaving = fieldsAround(frame, statement);
  const phase = phaseOutside(point);
  const after =
    value === null || frame.result === null || frame.parent === null
      ? delivered(flow, { frame, phase }, false)
      : delivered(flow, { frame, phase }, true);
  const next = clear(flow, leaving, after);
  return value === null || frame.result === null
    ? alias(next)
    : { kind: "result", frame, value, fits: frame.result, next };
}

/** What the caller of `frame`, which is gone, does with the result of its call. */
function delivered(flow: FlowBuilder, { frame: callee, phase }: Point, hasValue: boolean): Node {
  const { parent: frame, call: at, result: from } = callee;
  if (frame === null || at === null) {
    return node(flow, { kind: "end" });
  }
  const point = { frame, phase };
  const key = `${callee.id} delivers ${hasValue} ${phaseKey(phase)}`;
  return later(flow, key, () => {
    if (at.kind === "call") {
      return alias(proceed(flow, point, at));
    }
    if (!hasValue || from === null) {
      throw new InternalError("a call without result where a value belongs");
    }
    switch (at.kind) {
      case "assign": {
        const next = proceed(flow, point, at);
        return { kind: "assignResult", frame, target: at.target, from, next };
      }
      case "declare": {
        const next = proceed(flow, point, at);
        return { kind: "declareResult", frame, slot: at.slot, from, next };
      }
      case "return": {
        const leaving = fieldsAround(frame, at);
        const outside = { frame, phase: phaseOutside(point) };
        const next = clear(flow, leaving, delivered(flow, outside, frame.result !== null));
        return frame.result === null
          ? alias(next)
          : { kind: "passResult", frame, from, fits: frame.result, next };
      }
      case "if":
      case "while": {
        const [then, otherwise] = branches(flow, point, at);
        const isNegated = at.condition.kind === "call" && at.condition.negated;
        return isNegated
          ? { kind: "testResult", then: otherwise, else: then }
          : { kind: "testResult", then, else: otherwise };
      }
      default:
        throw new InternalError(`${at.kind} takes no value`);
    }
  });
}

/** Goes on with the first statement of a part of `statement`. */
function enter(flow: FlowBuilder, point: Point, statement: Statement, block: Block): Node {
  const [first] = block.statements;
  return first === undefined
    ? closeBlock(flow, point, block, statement)
    : visit(flow, point, first);
}

/** Goes on after a statement. */
function proceed(flow: FlowBuilder, point: Point, statement: Statement): Node {
  const { block, index, container } = spotOf(point.frame.body, statement);
  const next = block.statements[index + 1];
  return next === undefined ? closeBlock(flow, point, block, container) : visit(flow, point, next);
}

/** Goes on after the end of a block that is a part of `container`, or of a body. */
function closeBlock(
  flow: FlowBuilder,
  point: Point,
  block: Block,
  container: Statement | null,
): Node {
  const { frame } = point;
  if (container === null) {
    return leaveFrame(flow, point);
  }
  const key = `${frame.id} closes ${container.id} ${block.span.start} ${phaseKey(point.phase)}`;
  return later(flow, key, () => {
    const fields = frame.scopes.get(block)?.fields ?? [];
    const next = isLoop(container)
      ? anotherRound(flow, point, container)
      : proceed(flow, leave(point, container), container);
    return { kind: "clear", fields, next, never: null };
  });
}

function isLoop(statement: Statement): boolean {
  return statement.kind === "while" || statement.kind === "loop";
}

function anotherRound(flow: FlowBuilder, point: Point, loop: Statement): Node {
  return node(flow, { kind: "round", next: visit(flow, point, loop) });
}

/** The end of a body: a caller goes on as if after a call without a result. */
function leaveFrame(flow: FlowBuilder, point: Point): Node {
  const { frame } = point;
  const { parent, call: at } = frame;
  const outside = phaseOutside(point);
  const leaving = [...ownFields(frame), ...(frame.scopes.get(frame.body.block)?.fields ?? [])];
  if (parent === null || at === null) {
    return clear(flow, leaving, node(flow, { kind: "end" }));
  }
  if (frame.result !== null && at.kind !== "call") {
    return node(flow, { kind: "fail", failure: "error" });
  }
  return clear(flow, leaving, proceed(flow, { frame: parent, phase: outside }, at));
}

/** `break` and `continue`: up to the innermost loop and past it, or to its next round. */
function jump(
  flow: FlowBuilder,
  from: Point,
  statement: Statement,
  kind: "break" | "continue",
): Node {
  let point = from;
  let at = statement;
  const fields: Field[] = [];
  for (;;) {
    const { block, container } = spotOf(point.frame.body, at);
    fields.push(...(point.frame.scopes.get(block)?.fields ?? []));
    at = present(container, "a loop around break and continue");
    if (isLoop(at)) {
      break;
    }
    point = leave(point, at);
  }
  const next =
    kind === "continue" ? anotherRound(flow, point, at) : proceed(flow, leave(point, at), at);
  return node(flow, { kind: "clear", fields, next, never: null });
}

/** A statement with parts is left: the extent of a phase may end with it. */
function leave(point: Point, statement: Statement): Point {
  const { frame, phase } = point;
  return phase.kind !== "settling" && phase.frame === frame && phase.at === statement
    ? { frame, phase: SETTLING }
    : point;
}

/** The phase when a frame is left. */
function phaseOutside({ frame, phase }: Point): Phase {
  return phase.kind !== "settling" && phase.frame === frame ? SETTLING : phase;
}

function clear(flow: FlowBuilder, fields: readonly Field[], next: Node): Node {
  return fields.length === 0 ? next : node(flow, { kind: "clear", fields, next, never: null });
}

/** Parameters and kept indices of a frame. */
function ownFields(frame: Frame): readonly Field[] {
  return frame.outermost.fields;
}

/** All fields of a frame that can be in use at a statement. */
function fieldsAround(frame: Frame, statement: Statement): readonly Field[] {
  const fields = [...ownFields(frame)];
  for (let at: Statement | null = statement; at !== null; ) {
    const { block, container }: { block: Block; container: Statement | null } = spotOf(
      frame.body,
      at,
    );
    fields.push(...(frame.scopes.get(block)?.fields ?? []));
    at = container;
  }
  return fields;
}
