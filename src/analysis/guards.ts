import type { Statement } from "../core/statements.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { AgentIndex, Machine } from "../reference/machine.ts";
import type { Decision, Run } from "../reference/run.ts";
import type { State } from "../reference/state.ts";
import { present } from "../support/internal-error.ts";
import { showValue } from "../values/show.ts";
import { atomText } from "./atoms.ts";
import { type Gap, gapOf, gapOfChoose } from "./gaps.ts";
import { type Moment, momentOf } from "./moments.ts";

/**
 * What decides how somebody goes on: a condition, or whether there is something to choose. Who goes
 * round and round without asking anything is said to `spin`.
 */
export type Question =
  | Decision
  | { readonly kind: "spin"; readonly statement: Statement }
  | { readonly kind: "choice"; readonly statement: Extract<Statement, { kind: "choose" }> };

/** A question that was answered the other way than somebody needs it. */
export interface Guard {
  /** Same for the same question of the same agent about the same places, wanted the same way. */
  readonly key: string;
  /** As `key`, whatever places it is about. */
  readonly spot: string;
  readonly question: Question;
  readonly wanted: boolean;
  readonly moment: Moment;
  /** Thread instance, or transition with its parameters. */
  readonly name: string;
  readonly distance: number;
  /** Texts of the atoms that are not as wanted. */
  readonly missing: readonly string[];
}

/** What all explanations of a program share. */
export interface Asking {
  readonly machine: Machine;
  readonly sources: Sources;
}

/** How far a question is from the wanted answer, where `run` is. */
export function gapOfQuestion(run: Run, question: Question, wanted: boolean): Gap {
  switch (question.kind) {
    case "choice":
      return gapOfChoose(run, question.statement);
    case "spin":
      return { distance: Number.POSITIVE_INFINITY, atoms: [] };
    default:
      return gapOf(run, question.condition, wanted);
  }
}

/** A question with its gap, asked in a step of an agent. */
export interface Asked {
  readonly question: Question;
  readonly wanted: boolean;
  readonly gap: Gap;
  readonly agent: AgentIndex;
  readonly state: State;
}

/** The guard that a question is where the run of the machine stands. */
export function guardOf(asking: Asking, asked: Asked): Guard {
  const { question, wanted, gap, agent, state } = asked;
  const { spot, missing } = waitOf(asking, asked);
  const moment = momentOf(asking.machine, agent, state);
  const name = nameOf(asking.machine, agent);
  const key = `${spot} ${missing.join(" & ")}`;
  return { key, spot, question, wanted, moment, name, distance: gap.distance, missing };
}

/** What tells guards apart. */
export type Wait = Pick<Guard, "spot" | "missing">;

/** What tells the guard that a question is from others. */
export function waitOf(
  { machine, sources }: Asking,
  { question, wanted, gap, agent }: Asked,
): Wait {
  const { run } = machine;
  const missing = [...new Set(gap.atoms.map((atom) => atomText(run, sources, atom)))].sort();
  const place = question.kind === "when" ? "when" : run.frames.map(({ at }) => at.id).join(".");
  return { spot: `${nameOf(machine, agent)} ${place} ${question.kind} ${wanted}`, missing };
}

/** The agent that `machine` runs, as reports call it. */
function nameOf({ program, run, types }: Machine, agent: AgentIndex): string {
  const which = present(program.agents[agent], "an agent");
  if (which.kind === "thread") {
    return present(program.instances[which.instance], "an instance").name;
  }
  const { name, parameterSets, body } = present(
    program.transitions[which.transition],
    "a transition",
  );
  const [frame] = run.frames;
  const given = parameterSets.map((_, slot) =>
    showValue(frame?.locals[slot] ?? null, body.locals[slot]?.type ?? null, types),
  );
  return given.length === 0 ? name : `${name}(${given.join(", ")})`;
}
