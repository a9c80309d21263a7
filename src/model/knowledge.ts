import { is } from "immutable";
import type { Binder, Expression, VariableIndex } from "../core/expressions.ts";
import type { Program } from "../core/program.ts";
import type { Argument, Block, Body, Call } from "../core/statements.ts";
import { blocksIn, callIn, childrenOf } from "../core/walk.ts";
import { present } from "../support/internal-error.ts";
import {
  constantContext,
  type EvaluationContext,
  elementsOf,
  evaluate,
} from "../values/evaluate.ts";
import { cardinality, type TypeContext } from "../values/types.ts";
import type { Value } from "../values/value.ts";
import { ValueError } from "../values/value-error.ts";
import type { Frame } from "./frames.ts";

/** What is known of a program before it runs. */
export interface Knowledge {
  readonly program: Program;
  readonly types: TypeContext;
  /** Evaluates what reads constants only. */
  readonly constant: EvaluationContext;
  /** Variables that keep their only initial value, for no code assigns them. */
  readonly fixed: ReadonlyMap<VariableIndex, Value>;
  /** By proc, the slots that are assigned in it, through a `ref` of a call too. */
  readonly assigned: (body: Body) => ReadonlySet<number>;
}

/** Works out what is constant in a program. */
export function knowledgeOf(program: Program): Knowledge {
  const types: TypeContext = { threads: program.instances.map((instance) => instance.name) };
  const constants: Value[] = [];
  const literal = constantContext({
    threads: types.threads,
    constant: (index) => constants[index] as Value,
    def: (index) => present(program.defs[index], "a def"),
    threadElement: () => null,
  });
  const constant: EvaluationContext = {
    ...literal,
    binders: new Map(),
    threadElement: (thread, index) => {
      const found = program.instances.find(
        (one) =>
          one.thread === thread && one.index !== null && is(evaluate(one.index, literal), index),
      );
      return found?.name ?? null;
    },
  };
  for (const { value } of program.constants) {
    constants.push(evaluate(value, constant));
  }
  const assigned = assignedSlots(program);
  return { program, types, constant, fixed: fixedVariables(program, constant, assigned), assigned };
}

function assignedSlots(program: Program): (body: Body) => ReadonlySet<number> {
  const known = new Map<Body, ReadonlySet<number>>();
  const assigned = (body: Body): ReadonlySet<number> => {
    let slots = known.get(body);
    if (slots === undefined) {
      const found = new Set<number>();
      walkTargets(body.block, program, assigned, (root) => {
        if (root.kind === "local") {
          found.add(root.slot);
        }
      });
      slots = found;
      known.set(body, slots);
    }
    return slots;
  };
  return assigned;
}

type Root = (Argument & { kind: "reference" })["place"]["root"];

/** Calls `onTarget` with what the code of a block may assign, itself or through a call. */
function walkTargets(
  block: Block,
  program: Program,
  assigned: (body: Body) => ReadonlySet<number>,
  onTarget: (root: Root) => void,
): void {
  const ofCall = ({ proc, arguments: given }: Call): void => {
    const slots = assigned(present(program.procs[proc], "a proc").body);
    for (const [slot, argument] of given.entries()) {
      if (argument.kind === "reference" && slots.has(slot)) {
        onTarget(argument.place.root);
      }
    }
  };
  for (const statement of block.statements) {
    if (statement.kind === "assign") {
      onTarget(statement.target.root);
    }
    const call = callIn(statement);
    if (call !== null) {
      ofCall(call);
    }
    for (const inner of blocksIn(statement)) {
      walkTargets(inner, program, assigned, onTarget);
    }
  }
}

/** The bodies of threads and transitions, and of the procs that they call: a library has more. */
function reachableBodies(program: Program): ReadonlySet<Body> {
  const bodies = new Set([...program.threads, ...program.transitions].map(({ body }) => body));
  const visit = (block: Block): void => {
    for (const statement of block.statements) {
      const call = callIn(statement);
      if (call !== null) {
        bodies.add(present(program.procs[call.proc], "a proc").body);
      }
      for (const inner of blocksIn(statement)) {
        visit(inner);
      }
    }
  };
  for (const body of bodies) {
    visit(body.block);
  }
  return bodies;
}

