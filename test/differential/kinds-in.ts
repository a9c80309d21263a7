import type { Expression, Formula } from "../../src/core/expressions.ts";
import type { Expectation, Program } from "../../src/core/program.ts";
import type { Block, Body, Call, Place, Statement } from "../../src/core/statements.ts";
import type { Type } from "../../src/core/types.ts";
import { blocksIn, callIn, childrenOf } from "../../src/core/walk.ts";
import { bitsOf, type TypeContext } from "../../src/values/types.ts";
import type { CodePlace, Position } from "./node-kinds.ts";

interface Walk {
  readonly program: Program;
  readonly found: Set<string>;
}

/** The names of the kinds that a program contains, as `allKinds` lists them. */
export function kindsIn(program: Program): ReadonlySet<string> {
  const walk: Walk = { program, found: new Set() };
  visitDeclarations(walk);
  visitThreads(walk);
  visitTransitions(walk);
  for (const { name, body } of program.procs) {
    visitBody(walk, body, "proc");
    note(walk, program.procs.filter((one) => one.name === name).length > 1, "generic proc");
  }
  const { invariants, reachables, steps, recoverables } = program;
  for (const { condition } of [...invariants, ...reachables, ...steps, ...recoverables]) {
    visitExpression(walk, condition, false);
  }
  for (const { formula } of program.properties) {
    visitFormula(walk, formula);
  }
  for (const condition of [...program.finals, ...program.constraints]) {
    visitExpression(walk, condition, false);
  }
  for (const expectation of program.check.expectations) {
    visitExpectation(walk, expectation);
  }
  return walk.found;
}

function note({ found }: Walk, isSo: boolean, name: string): void {
  if (isSo) {
    found.add(name);
  }
}

function visitDeclarations(walk: Walk): void {
  const { program } = walk;
  const { check } = program;
  const types: TypeContext = { threads: program.instances.map(({ name }) => name) };
  for (const { type, initial } of program.variables) {
    note(walk, true, `variable of ${type.kind}`);
    note(walk, true, `initial ${initial.kind}`);
    visitType(walk, type, null);
    visitExpression(walk, initial.kind === "one" ? initial.value : initial.set, false);
  }
  const bits = program.variables.reduce((sum, { type }) => sum + bitsOf(type, types), 0);
  note(walk, bits > 64, "state of several words");
  for (const { value } of program.constants) {
    visitExpression(walk, value, false);
  }
  for (const { name, parameters, body } of program.defs) {
    note(walk, true, parameters.length > 0 ? "def with parameters" : "def without parameters");
    note(walk, program.defs.filter((one) => one.name === name).length > 1, "generic def");
    visitExpression(walk, body, false);
  }
  note(walk, program.invariants.length > 0, "invariant");
  note(walk, program.steps.length > 0, "step");
  note(walk, program.reachables.length > 0, "reachable");
  note(walk, program.recoverables.length > 0, "recoverable");
  note(walk, program.finals.length > 0, "final");
  note(walk, program.constraints.length > 0, "constraint");
  note(walk, program.fairness.length > 0, "fairness");
  note(walk, check.states !== null, "pinned states");
  note(walk, check.overridden.length > 0, "overridden constant");
}

function visitFormula(walk: Walk, formula: Formula): void {
  note(walk, true, `formula ${formula.kind}`);
  switch (formula.kind) {
    case "predicate":
      visitExpression(walk, formula.expression, false);
      return;
    case "always":
    case "eventually":
    case "not":
      visitFormula(walk, formula.of);
      return;
    case "forall":
    case "exists":
      visitExpression(walk, formula.set, false);
      visitFormula(walk, formula.body);
      return;
    default:
      visitFormula(walk, formula.left);
      visitFormula(walk, formula.right);
  }
}

function visitThreads(walk: Walk): void {
  const { program } = walk;
  for (const { dormant, unfair, escape: escapes, indexed, shell, body } of program.threads) {
    note(walk, true, "agent thread");
    note(walk, dormant, "dormant thread");
    note(walk, unfair, "unfair thread");
    note(walk, escapes, "escape thread");
    note(walk, indexed, "indexed thread");
    note(walk, shell !== null, "shell of thread");
    visitBody(walk, body, "thread");
  }
}

function visitTransitions(walk: Walk): void {
  for (const one of walk.program.transitions) {
    note(walk, true, "agent transition");
    note(walk, true, `transition ${one.fairness}`);
    note(walk, one.parameterSets.length > 0, "transition with parameters");
    note(walk, one.when !== null, "transition with when");
    note(walk, one.escape, "escape transition");
    note(walk, one.shell !== null, "shell of transition");
    for (const set of one.parameterSets) {
      visitExpression(walk, set, false);
    }
    if (one.when !== null) {
      visitExpression(walk, one.when, true);
    }
    visitBody(walk, one.body, "transition");
  }
}

function visitExpectation(walk: Walk, expectation: Expectation): void {
  note(walk, true, `expectation ${expectation.kind}`);
  if (expectation.kind === "deadlock" || expectation.kind === "hung") {
    note(walk, expectation.threads !== null, `${expectation.kind} of named threads`);
  }
}

function visitBody(walk: Walk, body: Body, place: CodePlace): void {
  for (const { kind, type } of body.locals) {
    note(walk, true, `local ${kind}`);
    if (kind === "variable") {
      note(walk, true, `type ${type.kind} local`);
    }
    visitType(walk, type, null);
  }
  visitBlock(walk, body.block, place, []);
}

/** `inside`: the statements around, innermost first. */
function visitBlock(walk: Walk, block: Block, place: CodePlace, inside: readonly string[]): void {
  for (const statement of block.statements) {
    visitStatement(walk, statement, place, inside);
  }
}

