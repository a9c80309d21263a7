import type { Expression } from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { Node, Op } from "../model/flow.ts";
import type { Field, Frame, Storage } from "../model/frames.ts";
import { indexTypeOf } from "../model/make-frames.ts";
import { isSmall, type SetPacking, WORD_BITS, wordsOf } from "../model/packing.ts";
import { InternalError, present, unreachable } from "../support/internal-error.ts";
import { clearWords, convert } from "./convert.ts";
import { type Emitter, isOneWord, known, ownWords } from "./emitter.ts";
import { type Engine, pushTooManyPicks, ROUNDS_MAX, WAYS_MAX } from "./engine.ts";
import { push, pushAs, pushBound } from "./expressions.ts";
import { dirtyNodes, type GraphOrder, orderGraph, topological } from "./graph.ts";
import { pushIsDone, pushThreadElement } from "./observe.ts";
import { localSource, storageSource, targetOf } from "./places.ts";
import { forEach } from "./sets.ts";
import { sizeOf } from "./shape.ts";
import { memorySource, type Source, write, writePacked } from "./sources.ts";
import { packingIn, WORD_BYTES } from "./unit.ts";
import type { Func, Label, Local } from "./wasm.ts";

/** What the code of a flow graph is written for. */
export interface GraphWriter {
  readonly engine: Engine;
  readonly emitter: Emitter;
  /** The thread whose code it is; null in a transition. */
  readonly instance: number | null;
  /** Rounds of loops on this way. */
  readonly rounds: Local;
  /** What a proc gives back, on its way to the caller. */
  readonly result: Local;
  /** Where a step or start goes that came to its end. */
  readonly finished: Label;
  /** Where a way goes that has too many rounds. */
  readonly endless: Label;
  /** Writes what becomes of a try that ends at a wait; `isDirty`: the record may have been written. */
  onWait(op: Op & { kind: "wait" }, isDirty: boolean): void;
  /** Writes what becomes of a failed assertion. */
  onAssertion(): void;
  /** `(address) → 0, or what its start failed of`; by instance. */
  readonly starts: readonly Func[];
}

interface Writing extends GraphWriter {
  readonly order: GraphOrder;
  readonly dirty: ReadonlySet<Node>;
  /** Labels of the heads whose code comes later, by their index. */
  readonly labels: readonly Label[];
  /** Index of the head whose code is written. */
  at: number;
  readonly again: Label;
  /** Which entry or return is gone to. */
  readonly target: Local;
  readonly returnIndex: ReadonlyMap<Node, number>;
}

/**
 * Writes the code of the graph from `entries` on. `pushEntry` pushes which of them it begins with.
 * Every way ends in `finished`, `endless`, `fail` or in what `onWait` and `onAssertion` write.
 */
export function writeGraph(
  writer: GraphWriter,
  entries: readonly Node[],
  pushEntry: () => void,
): void {
  const { code } = writer.emitter;
  const order = orderGraph(entries);
  const returns = [...order.returns];
  const target = code.lasting();
  pushEntry();
  code.set(target);
  const again = code.begin("loop");
  const labels: Label[] = [];
  for (let index = order.heads.length - 1; index >= 0; index--) {
    labels[index] = code.begin("block");
  }
  const labelOf = (node: Node): Label =>
    present(labels[present(order.indexOf.get(node), "a head")], "a label");
  code.get(target);
  const targets = [...entries, ...returns].map(labelOf);
  code.brTable(targets, present(targets[0], "an entry"));
  const writing: Writing = {
    ...writer,
    order,
    dirty: dirtyNodes(entries, writesState),
    labels,
    at: 0,
    again,
    target,
    returnIndex: new Map(returns.map((node, index) => [node, entries.length + index])),
  };
  for (const [index, head] of order.heads.entries()) {
    code.end();
    writing.at = index;
    writeFrom(writing, head, true);
  }
  code.end();
  code.op("unreachable");
}

