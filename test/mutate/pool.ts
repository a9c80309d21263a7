import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Sources } from "../../src/diagnostics/diagnostic.ts";
import type { KnownCheck, Measured, Verdict } from "./judge.ts";
import type { Mutant } from "./mutants.ts";

/** What a worker is asked. */
export type Question =
  | Task
  | { readonly kind: "texts"; readonly texts: readonly [string, string][] };

/** What takes a while. */
export type Task =
  | { readonly kind: "measure"; readonly spec: string; readonly check: string }
  | { readonly kind: "mutant"; readonly mutant: Mutant; readonly checks: readonly KnownCheck[] };

/** What it answers. */
export type Answer =
  | { readonly kind: "measured"; readonly measured: Measured }
  | { readonly kind: "judged"; readonly verdict: Verdict }
  | { readonly kind: "failed"; readonly message: string };

/** What tasks are done with. */
export interface Around {
  /** How many processes there are. */
  readonly jobs: number;
  /** The texts of all specs, as they were when the tasks were made. */
  readonly sources: Sources;
}

/** Has the tasks done by some processes; answers come in the order of the tasks. */
export async function runAll(
  tasks: readonly Task[],
  { jobs, sources }: Around,
  onAnswer: (index: number, answer: Answer) => void,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    let worker: ChildProcess | null = null;
    for (let index = next++; index < tasks.length; index = next++) {
      if (worker === null) {
        worker = fork(fileURLToPath(new URL("worker.js", import.meta.url)));
        worker.send({ kind: "texts", texts: [...sources] } satisfies Question);
      }
      const answer = await ask(worker, tasks[index] as Task);
      if (answer.kind === "failed" && !worker.connected) {
        worker = null;
      }
      answers[index] = answer;
      onAnswer(index, answer);
    }
    worker?.disconnect();
  };
  await Promise.all(Array.from({ length: Math.min(jobs, tasks.length) }, work));
  return answers;
}

/** A worker that ends instead of answering has failed. */
function ask(worker: ChildProcess, task: Task): Promise<Answer> {
  return new Promise((resolve) => {
    const done = (answer: Answer): void => {
      worker.removeAllListeners("message");
      worker.removeAllListeners("exit");
      resolve(answer);
    };
    worker.once("message", (answer: Answer) => done(answer));
    worker.once("exit", (code, signal) =>
      done({ kind: "failed", message: `the process ended (${signal ?? code})` }),
    );
    worker.send(task);
  });
}
