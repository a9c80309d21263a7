import type { ThreadIndex, VariableIndex } from "../core/expressions.ts";
import type { Block, Call, Place, Statement } from "../core/statements.ts";
import { blocksIn, callIn } from "../core/walk.ts";
import type { Code } from "../reference/code.ts";
import type { AgentIndex, Machine } from "../reference/machine.ts";
import type { PartIndex } from "../reference/recall.ts";
import { threadPart, variablePart } from "../reference/state.ts";
import { present } from "../support/internal-error.ts";
import type { PathStep, ReadPlace } from "./places-read.ts";

/** A statement of somebody's code that writes a variable or a part of one. */
export interface Writer {
  /** The calls that lead to it, outermost first, and last the statement itself. */
  readonly chain: readonly Statement[];
  /** By element of `chain`, the code that it stands in. */
  readonly codes: readonly Code[];
  readonly target: Target;
}

/** A variable or a part of one, as far as the text tells: which element of a map is left open. */
interface Target {
  readonly variable: VariableIndex;
  /** Names of fields, null for an element. */
  readonly path: readonly (string | null)[];
}

/** What an agent's code may change. */
export interface Reach {
  /** In order of the text, calls opened. */
  readonly writers: readonly Writer[];
  /** The parts of a state that some step of its may change, its own place included. */
  readonly parts: ReadonlySet<PartIndex>;
}

/** More than these are not looked at. */
const WRITERS_MAX = 2_000;

/** What the code of each agent may change. */
export function reachesOf(machine: Machine): readonly Reach[] {
  return machine.program.agents.map((_, agent) => reachOf(machine, agent));
}

function reachOf({ program, code, table }: Machine, agent: AgentIndex): Reach {
  const which = present(program.agents[agent], "an agent");
  const own =
    which.kind === "thread"
      ? code.threads[present(program.instances[which.instance], "an instance").thread]
      : code.transitions[which.transition];
  const body = present(own, "the code of an agent");
  const search: Search = { procs: code.procs, found: [], started: new Set() };
  walkBlock(search, body.body.block, { code: body, bound: [], chain: [], codes: [] });
  const { found, started } = search;
  const threads = [...program.instances.keys()].filter(
    (instance) =>
      started.has(program.instances[instance]?.thread ?? -1) ||
      (which.kind === "thread" && which.instance === instance),
  );
  const parts = [
    ...found.map(({ target }) => variablePart(target.variable)),
    ...threads.map((instance) => threadPart(table, instance)),
  ];
  return { writers: found, parts: new Set(parts) };
}

interface Search {
  readonly procs: readonly Code[];
  readonly found: Writer[];
  /** The declarations of which it starts threads. */
  readonly started: Set<ThreadIndex>;
}

/** A call that is looked into. */
interface Scene {
  readonly code: Code;
  /** By slot, what a `ref` parameter is bound to; null where that is no variable. */
  readonly bound: readonly (Target | null)[];
  /** The calls around. */
  readonly chain: readonly Statement[];
  readonly codes: readonly Code[];
}

function walkBlock(search: Search, block: Block, scene: Scene): void {
  for (const statement of block.statements) {
    if (search.found.length >= WRITERS_MAX) {
      return;
    }
    const { code, chain, codes } = scene;
    const inner = { chain: [...chain, statement], codes: [...codes, code] };
    const called = callIn(statement);
    if (called !== null) {
      walkCall(search, called, { ...scene, ...inner });
    }
    if (statement.kind === "start") {
      search.started.add(statement.thread);
    }
    if (statement.kind === "assign") {
      const target = targetOf(statement.target, scene);
      if (target !== null) {
        search.found.push({ ...inner, target });
      }
    }
    for (const part of blocksIn(statement)) {
      walkBlock(search, part, scene);
    }
  }
}

function walkCall(search: Search, call: Call, scene: Scene): void {
  const code = present(search.procs[call.proc], "a proc");
  const bound = call.arguments.map((argument) =>
    argument.kind === "reference" ? targetOf(argument.place, scene) : null,
  );
  walkBlock(search, code.body.block, { ...scene, code, bound });
}

function targetOf({ root, path }: Place, { bound }: Scene): Target | null {
  const inside = path.map((step) => (step.kind === "field" ? step.field : null));
  if (root.kind === "variable") {
    return { variable: root.variable, path: inside };
  }
  const outer = bound[root.slot] ?? null;
  return outer === null ? null : { ...outer, path: [...outer.path, ...inside] };
}

/** Whether a statement may write what is read there. */
export function mayWrite({ target }: Writer, { variable, path }: ReadPlace): boolean {
  return (
    target.variable === variable && target.path.every((step, at) => isSameStep(step, path[at]))
  );
}

function isSameStep(step: string | null, read: PathStep | undefined): boolean {
  return read === undefined || step === (read.kind === "field" ? read.field : null);
}
