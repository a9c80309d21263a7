import type { Program } from "../core/program.ts";
import type { Type } from "../core/types.ts";
import type { Change, FrameView, StateView, ThreadView } from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import { showValue } from "../values/show.ts";
import { universe } from "../values/universe.ts";
import type { ListValue, MapValue, Value } from "../values/value.ts";
import { spotOf } from "./code.ts";
import type { Frame } from "./frames.ts";
import { labelsAt } from "./labels.ts";
import type { Machine } from "./machine.ts";
import { framesAt, type State, valueAt } from "./state.ts";

/** What a state is made of; of a start that failed, as far as it came. */
export interface Parts {
  /** By `VariableIndex`. */
  readonly variables: readonly Value[];
  /** By `InstanceIndex`. */
  readonly threads: readonly (readonly Frame[])[];
}

/** The parts of a state. */
export function partsOf({ program, table }: Machine, state: State): Parts {
  return {
    variables: program.variables.map((_, index) => valueAt(table, state, index)),
    threads: program.instances.map((_, index) => framesAt(table, state, index)),
  };
}

/** A state as plain data, with names. */
export function viewOf(machine: Machine, state: Parts): StateView {
  const { program } = machine;
  return {
    variables: new Map(
      program.variables.map(({ name }, index) => [name, state.variables[index] as Value]),
    ),
    threads: program.instances.map(({ name }, index): ThreadView => {
      const frames = present(state.threads[index], "a thread");
      return {
        name,
        done: frames.length === 0,
        stack: frames.map((frame, depth) => frameView(machine, frames, frame, depth)),
      };
    }),
  };
}

function frameView(
  machine: Machine,
  frames: readonly Frame[],
  frame: Frame,
  depth: number,
): FrameView {
  const { code, at, locals } = frame;
  const [label = null] = labelsAt(machine, frames, depth);
  return {
    proc: code.kind === "proc" ? code.name : null,
    span: at.span,
    label: at.label ?? label,
    locals: new Map(
      scopeOf(machine, frame).map((slot) => [
        present(code.body.locals[slot], "a local").name,
        locals[slot] as Value,
      ]),
    ),
  };
}

/** The slots of the locals in scope in front of the frame's statement; `ref` parameters hold no value. */
function scopeOf(machine: Machine, frame: Frame): readonly number[] {
  const slots = new Set<number>();
  for (const [slot, { kind }] of frame.code.body.locals.entries()) {
    if (kind === "parameter" || kind === "index") {
      slots.add(slot);
    }
  }
  for (let at = frame.at; ; ) {
    const { block, index, container } = spotOf(machine.code, at);
    for (const earlier of block.statements.slice(0, index)) {
      if (earlier.kind === "declare") {
        slots.add(earlier.slot);
      }
    }
    if (container === null) {
      return [...slots].sort((a, b) => a - b);
    }
    if (container.kind === "choose") {
      slots.add(container.slot);
    }
    at = container;
  }
}

/** What differs between two states: variables first, then locals in scope, in order of declaration. */
export function changesOf(machine: Machine, before: Parts, after: Parts): readonly Change[] {
  const { program } = machine;
  const changes: Change[] = [];
  for (const [index, { name, type }] of program.variables.entries()) {
    const values = {
      before: before.variables[index] as Value,
      after: after.variables[index] as Value,
    };
    addChanges({ machine, changes }, name, type, values);
  }
  for (const [index, { name }] of program.instances.entries()) {
    const old = present(before.threads[index], "a thread");
    for (const [depth, frame] of present(after.threads[index], "a thread").entries()) {
      addLocals({ machine, changes }, { name, frame, old: matching(old, frame, depth) });
    }
  }
  return changes;
}

/** The same call in the state before, if it was under way. */
function matching(old: readonly Frame[], frame: Frame, depth: number): Frame | null {
  const found = old[depth];
  return found?.code === frame.code ? found : null;
}

interface Collection {
  readonly machine: Machine;
  readonly changes: Change[];
}

function addLocals(
  into: Collection,
  { name, frame, old }: { name: string; frame: Frame; old: Frame | null },
): void {
  for (const slot of scopeOf(into.machine, frame)) {
    const local = present(frame.code.body.locals[slot], "a local");
    // A new call's parameters are told by the call.
    if (old !== null || local.kind !== "parameter") {
      const before = (old?.locals ?? frame.code.firstValues)[slot] as Value;
      if (local.kind !== "index") {
        const values = { before, after: frame.locals[slot] as Value };
        addChanges(into, `${name}.${local.name}`, local.type, values);
      }
    }
  }
}

interface Values {
  readonly before: Value;
  readonly after: Value;
}

/** Goes down to the fields and elements that changed. */
function addChanges(into: Collection, path: string, type: Type, values: Values): void {
  const { before, after } = values;
  if (before === after) {
    return;
  }
  if (before !== null && after !== null) {
    if (type.kind === "option") {
      addChanges(into, path, type.of, values);
      return;
    }
    if (type.kind === "struct") {
      for (const field of type.fields) {
        addChanges(into, `${path}.${field.name}`, field.type, inside(values, field.name));
      }
      return;
    }
    if (type.kind === "map") {
      for (const key of universe(type.key, into.machine.types)) {
        const text = showValue(key, type.key, into.machine.types);
        addChanges(into, `${path}[${text}]`, type.value, inside(values, key));
      }
      return;
    }
    if (type.kind === "seq" && (before as ListValue).size === (after as ListValue).size) {
      for (const index of (before as ListValue).keys()) {
        addChanges(into, `${path}[${index}]`, type.of, {
          before: (before as ListValue).get(index) as Value,
          after: (after as ListValue).get(index) as Value,
        });
      }
      return;
    }
  }
  if (showValue(before, type, into.machine.types) !== showValue(after, type, into.machine.types)) {
    into.changes.push({ path, before, after });
  }
}

function inside({ before, after }: Values, key: Value): Values {
  return {
    before: (before as MapValue).get(key) as Value,
    after: (after as MapValue).get(key) as Value,
  };
}

/** A transition or thread with the values that tell its instances apart: `rcv(1)`, `worker[2]`. */
export function agentName(
  program: Program,
  machine: Machine,
  agent: Program["agents"][number],
  picks: readonly number[],
): string {
  if (agent.kind === "thread") {
    return present(program.instances[agent.instance], "an instance").name;
  }
  const { name, parameterSets } = present(program.transitions[agent.transition], "a transition");
  if (parameterSets.length === 0) {
    return name;
  }
  const shown = present(machine.parameters[agent.transition], "parameters").map((values, index) => {
    const set = parameterSets[index]?.type;
    const type = set?.kind === "set" ? set.of : null;
    return showValue(values[picks[index] ?? 0] as Value, type, machine.types);
  });
  return `${name}(${shown.join(", ")})`;
}
