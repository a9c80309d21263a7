import type { Finding, Outcome, SpecOutcome } from "../outcome/outcome.ts";
import type { WaitFor, WaitForGraph } from "../outcome/wait-for.ts";
import { cut, harmless, wrap } from "../support/display.ts";
import { counted, findingSentence, firstStatement } from "./phrases.ts";
import { type Places, placesOf } from "./places.ts";
import { needText, nobodyText, stepOf, whereOf } from "./wait-words.ts";

/** A picture of who waits for whom, for each deadlock or hang one, in no language yet. */
export interface WaitDiagram {
  /** File, check, what was found; lines. */
  readonly title: readonly string[];
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
}

/** A need of somebody, or nobody. */
export interface DiagramNode {
  /** Lines without line breaks; the first one is the name of the waiter. */
  readonly lines: readonly string[];
  readonly look: "hung" | "other" | "nobody";
}

/** From a need to the one that has to be met first. */
export interface DiagramEdge {
  /** Indices into `WaitDiagram.nodes`. */
  readonly from: number;
  readonly to: number;
  /** The kind of the condition, then the step that would make it true. */
  readonly lines: readonly string[];
  readonly isOnCycle: boolean;
}

const LINE_COLUMNS_MAX = 60;
const TITLE_COLUMNS_MAX = 72;

/** The pictures of all deadlocks and hangs of threads, in the order of the report. */
export function waitDiagrams(specs: readonly SpecOutcome[]): readonly WaitDiagram[] {
  return specs.flatMap(({ file, sources, outcomes }) => {
    const places = placesOf(sources, file);
    return outcomes.flatMap((outcome) =>
      hangsOf(outcome).map((finding): WaitDiagram => {
        const head = harmless(`${file}, check ${outcome.check.name}`);
        const title = [head, ...wrap(harmless(hangSentence(finding)), TITLE_COLUMNS_MAX)];
        const { waitFor } = finding;
        return waitFor === null
          ? { title, nodes: lonelyNodes(finding), edges: [] }
          : { title, ...needsOf(waitFor, places) };
      }),
    );
  });
}

/** The deadlocks and hangs of threads that a check has found. */
export function hangsOf({ findings }: Outcome): readonly Finding[] {
  return findings.filter((one) => "threads" in one && one.threads.length > 0);
}

/** What hangs and after how many steps, in one line. */
export function hangSentence(finding: Finding): string {
  const steps = finding.trace?.steps.length ?? 0;
  return `${findingSentence(finding)}, after ${counted(steps, "step")}`;
}

/** Where nobody asked who waits for whom. */
function lonelyNodes({ waiting }: Finding): readonly DiagramNode[] {
  return waiting
    .filter(({ status }) => status === "blocked")
    .map(({ thread, waits }) => ({
      lines: [thread, ...waits.map(({ text }) => `waits until ${text}`)].map(lineOf),
      look: "hung",
    }));
}

function needsOf(graph: WaitForGraph, places: Places): Pick<WaitDiagram, "nodes" | "edges"> {
  const { waits } = graph;
  const nodes = waits.map((need): DiagramNode => {
    const words = needText(need, { graph, places, asked: null, holdsTold: false });
    const lines = [need.waiter, words, whereOf(need, places)].map(lineOf);
    return { lines, look: need.role === "hung" ? "hung" : "other" };
  });
  const alone = [...waits.keys()].filter((index) => waits[index]?.helpers.length === 0);
  const nobody = alone.map((index): DiagramNode => {
    const [head = "", ...rest] = nobodyText(waits[index] as WaitFor, places).split(/: |; /);
    return { lines: [head, ...rest].map(lineOf), look: "nobody" };
  });
  const steps = cycleSteps(graph);
  const edges = waits.flatMap((need, from) =>
    need.helpers.map((helper) => {
      const { text } = stepOf(helper, places);
      return {
        from,
        to: helper.needs,
        lines: [
          kindText(need),
          helper.elsewhere ? `${firstStatement(text)}, for something else` : firstStatement(text),
        ].map(lineOf),
        isOnCycle: steps.has(`${from} ${helper.needs}`),
      };
    }),
  );
  const dead = alone.map((from, index) => ({
    from,
    to: waits.length + index,
    lines: [kindText(waits[from] as WaitFor)].map(lineOf),
    isOnCycle: false,
  }));
  return { nodes: [...nodes, ...nobody], edges: [...edges, ...dead] };
}

function lineOf(text: string): string {
  return cut(harmless(text), LINE_COLUMNS_MAX);
}

function kindText({ kind, lock }: WaitFor): string {
  switch (kind) {
    case "lock":
      return lock === null ? "lock" : `lock ${lock.place}`;
    case "gracePeriod":
      return "grace period";
    default:
      return kind;
  }
}

function cycleSteps({ cycles }: WaitForGraph): ReadonlySet<string> {
  return new Set(
    cycles.flatMap((cycle) =>
      cycle.map((from, index) => `${from} ${cycle[(index + 1) % cycle.length]}`),
    ),
  );
}
