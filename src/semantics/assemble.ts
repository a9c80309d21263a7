import { is } from "immutable";
import type * as core from "../core/expressions.ts";
import type { Agent, Program } from "../core/program.ts";
import type * as ast from "../syntax/ast.ts";
import { showValue } from "../values/show.ts";
import { elaborateCheck, reviewChecks } from "./checks.ts";
import { constantExpression, constantOf, knownValue, ofThisRun, typeContext } from "./constants.ts";
import type { Context } from "./context.ts";
import {
  type CountedVariable,
  elaborateFairness,
  elaboratePredicate,
  elaborateProperty,
  elaborateTransition,
  elaborateUnnamed,
  elaborateVariable,
} from "./declarations.ts";
import { instantiateDef } from "./defs.ts";
import type { Entity } from "./entities.ts";
import { EXPANSION_MAX } from "./limits.ts";
import type { ModuleIndex } from "./link.ts";
import { assumeFalse, constantUnused } from "./problems-constants.ts";
import { tooManyInitialStates } from "./problems-limits.ts";
import { instantiateProc } from "./procs.ts";
import { constantRules, emptySetting } from "./scopes.ts";
import { checkSets } from "./set-sizes.ts";
import { checkLoops } from "./stepless.ts";
import { threadBody } from "./thread-bodies.ts";
import { threadTable } from "./threads.ts";
import { typeOf } from "./type-expressions.ts";
import { BOOL } from "./type-relations.ts";
import { constantsIn } from "./walk-core.ts";
import { checkWidth } from "./width.ts";

/** The parts of a program that stand in it one by one; a part with an error is missing. */
interface Parts {
  readonly variables: CountedVariable[];
  readonly program: {
    -readonly [Key in
      | "transitions"
      | "invariants"
      | "steps"
      | "reachables"
      | "recoverables"
      | "properties"
      | "finals"
      | "constraints"
      | "fairness"]: Program[Key][number][];
  };
  sound: boolean;
}

/** A program and what else is needed to make another one of it. */
export interface Assembled {
  readonly program: Program;
  /** As in the program. */
  readonly variables: readonly CountedVariable[];
}

/** The program of a spec under the run's constants; null where an error has been reported. */
export function assemble(context: Context): Assembled | null {
  const parts: Parts = {
    variables: [],
    program: {
      transitions: [],
      invariants: [],
      steps: [],
      reachables: [],
      recoverables: [],
      properties: [],
      finals: [],
      constraints: [],
      fairness: [],
    },
    sound: true,
  };
  const table = threadTable(context);
  for (const entity of context.declarations.entities) {
    elaborateEntity(context, entity, parts);
  }
  for (const { module, declaration } of context.declarations.all) {
    elaborateDeclaration(context, module, declaration, parts);
  }
  elaborateUnusedGenerics(context);
  reviewChecks(context);
  const check = elaborateCheck(context);
  const threads = context.declarations.entities.flatMap((one) =>
    one.kind === "thread" ? [context.threadBodies.get(one.index)?.thread ?? null] : [],
  );
  const complete = {
    constants: constantsOf(context),
    defs: context.defs.flatMap((one) => one ?? []),
    procs: context.procs.flatMap((one) => one ?? []),
    threads: threads.flatMap((one) => one ?? []),
  };
  const isComplete =
    parts.sound &&
    complete.constants.length === context.constants.size &&
    complete.defs.length === context.defs.length &&
    complete.procs.length === context.procs.length &&
    complete.threads.length === threads.length;
  checkInitialStates(context, parts.variables);
  warnOfUnusedConstants(context);
  if (!isComplete || check === null || table === null || !table.sound) {
    return null;
  }
  const program: Program = {
    module: context.spec.module,
    file: context.spec.file,
    ...complete,
    variables: parts.variables.map((one) => one.variable),
    instances: table.instances,
    agents: agentsOf(context, table.instances),
    ...parts.program,
    check,
  };
  if (context.declarations.openPrototypes.length === 0) {
    // Where steps begin in what nothing defines is not known.
    ofThisRun(context, () => checkLoops(context, program));
  }
  checkWidth(context, program);
  checkSets(context, program);
  return { program, variables: parts.variables };
}

