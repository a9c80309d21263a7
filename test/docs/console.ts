import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FileError } from "../../src/check/host.ts";
import type { Files, Io, Output } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";
import { memoryLimit, memoryResident, memoryUsed } from "../../src/index/node-memory.ts";
import { type Block, ROOT } from "./markdown.ts";

/** A command that a page shows and the lines it shows below it. */
export interface Command {
  readonly page: string;
  /** Of the command, from 1. */
  readonly line: number;
  readonly command: string;
  readonly shown: readonly string[];
}

/** The commands of a ```console block: each begins with `$ `, what follows is its output. */
export function commandsOf(block: Block): Command[] {
  const commands: { page: string; line: number; command: string; shown: string[] }[] = [];
  for (const [at, row] of block.lines.entries()) {
    const last = commands.at(-1);
    if (row.startsWith("$ ")) {
      const line = block.line + 1 + at;
      commands.push({ page: block.page, line, command: row.slice(2), shown: [] });
    } else if (last === undefined) {
      throw new Error(`${block.page}:${block.line}: the block does not begin with a command`);
    } else {
      last.shown.push(row);
    }
  }
  return commands;
}

/** What a command printed, stdout and stderr in the order of writing, and its exit status. */
export interface Printed {
  readonly lines: readonly string[];
  readonly status: number;
}

/** Runs `npx mdcheck …` in the project's folder, where `files` lie as well. */
export async function runCommand(
  command: string,
  files: ReadonlyMap<string, string>,
): Promise<Printed> {
  const [npx, name, ...args] = command.replace(/\s+#.*$/, "").split(/\s+/);
  if (npx !== "npx" || name !== "mdcheck") throw new Error(`cannot run '${command}'`);
  let text = "";
  const output: Output = {
    write: (more) => {
      text += more;
    },
    isTerminal: false,
    columns: null,
  };
  const status = await run(args, fakeIo(output, files));
  return { lines: trimmed(text.split("\n")), status };
}

/** A line without what changes from run to run: times, speed, and the no-break space between digits. */
export function normalized(line: string): string {
  return line
    .replaceAll("\u00a0", " ")
    .replace(/ +\d+(\.\d+)? m?s\b/g, " <time>")
    .replace(/^( +states\/s).*/, "$1 <speed>")
    .trimEnd();
}

/** Whether `actual` is what the page shows; a line `…` stands for any number of lines. */
export function matches(shown: readonly string[], actual: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return actual.length === 0;
  if (first.trim() === "…") {
    return actual.some((_, at) => matches(rest, actual.slice(at))) || matches(rest, []);
  }
  const [line, ...others] = actual;
  return line !== undefined && normalized(first) === normalized(line) && matches(rest, others);
}

/** Without empty lines at both ends. */
export function trimmed(lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => line.trim() !== "");
  const to = lines.findLastIndex((line) => line.trim() !== "");
  return from < 0 ? [] : lines.slice(from, to + 1);
}

function fakeIo(output: Output, texts: ReadonlyMap<string, string>): Io {
  let now = 0;
  return {
    stdout: output,
    stderr: output,
    files: overlay(texts),
    environment: {},
    libraryParsed: async () => null,
    libraryFolder: "specs/lib",
    version: () => "0.1.0",
    platform: () => "test",
    // All but stands still, so that no line of progress comes between.
    clock: () => {
      now += 0.001;
      return now;
    },
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    parallelism: () => 2,
    memoryUsed,
    memoryResident,
    memoryLimit,
    startHelper: null,
    onInterrupt: () => () => {},
  };
}

/** The project's folder with `texts` in it; writing changes nothing. */
function overlay(texts: ReadonlyMap<string, string>): Files {
  const real = (path: string): string => join(ROOT, path);
  return {
    read: async (path) => {
      const text = texts.get(path);
      if (text !== undefined) return text;
      if (!existsSync(real(path))) throw new FileError(path, "no such file");
      return readFileSync(real(path), "utf8");
    },
    write: async () => {},
    kind: async (path) => {
      if (texts.has(path)) return "file";
      if (!existsSync(real(path))) return null;
      return statSync(real(path)).isDirectory() ? "folder" : "file";
    },
    entries: async (folder) =>
      readdirSync(real(folder), { withFileTypes: true })
        .map((entry) => ({
          name: entry.name,
          kind: entry.isDirectory() ? ("folder" as const) : ("file" as const),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    relative: (path) => path,
  };
}
