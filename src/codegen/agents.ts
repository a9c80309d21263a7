import type { Expression } from "../core/expressions.ts";
import type { Node } from "../model/flow.ts";
import type { Frame } from "../model/frames.ts";
import type { TransitionModel } from "../model/model.ts";
import { packingOf } from "../model/packing.ts";
import { InternalError, present } from "../support/internal-error.ts";
import type { Value } from "../values/value.ts";
import type { Emitter } from "./emitter.ts";
import { addTo, type Engine, parameter, ROUNDS_MAX, settleMarks, WAYS_MAX } from "./engine.ts";
import { push } from "./expressions.ts";
import { FOUND } from "./kernel.ts";
import { pushLocation, STATUS } from "./observe.ts";
import { localSource } from "./places.ts";
import { canFail } from "./shape.ts";
import { unpacked, write } from "./sources.ts";
import { pushPick, START_FAILED, waysFrom, writeGraph } from "./steps.ts";
import { constantWords, packedWords, WORD_BYTES } from "./unit.ts";
import type { Func, FunctionWriter, Label, Local } from "./wasm.ts";

/** `(record) → 0 or what failed`: starts a thread afresh, up to its first place of rest. */
export function defineStart(engine: Engine, instance: number, func: Func): void {
  const { unit } = engine;
  const { begin, frame } = present(unit.model.threads[instance], "a thread");
  unit.module.define(func, (code) => {
    const state = parameter(code, 0);
    const finished = code.begin("block");
    const endless = code.begin("block");
    const fail = code.begin("block");
    const emitter = emitterOf(engine, code, { state, frame, fail });
    writeGraph(
      {
        engine,
        emitter,
        instance,
        rounds: code.lasting(),
        result: code.lasting(),
        finished,
        endless,
        onWait: () => {
          throw new InternalError("a thread that waits before it rests");
        },
        onAssertion: () => {
          code.i32(START_FAILED.assertion);
          code.op("return");
        },
        starts: [],
      },
      [begin],
      () => code.i32(0),
    );
    code.end();
    code.end();
    code.i32(START_FAILED.error);
    code.op("return");
    code.end();
    code.i32(0);
  });
}

/** `(source) → status`: takes all ways of the next step of a thread. */
export function defineThread(
  engine: Engine,
  instance: number,
  starts: readonly Func[],
  func: Func,
): void {
  const { unit } = engine;
  const { frame, rests, canBeDone } = present(unit.model.threads[instance], "a thread");
  const entries = rests.map((rest) => rest.entry);
  const ways = waysFrom(entries, engine);
  const core = ways.unbounded ? declareStep(engine) : func;
  unit.module.define(core, (code) => {
    const source = parameter(code, 0);
    const location = code.lasting();
    pushLocation({ ...emitterOf(engine, code, { state: source, frame, fail: NOWHERE }) }, instance);
    code.set(location);
    if (canBeDone) {
      code.get(location);
      code.op("i32.eqz");
      code.beginIf();
      code.i32(STATUS.done);
      code.op("return");
      code.end();
    }
    if (entries.length === 0) {
      code.i32(STATUS.done);
      return;
    }
    const step = { engine, instance, starts, frame, ways, source };
    writeTries(code, step, (writer) => {
      writeGraph(writer, entries, () => {
        code.get(location);
        if (canBeDone) {
          code.i32(1);
          code.op("i32.sub");
        }
      });
    });
  });
  if (ways.unbounded) {
    defineBounded(engine, core, func);
  }
}

