import { FileError } from "../../src/check/host.ts";
import { createHelperWork, type Order, type StartHelper } from "../../src/cli/helping.ts";
import type { Files, Io, Output } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";

/** A world for the command line: files by path, and what a terminal would be. */
export interface World {
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly columns?: number;
  /** Called at every pause of a search with the number of pauses so far; true is Ctrl-C. */
  readonly interrupt?: (pauses: number) => boolean;
  /** Files that cannot be written. */
  readonly readOnly?: readonly string[];
  /** How much the clock moves each time somebody looks. */
  readonly tickMs?: number;
  /** Called with each helper that is started and each order that one is given; without it, there are none. */
  readonly onHelper?: (event: HelperEvent) => void;
}

/** What happens to helpers. */
export type HelperEvent =
  | { readonly kind: "start" | "end"; readonly helper: number }
  | {
      readonly kind: "order";
      readonly helper: number;
      readonly order: Order;
      /** What the helper reads. */
      readonly files: Map<string, string>;
    };

/** What a command left behind. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The files afterwards. */
  readonly files: ReadonlyMap<string, string>;
}

/** Runs `mdcheck` with `args` in `world`. */
export async function mdcheck(args: readonly string[], world: World = {}): Promise<Ran> {
  const files = new Map(Object.entries(world.files ?? {}));
  const stdout: string[] = [];
  const stderr: string[] = [];
  let now = 0;
  let pauses = 0;
  let onInterrupt: (() => void) | null = null;
  const output = (into: string[]): Output => ({
    write: (text) => {
      into.push(text);
    },
    isTerminal: world.terminal ?? false,
    columns: world.terminal === true ? (world.columns ?? 80) : null,
  });
  const io: Io = {
    stdout: output(stdout),
    stderr: output(stderr),
    files: fakeFiles(files, world.readOnly ?? []),
    environment: world.environment ?? {},
    libraryFolder: "lib",
    libraryParsed: async () => null,
    version: () => "1.2.3",
    platform: () => "a fake platform",
    clock: () => {
      now += world.tickMs ?? 1;
      return now;
    },
    pause: async () => {
      pauses += 1;
      if (world.interrupt?.(pauses) === true) {
        onInterrupt?.();
      }
    },
    parallelism: () => 4,
    startHelper: null,
    memoryUsed: () => 50 * 2 ** 20,
    memoryResident: () => 50 * 2 ** 20,
    memoryLimit: () => 2 ** 31,
    onInterrupt: (handler) => {
      onInterrupt = handler;
      return () => {
        onInterrupt = null;
      };
    },
  };
  const { onHelper } = world;
  const status = await run(
    args,
    onHelper === undefined ? io : { ...io, startHelper: helpersOf(io, files, onHelper) },
  );
  return { status, stdout: stdout.join(""), stderr: stderr.join(""), files };
}

/** Helpers that do their work here, and hear and say only what can be told from thread to thread. */
function helpersOf(
  io: Io,
  files: Map<string, string>,
  onHelper: NonNullable<World["onHelper"]>,
): StartHelper {
  let started = 0;
  return ({ interrupted, ...start }, onAnswer) => {
    const helper = started;
    started += 1;
    onHelper({ kind: "start", helper });
    const work = createHelperWork(io, { ...structuredClone(start), interrupted });
    let isOver = false;
    return {
      send: (order) => {
        onHelper({ kind: "order", helper, order, files });
        setImmediate(() =>
          work.do(structuredClone(order), (answer) => {
            if (!isOver) {
              onAnswer(structuredClone(answer));
            }
          }),
        );
      },
      end: async () => {
        isOver = true;
        onHelper({ kind: "end", helper });
      },
    };
  };
}

function fakeFiles(files: Map<string, string>, readOnly: readonly string[]): Files {
  const isFolder = (path: string): boolean =>
    path === "." || [...files.keys()].some((file) => file.startsWith(`${path}/`));
  return {
    read: async (path) => {
      const text = files.get(path);
      if (text === undefined) {
        throw new FileError(path, isFolder(path) ? "it is a folder" : "no such file");
      }
      return text;
    },
    write: async (path, text) => {
      if (readOnly.includes(path)) {
        throw new FileError(path, "permission denied");
      }
      files.set(path, text);
    },
    kind: async (path) => (files.has(path) ? "file" : isFolder(path) ? "folder" : null),
    entries: async (folder) => {
      const prefix = folder === "." ? "" : `${folder}/`;
      const inside = [...files.keys()].filter((path) => path.startsWith(prefix));
      const names = new Set(inside.map((path) => path.slice(prefix.length).split("/")[0] ?? ""));
      return [...names].sort().map((name) => ({
        name,
        kind: files.has(prefix + name) ? ("file" as const) : ("folder" as const),
      }));
    },
    relative: (path) => path,
  };
}
