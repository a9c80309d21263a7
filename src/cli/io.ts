import type { Engine } from "../check/engines.ts";
import type { StartHelper } from "./helping.ts";

/** Where text goes. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Null where nobody knows. */
  readonly columns: number | null;
}

/** What a path leads to. */
export type PathKind = "file" | "folder";

/** One name in a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: PathKind;
}

/** The files of the machine. All paths are as the user wrote them, `/` between the parts. */
export interface Files {
  /** Rejects with `FileError`. */
  read(path: string): Promise<string>;
  /** All or nothing: a reader never sees half of the text. Rejects with `FileError`. */
  write(path: string, text: string): Promise<void>;
  /** Null for what is not there. */
  kind(path: string): Promise<PathKind | null>;
  /** Sorted by name; rejects with `FileError`. */
  entries(folder: string): Promise<readonly FolderEntry[]>;
  /** `path` relative to the current folder if it is inside of it, else as it is. */
  relative(path: string): string;
}

/** Everything of the world outside that the command line touches, so that tests can stand in for it. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly files: Files;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where `import name;` looks. */
  readonly libraryFolder: string;
  /** What the build made of a module there; null for nothing. */
  libraryParsed(name: string): Promise<string | null>;
  /** Of mdcheck and of what it runs on. */
  version(): string;
  platform(): string;
  /** Milliseconds from any fixed moment. */
  clock(): number;
  /** Lets signals and timers through. */
  pause(): Promise<void>;
  /** How many threads the machine runs at the same time. */
  parallelism(): number;
  /** Starts a thread that runs checks besides; null where there are none. */
  readonly startHelper: StartHelper | null;
  /** Bytes in use of what limits the reference: its heap. */
  memoryUsed(): number;
  /** Bytes in use by the search and all else. */
  memoryResident(): number;
  /** How many bytes a search may have at most unless told otherwise. */
  memoryLimit(engine: Engine): number;
  /** Calls `handler` at the first Ctrl-C (the second one kills); returns what ends this. */
  onInterrupt(handler: () => void): () => void;
}
