import type { Expression } from "../core/expressions.ts";
import type { Model } from "../model/model.ts";
import { present } from "../support/internal-error.ts";
import { defineStart, defineThread, defineTransition } from "./agents.ts";
import type { Emitter } from "./emitter.ts";
import {
  copyState,
  createEngine,
  defineEngine,
  type Engine,
  parameter,
  settleMarks,
} from "./engine.ts";
import { push } from "./expressions.ts";
import { FOUND, type Kernel, type KernelOptions } from "./kernel.ts";
import { STATUS } from "./observe.ts";
import { createUnit, WORD_BYTES } from "./unit.ts";
import type { Func, FunctionWriter, Local } from "./wasm.ts";

/** Writes the kernel of a model. */
export function compileKernel(model: Model, options: KernelOptions): Kernel {
  const unit = createUnit(model);
  const engine = createEngine(unit, options.sharing, options.statements);
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
  return {
    survey: null,
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

interface Ranked {
  readonly predicate: Func;
  /** See `Sight`. */
  readonly rank: number;
  /** Index among the properties of its kind. */
  readonly index: number;
}

interface Judges {
  /** `(state) → 0 or 1`: whether it satisfies the constraints; null without any. */
  readonly inside: Func | null;
  readonly constraints: readonly Ranked[];
  readonly invariants: readonly Ranked[];
  readonly reachables: readonly Ranked[];
  readonly finals: readonly Ranked[];
}

const HOLDS = 1;
const HAS_NO_VALUE = 2;

function declareJudges(engine: Engine, { properties }: KernelOptions): Judges {
  const { program } = engine.unit.model;
  const isAsked = ({ name }: { readonly name: string }): boolean => properties?.has(name) ?? true;
  let rank = 1;
  const rankAll = (
    conditions: readonly { readonly condition: Expression; readonly isAsked: boolean }[],
    parameters: 1 | 2,
  ): readonly Ranked[] =>
    conditions.flatMap(({ condition, isAsked: isWanted }, index): Ranked[] => {
      rank += 1;
      return isWanted
        ? [{ predicate: predicate(engine, condition, parameters), rank: rank - 1, index }]
        : [];
    });
  const always = (condition: Expression) => ({ condition, isAsked: true });
  const named = (one: { readonly name: string; readonly condition: Expression }) => ({
    condition: one.condition,
    isAsked: isAsked(one),
  });
  const constraints = rankAll(program.constraints.map(always), 1);
  const invariants = rankAll(program.invariants.map(named), 1);
  const steps = rankAll(program.steps.map(named), 2);
  const reachables = rankAll(program.reachables.map(named), 1);
  const finals = rankAll(program.finals.map(always), 1);
  if (steps.length > 0) {
    engine.judgeStep = defineJudgeStep(engine, steps);
  }
  const inside = constraints.length === 0 ? null : defineInside(engine, constraints);
  return { inside, constraints, invariants, reachables, finals };
}

/** `(state, next?) → 0, 1 or 2`: whether a predicate holds; 2 where it has no value. */
function predicate(engine: Engine, condition: Expression, parameters: 1 | 2): Func {
  const { unit } = engine;
  const types = parameters === 1 ? (["i32"] as const) : (["i32", "i32"] as const);
  const func = unit.module.declare({ parameters: types, results: ["i32"] });
  unit.module.define(func, (code) => {
    const fail = code.begin("block");
    const emitter: Emitter = {
      unit,
      code,
      state: parameter(code, 0),
      next: parameters === 2 ? parameter(code, 1) : null,
      frame: null,
      binders: new Map(),
      fail,
      temporaries: new Map(),
      tried: null,
    };
    push(emitter, condition);
    code.op("return");
    code.end();
    code.i32(HAS_NO_VALUE);
  });
  return func;
}

/** Asks a predicate; reports where it has no value. Leaves the answer in `answer`. */
function ask(
  { imports }: Engine,
  code: FunctionWriter,
  { predicate: func, rank }: Ranked,
  {
    state,
    next,
    answer,
  }: { readonly state: Local; readonly next: Local | null; readonly answer: Local },
): void {
  code.get(state);
  if (next !== null) {
    code.get(next);
  }
  code.call(func);
  code.tee(answer);
  code.i32(HAS_NO_VALUE);
  code.op("i32.eq");
  code.beginIf();
  report(code, imports.found, FOUND.error, rank, state);
  code.end();
}

function report(code: FunctionWriter, found: Func, kind: number, id: number, state: Local): void {
  code.i32(kind);
  code.i32(id);
  code.get(state);
  code.call(found);
}

/** Reports that a predicate is violated or reached, unless enough is known of it. */
function reportUnsettled(
  { unit, areas, imports }: Engine,
  code: FunctionWriter,
  kind: number,
  { rank, index }: Ranked,
  state: Local,
): void {
  code.getGlobal(unit.base);
  code.access("i32.load8_u", areas.settled + rank);
  code.op("i32.eqz");
  code.beginIf();
  report(code, imports.found, kind, index, state);
  code.end();
}

function defineJudgeStep(engine: Engine, steps: readonly Ranked[]): Func {
  const { unit } = engine;
  const func = unit.module.declare({ parameters: ["i32", "i32"], results: [] });
  unit.module.define(func, (code) => {
    const [state, next] = [parameter(code, 0), parameter(code, 1)];
    const answer = code.lasting();
    for (const step of steps) {
      ask(engine, code, step, { state, next, answer });
      code.get(answer);
      code.op("i32.eqz");
      code.beginIf();
      reportUnsettled(engine, code, FOUND.step, step, state);
      code.end();
    }
  });
  return func;
}

/** A constraint that has no value counts as satisfied; that it has none is reported elsewhere. */
function defineInside({ unit }: Engine, constraints: readonly Ranked[]): Func {
  const func = unit.module.declare({ parameters: ["i32"], results: ["i32"] });
  unit.module.define(func, (code) => {
    for (const { predicate: one } of constraints) {
      code.get(parameter(code, 0));
      code.call(one);
      code.op("i32.eqz");
      code.beginIf();
      code.i32(0);
      code.op("return");
      code.end();
    }
    code.i32(1);
  });
  return func;
}

/** Does something for each state of `from` to `to`, which are parameters of the function. */
function forEachState(
  { words, globals }: Engine,
  code: FunctionWriter,
  each: (state: Local) => void,
): void {
  const [from, to] = [parameter(code, 0), parameter(code, 1)];
  const state = code.lasting();
  const end = code.begin("block");
  const loop = code.begin("loop");
  code.get(from);
  code.get(to);
  code.op("i32.ge_u");
  code.brIf(end);
  code.get(from);
  code.i32(words * WORD_BYTES);
  code.op("i32.mul");
  code.getGlobal(globals.store);
  code.op("i32.add");
  code.set(state);
  each(state);
  code.get(from);
  code.i32(1);
  code.op("i32.add");
  code.set(from);
  code.br(loop);
  code.end();
  code.end();
}

function defineJudge(engine: Engine, judges: Judges): void {
  const { unit, globals } = engine;
  const judge = unit.module.declare({ parameters: ["i32", "i32"], results: [] }, "judge");
  const { constraints, invariants, reachables } = judges;
  unit.module.define(judge, (code) => {
    if (constraints.length + invariants.length + reachables.length === 0) {
      return;
    }
    const [answer, inside] = [code.lasting(), code.lasting()];
    forEachState(engine, code, (state) => {
      code.i32(1);
      code.set(inside);
      const outside = code.begin("block");
      for (const constraint of constraints) {
        ask(engine, code, constraint, { state, next: null, answer });
        code.get(answer);
        code.op("i32.eqz");
        code.beginIf();
        code.i32(0);
        code.set(inside);
        code.getGlobal(globals.outside);
        code.i32(1);
        code.op("i32.add");
        code.setGlobal(globals.outside);
        code.br(outside);
        code.end();
      }
      code.end();
      for (const invariant of invariants) {
        ask(engine, code, invariant, { state, next: null, answer });
        code.get(answer);
        code.op("i32.eqz");
        code.beginIf();
        reportUnsettled(engine, code, FOUND.invariant, invariant, state);
        code.end();
      }
      for (const reachable of reachables) {
        code.get(inside);
        code.beginIf();
        ask(engine, code, reachable, { state, next: null, answer });
        code.get(answer);
        code.i32(HOLDS);
        code.op("i32.eq");
        code.beginIf();
        reportUnsettled(engine, code, FOUND.reachable, reachable, state);
        code.end();
        code.end();
      }
    });
  });
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

type Agent = Engine["unit"]["model"]["program"]["agents"][number];

function isEscape({ unit }: Engine, agent: Agent): boolean {
  const { program } = unit.model;
  if (agent.kind === "transition") {
    return present(program.transitions[agent.transition], "a transition").escape;
  }
  const { thread } = present(program.instances[agent.instance], "an instance");
  return present(program.threads[thread], "a thread").escape;
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
    code.i32(1);
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
    code.i32(1);
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
    code.i32(0);
    code.setGlobal(globals.probing);
    code.i32(0);
    code.setGlobal(globals.sought);
  });
}
