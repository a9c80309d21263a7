import type { Agent, Program } from "../core/program.ts";
import type { FairnessConstraint } from "../liveness/graph.ts";
import type { Model } from "../model/model.ts";
import { present } from "../support/internal-error.ts";

/**
 * What the scheduler promises (docs/language.md section 8): of each fair thread, then of its strong
 * places, then of transitions for each choice of their parameters, then what `fairness` says.
 */
export function constraintsOf({ program, actions }: Model): readonly FairnessConstraint[] {
  const numbered = actions.map((action, index) => ({ ...action, index }));
  const ofAgent = (agent: number): readonly number[] =>
    numbered.flatMap((action) => (action.agent === agent ? [action.index] : []));
  const fair = [...program.agents.keys()].filter((agent) => isFairThread(program, agent));
  const whole = fair.map(
    (agent): FairnessConstraint => ({ strength: "weak", actions: ofAgent(agent) }),
  );
  const places = numbered.flatMap(({ agent, rest, index }): FairnessConstraint[] =>
    rest !== null && fair.includes(agent) ? [{ strength: "strong", actions: [index] }] : [],
  );
  const transitions = numbered.flatMap(({ agent, index }): FairnessConstraint[] => {
    const strength = promiseOf(program, agent);
    return strength === "none" ? [] : [{ strength, actions: [index] }];
  });
  const declared = program.fairness.map(
    ({ strength, agents }): FairnessConstraint => ({
      strength,
      actions: [...program.agents.entries()].flatMap(([index, agent]) =>
        agents.some((one) => isSame(one, agent)) ? ofAgent(index) : [],
      ),
    }),
  );
  return [...whole, ...places, ...transitions, ...declared];
}

function isFairThread({ agents, instances, threads }: Program, index: number): boolean {
  const agent = present(agents[index], "an agent");
  if (agent.kind === "transition") {
    return false;
  }
  const { thread } = present(instances[agent.instance], "an instance");
  const { unfair, escape: isEscape } = present(threads[thread], "a thread");
  return !unfair && !isEscape;
}

/** What a transition promises for each choice of its parameters. */
function promiseOf({ agents, transitions }: Program, index: number): "none" | "weak" | "strong" {
  const agent = present(agents[index], "an agent");
  if (agent.kind === "thread") {
    return "none";
  }
  const { escape: isEscape, fairness } = present(transitions[agent.transition], "a transition");
  return isEscape ? "none" : fairness;
}

function isSame(a: Agent, b: Agent): boolean {
  return a.kind === "thread"
    ? b.kind === "thread" && a.instance === b.instance
    : b.kind === "transition" && a.transition === b.transition;
}
