import type { GraphFormula } from "../../src/liveness/graph.ts";
import type { Sketch } from "./build.ts";

const UNARY = { always: "[]", eventually: "<>", not: "!" } as const;
const BINARY = { and: "&&", or: "||", implies: "->", iff: "<->" } as const;

/** A formula as SPIN reads it; predicate p is `p0`, `p1`, and so on. */
export function ltlOf(formula: GraphFormula): string {
  switch (formula.kind) {
    case "predicate":
      return `p${formula.predicate}`;
    case "always":
    case "eventually":
    case "not":
      return `(${UNARY[formula.kind]} ${ltlOf(formula.of)})`;
    case "leadsTo":
      return `([] (${ltlOf(formula.left)} -> <> ${ltlOf(formula.right)}))`;
    default:
      return `(${ltlOf(formula.left)} ${BINARY[formula.kind]} ${ltlOf(formula.right)})`;
  }
}

/** That a process that can go again and again goes again and again. */
export function strongFor(action: number): string {
  return `(([]<> en${action}) -> ([]<> (took == ${action})))`;
}

/**
 * A process that rests for ever, so that a run may stop anywhere, and with SPIN's weak fairness only
 * where no other process can go. Without it, SPIN 6.5.2 with -f overlooks runs that come to an end
 * (nimble-code/Spin#38).
 */
export const REST = `
    byte took = 255;
    active proctype Rest() { do :: took = 255 od }`;

/**
 * A graph as a Promela model: a variable for the state, and a process for each action. SPIN's weak
 * fairness is then a weak constraint for each action.
 */
export function promelaOf(sketch: Sketch, formulas: readonly string[]): string {
  const { edges, holds, initial = [0] } = sketch;
  const among = (list: readonly number[]): string =>
    list.length === 0 ? "false" : list.map((state) => `s == ${state}`).join(" || ");
  const actions = [...new Set(edges.map(([, , action]) => action))].sort((a, b) => a - b);
  return [
    `byte s = ${initial[0]};`,
    REST,
    ...holds.map((where, at) => `#define p${at} (${among(where)})`),
    ...Array.from({ length: 1 + Math.max(-1, ...actions) }, (_, action) => {
      const where = edges.filter((edge) => edge[2] === action).map(([from]) => from);
      return `#define en${action} (${among(where)})`;
    }),
    ...actions.flatMap((action) => [
      `active proctype A${action}() { do`,
      ...edges
        .filter((edge) => edge[2] === action)
        .map(([from, to]) => `:: d_step { s == ${from} -> s = ${to}; took = ${action} }`),
      "od }",
    ]),
    ...formulas.map((formula, at) => `ltl f${at} { ${formula} }`),
  ].join("\n");
}
