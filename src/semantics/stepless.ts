import type * as core from "../core/expressions.ts";
import type { Def, Program } from "../core/program.ts";
import type { Block, Call, Condition, Statement } from "../core/statements.ts";
import { blocksIn } from "../core/walk.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import { valueIfKnown } from "./constants.ts";
import type { Context } from "./context.ts";
import { loopWithoutStep } from "./problems-code.ts";
import { labelNamesNothing } from "./problems-names.ts";
import {
  callMentionsShared,
  type Frame,
  indicesMentionShared,
  isShared,
  mentionsShared,
} from "./sharing.ts";

/** How control can leave a statement without any step since it came there. */
interface Ways {
  readonly falls: boolean;
  readonly breaks: boolean;
  readonly continues: boolean;
  readonly returns: boolean;
  /** Whether there is a place inside where a step begins. */
  readonly rests: boolean;
}

const FALLS: Ways = { falls: true, breaks: false, continues: false, returns: false, rests: false };
const NOWHERE: Ways = { ...FALLS, falls: false };
/** A step stands in every way. */
const STEP: Ways = { ...NOWHERE, rests: true };

interface Walk {
  readonly context: Context;
  readonly program: Program;
  readonly defs: readonly Def[];
  /** By proc and what is shared in the call. */
  readonly calls: Map<string, Ways>;
  /** The labels met, and whether some step begins there; by place, since a generic has many bodies. */
  readonly labels: Map<string, { readonly span: Span; readonly text: string; rests: boolean }>;
}

/**
 * Reports the loops of threads, and of the procs they call, that can go round without a step, and
 * warns of labels that name no place.
 */
export function checkLoops(context: Context, program: Program): void {
  const walk: Walk = { context, program, defs: program.defs, calls: new Map(), labels: new Map() };
  for (const { body } of program.threads) {
    waysOf(walk, { body, sharedReferences: [], sharedResult: false }, body.block);
  }
  for (const { span, text, rests } of walk.labels.values()) {
    if (!rests) {
      context.report(labelNamesNothing(span, text));
    }
  }
}

/** Visits every statement, also those that no way without a step leads to: each loop is judged. */
function waysOf(walk: Walk, frame: Frame, block: Block): Ways {
  let ways = FALLS;
  for (const statement of block.statements) {
    const next = waysOfStatement(walk, frame, statement);
    if (ways.falls) {
      ways = {
        falls: next.falls,
        breaks: ways.breaks || next.breaks,
        continues: ways.continues || next.continues,
        returns: ways.returns || next.returns,
        rests: ways.rests || next.rests,
      };
    }
  }
  return ways;
}

function waysOfStatement(walk: Walk, frame: Frame, statement: Statement): Ways {
  const ways = waysInside(walk, frame, statement);
  if (statement.label !== null) {
    const span = present(walk.context.labels.get(statement.id), "the place of a label");
    const key = `${span.file} ${span.start}`;
    const before = walk.labels.get(key);
    walk.labels.set(key, {
      span,
      text: statement.label,
      rests: ways.rests || (before?.rests ?? false),
    });
  }
  return ways;
}

function waysInside(walk: Walk, frame: Frame, statement: Statement): Ways {
  const { defs } = walk;
  const labelled = statement.label !== null;
  switch (statement.kind) {
    case "skip":
      return labelled ? STEP : FALLS;
    case "break":
      return labelled ? STEP : { ...NOWHERE, breaks: true };
    case "continue":
      return labelled ? STEP : { ...NOWHERE, continues: true };
    case "await":
    case "start":
    case "atomic":
      return STEP;
    case "either":
    case "choose":
      // Decided by a step; but a loop inside has to be judged all the same.
      for (const block of blocksIn(statement)) {
        waysOf(walk, frame, block);
      }
      return STEP;
    case "assert":
      return labelled || mentionsShared(statement.condition, frame, defs) ? STEP : FALLS;
    case "assign": {
      const { target, value } = statement;
      const shared = isShared(target, frame) || indicesMentionShared(target, frame, defs);
      return value.kind === "call"
        ? waysOfCall(walk, frame, value.call, shared)
        : labelled || shared || mentionsShared(value.expression, frame, defs)
          ? STEP
          : FALLS;
    }
    case "declare":
      if (statement.value?.kind === "call") {
        return waysOfCall(walk, frame, statement.value.call, false);
      }
      return labelled ||
        (statement.value !== null && mentionsShared(statement.value.expression, frame, defs))
        ? STEP
        : FALLS;
    case "return":
      return waysOfReturn(walk, frame, statement);
    case "call":
      return waysOfCall(walk, frame, statement.call, false);
    case "block":
      return waysOf(walk, frame, statement.body);
    case "if":
      return waysOfIf(walk, frame, statement);
    case "loop":
      return waysOfLoop(walk, statement, waysOf(walk, frame, statement.body));
    case "while":
      return waysOfWhile(walk, frame, statement);
  }
}

