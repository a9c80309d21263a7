import type { AgentIndex } from "../reference/machine.ts";
import { present } from "../support/internal-error.ts";
import { reachingCycles } from "./cycles.ts";
import { missingOf } from "./goals.ts";
import type { Asking } from "./guards.ts";
import { followNeeds, type Help, helpElsewhere, type Need, type Needs } from "./needs.ts";

/**
 * Leaves of the help of each need what explains: who leads to a cycle where somebody does; then for
 * each piece that is missing as many as it takes: those first who are not stuck, then those who lead back
 * to it in the fewest waits, then the shortest runs.
 */
export function chooseHelp(needs: Needs, stuck: ReadonlySet<AgentIndex>): void {
  const live = liveOf(needs);
  const chosen = new Map<Need, readonly Help[]>();
  for (const need of needs.byKey.values()) {
    const all = need.help ?? [];
    const leading = all.filter((help) => live.has(help.needs));
    chosen.set(need, bestOf(needs.asking, need, leading.length > 0 ? leading : all, stuck));
  }
  for (const [need, help] of chosen) {
    need.help = help;
  }
}

/** In how many waits one comes from a need back to `to`; Infinity where one does not. */
function waysBack(from: Need, to: Need): number {
  const lengths = new Map([[from, 0]]);
  for (const [need, length] of lengths) {
    if (need === to) {
      return length;
    }
    for (const { needs } of need.help ?? []) {
      if (!lengths.has(needs)) {
        lengths.set(needs, length + 1);
      }
    }
  }
  return Number.POSITIVE_INFINITY;
}

function bestOf(
  asking: Asking,
  need: Need,
  all: readonly Help[],
  stuck: ReadonlySet<AgentIndex>,
): readonly Help[] {
  const rank = ({ run }: Help): number => (stuck.has(run.agent) ? 1 : 0);
  const back = new Map(all.map((help) => [help, waysBack(help.needs, need)]));
  const backOf = (help: Help): number => back.get(help) ?? 0;
  const order = [...all].sort(
    (a, b) =>
      a.run.cost - b.run.cost ||
      rank(a) - rank(b) ||
      compareNumbers(backOf(a), backOf(b)) ||
      a.run.length - b.run.length ||
      a.run.agent - b.run.agent,
  );
  const chosen = new Set<Help>();
  const missing = missingOf(asking, need.guard);
  for (const piece of new Set(order.flatMap(({ run }) => run.pieces))) {
    const agents = new Set<AgentIndex>();
    for (const help of order) {
      const { agent, pieces } = help.run;
      if (pieces.includes(piece) && !agents.has(agent) && agents.size < (missing.get(piece) ?? 1)) {
        agents.add(agent);
        chosen.add(help);
      }
    }
  }
  return all.filter((help) => chosen.has(help));
}

/** Infinity less Infinity is no number. */
function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function liveOf(needs: Needs): ReadonlySet<Need> {
  return reachingCycles(needs.byKey.values(), ({ help }) => (help ?? []).map((one) => one.needs));
}

/**
 * Where a root leads to no cycle, asks those needs behind it that nobody sees to who would do so for
 * another element of a map; what leads to a cycle then is kept.
 */
export function lookElsewhere(needs: Needs, roots: readonly Need[]): void {
  for (const root of roots) {
    if (liveOf(needs).has(root)) {
      continue;
    }
    for (const need of reachableFrom([root])) {
      if ((need.help ?? []).length > 0) {
        continue;
      }
      const before = new Set(needs.byKey.keys());
      need.help = helpElsewhere(needs, need);
      followNeeds(needs);
      if (!liveOf(needs).has(need)) {
        need.help = [];
        for (const key of [...needs.byKey.keys()].filter((one) => !before.has(one))) {
          needs.byKey.delete(key);
        }
      }
    }
  }
}

/** The needs behind some, they themselves first, in the order in which they are met. */
export function reachableFrom(roots: readonly Need[]): readonly Need[] {
  const found = new Set(roots);
  for (const need of found) {
    for (const help of present(need.help, "the help of a need")) {
      found.add(help.needs);
    }
  }
  return [...found];
}