/** Whether a node may change the record, so that a try that ends later has to undo it. */
function writesState({ op }: Node): boolean {
  switch (op.kind) {
    case "assign":
    case "assignResult":
    case "declare":
    case "declareResult":
    case "choose":
    case "call":
    case "start":
      return true;
    case "clear":
      return op.fields.length > 0;
    default:
      return false;
  }
}

/** Writes the code from a node on, up to where it jumps or ends. */
function writeFrom(writing: Writing, from: Node, isHead: boolean): void {
  const { code } = writing.emitter;
  let node = from;
  let isFirst = isHead;
  for (;;) {
    if (!isFirst && writing.order.indexOf.has(node)) {
      jumpTo(writing, node);
      return;
    }
    isFirst = false;
    const { op } = node;
    switch (op.kind) {
      case "test":
      case "testResult":
      case "choose": {
        const [then, otherwise] = op.kind === "choose" ? [op.some, op.none] : [op.then, op.else];
        code.scoped(() => pushDecision(writing, op));
        if (!isLeaf(otherwise)) {
          code.beginIf();
          writeFrom(writing, then, false);
          code.otherwise();
          writeFrom(writing, otherwise, false);
          code.end();
          code.op("unreachable");
          return;
        }
        // The way that goes on stays flat, however long it is.
        code.op("i32.eqz");
        code.beginIf();
        writeFrom(writing, otherwise, false);
        code.end();
        node = then;
        break;
      }
      case "pick":
        writePick(writing, op);
        return;
      case "rest":
      case "end":
      case "wait":
      case "fail":
        writeEnd(writing, node);
        return;
      default:
        code.scoped(() => writeEffect(writing, op));
        node = op.next;
    }
  }
}

function isLeaf({ op }: Node): boolean {
  return op.kind === "wait" || op.kind === "fail";
}

function jumpTo(
  { emitter, order, labels, at, again, target, returnIndex }: Writing,
  node: Node,
): void {
  const { code } = emitter;
  const index = present(order.indexOf.get(node), "a head");
  if (index > at) {
    code.br(present(labels[index], "a label"));
    return;
  }
  code.i32(present(returnIndex.get(node), "a way back"));
  code.set(target);
  code.br(again);
}

function writeEnd(writing: Writing, node: Node): void {
  const { emitter, instance, finished, dirty } = writing;
  const { code } = emitter;
  const { op } = node;
  switch (op.kind) {
    case "rest":
    case "end":
      if (instance !== null) {
        const location = op.kind === "rest" ? op.rest.location : 0;
        code.scoped(() => writeLocation(emitter, instance, location));
      }
      code.br(finished);
      return;
    case "wait":
      writing.onWait(op, dirty.has(node));
      return;
    case "fail":
      if (op.failure === "assertion") {
        writing.onAssertion();
      } else {
        code.br(emitter.fail);
      }
      return;
    default:
      throw new InternalError(`${op.kind} is no end`);
  }
}

/** Stores where a thread rests. */
function writeLocation(emitter: Emitter, instance: number, location: number): void {
  const { packing, bit } = present(emitter.unit.model.layout.locations[instance], "a location");
  if (packing.bits === 0) {
    return;
  }
  emitter.code.i32(location);
  writePacked(emitter, memorySource(emitter.state, bit, packing.type), packing.bits);
}

type Deciding = Extract<Op, { kind: "test" | "testResult" | "choose" }>;

/** Pushes whether to go on with the first way. */
function pushDecision(writing: Writing, op: Deciding): void {
  switch (op.kind) {
    case "test":
      push({ ...writing.emitter, frame: op.frame }, op.condition);
      return;
    case "testResult":
      writing.emitter.code.get(writing.result);
      return;
    default:
      pushChosen(writing, op);
  }
}

