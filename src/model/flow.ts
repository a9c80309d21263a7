import type { Expression, SlotIndex, ThreadIndex } from "../core/expressions.ts";
import type { Call, Place, Statement, WaitKind } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type { Field, Frame } from "./frames.ts";

/**
 * A point of the code of an agent, and what is done there. Nodes form a graph from the places of
 * rest (and the beginnings of threads and transitions) to the ends of steps; it has cycles only
 * inside `atomic`.
 */
export interface Node {
  readonly id: number;
  op: Op;
}

/** What a node does, and where it goes on. Expressions are read in `frame`. */
export type Op =
  /** The end of a step: the thread rests. */
  | { readonly kind: "rest"; readonly rest: Rest }
  /** The end of a step and of the thread, or of the transition. */
  | { readonly kind: "end" }
  /** The try ends here: no step. */
  | { readonly kind: "wait"; readonly wait: WaitKind }
  /** The step fails. */
  | { readonly kind: "fail"; readonly failure: "error" | "assertion" }
  /** Indices of the target, then the value, then whether it fits. */
  | Next<{ readonly kind: "assign"; readonly target: Place; readonly value: Expression }>
  /** The result of a call, of type `from`, goes to the target, whose indices are evaluated now. */
  | Next<{ readonly kind: "assignResult"; readonly target: Place; readonly from: Type }>
  | Next<{ readonly kind: "declare"; readonly slot: SlotIndex; readonly value: Expression | null }>
  | Next<{ readonly kind: "declareResult"; readonly slot: SlotIndex; readonly from: Type }>
  /** Evaluates what a proc gives back. */
  | Next<{ readonly kind: "result"; readonly value: Expression; readonly fits: Type }>
  /** What a proc gives back is given back by its caller. */
  | Next<{ readonly kind: "passResult"; readonly from: Type; readonly fits: Type }>
  | {
      readonly kind: "test";
      readonly frame: Frame;
      readonly condition: Expression;
      readonly then: Node;
      readonly else: Node;
    }
  | { readonly kind: "testResult"; readonly then: Node; readonly else: Node }
  /** Any of the branches. */
  | { readonly kind: "pick"; readonly branches: readonly Node[] }
  /** Any element that satisfies `where`. */
  | {
      readonly kind: "choose";
      readonly frame: Frame;
      readonly slot: SlotIndex;
      readonly set: Expression;
      readonly where: Expression | null;
      readonly some: Node;
      readonly none: Node;
    }
  | Next<{ readonly kind: "call"; readonly callee: Frame; readonly call: Call }>
  /** Locals go out of scope. `never`: where a condition would lead that is decided beforehand. */
  | {
      readonly kind: "clear";
      readonly fields: readonly Field[];
      readonly next: Node;
      readonly never: Node | null;
    }
  | Next<{
      readonly kind: "start";
      readonly thread: ThreadIndex;
      readonly index: Expression | null;
    }>
  /** Another round of a loop. */
  | { readonly kind: "round"; readonly next: Node }
  /** A statement is executed; only where that is counted. */
  | { readonly kind: "mark"; readonly statement: number; readonly next: Node };

type Next<Part> = Part & { readonly frame: Frame; readonly next: Node };

/** A place where a thread rests between two steps (decision 0001, rule 1). */
export interface Rest {
  readonly frame: Frame;
  readonly statement: Statement;
  /** What a step from here begins with. */
  readonly entry: Node;
  /** Number of the place among those of its thread, in canonical order; where it can be done, from 1. */
  location: number;
}

/** Where control may go from a node, in order. */
export function nextOf({ op }: Node): readonly Node[] {
  switch (op.kind) {
    case "rest":
    case "end":
    case "wait":
    case "fail":
      return [];
    case "test":
    case "testResult":
      return [op.then, op.else];
    case "pick":
      return op.branches;
    case "choose":
      return [op.some, op.none];
    default:
      return [op.next];
  }
}
