import type { Model } from "../model/model.ts";
import { present } from "../support/internal-error.ts";
import {
  copyState,
  createEngine,
  defineEngine,
  type Engine,
  PROBING,
  parameter,
  settleMarks,
} from "./engine.ts";
import { ask, declareJudges, defineJudge, forEachState, type Judges, report } from "./judge.ts";
import { FOUND, type Kernel, type KernelOptions } from "./kernel.ts";
import { isEscape, STATUS } from "./observe.ts";
import { defineSurveys } from "./survey.ts";
import { defineStart, defineThread } from "./threads.ts";
import { defineTransition } from "./transitions.ts";
import { createUnit } from "./unit.ts";
import type { Func, FunctionWriter, Local } from "./wasm.ts";

/** Writes the kernel of a model. */
export function compileKernel(model: Model, options: KernelOptions): Kernel {
  const unit = createUnit(model);
  const engine = createEngine(unit, options);
  const { module } = unit;
  const { agents } = model.program;
  const starts = model.threads.map(() => module.declare({ parameters: ["i32"], results: ["i32"] }));
  const steps = agents.map(() => module.declare({ parameters: ["i32"], results: ["i32"] }));
  unit.statusOf = module.declare({ parameters: ["i32", "i32"], results: ["i32"] });
  for (const [instance, func] of starts.entries()) {
    defineStart(engine, instance, func);
  }
  for (const [index, agent] of agents.entries()) {
    const func = present(steps[index], "a step");
    if (agent.kind === "thread") {
      defineThread(engine, agent.instance, starts, func);
    } else {
      defineTransition(engine, agent.transition, starts, func);
    }
  }
  const judges = declareJudges(engine, options);
  defineEngine(engine);
  defineStatusOf(engine, steps);
  defineJudge(engine, judges);
  defineExpand(engine, { steps, judges, deadlock: options.deadlock });
  defineAdmit(engine, starts);
  defineMatch(engine, steps, judges.inside);
  defineSurveys(engine, steps, judges);
  return {
    survey: engine.survey?.layout ?? null,
    bytes: module.encode({ pagesMax: options.pagesMax, shared: options.sharing === "shared" }),
    words: engine.words,
    dataEnd: unit.memory.dataEnd,
    areaBytes: unit.memory.areaBytes,
    initialOffset: engine.areas.initial,
    statusesOffset: engine.areas.statuses,
    agentCount: agents.length,
    countersOffset: engine.counted?.counters ?? null,
    counterCount: engine.counted?.count ?? 0,
    soughtOffset: engine.areas.sought,
    soughtStatesOffset: engine.areas.soughtStates,
    settledOffset: engine.areas.settled,
    recordBytes: engine.recordBytes,
    batchRecords: engine.batchRecords,
  };
}

interface Expansion {
  readonly steps: readonly Func[];
  readonly judges: Judges;
  readonly deadlock: boolean;
}

/** `(from, to) → index`: takes all steps from the states of these indices. */
function defineExpand(engine: Engine, { steps, judges, deadlock }: Expansion): void {
  const { unit, globals, areas } = engine;
  const { agents } = unit.model.program;
  const expand = unit.module.declare({ parameters: ["i32", "i32"], results: ["i32"] }, "expand");
  unit.module.define(expand, (code) => {
    const [record, status, ready] = [code.lasting(), code.lasting(), code.lasting()];
    const from = parameter(code, 0);
    forEachState(engine, code, (state) => {
      code.getGlobal(globals.stopped);
      code.beginIf();
      code.get(from);
      code.op("return");
      code.end();
      const skipped = code.begin("block");
      if (judges.inside !== null) {
        code.get(state);
        code.call(judges.inside);
        code.op("i32.eqz");
        code.brIf(skipped);
      }
      code.getGlobal(globals.record);
      code.set(record);
      copyState(engine, code, state, record);
      code.i32(0);
      code.set(ready);
      for (const [index, step] of steps.entries()) {
        code.get(state);
        code.call(step);
        code.set(status);
        if (deadlock) {
          code.getGlobal(unit.base);
          code.get(status);
          code.access("i32.store", areas.statuses + index * 4);
        }
        if (!isEscape(engine, present(agents[index], "an agent"))) {
          code.get(ready);
          code.get(status);
          code.op("i32.or");
          code.set(ready);
        }
      }
      if (deadlock) {
        code.get(ready);
        code.i32(STATUS.ready);
        code.op("i32.and");
        code.op("i32.eqz");
        code.beginIf();
        judgeStuck(engine, code, judges, state);
        code.end();
      }
      code.end();
    });
    code.get(from);
  });
}