/** `(source) → status`: takes a transition for every choice of its parameters. */
export function defineTransition(
  engine: Engine,
  index: number,
  starts: readonly Func[],
  func: Func,
): void {
  const { unit } = engine;
  const transition = present(unit.model.transitions[index], "a transition");
  const guard = guardBefore(engine, transition);
  const choices = transition.choices.map((choice) => {
    const ways = waysFrom([choice.begin], engine);
    const step = declareStep(engine);
    const { frame, begin } = choice;
    unit.module.define(step, (code) => {
      const source = parameter(code, 0);
      const several = ways.several || transition.chosen !== null;
      const of = { engine, instance: null, starts, frame, source, ways: { ...ways, several } };
      const when = guard === null ? transition.transition.when : null;
      writeTries(code, of, (writer) => writeTransition(writer, index, { when, begin }));
    });
    return { step, frame, unbounded: ways.unbounded };
  });
  const chosen = (transition.chosen ?? []).reduce((all, values) => all * values.length, 1);
  const unbounded =
    choices.some((choice) => choice.unbounded) ||
    (transition.chosen !== null &&
      (chosen > WAYS_MAX ||
        waysFrom(
          choices.length > 0 ? [present(transition.choices[0], "a choice").begin] : [],
          engine,
        ).several));
  const all = unbounded ? declareStep(engine) : func;
  unit.module.define(all, (code) => {
    const source = parameter(code, 0);
    const status = code.lasting();
    for (const { step, frame } of choices) {
      if (guard !== null) {
        const emitter = emitterOf(engine, code, { state: source, frame, fail: NOWHERE });
        code.scoped(() => push(emitter, guard));
        code.beginIf();
      }
      code.get(source);
      code.call(step);
      code.get(status);
      code.op("i32.or");
      code.set(status);
      if (guard !== null) {
        code.end();
      }
    }
    code.get(status);
  });
  if (unbounded) {
    defineBounded(engine, all, func);
  }
}

/**
 * The guard of a transition if it can be asked before the code of each choice is called, which most
 * are not: it has a value always, and what its parameters are is known. Else null.
 */
function guardBefore(
  engine: Engine,
  { transition, choices, chosen }: TransitionModel,
): Expression | null {
  const { when } = transition;
  return when !== null &&
    chosen === null &&
    !canFail(engine, when) &&
    !choices.some(({ begin }) => waysFrom([begin], engine).unbounded)
    ? when
    : null;
}

function declareStep({ unit }: Engine): Func {
  return unit.module.declare({ parameters: ["i32"], results: ["i32"] });
}

function writeTransition(
  writer: Parameters<typeof writeGraph>[0] & { readonly next: Label },
  index: number,
  { when, begin }: { readonly when: Expression | null; readonly begin: Node },
): void {
  const { emitter, engine, next } = writer;
  const { code } = emitter;
  const { chosen } = present(engine.unit.model.transitions[index], "a transition");
  for (const [slot, values] of (chosen ?? []).entries()) {
    code.scoped(() => chooseParameter(writer, slot, values));
  }
  if (engine.counted !== null) {
    code.i32(engine.counted.count - engine.unit.model.transitions.length + index);
    code.call(engine.functions.mark);
  }
  if (when !== null) {
    code.scoped(() => push(emitter, when));
    code.op("i32.eqz");
    code.brIf(next);
  }
  writeGraph(writer, [begin], () => code.i32(0));
}

/** Picks one of the values of a parameter. */
function chooseParameter(
  writer: Parameters<typeof writeGraph>[0],
  slot: number,
  values: readonly Value[],
): void {
  const { emitter, engine } = writer;
  const { code } = emitter;
  const frame = present(emitter.frame ?? undefined, "a frame");
  const target = localSource(emitter, frame, slot);
  const packed = values.map((value) => packedWords(engine.unit, value, target.type));
  const width = packed[0]?.length ?? 1;
  const table = new Uint32Array(packed.length * width);
  for (const [index, words] of packed.entries()) {
    table.set(words, index * width);
  }
  const packing = packingOf(target.type, engine.unit.model.types);
  if (values.length > 1) {
    pushPick(writer, () => code.i32(values.length));
  } else {
    code.i32(0);
  }
  code.i32(width * WORD_BYTES);
  code.op("i32.mul");
  code.i32(constantWords(engine.unit, table));
  code.op("i32.add");
  if (packing.bits <= 32) {
    code.access("i32.load");
    unpacked(emitter, packing);
  }
  write(emitter, target);
}

interface Step {
  readonly engine: Engine;
  readonly instance: number | null;
  readonly starts: readonly Func[];
  readonly frame: Frame;
  readonly ways: { readonly several: boolean; readonly unbounded: boolean };
  readonly source: Local;
}

const NOWHERE: Label = { depth: -1 };

/** What code of an agent's frame is written with. */
function emitterOf(
  { unit }: Engine,
  code: FunctionWriter,
  of: { readonly state: Local; readonly frame: Frame | null; readonly fail: Label },
): Emitter {
  return { unit, code, ...of, next: null, binders: new Map(), temporaries: new Map(), tried: null };
}

