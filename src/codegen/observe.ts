import type { Expression } from "../core/expressions.ts";
import { locationsAt } from "../model/labels.ts";
import { present } from "../support/internal-error.ts";
import { evaluate } from "../values/evaluate.ts";
import { firstValue, misfit } from "../values/types.ts";
import type { Value } from "../values/value.ts";
import { convert } from "./convert.ts";
import { instanceOf } from "./decided.ts";
import { type Emitter, pushValue } from "./emitter.ts";
import { push, pushSame } from "./expressions.ts";
import { localSource } from "./places.ts";
import { memorySource, read, readPacked } from "./sources.ts";
import type { Func } from "./wasm.ts";

type Of<Kind> = Extract<Expression, { readonly kind: Kind }>;

/** Bits of what the step function of an agent tells (docs/language.md section 7). */
export const STATUS = {
  /** Some step changes the state. */
  ready: 1,
  /** Some try ended at an idle wait. */
  idle: 2,
  /** Ended or not started. */
  done: 4,
  /** Some step is possible. */
  enabled: 8,
  /** The step has no end, or ways without number (decision 0001, rule 18). */
  overflow: 16,
} as const;

/** Pushes the number of the place where a thread rests. */
export function pushLocation(
  emitter: Pick<Emitter, "unit" | "code" | "state">,
  instance: number,
): void {
  const { packing, bit } = present(emitter.unit.model.layout.locations[instance], "a location");
  readPacked(emitter, memorySource(emitter.state, bit, packing.type), packing.bits);
}

/** Pushes whether a thread has ended or not started. */
export function pushIsDone(emitter: Emitter, instance: number): void {
  if (present(emitter.unit.model.threads[instance], "a thread").canBeDone) {
    pushLocation(emitter, instance);
    emitter.code.op("i32.eqz");
  } else {
    emitter.code.i32(0);
  }
}

/** Pushes what `pushOne` pushes for the instance that `of` means. */
function pushForThread(
  emitter: Emitter,
  of: Expression,
  candidates: readonly number[],
  pushOne: (instance: number) => void,
): void {
  const { code } = emitter;
  const instance = instanceOf(emitter, of);
  if (instance !== null) {
    pushOne(instance);
    return;
  }
  const thread = code.local();
  push(emitter, of);
  code.set(thread);
  for (const candidate of candidates.slice(0, -1)) {
    code.get(thread);
    code.i32(candidate);
    code.op("i32.eq");
    code.beginIf("i32");
    pushOne(candidate);
    code.otherwise();
  }
  const last = candidates.at(-1);
  if (last === undefined) {
    // There is no such thread, so nothing ever gets here.
    code.i32(0);
  } else {
    pushOne(last);
  }
  for (let count = 1; count < candidates.length; count++) {
    code.end();
  }
}

function allInstances({ unit }: Emitter): readonly number[] {
  return [...unit.model.threads.keys()];
}

/** Pushes `done(t)`. */
export function pushDone(emitter: Emitter, of: Expression): void {
  pushForThread(emitter, of, allInstances(emitter), (instance) => pushIsDone(emitter, instance));
}

/** Pushes `t@label`, `t@p` or `t@p.label`. */
export function pushAt(emitter: Emitter, { of, proc, label }: Of<"at">): void {
  const { code, unit } = emitter;
  pushForThread(emitter, of, allInstances(emitter), (instance) => {
    const locations = locationsAt(unit.model, instance, { proc, label });
    const [first, last] = [locations[0], locations.at(-1)];
    if (first === undefined || last === undefined) {
      code.i32(0);
      return;
    }
    pushLocation(emitter, instance);
    if (last - first === locations.length - 1) {
      // Often they are all places of one proc, one after the other.
      pushIsWithin(emitter, first, last);
    } else {
      pushIsAmong(emitter, locations);
    }
  });
}

/** Replaces a location on the stack by whether it is one of these and those between. */
function pushIsWithin({ code }: Emitter, first: number, last: number): void {
  code.i32(first);
  if (first === last) {
    code.op("i32.eq");
  } else {
    code.op("i32.sub");
    code.i32(last - first + 1);
    code.op("i32.lt_u");
  }
}

/** Replaces a location on the stack by whether it is among these, one bit for each, in words. */
function pushIsAmong({ code }: Emitter, locations: readonly number[]): void {
  const masks = new Map<number, number>();
  for (const location of locations) {
    masks.set(location >>> 5, (masks.get(location >>> 5) ?? 0) | (1 << (location & 31)));
  }
  const at = code.local();
  code.set(at);
  code.i32(0);
  for (const [word, mask] of masks) {
    code.i32(mask);
    code.get(at);
    code.op("i32.shr_u");
    code.i32(1);
    code.op("i32.and");
    code.get(at);
    code.i32(5);
    code.op("i32.shr_u");
    code.i32(word);
    code.op("i32.eq");
    code.op("i32.and");
    code.op("i32.or");
  }
}