/** Picks an element and stores it into its slot; pushes whether there is one. */
function pushChosen(writing: Writing, op: Extract<Op, { kind: "choose" }>): void {
  const emitter: Emitter = { ...writing.emitter, frame: op.frame };
  const { code } = emitter;
  const [count, left] = [code.local(), code.local()];
  // Once to count the elements, and once to find the one that is picked.
  walkChoices(emitter, op, 1, (begin) => {
    code.i32(0);
    code.set(count);
    begin(() => {
      code.get(count);
      code.i32(1);
      code.op("i32.add");
      code.set(count);
    });
  });
  code.get(count);
  code.beginIf();
  code.i32(0);
  code.set(left);
  code.get(count);
  code.i32(1);
  code.op("i32.gt_u");
  code.beginIf();
  pushPick(writing, () => code.get(count));
  code.set(left);
  code.end();
  const found = code.begin("block");
  walkChoices(emitter, op, 4, (begin) => {
    begin((pushElement) => {
      code.get(left);
      code.op("i32.eqz");
      code.beginIf();
      const slot = localSource(emitter, op.frame, op.slot);
      pushElement(slot.type);
      write(emitter, slot);
      code.br(found);
      code.end();
      code.get(left);
      code.i32(1);
      code.op("i32.sub");
      code.set(left);
    });
  });
  code.end();
  code.end();
  code.get(count);
}

/** Walks the elements that satisfy `where`. */
function walkChoices(
  emitter: Emitter,
  { set, where, slot }: Extract<Op, { kind: "choose" }>,
  size: number,
  walk: (begin: (each: (pushElement: (type: Type) => void) => void) => void) => void,
): void {
  const { code } = emitter;
  const whereSize = where === null ? 0 : sizeOf(emitter, where);
  walk((each) => {
    forEach(emitter, set, size + whereSize, (element) => {
      const pushElement = (type: Type): void => pushBound(emitter, element, type);
      if (where === null) {
        each(pushElement);
        return;
      }
      push({ ...emitter, tried: { slot, element } }, where);
      code.beginIf();
      each(pushElement);
      code.end();
    });
  });
}

/** Pushes which of several ways to go; too many of them end the step. */
export function pushPick(
  { engine, emitter, endless }: Pick<GraphWriter, "engine" | "emitter" | "endless">,
  pushCount: () => void,
): void {
  const { code } = emitter;
  pushTooManyPicks(engine, code);
  code.brIf(endless);
  pushCount();
  code.call(engine.functions.pick);
}

function writePick(writing: Writing, { branches }: Extract<Op, { kind: "pick" }>): void {
  const { code } = writing.emitter;
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) {
    writeFrom(writing, only, false);
    return;
  }
  const picked = code.lasting();
  pushPick(writing, () => code.i32(branches.length));
  code.set(picked);
  for (const [index, branch] of branches.entries()) {
    if (index === branches.length - 1) {
      writeFrom(writing, branch, false);
      return;
    }
    code.get(picked);
    code.i32(index);
    code.op("i32.eq");
    code.beginIf();
    writeFrom(writing, branch, false);
    code.end();
  }
}

type Effect = Exclude<
  Op,
  { kind: "test" | "testResult" | "choose" | "pick" | "rest" | "end" | "wait" | "fail" }
>;

function writeEffect(writing: Writing, op: Effect): void {
  const { engine, rounds, result, endless } = writing;
  const { code } = writing.emitter;
  switch (op.kind) {
    case "clear":
      writeClear(writing.emitter, op.fields);
      return;
    case "round":
      code.get(rounds);
      code.i32(1);
      code.op("i32.add");
      code.tee(rounds);
      code.i32(ROUNDS_MAX);
      code.op("i32.gt_u");
      code.brIf(endless);
      return;
    case "mark":
      code.i32(op.statement);
      code.call(engine.functions.mark);
      return;
    default:
  }
  const emitter: Emitter = { ...writing.emitter, frame: op.frame };
  switch (op.kind) {
    case "assign": {
      const target = targetOf(emitter, op.target);
      pushAs(emitter, op.value, target.type);
      write(emitter, target);
      return;
    }
    case "assignResult": {
      const target = targetOf(emitter, op.target);
      code.get(result);
      convert(emitter, op.from, target.type);
      write(emitter, target);
      return;
    }
    case "declare":
      writeDeclared(emitter, op.frame, op.slot, op.value);
      return;
    case "declareResult": {
      const target = localSource(emitter, op.frame, op.slot);
      code.get(result);
      convert(emitter, op.from, target.type);
      write(emitter, target);
      return;
    }
    case "result":
      pushAs(emitter, op.value, op.fits);
      keepResult(writing, op.fits);
      return;
    case "passResult":
      code.get(result);
      convert(emitter, op.from, op.fits);
      keepResult(writing, op.fits);
      return;
    case "call":
      writeCall(emitter, op);
      return;
    case "start":
      writeStart(writing, op);
      return;
    default:
      unreachable(op);
  }
}

