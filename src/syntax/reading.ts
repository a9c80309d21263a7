import type { Interval, Node as Parsed } from "ohm-js";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import type { Doc, Name } from "./ast.ts";
import { type Comment, docBefore } from "./comments.ts";
import type { Placed } from "./operators.ts";

/** What the tree-building actions need to know of the text, besides the piece that Ohm matched. */
export interface Reading {
  readonly file: string;
  /** The whole text of the file; Ohm's offsets count from `base`. */
  readonly text: string;
  readonly base: number;
  readonly comments: readonly Comment[];
  /** Grows while the tree is built. */
  readonly problems: Diagnostic[];
}

/** The tree of a parse node, in the type that the rule is known to give. */
export function tree<T>(node: Parsed, reading: Reading): T {
  // The one place where Ohm's `any` is met: what an action gives is known by its rule alone.
  return node["tree"](reading) as T;
}

/** The reading that an action was called with. */
export function readingOf(node: Parsed): Reading {
  return node["args"].reading as Reading;
}

/** The trees of the rounds of an iteration. */
export function trees<T>(iteration: Parsed, reading: Reading): readonly T[] {
  return iteration.children.map((child) => tree<T>(child, reading));
}

/** The tree of a `?` iteration, or null. */
export function optional<T>(iteration: Parsed, reading: Reading): T | null {
  const child = iteration.children[0];
  return child === undefined ? null : tree<T>(child, reading);
}

/** `first (separator rest)*` as one list. */
export function listed<T>(first: Parsed, rest: Parsed, reading: Reading): readonly T[] {
  return [tree<T>(first, reading), ...trees<T>(rest, reading)];
}

/** The span of what Ohm matched. */
export function spanOf(source: Interval, reading: Reading): Span {
  return {
    file: reading.file,
    start: reading.base + source.startIdx,
    end: reading.base + source.endIdx,
  };
}

/** The span from one place in the file to another. */
export function spanBetween(start: number, end: number, reading: Reading): Span {
  return { file: reading.file, start, end };
}

/** The tree of `node` with the range it takes, parentheses included. */
export function placed<T>(node: Parsed, reading: Reading): Placed<T> {
  const { start, end } = spanOf(node.source, reading);
  return { value: tree<T>(node, reading), start, end };
}

/** A name as a node of the tree. */
export function nameOf(node: Parsed, reading: Reading): Name {
  return { span: spanOf(node.source, reading), text: node.sourceString };
}

/** The names of `first ("," rest)*`. */
export function namesOf(first: Parsed, rest: Parsed, reading: Reading): readonly Name[] {
  return [first, ...rest.children].map((node) => nameOf(node, reading));
}

/** The `///` lines before `whole`, whose annotations reach up to `core`. */
export function docOf(whole: Parsed, core: Parsed, reading: Reading): Doc {
  return docBefore(
    reading.text,
    reading.comments,
    spanOf(whole.source, reading).start,
    spanOf(core.source, reading).start,
  );
}
