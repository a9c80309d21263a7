/** How the checker reaches texts; each door supplies its own (files, an editor's buffers, a browser). */
export interface Host {
  /** The text at `path`; rejects with `FileError` when there is none. */
  read(path: string): Promise<string>;
  /** Where `import name;` looks for `name.spec`; without a slash at its end. */
  readonly libraryFolder: string;
  /** Names of the library's modules, for "did you mean"; may be left out. */
  libraryModules?(): Promise<readonly string[]>;
  /** What was made of a library module beforehand, as `parsedModule` reads it; null for nothing. */
  libraryParsed?(name: string): Promise<string | null>;
}

/** A text that cannot be read. `message` is ready to print: "cannot read x.spec: no such file". */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`cannot read ${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}