/** Writes the loop over the ways of a step; leaves the status on the stack. */
function writeTries(
  code: FunctionWriter,
  { engine, instance, starts, frame, ways, source }: Step,
  write: (writer: Parameters<typeof writeGraph>[0] & { readonly next: Label }) => void,
): void {
  const { globals, functions } = engine;
  const [status, state] = [code.lasting(), code.lasting()];
  const [rounds, result] = [code.lasting(), code.lasting()];
  const addStatus = (): void => {
    code.get(status);
    code.op("i32.or");
    code.set(status);
  };
  const overflow = code.begin("block");
  const tries = code.begin("loop");
  code.getGlobal(globals.record);
  code.set(state);
  code.i32(0);
  code.set(rounds);
  const next = code.begin("block");
  const finished = code.begin("block");
  const fail = code.begin("block");
  const endless = ways.unbounded ? overflow : fail;
  const emitter = emitterOf(engine, code, { state, frame, fail });
  write({
    engine,
    emitter,
    instance,
    rounds,
    result,
    finished,
    endless,
    next,
    onWait: ({ wait }, isDirty) => {
      if (wait === "idle") {
        code.i32(STATUS.idle);
        addStatus();
      }
      if (isDirty) {
        code.get(source);
        code.call(functions.restore);
      }
      code.br(next);
    },
    onAssertion: () => {
      code.get(source);
      code.i32(FOUND.assertion);
      code.call(functions.failed);
      addStatus();
      code.br(next);
    },
    starts,
  });
  code.end();
  code.get(source);
  code.i32(FOUND.error);
  code.call(functions.failed);
  addStatus();
  code.br(next);
  code.end();
  code.get(source);
  code.call(functions.emit);
  addStatus();
  code.end();
  settleMarks(engine, code, false);
  if (ways.unbounded) {
    addTo(code, globals.tries, 1);
    code.getGlobal(globals.tries);
    code.i32(WAYS_MAX);
    code.op("i32.gt_u");
    code.brIf(overflow);
  }
  if (ways.several) {
    code.call(functions.nextPlan);
    code.brIf(tries);
  }
  code.get(status);
  code.op("return");
  code.end();
  code.end();
  // The step has no end, or ways without number.
  code.i32(0);
  code.setGlobal(globals.made);
  code.i32(0);
  code.setGlobal(globals.given);
  if (engine.counted !== null) {
    // A way without end is the one that is told, with what it executed; of many ways none is.
    code.get(rounds);
    code.i32(ROUNDS_MAX);
    code.op("i32.le_u");
    code.beginIf();
    settleMarks(engine, code, false);
    code.end();
  }
  code.get(source);
  code.call(functions.restore);
  code.i32(STATUS.overflow);
}

/** Takes a step only after it is known that it has an end: else its only way is an error (rule 18). */
function defineBounded(engine: Engine, core: Func, func: Func): void {
  const { unit, globals, functions } = engine;
  unit.module.define(func, (code) => {
    const source = parameter(code, 0);
    const [status, matched] = [code.local(), code.local()];
    const probe = (): void => {
      code.i32(0);
      code.setGlobal(globals.tries);
      code.get(source);
      code.call(core);
      code.tee(status);
      code.i32(STATUS.overflow);
      code.op("i32.and");
    };
    code.getGlobal(globals.probing);
    code.beginIf();
    code.getGlobal(globals.matched);
    code.set(matched);
    probe();
    code.beginIf();
    settleMarks(engine, code, false);
    code.get(matched);
    code.setGlobal(globals.matched);
    code.i32(STATUS.ready | STATUS.enabled);
    code.op("return");
    code.end();
    code.get(status);
    code.op("return");
    code.end();
    code.i32(1);
    code.setGlobal(globals.probing);
    probe();
    code.i32(0);
    code.setGlobal(globals.probing);
    code.beginIf();
    code.get(source);
    code.i32(FOUND.error);
    code.call(functions.failed);
    code.op("return");
    code.end();
    code.i32(0);
    code.setGlobal(globals.tries);
    code.get(source);
    code.call(core);
  });
}
