/** More cycles than these are not told. */
const CYCLES_MAX = 32;

/** So many steps are taken to find them. */
const STEPS_MAX = 20_000;

/**
 * The cycles of a graph that meet no node twice, each from its least node on; shortest first, then in
 * the order of their nodes. `next` holds for each node those behind it.
 */
export function cyclesOf(next: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const found: number[][] = [];
  let steps = 0;
  const walk = (path: number[], least: number): void => {
    for (const node of next[path.at(-1) ?? 0] ?? []) {
      steps += 1;
      if (steps > STEPS_MAX) {
        return;
      }
      if (node === least) {
        found.push([...path]);
      } else if (node > least && !path.includes(node)) {
        walk([...path, node], least);
      }
    }
  };
  for (const least of next.keys()) {
    walk([least], least);
  }
  return found.sort(compare).slice(0, CYCLES_MAX);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((node, index) => node !== b[index]);
  return a.length - b.length || (a[differs] ?? 0) - (b[differs] ?? 0);
}

/** The nodes from which some cycle is reached. */
export function reachingCycles<Node>(
  nodes: Iterable<Node>,
  next: (node: Node) => readonly Node[],
): ReadonlySet<Node> {
  // Those that lead nowhere are taken away until nothing changes: what is left can go on for ever.
  const left = new Set(nodes);
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of left) {
      if (!next(node).some((one) => left.has(one))) {
        left.delete(node);
        changed = true;
      }
    }
  }
  return left;
}