/** A wide result is copied: it may lie in locals that go out of scope. */
function keepResult({ emitter, result }: Writing, type: Type): void {
  const { code, unit } = emitter;
  if (isOneWord(emitter, type)) {
    code.set(result);
    return;
  }
  const address = ownWords(emitter, wordsOf(packingIn(unit, type)));
  write(emitter, memorySource(address, 0, type));
  code.get(address);
  code.set(result);
}

function writeDeclared(
  emitter: Emitter,
  frame: Frame,
  slot: number,
  value: Expression | null,
): void {
  const target = localSource(emitter, frame, slot);
  if (value !== null) {
    pushAs(emitter, value, target.type);
    write(emitter, target);
  } else {
    writeZero(emitter, target);
  }
}

/** Stores the first value of a type. */
function writeZero(emitter: Emitter, target: Source): void {
  const { code, unit } = emitter;
  const packing = packingIn(unit, target.type);
  if (isSmall(packing)) {
    code.i32(0);
    writePacked(emitter, target, packing.bits);
  } else if (target.kind === "memory") {
    const address = code.local();
    code.get(target.address);
    code.i32(target.word * WORD_BYTES);
    code.op("i32.add");
    code.set(address);
    clearWords(emitter, address, wordsOf(packing));
  }
}

/** Fields of one word are cleared together. */
function writeClear(emitter: Emitter, fields: readonly Field[]): void {
  const { code, state } = emitter;
  const masks = new Map<number, number>();
  for (const { bit, packing } of fields) {
    if (bit < 0 || packing.bits === 0) {
      continue;
    }
    const first = Math.floor(bit / WORD_BITS);
    if (isSmall(packing)) {
      const mask = packing.bits === WORD_BITS ? -1 : 2 ** packing.bits - 1;
      masks.set(first, (masks.get(first) ?? 0) | (mask << (bit % WORD_BITS)));
    } else {
      for (let word = first; word < first + wordsOf(packing); word++) {
        masks.set(word, -1);
      }
    }
  }
  for (const [word, mask] of masks) {
    code.get(state);
    if (mask === -1) {
      code.i32(0);
    } else {
      code.get(state);
      code.access("i32.load", word * WORD_BYTES);
      code.i32(~mask);
      code.op("i32.and");
    }
    code.access("i32.store", word * WORD_BYTES);
  }
}

/** Evaluates the arguments of a call into the parameters, and the indices of what `ref`s are bound to. */
function writeCall(emitter: Emitter, { callee, call }: Extract<Op, { kind: "call" }>): void {
  for (const [slot, argument] of call.arguments.entries()) {
    const storage: Storage = present(callee.storages[slot], "a parameter");
    if (argument.kind === "value") {
      if (storage.kind === "field" || storage.kind === "temporary") {
        const target = storageSource(emitter, storage);
        pushAs(emitter, argument.value, target.type);
        write(emitter, target);
      }
      continue;
    }
    if (storage.kind !== "reference") {
      throw new InternalError("a ref parameter that is none");
    }
    // The path of what is bound ends with the steps of the argument's own place.
    const own = storage.place.path.slice(storage.place.path.length - argument.place.path.length);
    for (const [index, step] of argument.place.path.entries()) {
      const bound = own[index];
      if (step.kind === "element" && bound?.kind === "element" && bound.index.kind !== "constant") {
        pushAs(emitter, step.index, indexTypeOf(step.of));
        write(emitter, storageSource(emitter, bound.index));
      }
    }
  }
}

