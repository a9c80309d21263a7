import { type NamedEngine, REFERENCE } from "./compare-engines.ts";

/**
 * The engines that are compared, the one that is right by definition first. The others have to give
 * the same verdicts, counts, traces and witnesses on every spec of these tests.
 */
export const ENGINES: readonly NamedEngine[] = [
  REFERENCE,
  { name: "the reference again", run: REFERENCE.run },
];
