import type { Program } from "../core/program.ts";
import type { Block, Body } from "../core/statements.ts";
import { callIn } from "../core/walk.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import { bitsOf, type TypeContext } from "../values/types.ts";
import { typeContext } from "./constants.ts";
import type { Context } from "./context.ts";
import { STATE_BITS_MAX } from "./limits.ts";
import { stateTooWide } from "./problems-limits.ts";
import { placesChanged, statementsInside } from "./walk-code.ts";

/** A number of bits and the largest single part of them. */
interface Width {
  readonly bits: number;
  readonly largest: { readonly bits: number; readonly span: Span } | null;
}

const NO_BITS: Width = { bits: 0, largest: null };

function plus(a: Width, b: Width): Width {
  return {
    bits: a.bits + b.bits,
    largest: (a.largest?.bits ?? 0) >= (b.largest?.bits ?? 0) ? a.largest : b.largest,
  };
}

/**
 * Reports a state that is too wide. Counted are the variables that can change and, for each thread,
 * the locals of the deepest chain of calls in which it can rest.
 */
export function checkWidth(context: Context, program: Program): void {
  const types = typeContext(context);
  const changing = changingVariables(program);
  let width = NO_BITS;
  program.variables.forEach(({ type, span, initial }, index) => {
    if (initial.kind === "any" || changing.has(index)) {
      width = plus(width, part(bitsOf(type, types), span));
    }
  });
  const depths = new Map<number, Width>();
  for (const { thread } of program.instances) {
    const { body } = present(program.threads[thread], "a thread");
    width = plus(width, widthOfBody(program, body, types, depths));
  }
  if (width.bits > STATE_BITS_MAX && width.largest !== null) {
    context.report(stateTooWide(width.largest.span, width.bits, STATE_BITS_MAX));
  }
}

function part(bits: number, span: Span): Width {
  return { bits, largest: { bits, span } };
}

/** The variables that some code can change; the others are as good as constants. */
function changingVariables(program: Program): ReadonlySet<number> {
  const changing = new Set<number>();
  for (const { body } of [...program.threads, ...program.procs, ...program.transitions]) {
    for (const statement of statementsInside(body.block, true)) {
      for (const { root } of placesChanged(statement)) {
        if (root.kind === "variable") {
          changing.add(root.variable);
        }
      }
    }
  }
  return changing;
}

function widthOfBody(
  program: Program,
  body: Body,
  types: TypeContext,
  depths: Map<number, Width>,
): Width {
  let own = NO_BITS;
  for (const { kind, type, span } of body.locals) {
    // A thread's index is the same in every state, and a reference is a place.
    if (kind !== "index" && kind !== "reference") {
      own = plus(own, part(bitsOf(type, types), span));
    }
  }
  return plus(own, widestCall(program, body.block, types, depths));
}

function widestCall(
  program: Program,
  block: Block,
  types: TypeContext,
  depths: Map<number, Width>,
): Width {
  let widest = NO_BITS;
  // Nobody rests inside an atomic, so that the locals of what is called there are no part of a state.
  for (const statement of statementsInside(block, false)) {
    const call = callIn(statement);
    if (call === null) {
      continue;
    }
    let width = depths.get(call.proc);
    if (width === undefined) {
      const { body } = present(program.procs[call.proc], "a proc");
      width = widthOfBody(program, body, types, depths);
      depths.set(call.proc, width);
    }
    widest = width.bits > widest.bits ? width : widest;
  }
  return widest;
}