function waysOfReturn(
  walk: Walk,
  frame: Frame,
  { label, value }: Statement & { readonly kind: "return" },
): Ways {
  if (value?.kind === "call") {
    const ways = waysOfCall(walk, frame, value.call, frame.sharedResult);
    return { ...ways, falls: false, returns: ways.falls };
  }
  const isStep =
    label !== null ||
    (value !== null && (frame.sharedResult || mentionsShared(value.expression, frame, walk.defs)));
  return isStep ? STEP : { ...NOWHERE, returns: true };
}

/** A call by itself, with what its proc does; it ends where the proc returns. */
function waysOfCall(walk: Walk, frame: Frame, call: Call, sharedResult: boolean): Ways {
  const sharedReferences = call.arguments.map(
    (argument) => argument.kind === "reference" && isShared(argument.place, frame),
  );
  const key = `${call.proc} ${sharedReferences} ${sharedResult}`;
  let ways = walk.calls.get(key);
  if (ways === undefined) {
    const { body } = present(walk.program.procs[call.proc], "a proc");
    ways = waysOf(walk, { body, sharedReferences, sharedResult }, body.block);
    walk.calls.set(key, ways);
  }
  return callMentionsShared(call, frame, walk.defs)
    ? STEP
    : { ...NOWHERE, falls: ways.falls || ways.returns, rests: ways.rests };
}

/** How control leaves a condition without a step: to which sides. */
interface Decision {
  readonly yes: boolean;
  readonly no: boolean;
  readonly rests: boolean;
}

function decide(walk: Walk, frame: Frame, condition: Condition, label: string | null): Decision {
  if (condition.kind === "call") {
    const { falls, rests } = waysOfCall(walk, frame, condition.call, false);
    return { yes: falls, no: falls, rests };
  }
  const { expression } = condition;
  if (label !== null || mentionsShared(expression, frame, walk.defs)) {
    return { yes: false, no: false, rests: true };
  }
  const value = knownTruth(walk.context, expression);
  return { yes: value !== false, no: value !== true, rests: false };
}

/** The value of a condition over constants, if it has one. */
function knownTruth(context: Context, expression: core.Expression): boolean | null {
  const value = valueIfKnown(context, expression);
  return typeof value === "boolean" ? value : null;
}

function waysOfIf(walk: Walk, frame: Frame, statement: Statement & { readonly kind: "if" }): Ways {
  const decision = decide(walk, frame, statement.condition, statement.label);
  const then = waysOf(walk, frame, statement.then);
  const otherwise = statement.else === null ? FALLS : waysOf(walk, frame, statement.else);
  const taken = [...(decision.yes ? [then] : []), ...(decision.no ? [otherwise] : [])];
  return {
    falls: taken.some((one) => one.falls),
    breaks: taken.some((one) => one.breaks),
    continues: taken.some((one) => one.continues),
    returns: taken.some((one) => one.returns),
    // Of both sides: a label is no mistake because one choice of constants leaves nothing there.
    rests: decision.rests || then.rests || otherwise.rests,
  };
}

function waysOfWhile(
  walk: Walk,
  frame: Frame,
  statement: Statement & { readonly kind: "while" },
): Ways {
  const { yes, no, rests } = decide(walk, frame, statement.condition, statement.label);
  const body = waysOf(walk, frame, statement.body);
  if (!yes) {
    return { ...NOWHERE, falls: no, rests: rests || body.rests };
  }
  const round = waysOfLoop(walk, statement, body);
  return { ...round, falls: round.falls || no, rests: rests || body.rests };
}

/** A loop whose body is entered; it is left by `break` and by `return`. */
function waysOfLoop(walk: Walk, { kind, span }: Statement, body: Ways): Ways {
  if (body.falls || body.continues) {
    const { file, start } = span;
    const word = kind === "while" ? "while" : "loop";
    walk.context.report(loopWithoutStep({ file, start, end: start + word.length }));
  }
  return { ...NOWHERE, falls: body.breaks, returns: body.returns, rests: body.rests };
}
