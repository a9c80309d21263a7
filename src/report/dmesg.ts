import type { Finding, SpecOutcome, StateView, ThreadView } from "../outcome/outcome.ts";
import { harmless, padEnd } from "../support/display.ts";
import { type Places, placesOf } from "./places.ts";
import { hangSentence, hangsOf } from "./wait-diagram.ts";

const HEAD = `# Model output of mdcheck, not the log of a kernel: the last state of a trace in the shape of
# khungtaskd's messages. PIDs and seconds are made up; a call trace is the procs of the model,
# innermost first.
`;

/** What khungtaskd waits for unless told otherwise. */
const SECONDS = 120;
/** The PIDs are made up, but a thread has the same one in all reports of a spec. */
const PID_FIRST = 1001;
/** kthreadd. */
const PARENT_PID = 2;
const NAME_COLUMNS = 15;

/** Each deadlock and hang of threads as the kernel would tell it (mm, kernel/hung_task.c). */
export function dmesgText(specs: readonly SpecOutcome[]): string {
  const parts = specs.flatMap(({ file, sources, outcomes }) => {
    const places = placesOf(sources, file);
    return outcomes.flatMap((outcome) => {
      const name = harmless(`${file}, check ${outcome.check.name}`);
      const hangs = hangsOf(outcome);
      return hangs.length === 0
        ? [`# ${name}: no hung task was found\n`]
        : hangs.map((one) => `# ${name}: ${harmless(hangSentence(one))}\n${tasks(one, places)}`);
    });
  });
  return [HEAD, ...parts].join("\n");
}

function tasks(finding: Finding, places: Places): string {
  const { trace } = finding;
  const state = trace?.steps.at(-1)?.state ?? trace?.initial ?? null;
  if (state === null || !("threads" in finding)) {
    return "";
  }
  const hung = state.threads.filter(({ name }) => finding.threads.includes(name));
  const others = state.threads.filter((one) => !one.done && !hung.includes(one));
  const lines = [
    ...hung.flatMap((thread) => hungTask(thread, finding, state, places)),
    ...(others.length === 0 ? [] : ["# The other tasks, as SysRq-t shows them."]),
    ...others.flatMap((thread) => task(thread, letterOf(thread, finding), state, places)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function hungTask(
  thread: ThreadView,
  finding: Finding,
  state: StateView,
  places: Places,
): readonly string[] {
  const who = taskName(thread.name, state);
  return [
    `INFO: task ${who} blocked for more than ${SECONDS} seconds.`,
    "      Model output of mdcheck",
    ...task(thread, "D", state, places),
    ...blockerLines(thread, finding, state),
  ];
}

/** `writer:1001`. */
function taskName(name: string, state: StateView): string {
  return `${harmless(name)}:${pidOf(name, state)}`;
}

function pidOf(name: string, { threads }: StateView): number {
  return PID_FIRST + threads.findIndex((one) => one.name === name);
}

function letterOf({ name }: ThreadView, { waiting }: Finding): string {
  const status = waiting.find(({ thread }) => thread === name)?.status;
  return status === "idle" ? "S" : status === "blocked" ? "D" : "R";
}

function task(
  { name, stack }: ThreadView,
  letter: string,
  state: StateView,
  places: Places,
): readonly string[] {
  const pid = pidOf(name, state);
  const body = name.replace(/\[.*/, "");
  return [
    `task:${padEnd(harmless(name), NAME_COLUMNS)} state:${letter} stack:0     ` +
      `pid:${padEnd(String(pid), 5)} tgid:${padEnd(String(pid), 5)} ppid:${PARENT_PID}`,
    "Call Trace:",
    " <TASK>",
    ...[...stack]
      .reverse()
      .map(({ proc, span }) => ` ${harmless(proc ?? body)} (${places.where(span)})`),
    " </TASK>",
  ];
}

/** Newer kernels tell who holds the lock that a task is blocked on. */
function blockerLines(
  { name, stack }: ThreadView,
  { waitFor }: Finding,
  state: StateView,
): readonly string[] {
  const need = waitFor?.waits.find(({ waiter, lock }) => waiter === name && lock !== null);
  const owner = need?.lock?.owner;
  if (owner === undefined || !state.threads.some((one) => one.name === owner)) {
    return [];
  }
  const side = SEMAPHORE_SIDES.get(stack.at(-1)?.proc ?? "");
  const [blocked, holds] =
    side === undefined
      ? ["is blocked on a mutex", ""]
      : [`<${side}> blocked on an rw-semaphore`, " <writer>"];
  const [waiter, holder] = [taskName(name, state), taskName(owner, state)];
  return [
    `INFO: task ${waiter} ${blocked} likely owned by task ${holder}${holds}${holds === "" ? "." : ""}`,
  ];
}

/** Of the library's rw semaphores. */
const SEMAPHORE_SIDES: ReadonlyMap<string, string> = new Map([
  ["down_read", "reader"],
  ["down_write", "writer"],
]);
