import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/**
 * Who waits for whom is worked out from what a spec does, not from what things are called: no lock, no
 * primitive and no driver may be known by name in src/analysis, not even in a comment.
 */

const root = fileURLToPath(new URL("../../", import.meta.url));

function texts(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
}

/** The identifiers of a spec, outside of comments and strings. */
function identifiers(spec: string): ReadonlySet<string> {
  const code = spec.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"[^"\n]*"/g, " ");
  return new Set(code.match(/[A-Za-z_]\w*/g) ?? []);
}

/** What an identifier is made of: `kthread_stop` and `kthreadStop` both have a `kthread`. */
function partsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split("_")
    .filter((part) => part !== "");
}

/** What a spec spells in its own way (`sb_flags`, `RwSem`, `raid10d`) is nobody else's word. */
function isTelling(name: string): boolean {
  return /[A-Z_0-9]/.test(name.slice(1)) || /^[A-Z]\w/.test(name);
}

/** The words of the language, which the analysis has to know, and its types as core calls them. */
const LANGUAGE = ["Thread"];

/**
 * Parts of names in the library that are plain English, or words of mdcheck itself, and stand in the
 * analysis in that sense. None of them names a primitive but `lock`, which is a kind of wait
 * in the reports: an owner, whatever its type is called, that has to let go.
 */
const ORDINARY = new Set(
  (
    "all and clear done for get idle in is live lock max no owner queue read ref run " +
    "self set state test thread to try wait write writer writers"
  ).split(" "),
);

const specs = texts("specs", ".spec");
const library = specs.filter((text) => /^module kernel;/m.test(text));
const words = texts("src/analysis", ".ts").flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []);

/** What gives away that the analysis knows names, in a list of words. */
function knownNames(list: readonly string[]): readonly string[] {
  const telling = new Set(specs.flatMap((text) => [...identifiers(text)]).filter(isTelling));
  const parts = new Set(library.flatMap((text) => [...identifiers(text)].flatMap(partsOf)));
  const isKnown = (word: string): boolean =>
    !LANGUAGE.includes(word) &&
    (telling.has(word) || partsOf(word).some((part) => parts.has(part) && !isFree(part)));
  return [...new Set(list.filter(isKnown))].sort();
}

function isFree(part: string): boolean {
  return ORDINARY.has(part) || RESERVED.has(part);
}

/** Words of mdspec, which stand in every spec. */
const RESERVED = new Set(
  (
    "module import const assume type enum struct map seq var def proc transition invariant property " +
    "check let await if else while loop break continue return assert atomic either or choose where " +
    "forall exists true false none bool strong step expect a s m q r t w"
  ).split(" "),
);

test("the rule notices a name", () => {
  expect(library).toHaveLength(1);
  expect(words.length).toBeGreaterThan(1_000);
  for (const name of [
    "mutexOwner",
    "srcu",
    "reconfig_mutex",
    "raid10d",
    "unlockAll",
    "Completion",
  ]) {
    expect(knownNames([name])).toEqual([name]);
  }
});

test("no name of a spec stands in src/analysis", () => {
  expect(knownNames(words)).toEqual([]);
});
