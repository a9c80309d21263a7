import type { Limits } from "../check/check.ts";
import type { ConstantText } from "../check/constants.ts";
import type { Engine } from "../check/engines.ts";
import { isWorkerCount, WORKERS_MAX } from "../check/workers.ts";
import type { Io, Output } from "./io.ts";

/** How reports are written: the first is the default. */
export const FORMATS = ["text", "json", "dmesg", "dot", "mermaid"] as const;

/** How a report is written. */
export type Format = (typeof FORMATS)[number];

/** When colour and progress are used. */
export type When = "auto" | "always" | "never";

/** The options of `check`, read and in order. */
export interface CheckCommandOptions {
  /** Names of checks; null for all. */
  readonly checks: readonly string[] | null;
  readonly constants: readonly ConstantText[];
  readonly properties: ReadonlySet<string> | null;
  readonly limits: Limits;
  readonly deadlock: boolean;
  /** Whether threads that can never go on are looked for, though others go on. */
  readonly hung: boolean;
  /** Whether to warn of unstable waits and of locks taken in both orders. */
  readonly suspicions: boolean;
  readonly engine: Engine;
  readonly workers: number;
  readonly format: Format;
  /** A file or folder; null for stdout. */
  readonly output: string | null;
  readonly fullStates: boolean;
  readonly stats: boolean;
  readonly coverage: boolean;
  readonly color: When;
  readonly quiet: boolean;
  readonly progress: boolean;
}

/** What is wrong with an argument; null when `text` is fine. Shown after "error: option … is invalid." */
export type Complaint = string;

/** `NAME=value`, or why not. */
export function readDefine(text: string): ConstantText | Complaint {
  const equals = text.indexOf("=");
  const name = text.slice(0, equals).trim();
  const value = text.slice(equals + 1).trim();
  return equals === -1 || !/^[A-Za-z_]\w*$/.test(name) || value === ""
    ? "It must look like NAME=value."
    : { name, value };
}

/** A whole number from 1, or why not. */
export function readCount(text: string): number | Complaint {
  const digits = text.replaceAll("_", "");
  const count = Number(digits);
  return /^\d+$/.test(digits) && count > 0 && Number.isSafeInteger(count)
    ? count
    : "It must be a whole number from 1.";
}

/** A number of workers, null for `auto`, or why not. */
export function readWorkers(text: string): number | null | Complaint {
  if (text === "auto") {
    return null;
  }
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  return isWorkerCount(count)
    ? count
    : `It must be auto or a whole number from 1 to ${WORKERS_MAX}.`;
}

const SIZE_UNITS: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** `2G`, `500M` in bytes, or why not. */
export function readSize(text: string): number | Complaint {
  const match = /^(\d+(?:\.\d+)?)([KMG]?)(?:i?B)?$/i.exec(text);
  const unit = SIZE_UNITS[match?.[2]?.toUpperCase() ?? "?"];
  const bytes = Number(match?.[1]) * (unit ?? Number.NaN);
  return bytes >= 1 ? Math.floor(bytes) : "It must be a size such as 500M or 2G.";
}

const TIME_UNITS: Readonly<Record<string, number>> = {
  "": 1000,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** `90`, `90s`, `5m`, `1h` in milliseconds, or why not. */
export function readDuration(text: string): number | Complaint {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|min|h|)$/.exec(text);
  const ms = Number(match?.[1]) * (TIME_UNITS[match?.[2] ?? "?"] ?? Number.NaN);
  return ms >= 1 ? ms : "It must be a time such as 30s, 5m or 1h.";
}

/** Whether to write colour to `output`. An option decides before the environment. */
export function wantsColor(when: When, environment: Io["environment"], output: Output): boolean {
  if (when !== "auto") {
    return when === "always";
  }
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: terminal } = environment;
  if (no !== undefined && no !== "") {
    return false;
  }
  if (force !== undefined && force !== "") {
    return force !== "0" && force !== "false";
  }
  return output.isTerminal && terminal !== "dumb";
}

const COLUMNS_DEFAULT = 100;
const COLUMNS_LEAST = 60;

/** How wide to write: as the terminal is, as `COLUMNS` says, or 100. */
export function columnsOf(output: Output, environment: Io["environment"]): number {
  const said = Number(environment["COLUMNS"]);
  const columns = output.columns ?? (Number.isInteger(said) && said > 0 ? said : COLUMNS_DEFAULT);
  return Math.max(COLUMNS_LEAST, columns);
}