/** Pushes `t.x`: a local of a thread's own body, with its first value where the thread is done. */
export function pushThreadLocal(emitter: Emitter, expression: Of<"threadLocal">): void {
  const { code, unit } = emitter;
  const { thread, of, slot, type } = expression;
  const candidates = allInstances(emitter).filter(
    (instance) => unit.model.program.instances[instance]?.thread === thread,
  );
  pushForThread(emitter, of, candidates, (instance) => {
    const { frame } = present(unit.model.threads[instance], "a thread");
    const storage = present(frame.storages[slot], "a local");
    if (storage.kind !== "constant") {
      const source = localSource(emitter, frame, slot);
      read(emitter, source);
      convert(emitter, source.type, type);
      return;
    }
    pushIsDone(emitter, instance);
    code.beginIf("i32");
    pushValue(emitter, firstOf(emitter, expression), type);
    code.otherwise();
    pushValue(emitter, storage.value, type);
    code.end();
  });
}

function firstOf({ unit }: Emitter, { thread, slot }: Of<"threadLocal">): Value {
  const { body } = present(unit.model.program.threads[thread], "a thread");
  const { type } = present(body.locals[slot], "a local");
  // The index is the only local of a thread that is known: its type has a first value.
  return firstValue(type, unit.model.types);
}

/** Pushes `t[i]`; fails where there is no thread of that index. */
export function pushThreadElement(emitter: Emitter, { thread, index }: Of<"threadElement">): void {
  const { code, unit } = emitter;
  const { program, knowledge } = unit.model;
  const value = code.local();
  push(emitter, index);
  code.set(value);
  let depth = 0;
  for (const [instance, one] of program.instances.entries()) {
    if (one.thread !== thread || one.index === null) {
      continue;
    }
    const is = evaluate(one.index, knowledge.constant);
    if (misfit(is, index.type, knowledge.types) !== null) {
      continue;
    }
    code.get(value);
    pushValue(emitter, is, index.type);
    pushSame(emitter, index.type);
    code.beginIf("i32");
    code.i32(instance);
    code.otherwise();
    depth += 1;
  }
  code.br(emitter.fail);
  for (; depth > 0; depth--) {
    code.end();
  }
}

/** Pushes `blocked(t)`, `enabled(t)` or `enabled(transition)`. */
export function pushStatus(
  emitter: Emitter,
  expression: Of<"done" | "blocked" | "enabledThread" | "enabledTransition">,
): void {
  const { code, unit } = emitter;
  const { agents } = unit.model.program;
  const statusOf: Func = present(unit.statusOf ?? undefined, "the statuses of agents");
  const pushStatusOf = (agent: number): void => {
    code.i32(agent);
    code.get(emitter.state);
    code.call(statusOf);
  };
  if (expression.kind === "enabledTransition") {
    const { transition } = expression;
    pushStatusOf(
      agents.findIndex((one) => one.kind === "transition" && one.transition === transition),
    );
    pushFlag(emitter, STATUS.enabled);
    return;
  }
  pushForThread(emitter, expression.of, allInstances(emitter), (instance) => {
    if (expression.kind === "blocked" && isEscape(emitter, { kind: "thread", instance })) {
      code.i32(0);
      return;
    }
    pushStatusOf(agents.findIndex((one) => one.kind === "thread" && one.instance === instance));
    if (expression.kind === "enabledThread") {
      pushFlag(emitter, STATUS.enabled);
    } else {
      code.i32(STATUS.ready | STATUS.idle | STATUS.done);
      code.op("i32.and");
      code.op("i32.eqz");
    }
  });
}

function pushFlag({ code }: Emitter, flag: number): void {
  code.i32(flag);
  code.op("i32.and");
  code.i32(0);
  code.op("i32.ne");
}

/** Whether an agent comes to the rescue only: a deadlock is one whatever it does. */
export function isEscape(
  { unit }: Pick<Emitter, "unit">,
  agent: Emitter["unit"]["model"]["program"]["agents"][number],
): boolean {
  const { program } = unit.model;
  if (agent.kind === "transition") {
    return present(program.transitions[agent.transition], "a transition").escape;
  }
  const { thread } = present(program.instances[agent.instance], "an instance");
  return present(program.threads[thread], "a thread").escape;
}
