import type { Statistics } from "../outcome/outcome.ts";

/** What searches the states. */
export type Engine = Statistics["engine"];

/** The engines that can be asked for, the default first. `fast` joins them when `check.ts` has it. */
export const ENGINES: readonly [Engine, ...Engine[]] = ["reference"];