function fixedVariables(
  program: Program,
  constant: EvaluationContext,
  assigned: (body: Body) => ReadonlySet<number>,
): ReadonlyMap<VariableIndex, Value> {
  const targets = new Set<VariableIndex>();
  for (const body of reachableBodies(program)) {
    walkTargets(body.block, program, assigned, (root) => {
      if (root.kind === "variable") {
        targets.add(root.variable);
      }
    });
  }
  const fixed = new Map<VariableIndex, Value>();
  for (const [index, { initial }] of program.variables.entries()) {
    if (!targets.has(index)) {
      if (initial.kind === "one") {
        fixed.set(index, evaluate(initial.value, constant));
      } else {
        const values = elementsOf(initial.set, constant);
        if (values.length === 1) {
          fixed.set(index, values[0] as Value);
        }
      }
    }
  }
  return fixed;
}

/** Where an expression stands. */
export interface Standing {
  readonly knowledge: Knowledge;
  /** Null in properties. */
  readonly frame: Frame | null;
  /** Binders of known values. */
  readonly binders: ReadonlyMap<Binder, Value>;
}

/** Values of the type of the elements of a set that is worked out beforehand. */
const SET_KNOWN_MAX = 4096;

/** The value of an expression if it is known beforehand; null where it is not, or has none. */
export function foldIn(
  expression: Expression,
  standing: Standing,
): { readonly value: Value } | null {
  const { type } = expression;
  // Large sets, such as all values of a type, are seldom made where they are asked for elements.
  const isLarge =
    type.kind === "set" && cardinality(type.of, standing.knowledge.types) > SET_KNOWN_MAX;
  if (isLarge || !isKnown(expression, standing, new Set())) {
    return null;
  }
  try {
    return { value: evaluate(expression, contextOf(standing)) };
  } catch (thrown) {
    // It fails when it is evaluated, if ever.
    if (thrown instanceof ValueError) {
      return null;
    }
    throw thrown;
  }
}

function contextOf({ knowledge, frame, binders }: Standing): EvaluationContext {
  return {
    ...knowledge.constant,
    binders: new Map(binders),
    variable: (index) => knowledge.fixed.get(index) as Value,
    prime: (index) => knowledge.fixed.get(index) as Value,
    local: (slot) => {
      const storage = frame?.storages[slot];
      if (storage?.kind === "constant") {
        return storage.value;
      }
      return referenced(storage, knowledge) as Value;
    },
    self: () => present(knowledge.types.threads[frame?.instance ?? -1], "a thread"),
  };
}

/** The value of a `ref` to all of a variable that no code assigns. */
function referenced(
  storage: Frame["storages"][number] | undefined,
  knowledge: Knowledge,
): Value | undefined {
  if (storage?.kind !== "reference" || storage.place.path.length > 0) {
    return undefined;
  }
  const { root } = storage.place;
  return root.kind === "variable" ? knowledge.fixed.get(root.variable) : undefined;
}

function isKnown(expression: Expression, standing: Standing, inner: ReadonlySet<Binder>): boolean {
  const { knowledge, frame, binders } = standing;
  switch (expression.kind) {
    case "variable":
    case "prime":
      return knowledge.fixed.has(expression.variable);
    case "local": {
      const storage = frame?.storages[expression.slot];
      return storage?.kind === "constant" || referenced(storage, knowledge) !== undefined;
    }
    case "self":
      return frame !== null && frame.instance !== null;
    case "bound":
      return inner.has(expression.binder) || binders.has(expression.binder);
    case "threadLocal":
    case "at":
    case "done":
    case "blocked":
    case "enabledThread":
    case "enabledTransition":
      return false;
    case "apply": {
      const def = present(knowledge.program.defs[expression.def], "a def");
      const parameters = new Set(def.parameters.map(({ binder }) => binder));
      return (
        expression.arguments.every((argument) => isKnown(argument, standing, inner)) &&
        isKnown(def.body, standing, parameters)
      );
    }
    case "filter":
    case "image":
    case "forall":
    case "exists":
    case "count":
    case "map":
    case "let": {
      const within = new Set([...inner, expression.binder]);
      return childrenOf(expression).every((child) => isKnown(child, standing, within));
    }
    default:
      return childrenOf(expression).every((child) => isKnown(child, standing, inner));
  }
}
