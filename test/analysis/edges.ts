import type { AbsentHelper, WaitFor, WaitForGraph } from "../../src/outcome/wait-for.ts";

/** A need as tests write it: `flusher: b.owner == none`. */
function label({ waiter, missing }: WaitFor): string {
  return `${waiter}: ${missing.map(({ text }) => text).join(" / ")}`;
}

function absence({ agent, why, lastStep }: AbsentHelper): string {
  return `${agent} ${why}${lastStep === null ? "" : `, step ${lastStep}`}`;
}

/**
 * The edges of a graph, sorted: `a: x -> b: y` where a waits for x, which b would see to if y were so;
 * `a: x -> nobody (b ended, step 3)` where nobody is left to.
 */
export function edges({ waits }: WaitForGraph): readonly string[] {
  return waits
    .flatMap((wait) => {
      const from = label(wait);
      if (wait.helpers.length === 0) {
        const why = wait.absent.map(absence).join("; ");
        return [`${from} -> nobody${why === "" ? "" : ` (${why})`}`];
      }
      return wait.helpers.map(({ needs, elsewhere }) => {
        const to = waits[needs];
        return `${from} -> ${to === undefined ? "?" : label(to)}${elsewhere ? " elsewhere" : ""}`;
      });
    })
    .sort();
}

/** The cycles of a graph as the waiters in them. */
export function cycles({ waits, cycles: found }: WaitForGraph): readonly string[] {
  return found.map((cycle) => cycle.map((index) => waits[index]?.waiter).join(" -> "));
}
