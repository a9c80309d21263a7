import type { Progress } from "../outcome/outcome.ts";
import { cut, harmless } from "../support/display.ts";
import { grouped } from "./phrases.ts";

/** What a running search looks like from outside. */
export interface ProgressView {
  readonly progress: Progress;
  /** Which of how many checks it is: `3/17`; empty for the only one. */
  readonly place: string;
  /** Bytes in use by the process. */
  readonly memoryBytes: number;
  /** Null: as long as it takes. */
  readonly columns: number | null;
}

/** What is judged when the states have been found. */
const PHASES = { hangs: "looking for hangs", properties: "judging properties" } as const;

/** A running search in one line, without colour and line break. */
export function progressText({ progress, place, memoryBytes, columns }: ProgressView): string {
  const { check, depth, states, queue, elapsedMs, phase, part } = progress;
  const perSecond = elapsedMs > 0 ? (states * 1000) / elapsedMs : 0;
  const done = part === null ? "" : ` ${Math.floor(part * 100)} %`;
  const parts = [
    ...(phase === "search"
      ? [
          `depth ${grouped(depth)}`,
          `${grouped(states)} states`,
          `${grouped(perSecond)} states/s`,
          `queue ${grouped(queue)}`,
        ]
      : [`${grouped(states)} states`, `${PHASES[phase]}${done}`]),
    `${grouped(memoryBytes / 2 ** 20)} MB`,
    clockText(elapsedMs),
  ];
  const line = [place, harmless(check), ...parts].filter((part) => part !== "").join("  ");
  return columns === null ? line : cut(line, columns - 1);
}

/** `0:07`, `12:34`, `1:00:00`. */
function clockText(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  const two = (count: number): string => String(count).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const tail = `${hours > 0 ? two(minutes) : minutes}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}
