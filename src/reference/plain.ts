import { callIn } from "../core/walk.ts";
import type { PlainFrame, PlainState } from "../outcome/sighting.ts";
import { InternalError, present } from "../support/internal-error.ts";
import type { Value } from "../values/value.ts";
import type { Code } from "./code.ts";
import type { BoundStep, Frame, Reference, Root } from "./frames.ts";
import type { Machine } from "./machine.ts";
import { framesAt, numberOfFrames, numberOfValue, type State, stateOf, valueAt } from "./state.ts";

/** A state in plain values. */
export function plainOf({ program, table }: Machine, state: State): PlainState {
  return {
    variables: program.variables.map((_, variable) => valueAt(table, state, variable)),
    threads: program.instances.map((_, instance) =>
      framesAt(table, state, instance).map(plainFrame),
    ),
  };
}

function plainFrame({ code, at, locals, references }: Frame): PlainFrame {
  return {
    statement: at.id,
    locals: code.body.locals.map(({ kind }, slot) =>
      kind === "reference" ? null : (locals[slot] as Value),
    ),
    kept: code.body.locals.map((_, slot) =>
      (references[slot]?.path ?? []).flatMap((step) =>
        step.kind === "element" ? [step.index] : [],
      ),
    ),
  };
}

/**
 * The state that `plain` says, the inverse of `plainOf`. `InternalError` where no calls of the
 * program lead to such frames; whether a run ever comes to the state is not asked.
 */
export function stateFrom({ program, code, table }: Machine, plain: PlainState): State {
  checkCount(plain.variables, program.variables.length, "variables");
  checkCount(plain.threads, program.instances.length, "threads");
  return stateOf([
    ...plain.variables.map((value, variable) => numberOfValue(table, variable, value)),
    ...plain.threads.map((plains, instance) => {
      const { thread } = present(program.instances[instance], "an instance");
      const frames: Frame[] = [];
      for (const one of plains) {
        const spot = present(code.spots.get(one.statement), "the spot of a statement");
        const at = present(spot.block.statements[spot.index], "a statement");
        const caller = frames.at(-1);
        const call = caller === undefined ? null : present(callIn(caller.at), "a call under way");
        const called = call === null ? code.threads[thread] : code.procs[call.proc];
        if (spot.code !== called) {
          throw new InternalError(`${spot.code.name} is not what is called there`);
        }
        frames.push(frameFrom(frames, spot.code, at, one));
      }
      return numberOfFrames(table, instance, frames);
    }),
  ]);
}

function checkCount(list: readonly unknown[], count: number, what: string): void {
  if (list.length !== count) {
    throw new InternalError(`${list.length} ${what} where there are ${count}`);
  }
}

/** The frame behind those of `outer`. */
function frameFrom(outer: readonly Frame[], code: Code, at: Frame["at"], plain: PlainFrame): Frame {
  const { locals } = code.body;
  checkCount(plain.locals, locals.length, `locals of ${code.name}`);
  checkCount(plain.kept, locals.length, `locals of ${code.name}`);
  return {
    code,
    at,
    locals: locals.map(
      ({ kind }, slot) => (kind === "reference" ? code.firstValues : plain.locals)[slot] as Value,
    ),
    references: locals.map(({ kind }, slot) =>
      kind === "reference" ? referenceFrom(outer, slot, plain.kept[slot] ?? []) : null,
    ),
  };
}

/** What a `ref` parameter of a call of the last of `outer` is bound to: as `bind`, with kept indices. */
function referenceFrom(
  outer: readonly Frame[],
  parameter: number,
  kept: readonly Value[],
): Reference {
  const caller = present(outer.at(-1), "a caller");
  const argument = callIn(caller.at)?.arguments[parameter];
  if (argument?.kind !== "reference") {
    throw new InternalError("a ref parameter that is bound to no place");
  }
  const { place } = argument;
  const around = place.root.kind === "local" ? (caller.references[place.root.slot] ?? null) : null;
  const root: Root =
    place.root.kind === "variable"
      ? place.root
      : (around?.root ?? { kind: "local", frame: outer.length - 1, slot: place.root.slot });
  let used = 0;
  const path = [...(around?.path ?? []), ...place.path].map((step): BoundStep => {
    if (step.kind === "field") {
      return step;
    }
    const index = kept[used] as Value;
    used += 1;
    return { kind: "element", index, of: step.of, span: step.span };
  });
  checkCount(kept, used, "kept indices");
  return { root, path };
}
