import type { Expression } from "../core/expressions.ts";
import type { Sources, Span } from "../diagnostics/diagnostic.ts";
import type {
  AbsentHelper,
  MissingPart,
  WaitFor,
  WaitFrame,
  WaitHelper,
} from "../outcome/wait-for.ts";
import type { Frame } from "../reference/frames.ts";
import type { AgentIndex } from "../reference/machine.ts";
import { lineOf, statementLine } from "../reference/source-text.ts";
import type { State } from "../reference/state.ts";
import { retakeWay, waysOf } from "../reference/steps.ts";
import { agentName } from "../reference/views.ts";
import { afterStep } from "../reference/ways.ts";
import { present } from "../support/internal-error.ts";
import { SIGNS, viewAtom } from "./atoms.ts";
import { createForcing } from "./forcing.ts";
import { oppositeOf } from "./gaps.ts";
import { type Asking, type Guard, gapOfQuestion } from "./guards.ts";
import { askAt } from "./moments.ts";
import type { Help, Need, Needs } from "./needs.ts";

/** What is told. */
export interface Story {
  /** In the order in which they are told. */
  readonly told: readonly Need[];
  readonly stuck: ReadonlySet<AgentIndex>;
  /** Who would have seen to a need that nobody sees to. */
  readonly absent: ReadonlyMap<Need, readonly AbsentHelper[]>;
}

/** The needs as plain data. */
export function tellNeeds(needs: Needs, story: Story): readonly WaitFor[] {
  const { asking } = needs;
  return story.told.map((need): WaitFor => {
    const { guard } = need;
    const helpers = (need.help ?? []).map((help) => tellHelp(asking, help, guard, story.told));
    const absent = helpers.length > 0 ? [] : (story.absent.get(need) ?? []);
    return {
      waiter: guard.name,
      role: roleOf(asking, guard, story.stuck),
      condition: conditionText(asking.sources, guard),
      span: spanOf(guard),
      frames: framesOf(asking, guard.moment.frames, guard.moment.agent),
      ...tellMissing(asking, guard),
      helpers,
      absent,
    };
  });
}

function tellMissing(
  { machine, sources }: Asking,
  { moment, question, wanted }: Guard,
): Pick<WaitFor, "missing" | "kind" | "lock"> {
  return askAt(machine, moment, moment.state, (run) => {
    const views = gapOfQuestion(run, question, wanted).atoms.map((atom) =>
      viewAtom(run, sources, atom),
    );
    const missing = new Map<string, MissingPart>();
    for (const { text, reads } of views) {
      // What the waiter holds itself is told only where there is nothing else to tell.
      const others = reads.filter(({ isOwn }) => !isOwn);
      const told = others.length > 0 ? others : reads;
      missing.set(text, { text, reads: told.map(({ text: place, value }) => ({ place, value })) });
    }
    const kinds = views.map(({ kind }) => kind);
    const kind = KINDS.find((one) => kinds.includes(one)) ?? "condition";
    const lock = views.find((view) => view.lock !== null)?.lock ?? null;
    return { missing: [...missing.values()], kind, lock };
  });
}

/** The first that some part of a condition is of. */
const KINDS = ["lock", "exit", "gracePeriod"] as const;

function roleOf(
  asking: Asking,
  { question, moment }: Guard,
  stuck: ReadonlySet<AgentIndex>,
): WaitFor["role"] {
  if (stuck.has(moment.agent)) {
    return "hung";
  }
  if (question.kind !== "branch" && question.kind !== "value") {
    return "idle";
  }
  return comesBack(asking, moment.agent, moment.state) ? "retries" : "passes";
}

/** So many states are looked at to see whether somebody comes back to where it was. */
const ROUND_MAX = 200;

/** Whether an agent alone, going where it can, comes to the same state again. */
function comesBack({ machine }: Asking, agent: AgentIndex, state: State): boolean {
  const states = [state];
  const seen = new Set<string>();
  for (const from of states) {
    for (const way of waysOf(machine, from, agent)) {
      if (way.kind !== "step") {
        continue;
      }
      const to = afterStep(from, way);
      if (to.key === state.key) {
        return true;
      }
      if (!seen.has(to.key) && states.length < ROUND_MAX) {
        seen.add(to.key);
        states.push(to);
      }
    }
  }
  return false;
}

function conditionText(sources: Sources, { question, wanted }: Guard): string {
  if (question.kind === "choice" || question.kind === "spin") {
    return statementLine(sources, question.statement);
  }
  const { condition } = question;
  return wanted ? lineOf(sources, condition.span) : negated(sources, condition);
}

function negated(sources: Sources, condition: Expression): string {
  const text = lineOf(sources, condition.span);
  if (condition.kind === "not") {
    return lineOf(sources, condition.of.span);
  }
  const opposite = condition.kind === "binary" ? oppositeOf(condition.operator) : undefined;
  if (condition.kind === "binary" && opposite !== undefined) {
    const sign = SIGNS[opposite];
    return `${lineOf(sources, condition.left.span)} ${sign} ${lineOf(sources, condition.right.span)}`;
  }
  return /^[\w.[\]]+(\(.*\))?$/.test(text) ? `!${text}` : `!(${text})`;
}

function spanOf({ question, moment }: Guard): Span {
  return question.kind === "when"
    ? question.condition.span
    : present(moment.frames.at(-1), "a frame").at.span;
}

/** The call stack of an agent as it is told. */
export function framesOf(
  { machine, sources }: Asking,
  frames: readonly Frame[],
  agent: AgentIndex,
): readonly WaitFrame[] {
  const { program } = machine;
  const which = present(program.agents[agent], "an agent");
  return frames.map(({ code, at }, depth): WaitFrame => {
    if (depth === 0 && which.kind === "transition") {
      const { span } = present(program.transitions[which.transition], "a transition");
      return { proc: null, span, text: lineOf(sources, span) };
    }
    const proc = code.kind === "proc" ? code.name : null;
    return { proc, span: at.span, text: statementLine(sources, at) };
  });
}

function tellHelp(
  asking: Asking,
  { run, needs, elsewhere }: Help,
  need: Guard,
  told: readonly Need[],
): WaitHelper {
  const { machine } = asking;
  const { agent, last } = run;
  const { options, picks } = last;
  machine.run.guide = createForcing(asking, options);
  retakeWay(machine, options.state, agent, picks);
  machine.run.guide = null;
  const { taken } = machine.run.log;
  const { program } = machine;
  const which = present(program.agents[agent], "an agent");
  const name = agentName(program, machine, which, picks);
  if (which.kind === "transition" || taken === null) {
    const transition =
      which.kind === "transition"
        ? present(program.transitions[which.transition], "a transition")
        : null;
    const span =
      transition?.span ?? need.moment.frames[0]?.at.span ?? run.first?.question.statement?.span;
    const place = present(span, "where a helper is declared");
    const frames = [{ proc: null, span: place, text: name }];
    return { agent: name, needs: told.indexOf(needs), text: name, span: place, frames, elsewhere };
  }
  return {
    agent: name,
    needs: told.indexOf(needs),
    text: statementLine(asking.sources, taken.statement),
    span: taken.statement.span,
    frames: framesOf(asking, taken.frames, agent),
    elsewhere,
  };
}
