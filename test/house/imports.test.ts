import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Rooms from the doors down; a room imports only rooms of the rows below its own. */
const ROWS: readonly (readonly string[])[] = [
  ["cli", "testing"],
  ["index"],
  ["check"],
  ["report"],
  ["analysis"],
  ["explorer", "reference"],
  ["codegen"],
  ["model"],
  ["outcome", "liveness"],
  ["semantics"],
  ["values"],
  ["syntax", "core"],
  ["diagnostics"],
  ["support"],
];

/** Which rooms may use which package; Node's own modules belong to the doors. */
const PACKAGES: ReadonlyMap<string, readonly string[]> = new Map([
  ["ohm-js", ["syntax"]],
  ["immutable", ["values", "reference", "semantics", "model"]],
  ["commander", ["cli"]],
  ["vitest", ["testing"]],
]);

/** The only rooms that know files, clocks, terminals. */
const DOORS: readonly string[] = ["cli", "testing", "index"];

/** What the reference must not know, so that the hardest rules exist twice. */
const NOT_FOR_REFERENCE: readonly string[] = ["semantics", "syntax", "model", "codegen"];

/** What a report must not know: it tells plain data. */
const NOT_FOR_REPORT: readonly string[] = ["reference", "analysis"];

/** Who waits for whom is worked out on the reference alone. */
const KNOWN_TO_ANALYSIS: readonly string[] = [
  "reference",
  "outcome",
  "values",
  "core",
  "diagnostics",
  "support",
];

/** The one file that starts threads, and tells the time to the one that started them. */
const THREADS: ReadonlyMap<string, string> = new Map([
  ["src/explorer/team.ts", "node:worker_threads"],
]);

interface ImportLine {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function roomOf(file: string): string {
  const parts = relative(join(root, "src"), file).split(sep);
  return (parts[0] ?? "").replace(/\.ts$/, "");
}

function importsOf(file: string): ImportLine[] {
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const pattern = /(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+)"([^"]+)"/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    file: relative(root, file),
    room: roomOf(file),
    target: match[1] ?? "",
  }));
}

const files = sourceFiles(join(root, "src"));
const lines = files.flatMap(importsOf);
const rowOf = (room: string): number => ROWS.findIndex((row) => row.includes(room));

/** Why this import breaks the law, or null. */
function breach(line: ImportLine): string | null {
  const { file, room, target } = line;
  if (target.startsWith(".")) {
    const other = roomOf(join(root, dirname(file), target));
    if (other === room) return null;
    if (room === "report" && NOT_FOR_REPORT.includes(other)) {
      return `${file}: report imports ${other}`;
    }
    if (room === "reference" && NOT_FOR_REFERENCE.includes(other)) {
      return `${file}: the reference works from core alone, but imports ${other}`;
    }
    if (room === "analysis" && !KNOWN_TO_ANALYSIS.includes(other)) {
      return `${file}: analysis imports ${other}`;
    }
    return rowOf(other) > rowOf(room) ? null : `${file}: ${room} imports ${other}`;
  }
  if (target.startsWith("node:")) {
    return DOORS.includes(room) || THREADS.get(file) === target
      ? null
      : `${file}: only doors may import ${target}`;
  }
  const rooms = PACKAGES.get(target);
  if (rooms === undefined) return `${file}: unknown package ${target}`;
  return rooms.includes(room) ? null : `${file}: ${target} belongs to ${rooms.join(", ")}`;
}

describe("the house", () => {
  test("every source file stands in a known room", () => {
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => rowOf(roomOf(file)) < 0)).toEqual([]);
  });

  test("the law notices a breach", () => {
    const line = (file: string, room: string, target: string): ImportLine => ({
      file,
      room,
      target,
    });
    expect(breach(line("src/core/types.ts", "core", "../semantics/link.ts"))).not.toBeNull();
    expect(breach(line("src/core/types.ts", "core", "../syntax/ast.ts"))).not.toBeNull();
    expect(breach(line("src/core/types.ts", "core", "node:fs"))).not.toBeNull();
    expect(breach(line("src/core/types.ts", "core", "immutable"))).not.toBeNull();
    expect(breach(line("src/core/types.ts", "core", "lodash"))).not.toBeNull();
    expect(breach(line("src/reference/run.ts", "reference", "../model/flow.ts"))).not.toBeNull();
    expect(
      breach(line("src/explorer/search.ts", "explorer", "../reference/run.ts")),
    ).not.toBeNull();
    expect(breach(line("src/explorer/search.ts", "explorer", "node:fs"))).not.toBeNull();
    expect(breach(line("src/semantics/link.ts", "semantics", "../core/types.ts"))).toBeNull();
  });

  test("data flows one way, and each package stays in its rooms", () => {
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.map(breach).filter((one) => one !== null)).toEqual([]);
  });

  test("the core reads no clock, environment or terminal", () => {
    const forbidden =
      /\b(Date\.now|performance\.now|process\.|console\.|setTimeout|setImmediate|Math\.random|eval\(|new Function)/;
    const guilty = files
      .filter((file) => !DOORS.includes(roomOf(file)) && !THREADS.has(relative(root, file)))
      .filter((file) =>
        forbidden.test(readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")),
      )
      .map((file) => relative(root, file));
    expect(guilty).toEqual([]);
  });

  test("package.json lists no package that the law does not know", () => {
    const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const dependencies = (manifest as { dependencies: Record<string, string> }).dependencies;
    expect(Object.keys(dependencies).filter((name) => !PACKAGES.has(name))).toEqual([]);
  });
});

describe("house rules for files", () => {
  test("every export has a doc comment", () => {
    const missing = files.flatMap((file) => {
      const rows = readFileSync(file, "utf8").split("\n");
      return rows.flatMap((row, at) => {
        if (!/^export (async )?(function|const|interface|type|class) /.test(row)) return [];
        const before = rows[at - 1]?.trim() ?? "";
        return before.endsWith("*/") ? [] : [`${relative(root, file)}:${at + 1}`];
      });
    });
    expect(missing.filter((place) => !place.startsWith("src/syntax/recipe.ts"))).toEqual([]);
  });

  test("no file is a catch-all", () => {
    const names = /(^|[/-])(utils?|helpers?|common|manager|misc)\.ts$/;
    expect(files.filter((file) => names.test(file))).toEqual([]);
  });

  test("nothing in a tracked source names a place outside the project", () => {
    const outside = /\.\.\/shared|\/work\//;
    const places = [...files, ...sourceFiles(join(root, "test"))].filter(
      (file) => !file.includes(join("test", "house")) && outside.test(readFileSync(file, "utf8")),
    );
    expect(places.map((file) => relative(root, file))).toEqual([]);
  });
});
