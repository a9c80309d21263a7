/**
 * Remembers what was found out about states by looking at some of their parts, and only at those:
 * what an agent can do, or whether a predicate holds. Whoever looks asks for one part after the
 * other, and which part comes next depends on nothing but the answers so far. So the questions form
 * a tree, and any state that gives the same answers gets the same result. It never guesses: a
 * result is found only behind all the answers it was worked out from.
 */
export interface Memory<Result> {
  root: Node<Result> | null;
  /** Results in the tree. */
  size: number;
}

type Node<Result> = Question<Result> | { readonly kind: "result"; readonly result: Result };

interface Question<Result> {
  readonly kind: "question";
  readonly part: PartIndex;
  /** By number of the part. */
  readonly answers: Map<number, Node<Result>>;
}

/** A part of a state: the variables, then the threads, by position in `State.numbers`. */
export type PartIndex = number;

/** The numbers of the parts: those of one state, or those before and after a step. */
export type NumberOf = (part: PartIndex) => number;

/** A memory with more results is emptied: in such a spec little repeats itself. */
const SIZE_MAX = 500_000;

/** An empty memory. */
export function createMemory<Result>(): Memory<Result> {
  return { root: null, size: 0 };
}

/** The result for a state, if a state with the same answers was met; reports each part asked for. */
export function recall<Result>(
  memory: Memory<Result>,
  numberOf: NumberOf,
  onAsked: (part: PartIndex) => void,
): Result | undefined {
  let node: Node<Result> | null | undefined = memory.root;
  while (node?.kind === "question") {
    onAsked(node.part);
    node = node.answers.get(numberOf(node.part));
  }
  return node?.result;
}

/** Keeps a result that was worked out by looking at `parts`, in this order. */
export function remember<Result>(
  memory: Memory<Result>,
  parts: Iterable<PartIndex>,
  numberOf: NumberOf,
  result: Result,
): void {
  if (memory.size >= SIZE_MAX) {
    memory.root = null;
    memory.size = 0;
  }
  memory.size += 1;
  let put = (node: Node<Result>): void => {
    memory.root = node;
  };
  let node: Node<Result> | null | undefined = memory.root;
  for (const part of parts) {
    if (node?.kind !== "question") {
      node = { kind: "question", part, answers: new Map() };
      put(node);
    }
    const { answers }: Question<Result> = node;
    const number = numberOf(part);
    put = (next) => {
      answers.set(number, next);
    };
    node = answers.get(number);
  }
  put({ kind: "result", result });
}
