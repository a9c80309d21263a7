import type { Expression, Formula, SlotIndex, ThreadIndex } from "../core/expressions.ts";
import type { Program } from "../core/program.ts";
import type { Argument, Block, Place, Source, Statement } from "../core/statements.ts";
import { blocksIn, callIn, childrenOf } from "../core/walk.ts";

/** The locals of thread bodies that are read from outside (`t.x`): they have to be in the state. */
export function watchedSlots(program: Program): ReadonlyMap<ThreadIndex, ReadonlySet<SlotIndex>> {
  const watched = new Map<ThreadIndex, Set<SlotIndex>>();
  const visit = (expression: Expression): void => {
    if (expression.kind === "threadLocal") {
      const slots = watched.get(expression.thread) ?? new Set();
      slots.add(expression.slot);
      watched.set(expression.thread, slots);
    }
    for (const child of childrenOf(expression)) {
      visit(child);
    }
  };
  for (const expression of expressionsOf(program)) {
    visit(expression);
  }
  return watched;
}

/** All expressions of a program that can read the state, outermost ones. */
function* expressionsOf(program: Program): Generator<Expression, void, undefined> {
  for (const { body } of program.defs) {
    yield body;
  }
  const predicates = [
    ...program.invariants,
    ...program.steps,
    ...program.reachables,
    ...program.recoverables,
  ];
  for (const { condition } of predicates) {
    yield condition;
  }
  for (const { formula } of program.properties) {
    yield* inFormula(formula);
  }
  yield* program.finals;
  yield* program.constraints;
  for (const { body } of [...program.threads, ...program.procs]) {
    yield* inBlock(body.block);
  }
  for (const { body, when } of program.transitions) {
    if (when !== null) {
      yield when;
    }
    yield* inBlock(body.block);
  }
}

function* inFormula(formula: Formula): Generator<Expression, void, undefined> {
  switch (formula.kind) {
    case "predicate":
      yield formula.expression;
      return;
    case "always":
    case "eventually":
    case "not":
      yield* inFormula(formula.of);
      return;
    case "forall":
    case "exists":
      yield* inFormula(formula.body);
      return;
    default:
      yield* inFormula(formula.left);
      yield* inFormula(formula.right);
  }
}

function* inBlock(block: Block): Generator<Expression, void, undefined> {
  for (const statement of block.statements) {
    yield* inStatement(statement);
    for (const inner of blocksIn(statement)) {
      yield* inBlock(inner);
    }
  }
}

function* inStatement(statement: Statement): Generator<Expression, void, undefined> {
  const call = callIn(statement);
  for (const argument of call?.arguments ?? []) {
    yield* inArgument(argument);
  }
  switch (statement.kind) {
    case "assign":
      yield* inPlace(statement.target);
      yield* inSource(statement.value);
      return;
    case "declare":
    case "return":
      yield* inSource(statement.value);
      return;
    case "await":
    case "assert":
      yield statement.condition;
      return;
    case "if":
    case "while":
      if (statement.condition.kind === "expression") {
        yield statement.condition.expression;
      }
      return;
    case "choose":
      yield statement.set;
      if (statement.where !== null) {
        yield statement.where;
      }
      return;
    case "start":
      if (statement.index !== null) {
        yield statement.index;
      }
      return;
    default:
  }
}

function* inSource(source: Source | null): Generator<Expression, void, undefined> {
  if (source?.kind === "expression") {
    yield source.expression;
  }
}

function* inArgument(argument: Argument): Generator<Expression, void, undefined> {
  if (argument.kind === "value") {
    yield argument.value;
  } else {
    yield* inPlace(argument.place);
  }
}

function* inPlace({ path }: Place): Generator<Expression, void, undefined> {
  for (const step of path) {
    if (step.kind === "element") {
      yield step.index;
    }
  }
}