/** No step changes the state: a deadlock if a thread is blocked, or nothing says that it may stop. */
function judgeStuck(engine: Engine, code: FunctionWriter, judges: Judges, state: Local): void {
  const { unit, imports, areas } = engine;
  const { agents, instances } = unit.model.program;
  const fine = code.begin("block");
  if (instances.length === 0) {
    const answer = code.lasting();
    for (const final of judges.finals) {
      ask(engine, code, final, { state, next: null, answer });
      code.get(answer);
      code.brIf(fine);
    }
    report(code, imports.found, FOUND.deadlock, 0, state);
    code.end();
    return;
  }
  const stuck = code.begin("block");
  for (const [index, agent] of agents.entries()) {
    if (agent.kind === "thread" && !isEscape(engine, agent)) {
      code.getGlobal(unit.base);
      code.access("i32.load", areas.statuses + index * 4);
      code.i32(STATUS.idle | STATUS.done);
      code.op("i32.and");
      code.op("i32.eqz");
      code.brIf(stuck);
    }
  }
  code.br(fine);
  code.end();
  report(code, imports.found, FOUND.deadlock, 0, state);
  code.end();
}

/** `(address) → 0 or what failed`: starts the threads of an initial state and takes it in. */
function defineAdmit(engine: Engine, starts: readonly Func[]): void {
  const { unit, globals, functions } = engine;
  const { program } = unit.model;
  const reset = unit.module.declare({ parameters: [], results: [] }, "reset");
  unit.module.define(reset, (code) => {
    code.getGlobal(unit.base);
    code.i32(engine.areas.batch);
    code.op("i32.add");
    code.setGlobal(globals.record);
    code.getGlobal(unit.base);
    code.i32(engine.areas.picks);
    code.op("i32.add");
    code.setGlobal(globals.picks);
  });
  const admit = unit.module.declare({ parameters: ["i32"], results: ["i32"] }, "admit");
  unit.module.define(admit, (code) => {
    const address = parameter(code, 0);
    const [record, failed] = [code.lasting(), code.lasting()];
    code.getGlobal(globals.record);
    code.set(record);
    copyState(engine, code, address, record);
    for (const [instance, { thread }] of program.instances.entries()) {
      if (present(program.threads[thread], "a thread").dormant) {
        continue;
      }
      code.get(record);
      code.call(present(starts[instance], "a start"));
      code.tee(failed);
      code.beginIf();
      code.get(failed);
      code.op("return");
      code.end();
    }
    settleMarks(engine, code, false);
    code.call(functions.take);
    code.i32(0);
  });
}

/** `(agent, address) → status`, whatever else is under way. */
function defineStatusOf(engine: Engine, steps: readonly Func[]): void {
  const { unit, globals, areas } = engine;
  const func = present(unit.statusOf ?? undefined, "the statuses of agents");
  unit.module.define(func, (code) => {
    const [agent, address] = [parameter(code, 0), parameter(code, 1)];
    const saved = [
      globals.record,
      globals.made,
      globals.given,
      globals.tries,
      globals.probing,
      globals.picks,
      globals.sought,
    ].map((global) => ({ global, local: code.lasting() }));
    for (const { global, local } of saved) {
      code.getGlobal(global);
      code.set(local);
    }
    const record = code.lasting();
    code.getGlobal(unit.base);
    code.i32(areas.probeRecord);
    code.op("i32.add");
    code.tee(record);
    code.setGlobal(globals.record);
    copyState(engine, code, address, record);
    code.getGlobal(unit.base);
    code.i32(areas.probePicks);
    code.op("i32.add");
    code.setGlobal(globals.picks);
    for (const global of [globals.made, globals.given, globals.sought]) {
      code.i32(0);
      code.setGlobal(global);
    }
    code.i32(PROBING.status);
    code.setGlobal(globals.probing);
    const status = code.lasting();
    const end = code.begin("block");
    for (const [index, step] of steps.entries()) {
      code.get(agent);
      code.i32(index);
      code.op("i32.eq");
      code.beginIf();
      code.get(address);
      code.call(step);
      code.set(status);
      code.br(end);
      code.end();
    }
    code.end();
    for (const { global, local } of saved) {
      code.get(local);
      code.setGlobal(global);
    }
    code.get(status);
  });
}

/** `(from, to, count)`: reports the states inside the constraints with steps to states sought. */
function defineMatch(engine: Engine, steps: readonly Func[], inside: Func | null): void {
  const { unit, globals, imports } = engine;
  const match = unit.module.declare({ parameters: ["i32", "i32", "i32"], results: [] }, "match");
  unit.module.define(match, (code) => {
    const record = code.lasting();
    code.get(parameter(code, 2));
    code.setGlobal(globals.sought);
    code.i32(PROBING.status);
    code.setGlobal(globals.probing);
    forEachState(engine, code, (state) => {
      const skipped = code.begin("block");
      if (inside !== null) {
        code.get(state);
        code.call(inside);
        code.op("i32.eqz");
        code.brIf(skipped);
      }
      code.i32(0);
      code.setGlobal(globals.matched);
      code.getGlobal(globals.record);
      code.set(record);
      copyState(engine, code, state, record);
      for (const step of steps) {
        code.get(state);
        code.call(step);
        code.op("drop");
      }
      code.getGlobal(globals.matched);
      code.beginIf();
      code.i32(FOUND.predecessor);
      code.getGlobal(globals.matched);
      code.get(state);
      code.call(imports.found);
      code.end();
      code.end();
    });
    code.i32(PROBING.search);
    code.setGlobal(globals.probing);
    code.i32(0);
    code.setGlobal(globals.sought);
  });
}
