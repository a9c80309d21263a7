import type { Program } from "../core/program.ts";
import type { AgentIndex } from "../reference/machine.ts";
import { present } from "../support/internal-error.ts";

/** Whether a thread or transition is there for the rescue only: nobody may count on it. */
export function isEscape(program: Program, agent: AgentIndex): boolean {
  const which = present(program.agents[agent], "an agent");
  if (which.kind === "transition") {
    return present(program.transitions[which.transition], "a transition").escape;
  }
  const { thread } = present(program.instances[which.instance], "an instance");
  return present(program.threads[thread], "a thread").escape;
}
