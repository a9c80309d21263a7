import type { Frame } from "../model/frames.ts";
import type { Emitter } from "./emitter.ts";
import {
  addTo,
  type Engine,
  PROBING,
  parameter,
  ROUNDS_MAX,
  settleMarks,
  WAYS_MAX,
} from "./engine.ts";
import { FOUND } from "./kernel.ts";
import { STATUS } from "./observe.ts";
import type { GraphWriter } from "./steps.ts";
import type { Func, FunctionWriter, Label, Local } from "./wasm.ts";

/** A step whose ways are tried. */
export interface Step {
  readonly engine: Engine;
  readonly instance: number | null;
  readonly starts: readonly Func[];
  readonly frame: Frame;
  readonly ways: { readonly several: boolean; readonly unbounded: boolean };
  readonly source: Local;
}

/** What the code of one way is written for. */
export interface TryWriter extends GraphWriter {
  /** Where a way goes that is none. */
  readonly next: Label;
}

/** Where what has a value always never goes. */
export const NOWHERE: Label = { depth: -1 };

/** What code of an agent's frame is written with. */
export function emitterOf(
  { unit }: Engine,
  code: FunctionWriter,
  of: { readonly state: Local; readonly frame: Frame | null; readonly fail: Label },
): Emitter {
  return { unit, code, ...of, next: null, binders: new Map(), temporaries: new Map(), tried: null };
}

/** Writes the loop over the ways of a step; leaves the status on the stack. */
export function writeTries(
  code: FunctionWriter,
  { engine, instance, starts, frame, ways, source }: Step,
  write: (writer: TryWriter) => void,
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
export function defineBounded(engine: Engine, core: Func, func: Func): void {
  const { unit, globals, functions } = engine;
  unit.module.define(func, (code) => {
    const source = parameter(code, 0);
    const [status, matched, before] = [code.local(), code.local(), code.local()];
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
    code.tee(before);
    code.i32(PROBING.status);
    code.op("i32.eq");
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
    code.i32(PROBING.status);
    code.setGlobal(globals.probing);
    probe();
    code.get(before);
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

/** A function `(source) → status`. */
export function declareStep({ unit }: Engine): Func {
  return unit.module.declare({ parameters: ["i32"], results: ["i32"] });
}
