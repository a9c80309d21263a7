import { type FileHandle, open, readdir, readFile } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { FileError, type Host } from "../check/host.ts";

/** A longer text is refused by its size anyway, so no more of it is read. */
const READ_BYTES_MAX = 64 * 2 ** 20;
/** Of pipes and devices, which do not tell their size and may be endless. */
const STREAM_BYTES_MAX = 4 * 2 ** 20;

/** The files of this machine and the library that mdcheck ships. */
export function nodeHost(): Host {
  const libraryFolder = insideCwd(fileURLToPath(new URL("../../specs/lib", import.meta.url)));
  return {
    libraryFolder,
    read: readText,
    libraryModules: async () => {
      const names = await readdir(libraryFolder).catch(() => []);
      return names
        .filter((name) => name.endsWith(".spec"))
        .map((name) => name.slice(0, -".spec".length))
        .sort();
    },
    libraryParsed,
  };
}

/** What the build made of a library module: nothing where mdcheck runs from its sources. */
export function libraryParsed(name: string): Promise<string | null> {
  const file = new URL(`../library/${name}.json`, import.meta.url);
  return readFile(file, "utf8").catch(() => null);
}

/** A path relative to the current folder if it is inside of it, else as it is. */
export function insideCwd(path: string): string {
  const inside = relative(process.cwd(), resolve(path));
  const outside = inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return outside ? path : inside === "" ? "." : inside;
}

/** The text of a file, of an endless one its beginning. Rejects with `FileError`. */
export async function readText(path: string): Promise<string> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, "r");
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(size > 0 ? Math.min(size, READ_BYTES_MAX) : STREAM_BYTES_MAX);
    let used = 0;
    while (used < bytes.length) {
      const { bytesRead } = await handle.read(bytes, used, bytes.length - used, null);
      if (bytesRead === 0) {
        break;
      }
      used += bytesRead;
    }
    return new TextDecoder().decode(bytes.subarray(0, used));
  } catch (error) {
    throw new FileError(path, reasonOf(error));
  } finally {
    await handle?.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EISDIR: "it is a folder",
  ENOTDIR: "no such file",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENOSPC: "no space left",
  EROFS: "the file system is read-only",
};

/** What the operating system has against a file, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}
