import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { explainHang } from "../../src/analysis/explain-hang.ts";
import { type Built, build } from "../reference/run.ts";
import { cycles, edges } from "./edges.ts";
import { hangOf } from "./hang.ts";

/** Words of the language and of the tests' own notation, which keep their names. */
const KEPT = new Set(
  (
    "module import const assume type enum struct set map seq var def proc ref thread transition " +
    "invariant property check let in await if else while loop break continue return assert atomic " +
    "either or choose where forall exists count true false none self bool Thread step reachable idle " +
    "strong fair unfair weak fairness escape dormant final constraint recoverable symmetric states " +
    "start when with expect ok deadlock hung error assertion violation size min max len head tail " +
    "skip always eventually append the done enabled blocked subset sh nobody elsewhere ended past"
  ).split(" "),
);

/** A spec with its library in one module, so that one renaming reaches all. */
function inOneModule(file: string): string {
  const paths = new Set<string>();
  const gather = (path: string): void => {
    for (const [, name] of readFileSync(path, "utf8").matchAll(/^import (\w+);/gm)) {
      gather(`specs/lib/${name}.spec`);
    }
    paths.add(path);
  };
  gather(file);
  // What ends without a value or body is only there to be seen from another module.
  const bodies = [...paths].map((path) =>
    readFileSync(path, "utf8").replace(
      /^module \w+;|^import \w+;.*$|^(?:proc|def|const) [^={]*;$/gm,
      "",
    ),
  );
  return `module one;\n${bodies.join("\n")}`;
}

/** Gives every name another, in an order that has nothing to do with that of the old ones. */
function renaming(text: string): (text: string) => string {
  const names = new Map<string, string>();
  const nameOf = (word: string): string => {
    if (KEPT.has(word)) {
      return word;
    }
    const known = names.get(word);
    if (known !== undefined) {
      return known;
    }
    const made = `n${(names.size * 7919 + 13) % 10_007}`;
    names.set(word, made);
    return made;
  };
  const words = (part: string): string => part.replace(/\b[A-Za-z_]\w*/g, nameOf);
  const rename = (given: string): string =>
    given.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"[^"\n]*"|\b[A-Za-z_]\w*/g, (token) =>
      token.startsWith("/")
        ? token
        : token.startsWith('"')
          ? token.replace(/\{\w+\}/g, words)
          : nameOf(token),
    );
  rename(text);
  return rename;
}

function explained(built: Built): { edges: readonly string[]; cycles: readonly string[] } {
  const { program } = built;
  const [threads = []] = program.check.expectations.flatMap((one) =>
    one.kind === "deadlock" && one.threads !== null ? [one.threads] : [],
  );
  const names = threads.map((instance) => program.instances[instance]?.name ?? "?");
  const graph = explainHang(hangOf(built, names));
  return { edges: edges(graph), cycles: cycles(graph) };
}

describe("names mean nothing", () => {
  for (const [file, check] of [
    ["specs/examples/abba.spec", "as_posted"],
    ["specs/examples/philosophers.spec", "three"],
    ["specs/examples/lost-wakeup.spec", "wakes_first"],
    ["specs/examples/table-swap.spec", "lock_inside_section"],
    ["specs/raid10.spec", "hold_write_error_idle"],
    ["specs/raid10.spec", "v6_7_rc_frozen"],
    ["specs/dm-era.spec", "load_suspend_resume"],
  ] as const) {
    test(`${file} ${check} has the same graph under other names`, () => {
      const text = inOneModule(file);
      const rename = renaming(text);
      const before = explained(build(text, check));
      const after = explained(build(rename(text), rename(check)));
      expect(before.edges.length).toBeGreaterThan(0);
      expect(after.edges).toEqual(before.edges.map(rename).sort());
      expect(after.cycles).toEqual(before.cycles.map(rename));
    });
  }
});
