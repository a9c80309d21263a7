/** The functions of the language: words that are special only before `(`. */
export const BUILT_IN_FUNCTIONS: readonly string[] = [
  "size",
  "min",
  "max",
  "len",
  "head",
  "tail",
  "append",
  "the",
  "done",
  "enabled",
  "blocked",
];

/** Whether `name(…)` calls a function of the language. */
export function isBuiltInFunction(name: string): boolean {
  return BUILT_IN_FUNCTIONS.includes(name);
}
