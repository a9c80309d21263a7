import { type Node, nextOf } from "../model/flow.ts";

/** The flow graph of an agent in the order in which its code is written. */
export interface GraphOrder {
  /**
   * The nodes that begin a block of code, each before those it leads to, except along edges that go
   * back: the entries, and what several nodes lead to. Every other node stands behind the only one
   * that leads to it.
   */
  readonly heads: readonly Node[];
  readonly indexOf: ReadonlyMap<Node, number>;
  /** Heads that some edge leads back to. */
  readonly returns: ReadonlySet<Node>;
}

/** Orders what can be reached from `entries`, which are heads themselves. */
export function orderGraph(entries: readonly Node[]): GraphOrder {
  const { order, back } = walk(entries);
  const counts = new Map<Node, number>();
  for (const node of order) {
    for (const next of nextOf(node)) {
      counts.set(next, (counts.get(next) ?? 0) + 1);
    }
  }
  const begins = new Set(entries);
  const heads = order.filter((node) => begins.has(node) || (counts.get(node) ?? 0) > 1);
  return { heads, indexOf: new Map(heads.map((node, index) => [node, index])), returns: back };
}

/** All nodes; where there are no loops, each before those it leads to. */
export function topological(entries: readonly Node[]): readonly Node[] {
  return walk(entries).order;
}

/** Reverse postorder, and the nodes that edges lead back to. */
function walk(entries: readonly Node[]): { order: readonly Node[]; back: ReadonlySet<Node> } {
  const state = new Map<Node, "open" | "closed">();
  const back = new Set<Node>();
  const closed: Node[] = [];
  for (const entry of [...entries].reverse()) {
    const stack: { readonly node: Node; position: number }[] = [];
    const enter = (node: Node): void => {
      const seen = state.get(node);
      if (seen === "open") {
        back.add(node);
      } else if (seen === undefined) {
        state.set(node, "open");
        stack.push({ node, position: 0 });
      }
    };
    enter(entry);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = nextOf(top.node)[top.position];
      top.position += 1;
      if (next === undefined) {
        state.set(top.node, "closed");
        closed.push(top.node);
        stack.pop();
      } else {
        enter(next);
      }
    }
  }
  return { order: closed.reverse(), back };
}

/** Whether something is written on some way to a node, given what writes. */
export function dirtyNodes(
  entries: readonly Node[],
  writes: (node: Node) => boolean,
): ReadonlySet<Node> {
  const dirty = new Set<Node>();
  const seen = new Set<Node>(entries);
  const pending = [...entries];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const leavesDirty = dirty.has(node) || writes(node);
    for (const next of nextOf(node)) {
      const isNews = leavesDirty && !dirty.has(next);
      if (isNews) {
        dirty.add(next);
      }
      if (isNews || !seen.has(next)) {
        seen.add(next);
        pending.push(next);
      }
    }
  }
  return dirty;
}