/**
 * The program of another run of the same spec, made of that of `base` by elaborating again what
 * depends on constants: their values, the initial values of variables, the check. `context` knows
 * what that of `base` did; null where something else has to be elaborated again, or is wrong.
 */
export function assembleAgain(context: Context, base: Assembled, known: Context): Program | null {
  const { entities, all } = context.declarations;
  const hasConstants = entities.every(
    (one) => one.kind !== "const" || constantOf(context, one, one.name.span) !== null,
  );
  const variables = hasConstants ? variablesAgain(context, base.variables) : null;
  const holds = all.every(
    ({ module, declaration }) =>
      declaration.kind !== "assume" ||
      (variables !== null && checkAssumption(context, module, declaration)),
  );
  const check = variables !== null && holds ? elaborateCheck(context) : null;
  if (variables === null || check === null || !isAsBefore(context, known)) {
    return null;
  }
  const program: Program = {
    ...base.program,
    constants: constantsOf(context),
    variables: variables.map((one) => one.variable),
    check,
  };
  checkInitialStates(context, variables);
  // The width and the sets are as before: they depend on types alone.
  checkLoops(context, program);
  return program;
}

/** Whether what `known` found out holds in `context`, and nothing has been added to it. */
function isAsBefore(context: Context, known: Context): boolean {
  const valueIn = ({ constants }: Context, index: core.ConstantIndex): unknown =>
    constants.get(index)?.value?.value;
  return (
    context.defs.length === known.defs.length &&
    context.procs.length === known.procs.length &&
    [...context.consulted.constants].every((index) =>
      is(valueIn(context, index), valueIn(known, index)),
    )
  );
}

function variablesAgain(
  context: Context,
  before: readonly CountedVariable[],
): readonly CountedVariable[] | null {
  const variables = context.declarations.entities.flatMap((entity) => {
    if (entity.kind !== "var") {
      return [];
    }
    const { initial } = entity.declaration;
    const same = initial.kind === "one" ? undefined : before[entity.index];
    return [same ?? elaborateVariable(context, entity)];
  });
  const sound = variables.flatMap((one) => one ?? []);
  return sound.length < variables.length ? null : sound;
}

function constantsOf(context: Context): Program["constants"] {
  const constants = [...context.constants].sort(([a], [b]) => a - b);
  return constants.flatMap(([, { value }]) => value?.constant ?? []);
}

/** Thread instances and transitions in the order of their declarations. */
function agentsOf(context: Context, instances: Program["instances"]): readonly Agent[] {
  return context.declarations.entities.flatMap((entity): readonly Agent[] => {
    if (entity.kind === "transition") {
      return [{ kind: "transition", transition: entity.index }];
    }
    return entity.kind === "thread"
      ? [...instances.keys()]
          .filter((instance) => instances[instance]?.thread === entity.index)
          .map((instance) => ({ kind: "thread", instance }))
      : [];
  });
}

function elaborateEntity(context: Context, entity: Entity, parts: Parts): void {
  const { span } = entity.name;
  const { program } = parts;
  switch (entity.kind) {
    case "const":
      constantOf(context, entity, span);
      break;
    case "type":
      typeOf(context, entity, span);
      break;
    case "var":
      push(parts, parts.variables, elaborateVariable(context, entity));
      break;
    case "def":
      if (entity.index >= 0) {
        instantiateDef(context, entity, new Map(), span);
      }
      break;
    case "proc":
      if (entity.index >= 0) {
        instantiateProc(context, entity, new Map(), span);
      }
      break;
    case "thread":
      threadBody(context, entity);
      break;
    case "transition":
      push(parts, program.transitions, elaborateTransition(context, entity));
      break;
    case "predicate": {
      const { declaration, module } = entity;
      const list = program[`${declaration.kind}s`];
      push(parts, list, elaboratePredicate(context, module, declaration));
      break;
    }
    case "property":
      push(
        parts,
        program.properties,
        elaborateProperty(context, entity.module, entity.declaration),
      );
      break;
  }
}

