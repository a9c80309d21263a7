import * as ohm from "ohm-js";
import { DECLARATION_ACTIONS, TYPE_ACTIONS } from "./build-declarations.ts";
import { EXPRESSION_ACTIONS } from "./build-expressions.ts";
import { FORMULA_ACTIONS } from "./build-formulas.ts";
import { STATEMENT_ACTIONS } from "./build-statements.ts";
import { RECIPE } from "./recipe.ts";

/** The rules at which a match may start. */
export type StartRule = "Item" | "Expression" | "Setting";

/** Every action of the operation that builds the tree, by rule. */
export const TREE_ACTIONS: ohm.ActionDict<unknown> = {
  ...DECLARATION_ACTIONS,
  ...TYPE_ACTIONS,
  ...EXPRESSION_ACTIONS,
  ...FORMULA_ACTIONS,
  ...STATEMENT_ACTIONS,
};

/** The grammar of mdspec. */
export const GRAMMAR: ohm.Grammar = loadGrammar();

/** The operation `tree(reading)` on what the grammar matched. */
export const SEMANTICS: ohm.Semantics = GRAMMAR.createSemantics().addOperation<unknown>(
  "tree(reading)",
  TREE_ACTIONS,
);

/** Ohm's types leave out `makeRecipe`, which its documentation describes. */
function loadGrammar(): ohm.Grammar {
  const { makeRecipe } = ohm as unknown as { makeRecipe(recipe: string): ohm.Grammar };
  return makeRecipe(RECIPE);
}

/** Whether `word` is reserved: never a name. */
export function isReserved(word: string): boolean {
  return GRAMMAR.match(word, "reserved").succeeded();
}
