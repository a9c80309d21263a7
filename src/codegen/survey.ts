import type { Model } from "../model/model.ts";
import { present } from "../support/internal-error.ts";
import { copyState, type Engine, PROBING, parameter, pushHash } from "./engine.ts";
import { forEachState, HOLDS, type Judges } from "./judge.ts";
import { SURVEY_FAILS, SURVEY_OUTSIDE, type SurveyLayout } from "./kernel.ts";
import { isEscape, pushLocation, STATUS } from "./observe.ts";
import {
  beginDrawing,
  DRAWN_MAX,
  defineEdges,
  EDGE_BYTES,
  endDrawing,
  pushEnd,
} from "./survey-edges.ts";
import { openView, pushIndexOf } from "./table.ts";
import { constantWords, reserve, type Unit, WORD_BYTES } from "./unit.ts";
import type { Func, FunctionWriter, Global, Local } from "./wasm.ts";

/** Room for what is written before somebody reads it: enough for all ways of one step. */
const SURVEY_BYTES = 2 ** 20;

/** What a kernel has more that surveys states. */
export interface SurveyParts {
  readonly layout: SurveyLayout;
  /** The action whose steps are taken. */
  readonly action: Global;
  /** Address of the bits of the actions that are possible at the state. */
  readonly possible: Global;
  /** Address of the next edge. */
  readonly edge: Global;
  /** Not 0 where a step fails, unless it is one of an `escape` thread or transition. */
  readonly fails: Global;
  /** Not 0 where there was no room for an edge of the state. */
  readonly full: Global;
  /** Edges of the state that were met, and what they are drawn by: in a sketch. */
  readonly met: Global;
  readonly seed: Global;
  /** `(source) → status`: what `emit` does for the search; in a sketch. */
  readonly emit: Func;
  readonly draw: Func;
  /** `()`: looks up all records and writes the indices into their edges. */
  readonly flush: Func;
}

/** Declares the parts. */
export function createSurvey(unit: Unit): SurveyParts {
  const { module, model } = unit;
  const global = (): Global => module.global("i32", 0);
  return {
    layout: layoutOf(model, reserve(unit, SURVEY_BYTES)),
    action: global(),
    possible: global(),
    edge: global(),
    fails: global(),
    full: global(),
    met: global(),
    seed: global(),
    emit: module.declare({ parameters: ["i32"], results: ["i32"] }),
    draw: module.declare({ parameters: ["i32"], results: ["i32"] }),
    flush: module.declare({ parameters: [], results: [] }),
  };
}

function layoutOf({ threads, actions, surveyed }: Model, offset: number): SurveyLayout {
  const wordsFor = (bits: number): number => Math.ceil(bits / 32);
  return {
    offset,
    words: SURVEY_BYTES / WORD_BYTES,
    threadWords: wordsFor(threads.length),
    actionWords: wordsFor(actions.length),
    conditionWords: wordsFor(surveyed.length),
  };
}

/** Writes what surveys and finds states. */
export function defineSurveys(engine: Engine, steps: readonly Func[], judges: Judges): void {
  const { survey } = engine;
  if (survey === null) {
    return;
  }
  defineEdges(engine, survey);
  defineSurvey(engine, survey, { mode: "survey", steps, judges });
  defineSurvey(engine, survey, { mode: "sketch", steps, judges });
  defineFind(engine);
}

/** `(address) → index`. */
function defineFind(engine: Engine): void {
  const { module } = engine.unit;
  const find = module.declare({ parameters: ["i32"], results: ["i32"] }, "find");
  module.define(find, (code) => {
    const address = parameter(code, 0);
    const view = openView(engine, code);
    pushIndexOf(engine, code, view, address, () => pushHash(engine, code, address));
  });
}

/** What stands in front of the edges of a state, in bytes from its beginning. */
interface Head {
  readonly blocked: number;
  readonly ready: number;
  readonly possible: number;
  readonly conditions: number;
  readonly bytes: number;
}

