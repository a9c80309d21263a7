import type { Program } from "../core/program.ts";
import type { CoverageCounts } from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import { type AgentIndex, createMachine } from "./machine.ts";
import { retakeStart } from "./starts.ts";
import type { FailedStep, Step } from "./ways.ts";

/** Counts that grow while a search goes on. */
export interface Counting extends CoverageCounts {
  readonly statements: Map<number, number>;
  readonly transitions: number[];
}

/** Nothing is executed yet. */
export function createCounting(program: Program): Counting {
  return { statements: new Map(), transitions: program.transitions.map(() => 0) };
}

/** Counts one way of a step; its machine must keep `Run.executed`. */
export function countWay(
  { statements, transitions }: Counting,
  program: Program,
  agent: AgentIndex,
  way: Step | FailedStep,
): void {
  const who = present(program.agents[agent], "an agent");
  if (who.kind === "transition") {
    transitions[who.transition] = present(transitions[who.transition], "a count") + 1;
  }
  for (const id of way.executed) {
    statements.set(id, (statements.get(id) ?? 0) + 1);
  }
}

/**
 * By `Statement.id`, what is executed when the threads start, before any step. It is the same for
 * every initial state: what a thread executes before its first step looks at nothing shared
 * (decision 0001, rules 1 and 2).
 */
export function statementsAtStart(program: Program): ReadonlySet<number> {
  const executed = new Set<number>();
  const machine = createMachine(program);
  machine.run.executed = executed;
  retakeStart(machine, []);
  return executed;
}
