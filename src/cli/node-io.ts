import { readFileSync } from "node:fs";
import { readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { FileError } from "../check/host.ts";
import { insideCwd, libraryParsed, nodeHost, readText, reasonOf } from "../index/node-host.ts";
import { memoryLimit, memoryResident, memoryUsed } from "../index/node-memory.ts";
import { parallelism } from "../index/node-processors.ts";
import type { Files, FolderEntry, Io, Output, PathKind } from "./io.ts";
import { startThread } from "./start-thread.ts";

/** As shells report a process that Ctrl-C killed. */
const KILLED_STATUS = 130;

/** The real world. */
export function nodeIo(): Io {
  const packageFile = new URL("../../package.json", import.meta.url);
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    files: nodeFiles(),
    environment: process.env,
    libraryFolder: nodeHost().libraryFolder,
    libraryParsed,
    version: () => {
      const manifest: unknown = JSON.parse(readFileSync(packageFile, "utf8"));
      return (manifest as { readonly version: string }).version;
    },
    platform: () => `node ${process.version} on ${process.platform} ${process.arch}`,
    clock: () => performance.now(),
    pause: () => setImmediate(),
    parallelism,
    startHelper: startThread,
    memoryUsed,
    memoryResident,
    memoryLimit,
    onInterrupt: (handler) => {
      let asked = false;
      const stop = (): void => {
        if (asked) {
          process.exit(KILLED_STATUS);
        }
        asked = true;
        handler();
      };
      process.on("SIGINT", stop).on("SIGTERM", stop);
      return () => {
        process.off("SIGINT", stop).off("SIGTERM", stop);
      };
    },
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    // Node leaves these undefined where the stream is no terminal.
    isTerminal: stream.isTTY === true,
    get columns() {
      // A terminal that does not tell has 0 columns.
      return stream.columns > 0 ? stream.columns : null;
    },
  };
}

function nodeFiles(): Files {
  return {
    read: readText,
    write: writeText,
    kind: async (path) => {
      const found = await stat(path).catch(() => null);
      return found === null ? null : kindOf(found);
    },
    entries: async (folder) => {
      const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
        throw new FileError(folder, reasonOf(error));
      });
      const kinds = entries.map(async (entry): Promise<FolderEntry> => {
        const target = entry.isSymbolicLink()
          ? await stat(`${folder}/${entry.name}`).catch(() => null)
          : null;
        // A link to a folder could lead in a circle: links count as files.
        const kind = entry.isDirectory() && target === null ? "folder" : "file";
        return { name: entry.name, kind };
      });
      const all = await Promise.all(kinds);
      return all.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    relative: insideCwd,
  };
}

function kindOf(found: { isDirectory(): boolean }): PathKind {
  return found.isDirectory() ? "folder" : "file";
}

async function writeText(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new FileError(path, reasonOf(error));
  }
}