function headOf({ threadWords, actionWords, conditionWords }: SurveyLayout): Head {
  const blocked = WORD_BYTES;
  const ready = blocked + threadWords * WORD_BYTES;
  const possible = ready + threadWords * WORD_BYTES;
  const conditions = possible + actionWords * WORD_BYTES;
  return { blocked, ready, possible, conditions, bytes: conditions + conditionWords * WORD_BYTES };
}

interface Surveying {
  /** Whether all edges are told, or few of them. */
  readonly mode: "survey" | "sketch";
  readonly steps: readonly Func[];
  readonly judges: Judges;
}

/** `(from, to) → index`: see `KernelExports`. The batch is empty. */
function defineSurvey(
  engine: Engine,
  survey: SurveyParts,
  { mode, steps, judges }: Surveying,
): void {
  const { unit, globals } = engine;
  const { layout } = survey;
  const head = headOf(layout);
  const func = unit.module.declare({ parameters: ["i32", "i32"], results: ["i32"] }, mode);
  unit.module.define(func, (code) => {
    const from = parameter(code, 0);
    const [at, edges] = [code.lasting(), code.lasting()];
    code.getGlobal(unit.base);
    code.i32(layout.offset);
    code.op("i32.add");
    code.set(at);
    code.i32(PROBING[mode]);
    code.setGlobal(globals.probing);
    const noRoom = code.begin("block");
    forEachState(engine, code, (state) => {
      code.get(at);
      code.i32(head.bytes);
      code.op("i32.add");
      code.tee(edges);
      pushEnd(engine, survey, code);
      code.i32(mode === "sketch" ? DRAWN_MAX * EDGE_BYTES : 0);
      code.op("i32.sub");
      code.op("i32.gt_u");
      code.brIf(noRoom);
      const skipped = code.begin("block");
      if (judges.inside !== null) {
        code.get(state);
        code.call(judges.inside);
        code.op("i32.eqz");
        code.beginIf();
        code.get(at);
        code.i32(SURVEY_OUTSIDE | 0);
        code.access("i32.store");
        code.get(at);
        code.i32(WORD_BYTES);
        code.op("i32.add");
        code.set(at);
        code.br(skipped);
        code.end();
      }
      code.get(edges);
      code.setGlobal(survey.edge);
      if (mode === "sketch") {
        beginDrawing(engine, survey, code, from);
      }
      writeAgents(engine, survey, code, { state, at, head, steps });
      if (mode === "sketch") {
        endDrawing(engine, survey, code);
      } else {
        code.getGlobal(survey.full);
        code.brIf(noRoom);
      }
      writeConditions(code, judges, { state, at, head });
      code.get(at);
      code.getGlobal(survey.edge);
      code.get(edges);
      code.op("i32.sub");
      code.i32(3);
      code.op("i32.shr_u");
      code.getGlobal(survey.fails);
      code.i32(SURVEY_FAILS | 0);
      code.op("i32.mul");
      code.op("i32.or");
      code.access("i32.store");
      code.getGlobal(survey.edge);
      code.set(at);
      code.end();
    });
    code.end();
    // What was begun of a state without room is written over or not read.
    code.call(survey.flush);
    code.i32(0);
    code.setGlobal(survey.full);
    code.i32(PROBING.search);
    code.setGlobal(globals.probing);
    code.get(from);
  });
}

interface Place {
  readonly state: Local;
  /** Address of what is written about it. */
  readonly at: Local;
  readonly head: Head;
}