function visitStatement(
  walk: Walk,
  statement: Statement,
  place: CodePlace,
  inside: readonly string[],
): void {
  const { kind, label, shell, doc } = statement;
  note(walk, true, `statement ${kind} in ${place}`);
  note(walk, label !== null, `label on ${kind}`);
  note(walk, shell !== null, "shell of statement");
  note(walk, doc !== null, "doc of statement");
  visitJump(walk, kind, inside);
  visitOwnParts(walk, statement);
  const call = callIn(statement);
  if (call !== null) {
    visitCall(walk, call);
  }
  const inner = kind === "atomic" && place !== "transition" ? "atomic" : place;
  for (const block of blocksIn(statement)) {
    visitBlock(walk, block, inner, [kind, ...inside]);
  }
}

function visitJump(walk: Walk, kind: string, inside: readonly string[]): void {
  if (kind === "break" || kind === "continue" || kind === "return") {
    const loop = inside.findIndex((around) => around === "while" || around === "loop");
    const left = kind === "return" || loop < 0 ? inside : inside.slice(0, loop);
    for (const around of left) {
      note(walk, true, `${kind} leaves ${around}`);
    }
  }
}

function visitOwnParts(walk: Walk, statement: Statement): void {
  switch (statement.kind) {
    case "assign":
      visitPlace(walk, statement.target);
      visitSource(walk, statement);
      break;
    case "declare":
    case "return":
      note(walk, statement.value === null, `${statement.kind} without value`);
      visitSource(walk, statement);
      break;
    case "await":
      note(walk, true, `await ${statement.wait}`);
      visitExpression(walk, statement.condition, true);
      break;
    case "assert":
      visitExpression(walk, statement.condition, true);
      break;
    case "if":
      note(walk, true, statement.else === null ? "if without else" : "if with else");
      visitCondition(walk, statement);
      break;
    case "while":
      visitCondition(walk, statement);
      break;
    case "choose":
      note(walk, true, `choose ${statement.wait}`);
      note(walk, true, statement.where === null ? "choose without where" : "choose where");
      visitExpression(walk, statement.set, true);
      if (statement.where !== null) {
        visitExpression(walk, statement.where, true);
      }
      break;
    case "start":
      note(walk, true, `start of ${statement.index === null ? "a plain" : "an indexed"} thread`);
      if (statement.index !== null) {
        visitExpression(walk, statement.index, true);
      }
      break;
  }
}

function visitSource(
  walk: Walk,
  { kind, value }: Statement & { readonly kind: "assign" | "declare" | "return" },
): void {
  if (value !== null) {
    note(walk, true, `source ${value.kind} of ${kind}`);
  }
  if (value?.kind === "expression") {
    visitExpression(walk, value.expression, true);
  }
}

function visitCondition(
  walk: Walk,
  { kind, condition }: Statement & { readonly kind: "if" | "while" },
): void {
  note(walk, true, `condition ${condition.kind} of ${kind}`);
  if (condition.kind === "call") {
    note(walk, condition.negated, `condition negated call of ${kind}`);
  } else {
    visitExpression(walk, condition.expression, true);
  }
}

function visitCall(walk: Walk, call: Call): void {
  for (const argument of call.arguments) {
    note(walk, true, `argument ${argument.kind}`);
    if (argument.kind === "value") {
      visitExpression(walk, argument.value, true);
    } else {
      visitPlace(walk, argument.place);
    }
  }
}

function visitPlace(walk: Walk, { root, path }: Place): void {
  note(walk, true, `place in ${root.kind}`);
  for (const step of path) {
    note(walk, true, `place step ${step.kind}`);
    if (step.kind === "element") {
      note(walk, true, `place element of ${step.of.kind}`);
      visitExpression(walk, step.index, true);
    }
  }
}

/** `inCode`: whether it stands in code, or a def or property. */
function visitExpression(walk: Walk, expression: Expression, inCode: boolean): void {
  const { kind } = expression;
  note(walk, true, `expression ${kind}`);
  switch (expression.kind) {
    case "binary":
      note(walk, true, `operator ${expression.operator}`);
      if (expression.operator === "equal" || expression.operator === "notEqual") {
        note(walk, true, `equality of ${expression.left.type.kind}`);
      }
      break;
    case "function": {
      const { function: name, of } = expression;
      note(walk, true, `function ${name}`);
      if (of.type.kind === "set") {
        note(walk, true, `${name} of ${of.type.of.kind}`);
      }
      break;
    }
    case "universe":
      note(walk, true, `universe of ${expression.of.kind}`);
      break;
    case "at": {
      const { proc, label } = expression;
      note(walk, true, `@${proc === null ? "label" : label === null ? "proc" : "proc.label"}`);
      break;
    }
    case "threadLocal":
    case "done":
      note(walk, inCode, `${kind} in code`);
      break;
  }
  for (const child of childrenOf(expression)) {
    visitExpression(walk, child, inCode);
  }
}

function visitType(walk: Walk, type: Type, position: Position | null): void {
  const visit = (inner: Type, where: Position): void => visitType(walk, inner, where);
  note(walk, position !== null, `type ${type.kind} ${position}`);
  switch (type.kind) {
    case "int":
      note(walk, type.low < 0, "integer below zero");
      note(walk, type.low === type.high, "single value");
      note(walk, type.high - type.low === 2 ** 32 - 1, "integer of 32 bits");
      break;
    case "option":
      visit(type.of, "option of");
      break;
    case "set":
      visit(type.of, "set of");
      break;
    case "seq":
      visit(type.of, "seq of");
      break;
    case "map":
      visit(type.key, "key");
      visit(type.value, "value");
      break;
    case "struct":
      for (const field of type.fields) {
        visit(field.type, "field");
      }
      break;
  }
}
