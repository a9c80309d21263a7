// Compiles mdspec.ohm into src/syntax/recipe.ts, from which Ohm makes the grammar a hundred times
// faster than from the text. Run by `npm run build`.
import { readFileSync, writeFileSync } from "node:fs";
import { grammar } from "ohm-js";

const text = readFileSync(new URL("./mdspec.ohm", import.meta.url), "utf8");

/** Where a rule stands in the grammar's text is of use only to Ohm's own editor. */
const forEditor = new Set(["source", "sourceInterval"]);
const recipe = JSON.parse(grammar(text).toRecipe(), (key, value) =>
  forEditor.has(key) ? undefined : value,
);
const lines = [
  "// Made from grammar/mdspec.ohm by grammar/build-recipe.js. Not kept in git.",
  "/** The compiled grammar, as JSON for Ohm's `makeRecipe`. */",
  `export const RECIPE: string = ${JSON.stringify(JSON.stringify(recipe))};`,
  "",
];
writeFileSync(new URL("../src/syntax/recipe.ts", import.meta.url), lines.join("\n"));