/** Takes all steps of a state, and writes how its threads are. */
function writeAgents(
  engine: Engine,
  survey: SurveyParts,
  code: FunctionWriter,
  { state, at, head, steps }: Place & { readonly steps: readonly Func[] },
): void {
  const { unit, globals } = engine;
  const { agents } = unit.model.program;
  const { threadWords, actionWords } = survey.layout;
  const bits = (): readonly Local[] =>
    Array.from({ length: threadWords }, () => {
      const word = code.lasting();
      code.i32(0);
      code.set(word);
      return word;
    });
  const [blocked, ready] = [bits(), bits()];
  code.get(at);
  code.i32(head.possible);
  code.op("i32.add");
  code.setGlobal(survey.possible);
  clearWords(code, survey.possible, actionWords);
  const [record, status, fails] = [code.lasting(), code.lasting(), code.lasting()];
  code.i32(0);
  code.setGlobal(survey.fails);
  code.getGlobal(globals.record);
  code.set(record);
  copyState(engine, code, state, record);
  for (const [index, agent] of agents.entries()) {
    pushAction(engine, code, state, index);
    code.setGlobal(survey.action);
    if (isEscape(engine, agent)) {
      code.getGlobal(survey.fails);
      code.set(fails);
    }
    code.get(state);
    code.call(present(steps[index], "a step"));
    if (isEscape(engine, agent)) {
      code.get(fails);
      code.setGlobal(survey.fails);
    }
    if (agent.kind === "transition") {
      code.op("drop");
      continue;
    }
    code.set(status);
    const { instance } = agent;
    addBit(code, present(ready[instance >>> 5], "a word"), instance, () => {
      code.get(status);
      code.i32(STATUS.ready);
      code.op("i32.and");
    });
    if (!isEscape(engine, agent)) {
      addBit(code, present(blocked[instance >>> 5], "a word"), instance, () => {
        code.get(status);
        code.i32(STATUS.ready | STATUS.idle | STATUS.done);
        code.op("i32.and");
        code.op("i32.eqz");
      });
    }
  }
  for (const [offset, words] of [
    [head.blocked, blocked],
    [head.ready, ready],
  ] as const) {
    for (const [index, word] of words.entries()) {
      code.get(at);
      code.get(word);
      code.access("i32.store", offset + index * WORD_BYTES);
    }
  }
}

/** Makes words 0; one by one where they are few, which is faster. */
function clearWords(code: FunctionWriter, address: Global, count: number): void {
  if (count > 16) {
    code.getGlobal(address);
    code.i32(0);
    code.i32(count * WORD_BYTES);
    code.op("memory.fill");
    return;
  }
  for (let word = 0; word < count; word++) {
    code.getGlobal(address);
    code.i32(0);
    code.access("i32.store", word * WORD_BYTES);
  }
}

/** Adds what is 0 or 1 to a word, as the bit of a number. */
function addBit(code: FunctionWriter, word: Local, bit: number, pushIt: () => void): void {
  pushIt();
  code.i32(bit & 31);
  code.op("i32.shl");
  code.get(word);
  code.op("i32.or");
  code.set(word);
}

/** Pushes the action of an agent's steps; what choices a transition has says its own code. */
function pushAction({ unit }: Engine, code: FunctionWriter, state: Local, agent: number): void {
  const { agents } = unit.model.program;
  const { actions, actionStarts, threads } = unit.model;
  const start = present(actionStarts[agent], "an action");
  const of = present(agents[agent], "an agent");
  const thread = of.kind === "thread" ? present(threads[of.instance], "a thread") : null;
  const strong = new Map(
    actions.flatMap(({ agent: owner, rest }, action): [number, number][] =>
      owner === agent && rest !== null ? [[rest.location, action]] : [],
    ),
  );
  if (of.kind !== "thread" || thread === null || strong.size === 0) {
    code.i32(start);
    return;
  }
  const places = thread.rests.length + (thread.canBeDone ? 1 : 0);
  const table = Uint32Array.from({ length: places }, (_, place) => strong.get(place) ?? start);
  pushLocation({ unit, code, state }, of.instance);
  code.i32(2);
  code.op("i32.shl");
  code.access("i32.load", constantWords(unit, table));
}

/** Writes which conditions hold. */
function writeConditions(
  code: FunctionWriter,
  { surveyed }: Judges,
  { state, at, head }: Place,
): void {
  const word = code.lasting();
  for (let first = 0; first < surveyed.length; first += 32) {
    code.i32(0);
    code.set(word);
    for (const [bit, one] of surveyed.slice(first, first + 32).entries()) {
      if (one !== null) {
        addBit(code, word, bit, () => {
          code.get(state);
          code.call(one.predicate);
          code.i32(HOLDS);
          code.op("i32.eq");
        });
      }
    }
    code.get(at);
    code.get(word);
    code.access("i32.store", head.conditions + (first / 32) * WORD_BYTES);
  }
}
