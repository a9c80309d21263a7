import { readFileSync } from "node:fs";
import { grammar } from "ohm-js";
import { describe, expect, test } from "vitest";
import { GRAMMAR, isReserved, TREE_ACTIONS } from "../../src/syntax/grammar.ts";
import { parse } from "../../src/syntax/parse.ts";

const text = readFileSync(new URL("../../grammar/mdspec.ohm", import.meta.url), "utf8");

describe("the grammar", () => {
  test("the recipe is made from the grammar as it stands", () => {
    // Positions apart, both describe the same rules.
    const shape = (of: typeof GRAMMAR) =>
      Object.fromEntries(Object.entries(of.rules).map(([name, rule]) => [name, String(rule.body)]));
    expect(shape(GRAMMAR)).toEqual(shape(grammar(text)));
  });

  test("each rule with a tree has an action or exactly one part that gives it", () => {
    // Ohm finds a missing action only when it comes to such a node.
    const withoutTree =
      /^(space|spaces|comment|digits|stringPart|nameRest|reserved|temporalPrefix)/;
    const missing = Object.entries(GRAMMAR.rules)
      .filter(([name]) => !Object.hasOwn(TREE_ACTIONS, name) && !withoutTree.test(name))
      .filter(([, rule]) => rule.body.getArity() !== 1)
      .map(([name]) => name);
    expect(missing).toEqual([]);
  });

  test("each action is that of a rule", () => {
    const stray = Object.keys(TREE_ACTIONS).filter((name) => !(name in GRAMMAR.rules));
    expect(stray).toEqual([]);
  });

  test("each token that can be expected has a description", () => {
    // Ohm prints it; without one it would print the inner parts of the token.
    const inner =
      /^(nameRest|stringPart|stringPart_escape|temporalPrefix|operandStart|comment|space)/;
    const nameless = Object.entries(GRAMMAR.rules)
      .filter(([name, rule]) => /^[a-z]/.test(name) && !rule.description && !inner.test(name))
      .map(([name]) => name);
    expect(nameless).toEqual([]);
  });

  test("the words of docs/language.md section 2 are reserved, and no others", () => {
    const reserved = `module import const assume type enum struct set map seq var def proc ref
      thread transition invariant property check let in await if else while loop break continue
      return assert atomic either or choose where forall exists count true false none self bool`;
    for (const word of reserved.split(/\s+/)) {
      expect(isReserved(word), word).toBe(true);
    }
    const free = `step idle strong fair weak final states start with expect when dormant unfair
      escape       skip for sh ok error assertion deadlock hung violation symmetric subset always eventually
      fairness constraint reachable recoverable Thread size len`;
    for (const word of free.split(/\s+/)) {
      expect(isReserved(word), word).toBe(false);
      expect(parse("<test>", `module m;\nvar ${word}: bool;\n`).ok, word).toBe(true);
    }
  });
});
