import { InternalError, present } from "../support/internal-error.ts";
import { type Engine, parameter } from "./engine.ts";
import { pushLocation, STATUS } from "./observe.ts";
import { START_FAILED, waysFrom, writeGraph } from "./steps.ts";
import { declareStep, defineBounded, emitterOf, NOWHERE, writeTries } from "./tries.ts";
import type { Func } from "./wasm.ts";

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
