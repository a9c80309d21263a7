import type { Statistics } from "../outcome/outcome.ts";

/** What searches the states. */
export type Engine = Statistics["engine"];

/** The engines that can be asked for, the default first. */
export const ENGINES: readonly [Engine, ...Engine[]] = ["fast", "reference"];
