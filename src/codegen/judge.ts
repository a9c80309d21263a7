import type { Expression } from "../core/expressions.ts";
import type { ConditionKind, RankedCondition } from "../values/ranked-conditions.ts";
import type { Emitter } from "./emitter.ts";
import { type Engine, parameter } from "./engine.ts";
import { push } from "./expressions.ts";
import { FOUND, type KernelOptions } from "./kernel.ts";
import { canFail } from "./shape.ts";
import { WORD_BYTES } from "./unit.ts";
import type { Func, FunctionWriter, Local } from "./wasm.ts";

/** A condition as a function. */
export interface Ranked {
  /** `(state, next?) → 0, 1 or 2`: see `HOLDS` and `HAS_NO_VALUE`. */
  readonly predicate: Func;
  /** See `Sight`. */
  readonly rank: number;
  /** Index among the properties of its kind. */
  readonly index: number;
}

/** What is asked of states. */
export interface Judges {
  /** `(state) → 0 or 1`: whether it satisfies the constraints; null without any. */
  readonly inside: Func | null;
  readonly constraints: readonly Ranked[];
  readonly invariants: readonly Ranked[];
  readonly reachables: readonly Ranked[];
  readonly finals: readonly Ranked[];
  /** Of those that a survey tells, the ones that may have no value. */
  readonly risky: readonly Ranked[];
  /** By bit of a survey; null for what nobody asks. */
  readonly surveyed: readonly (Ranked | null)[];
}

/** What a predicate tells; 0 where it does not hold. */
export const HOLDS = 1;
const HAS_NO_VALUE = 2;

/** Writes the predicates that are asked for. */
export function declareJudges(
  engine: Engine,
  { properties, survey }: Pick<KernelOptions, "properties" | "survey">,
): Judges {
  const { conditions, surveyed } = engine.unit.model;
  const isAsked = ({ name }: RankedCondition): boolean =>
    name === null || (properties?.has(name) ?? true);
  const ranked = (one: RankedCondition): Ranked => ({
    predicate: predicate(engine, one.condition, one.kind === "step" ? 2 : 1),
    rank: one.rank,
    index: one.index,
  });
  const of = (wanted: ConditionKind): readonly Ranked[] =>
    conditions.filter((one) => one.kind === wanted && isAsked(one)).map(ranked);
  const constraints = of("constraint");
  const invariants = of("invariant");
  const steps = of("step");
  const reachables = of("reachable");
  const finals = of("final");
  if (steps.length > 0) {
    engine.judgeStep = defineJudgeStep(engine, steps);
  }
  const inside = constraints.length === 0 ? null : defineInside(engine, constraints);
  const told = surveyed.map((one) => {
    const isRisky = canFail(engine, one.condition);
    return isAsked(one) && (survey || isRisky) ? { ranked: ranked(one), isRisky } : null;
  });
  return {
    inside,
    constraints,
    invariants,
    reachables,
    finals,
    risky: told.flatMap((one) => (one?.isRisky === true ? [one.ranked] : [])),
    surveyed: told.map((one) => one?.ranked ?? null),
  };
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
export function ask(
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

/** Reports a finding at a state. */
export function report(
  code: FunctionWriter,
  found: Func,
  kind: number,
  id: number,
  state: Local,
): void {
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
export function forEachState(
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

/** `(from, to)`: judges the states of these indices. */
export function defineJudge(engine: Engine, judges: Judges): void {
  const { unit, globals } = engine;
  const judge = unit.module.declare({ parameters: ["i32", "i32"], results: [] }, "judge");
  const { constraints, invariants, reachables, risky } = judges;
  unit.module.define(judge, (code) => {
    if ([constraints, invariants, reachables, risky].every(({ length }) => length === 0)) {
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
      if (risky.length > 0) {
        code.get(inside);
        code.beginIf();
        for (const one of risky) {
          ask(engine, code, one, { state, next: null, answer });
        }
        code.end();
      }
    });
  });
}
