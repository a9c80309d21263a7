import type { Expression } from "../core/expressions.ts";
import type { Node } from "../model/flow.ts";
import type { TransitionModel } from "../model/model.ts";
import { packingOf } from "../model/packing.ts";
import { present } from "../support/internal-error.ts";
import type { Value } from "../values/value.ts";
import { type Engine, parameter } from "./engine.ts";
import { push } from "./expressions.ts";
import { STATUS } from "./observe.ts";
import { localSource } from "./places.ts";
import { canFail } from "./shape.ts";
import { unpacked, write } from "./sources.ts";
import { pushPick, together, waysFrom, writeGraph } from "./steps.ts";
import {
  declareStep,
  defineBounded,
  emitterOf,
  NOWHERE,
  type TryWriter,
  writeTries,
} from "./tries.ts";
import { constantWords, packedWords, WORD_BYTES } from "./unit.ts";
import type { Func, Global, Local } from "./wasm.ts";

/** `(source) → status`: takes a transition for every choice of its parameters. */
export function defineTransition(
  engine: Engine,
  index: number,
  starts: readonly Func[],
  func: Func,
): void {
  const { unit } = engine;
  const transition = present(unit.model.transitions[index], "a transition");
  const { choices, chosen } = transition;
  const tuples = (chosen ?? []).reduce((count, values) => count * values.length, 1);
  const ways = choices.map(({ begin }) => waysFrom([begin], engine, tuples));
  const { unbounded } = together(ways);
  const guard = unbounded ? null : guardBefore(engine, transition);
  const steps = choices.map(({ frame, begin }, choice) => {
    const step = declareStep(engine);
    unit.module.define(step, (code) => {
      const source = parameter(code, 0);
      const several = ways[choice]?.several ?? false;
      const of = { engine, instance: null, starts, frame, source, ways: { several, unbounded } };
      const when = guard === null ? transition.transition.when : null;
      writeTries(code, of, (writer) => writeTransition(writer, index, { when, begin }));
    });
    return { step, frame };
  });
  const action = actionOf(engine, index);
  const all = unbounded ? declareStep(engine) : func;
  unit.module.define(all, (code) => {
    const source = parameter(code, 0);
    const status = code.lasting();
    for (const [choice, { step, frame }] of steps.entries()) {
      if (guard !== null) {
        const emitter = emitterOf(engine, code, { state: source, frame, fail: NOWHERE });
        code.scoped(() => push(emitter, guard));
        code.beginIf();
      }
      if (action !== null && chosen === null) {
        code.i32(action.start + choice);
        code.setGlobal(action.global);
      }
      code.get(source);
      code.call(step);
      code.get(status);
      code.op("i32.or");
      code.set(status);
      if (unbounded) {
        // It is the step that has too many ways, and this choice where that shows.
        code.get(status);
        code.i32(STATUS.overflow);
        code.op("i32.and");
        code.beginIf();
        code.get(status);
        code.op("return");
        code.end();
      }
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

/** Where a survey is told which choice is taken, and the action of the first; null where it is not. */
function actionOf(
  { unit, survey }: Engine,
  index: number,
): { readonly global: Global; readonly start: number } | null {
  const { program, actionStarts } = unit.model;
  if (survey === null || present(program.transitions[index], "a transition").fairness === "none") {
    return null;
  }
  const agent = program.agents.findIndex(
    (one) => one.kind === "transition" && one.transition === index,
  );
  return { global: survey.action, start: present(actionStarts[agent], "an action") };
}

/**
 * The guard of a transition if it can be asked before the code of each choice is called, which most
 * are not: it has a value always, and what its parameters are is known. Else null.
 */
function guardBefore(engine: Engine, { transition, chosen }: TransitionModel): Expression | null {
  const { when } = transition;
  return when !== null && chosen === null && !canFail(engine, when) ? when : null;
}

function writeTransition(
  writer: TryWriter,
  index: number,
  { when, begin }: { readonly when: Expression | null; readonly begin: Node },
): void {
  const { emitter, engine, next } = writer;
  const { code } = emitter;
  const { chosen } = present(engine.unit.model.transitions[index], "a transition");
  chooseParameters(writer, index, chosen ?? []);
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

/** Picks the values of the parameters; where each choice is an action of its own, notes which. */
function chooseParameters(
  writer: TryWriter,
  index: number,
  chosen: readonly (readonly Value[])[],
): void {
  if (chosen.length === 0) {
    return;
  }
  const { code } = writer.emitter;
  const action = actionOf(writer.engine, index);
  const [choice, picked] = [code.lasting(), code.lasting()];
  code.i32(0);
  code.set(choice);
  for (const [slot, values] of chosen.entries()) {
    code.scoped(() => chooseParameter(writer, slot, values, picked));
    if (action !== null) {
      code.get(choice);
      code.i32(values.length);
      code.op("i32.mul");
      code.get(picked);
      code.op("i32.add");
      code.set(choice);
    }
  }
  if (action !== null) {
    code.get(choice);
    code.i32(action.start);
    code.op("i32.add");
    code.setGlobal(action.global);
  }
}

/** Picks one of the values of a parameter; which one is left in `picked`. */
function chooseParameter(
  writer: TryWriter,
  slot: number,
  values: readonly Value[],
  picked: Local,
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
  code.tee(picked);
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
