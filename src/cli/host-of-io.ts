import type { Host } from "../check/host.ts";
import type { Io } from "./io.ts";

/** Where specs and what they import are read from. */
export function hostOf(io: Pick<Io, "files" | "libraryFolder" | "libraryParsed">): Host {
  return {
    libraryFolder: io.libraryFolder,
    read: (path) => io.files.read(path),
    libraryModules: async () => {
      const entries = await io.files.entries(io.libraryFolder).catch(() => []);
      return entries
        .filter((one) => one.kind === "file" && one.name.endsWith(".spec"))
        .map((one) => one.name.slice(0, -".spec".length));
    },
    libraryParsed: (name) => io.libraryParsed(name),
  };
}
