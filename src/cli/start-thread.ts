import { Worker } from "node:worker_threads";
import type { Answer, StartHelper } from "./helping.ts";

/** Where the code of a thread is: built JavaScript, also when this file is run as TypeScript. */
function threadUrl(): URL {
  const here = import.meta.url.replace(/\/src\/cli\/start-thread\.ts$/, "/dist/cli/main.js");
  return new URL("./check-thread.js", here);
}

/** Starts a thread that runs checks. */
export const startThread: StartHelper = (start, onAnswer) => {
  const worker = new Worker(threadUrl(), { workerData: { mdcheckChecks: start }, execArgv: [] });
  worker.on("message", (answer: Answer) => onAnswer(answer));
  worker.on("error", (error) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    onAnswer({ kind: "fault", message, stack: stack ?? message });
  });
  return {
    send: (order) => worker.postMessage(order),
    end: async () => {
      await worker.terminate();
    },
  };
};
