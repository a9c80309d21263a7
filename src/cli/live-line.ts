import type { Progress } from "../outcome/outcome.ts";
import { progressText } from "../report/progress.ts";
import type { Io } from "./io.ts";

const TERMINAL_EVERY_MS = 100;
const PIPE_EVERY_MS = 10_000;

/** What a running search shows on stderr. */
export interface LiveLine {
  /** `place` tells which of how many checks it is. */
  show(progress: Progress, place: string): void;
  /** Takes the line away, so that other text can be written. */
  clear(): void;
}

/** One line that is written over and over on a terminal; a line every ten seconds in a pipe. */
export function liveLine(io: Io, wanted: boolean): LiveLine {
  const { stderr } = io;
  const everyMs = stderr.isTerminal ? TERMINAL_EVERY_MS : PIPE_EVERY_MS;
  let lastMs = io.clock();
  let shown = false;
  return {
    show: (progress, place) => {
      const now = io.clock();
      if (!wanted || now - lastMs < everyMs) {
        return;
      }
      lastMs = now;
      const columns = stderr.isTerminal ? (stderr.columns ?? 80) : null;
      const text = progressText({ progress, place, memoryBytes: io.memoryResident(), columns });
      stderr.write(stderr.isTerminal ? `\r${text}\u001b[K` : `${text}\n`);
      shown = stderr.isTerminal;
    },
    clear: () => {
      if (shown) {
        stderr.write("\r\u001b[K");
        shown = false;
      }
    },
  };
}
