import { FileError } from "../check/host.ts";
import { renderDiagnostic } from "../diagnostics/render.ts";
import { formatSource } from "../syntax/print.ts";
import { EXIT, firstStatus } from "./exit-status.ts";
import { FOLDER_DEFAULT, findSpecs } from "./find-specs.ts";
import type { Io } from "./io.ts";
import { columnsOf, type When, wantsColor } from "./options.ts";

/** The options of `fmt`. */
export interface FmtCommandOptions {
  /** Only tell which files are not formatted. */
  readonly check: boolean;
  readonly color: When;
}

/** Runs `mdcheck fmt`: writes the files that are not formatted and names them; the exit status. */
export async function fmtCommand(
  args: readonly string[],
  options: FmtCommandOptions,
  io: Io,
): Promise<number> {
  const found = await findSpecs(io.files, args.length === 0 ? [FOLDER_DEFAULT] : args);
  const statuses: number[] = [];
  for (const problem of found.problems) {
    io.stderr.write(`error: ${problem}\n`);
    statuses.push(EXIT.file);
  }
  for (const { path } of found.specs) {
    statuses.push(await formatFile(path, options, io));
  }
  return firstStatus(statuses);
}

async function formatFile(path: string, options: FmtCommandOptions, io: Io): Promise<number> {
  try {
    const text = await io.files.read(path);
    const formatted = formatSource(path, text);
    if (!formatted.ok) {
      const look = {
        color: wantsColor(options.color, io.environment, io.stderr),
        columns: columnsOf(io.stderr, io.environment),
      };
      for (const one of formatted.diagnostics) {
        io.stderr.write(`${renderDiagnostic(one, new Map([[path, text]]), look)}\n\n`);
      }
      return EXIT.spec;
    }
    if (formatted.value === text) {
      return EXIT.met;
    }
    io.stdout.write(`${path}\n`);
    if (options.check) {
      return EXIT.notFormatted;
    }
    await io.files.write(path, formatted.value);
    return EXIT.met;
  } catch (error) {
    if (!(error instanceof FileError)) {
      throw error;
    }
    io.stderr.write(`error: ${error.message}\n`);
    return EXIT.file;
  }
}
