import type { ModuleFile } from "../../src/syntax/ast.ts";
import { parse } from "../../src/syntax/parse.ts";
import { printModule } from "../../src/syntax/print.ts";

/** Any node of a syntax tree. */
type Tree = { readonly [key: string]: unknown };

/** How many texts are tried at most. */
const TRIES_MAX = 3_000;

/**
 * A spec as small as one that still fails can be made by taking parts away: declarations,
 * statements, branches, and what stands around an expression. `fails` must hold of `text`.
 */
export async function shrinkSpec(
  text: string,
  fails: (text: string) => Promise<boolean>,
): Promise<string> {
  const parsed = parse("shrunk.spec", text);
  if (!parsed.ok) {
    return text;
  }
  let tree = parsed.value as unknown as Tree;
  let smallest = textOf(tree);
  if (!(await fails(smallest))) {
    return text;
  }
  let tries = 0;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    // After a success the places before are not tried again in this round.
    let passed = 0;
    for (let found = true; found && tries < TRIES_MAX; ) {
      found = false;
      let skipped = 0;
      for (const candidate of smallerTrees(tree)) {
        skipped += 1;
        if (skipped <= passed) {
          continue;
        }
        const shorter = textOf(candidate);
        tries += 1;
        if (shorter.length < smallest.length && (await fails(shorter))) {
          [tree, smallest, passed] = [candidate, shorter, skipped - 1];
          [found, shrunk] = [true, true];
          break;
        }
        if (tries >= TRIES_MAX) {
          break;
        }
      }
    }
  }
  return smallest;
}

function textOf(tree: Tree): string {
  return printModule(tree as unknown as ModuleFile);
}

/** Every tree that is smaller in one place, the places in order of the text, outer ones first. */
function* smallerTrees(node: Tree): Generator<Tree> {
  yield* smallerItself(node);
  for (const [key, part] of Object.entries(node)) {
    if (Array.isArray(part)) {
      yield* smallerLists(node, key, part);
    } else if (isTree(part)) {
      for (const smaller of smallerTrees(part)) {
        yield { ...node, [key]: smaller };
      }
    }
  }
}

function* smallerLists(node: Tree, key: string, list: readonly unknown[]): Generator<Tree> {
  if (REMOVABLE.has(key)) {
    for (let length = list.length; length >= 1; length = Math.floor(length / 2)) {
      for (let start = 0; start + length <= list.length; start += length) {
        yield { ...node, [key]: [...list.slice(0, start), ...list.slice(start + length)] };
      }
    }
  }
  for (const [at, part] of list.entries()) {
    const replace = (...parts: readonly unknown[]): Tree => ({
      ...node,
      [key]: [...list.slice(0, at), ...parts, ...list.slice(at + 1)],
    });
    if (!isTree(part)) {
      continue;
    }
    if (key === "body") {
      for (const block of blocksIn(part)) {
        yield replace(...block);
      }
    }
    for (const smaller of smallerTrees(part)) {
      yield replace(smaller);
    }
  }
}

/** Lists that may be shorter: what does not parse or type then is no example. */
const REMOVABLE: ReadonlySet<string> = new Set([
  "declarations",
  "imports",
  "body",
  "branches",
  "elements",
  "qualifiers",
  "expectations",
  "constants",
  "members",
  "parameters",
]);

/** Parts that may be missing. */
const OPTIONAL: readonly string[] = ["label", "doc", "shell", "where", "when", "else", "states"];

const EXPRESSIONS: ReadonlySet<unknown> = new Set([
  "unary",
  "binary",
  "conditional",
  "field",
  "index",
  "at",
  "call",
  "set",
  "filter",
  "image",
  "quantifier",
  "map",
  "sequence",
  "struct",
  "let",
]);

function* smallerItself(node: Tree): Generator<Tree> {
  if (isExpression(node)) {
    for (const inner of expressionsInside(node)) {
      yield inner;
    }
    const { span } = node;
    yield { kind: "boolean", value: true, span };
    yield { kind: "boolean", value: false, span };
    yield { kind: "integer", value: 0, raw: "0", span };
    return;
  }
  for (const key of OPTIONAL) {
    if (node[key] !== null && node[key] !== undefined) {
      yield { ...node, [key]: null };
    }
  }
  if (isTree(node["initial"]) && node["initial"]["kind"] !== "first") {
    yield { ...node, initial: { kind: "first" } };
  }
}

function isTree(part: unknown): part is Tree {
  return typeof part === "object" && part !== null && !Array.isArray(part);
}

/** A statement may have the same kind as an expression, but it has room for a shell command. */
function isExpression(node: Tree): boolean {
  return EXPRESSIONS.has(node["kind"]) && !("shell" in node);
}

function* expressionsInside(node: Tree): Generator<Tree> {
  for (const [key, part] of Object.entries(node)) {
    for (const one of Array.isArray(part) ? part : [part]) {
      if (isTree(one) && key !== "span" && key !== "name") {
        if ("kind" in one) {
          yield one;
        } else {
          yield* expressionsInside(one);
        }
      }
    }
  }
}

/** The statements of each block directly inside a statement. */
function blocksIn(statement: Tree): readonly (readonly unknown[])[] {
  const inner = [
    statement["body"],
    statement["then"],
    statement["else"],
    ...(Array.isArray(statement["branches"]) ? statement["branches"] : []),
  ];
  return inner.flatMap((part) => {
    if (Array.isArray(part)) {
      return [part];
    }
    return isTree(part) && Array.isArray(part["body"]) ? [part["body"]] : [];
  });
}