function writeStart(writing: Writing, op: Extract<Op, { kind: "start" }>): void {
  const emitter: Emitter = { ...writing.emitter, frame: op.frame };
  const { code, unit } = emitter;
  const { program } = unit.model;
  const instances = [...program.instances.keys()].filter(
    (instance) => program.instances[instance]?.thread === op.thread,
  );
  if (op.index === null) {
    startInstance(writing, present(instances[0], "an instance"));
    return;
  }
  const element: Expression = {
    kind: "threadElement",
    thread: op.thread,
    index: op.index,
    type: { kind: "thread" },
    span: op.index.span,
  };
  const constant = known(emitter, element);
  if (constant !== null) {
    startInstance(writing, unit.model.types.threads.indexOf(constant.value as string));
    return;
  }
  const wanted = code.local();
  pushThreadElement(emitter, element);
  code.set(wanted);
  for (const instance of instances) {
    code.get(wanted);
    code.i32(instance);
    code.op("i32.eq");
    code.beginIf();
    startInstance(writing, instance);
    code.end();
  }
}

function startInstance({ emitter, starts, onAssertion }: Writing, instance: number): void {
  const { code } = emitter;
  const failed = code.local();
  pushIsDone(emitter, instance);
  code.op("i32.eqz");
  code.brIf(emitter.fail);
  code.get(emitter.state);
  code.call(present(starts[instance], "the start of a thread"));
  code.tee(failed);
  code.i32(START_FAILED.error);
  code.op("i32.eq");
  code.brIf(emitter.fail);
  code.get(failed);
  code.beginIf();
  onAssertion();
  code.end();
}

/** What the start of a thread tells; 0 where it rests or is done. */
export const START_FAILED = { error: 1, assertion: 2 } as const;

/** How many ways a step can have. */
export interface Ways {
  /** At most; where there are loops, without what they add. */
  readonly count: number;
  readonly hasLoops: boolean;
  /** Whether there can be more than one. */
  readonly several: boolean;
  /** Whether there can be too many, or a way without end beside others (decision 0001, rule 18). */
  readonly unbounded: boolean;
}

/** In how many ways tries of these entries can end, if each is tried so many times. */
export function waysFrom(
  entries: readonly Node[],
  emitterOf: Pick<Emitter, "unit">,
  times: number = 1,
): Ways {
  const known = new Map<Node, number>();
  const count = (node: Node): number => {
    const { op } = node;
    switch (op.kind) {
      case "rest":
      case "end":
      case "wait":
      case "fail":
        return 1;
      case "test":
      case "testResult":
        return Math.max(waysOf(op.then), waysOf(op.else));
      case "pick":
        return op.branches.reduce((sum, branch) => sum + waysOf(branch), 0);
      case "choose": {
        const packing = packingIn(emitterOf.unit, op.set.type) as SetPacking;
        return Math.max(1, packing.count) * waysOf(op.some);
      }
      default:
        return waysOf(op.next);
    }
  };
  const waysOf = (node: Node): number => known.get(node) ?? 1;
  // Without loops every node comes before those it leads to.
  for (const node of [...topological(entries)].reverse()) {
    known.set(node, count(node));
  }
  const most = entries.reduce((all, entry) => Math.max(all, waysOf(entry)), 1);
  return severalWays(times * most, orderGraph(entries).returns.size > 0);
}

/** The ways of several steps that are tried one after the other, as one step. */
export function together(ways: readonly Ways[]): Ways {
  return severalWays(
    ways.reduce((sum, { count }) => sum + count, 0),
    ways.some(({ hasLoops }) => hasLoops),
  );
}

function severalWays(count: number, hasLoops: boolean): Ways {
  const several = count > 1;
  return { count, hasLoops, several, unbounded: count > WAYS_MAX || (several && hasLoops) };
}