/** The declarations without a name. */
function elaborateDeclaration(
  context: Context,
  module: ModuleIndex,
  declaration: ast.Declaration,
  parts: Parts,
): void {
  const { program } = parts;
  switch (declaration.kind) {
    case "assume":
      parts.sound = checkAssumption(context, module, declaration) && parts.sound;
      break;
    case "final":
      push(parts, program.finals, elaborateUnnamed(context, module, declaration));
      break;
    case "constraint":
      push(parts, program.constraints, elaborateUnnamed(context, module, declaration));
      break;
    case "fairness":
      push(parts, program.fairness, elaborateFairness(context, { module, declaration }));
      break;
  }
}

function push<T>(parts: Parts, list: T[], part: T | null): void {
  if (part === null) {
    parts.sound = false;
  } else {
    list.push(part);
  }
}

function checkAssumption(
  context: Context,
  module: ModuleIndex,
  { condition }: ast.AssumeDeclaration,
): boolean {
  const place = "an assumption";
  const setting = emptySetting(module, constantRules(place));
  const typed = constantExpression(context, setting, condition, BOOL, place);
  if (context.declarations.openPrototypes.length > 0) {
    // What it assumes of constants may hold of the values that they will have.
    return typed !== null;
  }
  const value = typed === null ? undefined : ofThisRun(context, () => knownValue(context, typed));
  if (typed === null || value === undefined) {
    return false;
  }
  if (value !== true) {
    context.report(assumeFalse(condition.span, valuesIn(context, typed)));
  }
  return value === true;
}

/** The constants of a condition and their values, as `N = 3`. */
function valuesIn(context: Context, condition: core.Expression): readonly string[] {
  return constantsIn(condition).flatMap((index) => {
    const known = context.constants.get(index)?.value;
    if (known === undefined || known === null) {
      return [];
    }
    const { name, type } = known.constant;
    return [`${name} = ${showValue(known.value, type, typeContext(context))}`];
  });
}

/** Looks at the generic defs and procs that nobody calls, as far as that goes without types. */
function elaborateUnusedGenerics(context: Context): void {
  const used = new Set<string>();
  for (const key of [...context.defInstances.keys(), ...context.procInstances.keys()]) {
    used.add(key.replace(/<.*$/s, ""));
  }
  for (const entity of context.declarations.entities) {
    const { text, span } = entity.name;
    const isGeneric = (entity.kind === "def" || entity.kind === "proc") && entity.index < 0;
    if (!isGeneric || used.has(text)) {
      continue;
    }
    const types = new Map(entity.declaration.typeParameters.map((name) => [name.text, null]));
    if (entity.kind === "def") {
      instantiateDef(context, entity, types, span);
    } else {
      instantiateProc(context, entity, types, span);
    }
  }
}

function checkInitialStates(context: Context, variables: readonly CountedVariable[]): void {
  const count = variables.reduce((all, one) => all * one.count, 1);
  const [largest] = [...variables].sort((a, b) => b.count - a.count);
  if (largest !== undefined && count > EXPANSION_MAX) {
    context.report(tooManyInitialStates(largest.variable.span, count, EXPANSION_MAX));
  }
}

/** Of the root file only, and of a whole spec: what a library offers need not all be used. */
function warnOfUnusedConstants(context: Context): void {
  if (context.declarations.openPrototypes.length > 0) {
    return;
  }
  const root = context.spec.modules.length - 1;
  const hasBehaviour = context.declarations.entities.some(
    (one) => one.module === root && (one.kind === "thread" || one.kind === "transition"),
  );
  for (const entity of hasBehaviour ? context.declarations.entities : []) {
    if (
      entity.kind === "const" &&
      entity.module === root &&
      entity.prototype === null &&
      !context.usedConstants.has(entity.index)
    ) {
      context.report(constantUnused(entity.name.span, entity.name.text));
    }
  }
}
