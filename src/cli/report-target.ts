import { FileError } from "../check/host.ts";
import { folderOf } from "../check/paths.ts";
import type { SpecOutcome } from "../outcome/outcome.ts";
import type { JsonRun } from "../report/json.ts";
import type { Io } from "./io.ts";
import type { CheckCommandOptions, Format } from "./options.ts";

/** Where the result of a run goes, in the format asked for. */
export interface Report {
  readonly toStdout: boolean;
  /** A part of the text report; other formats take no notice. */
  text(part: string): void;
  /** Writes what is left; false when that failed (and has been said). */
  end(specs: readonly SpecOutcome[], exitStatus: number): Promise<boolean>;
}

/** Null when the output file cannot be written (and that has been said): known before the search. */
export async function openReport(options: CheckCommandOptions, io: Io): Promise<Report | null> {
  const { format, output } = options;
  const target = output === null ? null : await targetOf(output, format, io);
  if (output !== null && target === null) {
    io.stderr.write(`error: cannot write ${output}: its folder is not there\n`);
    return null;
  }
  let kept = "";
  let endsBlank = false;
  return {
    toStdout: target === null,
    text: (part) => {
      if (format !== "text" || part === "") {
        return;
      }
      // Some parts end with a blank line, some begin with one: one is enough.
      const fitted = endsBlank ? part.replace(/^\n/, "") : part;
      endsBlank = fitted.endsWith("\n\n");
      if (target === null) {
        io.stdout.write(fitted);
      } else {
        kept += fitted;
      }
    },
    end: async (specs, exitStatus) => {
      if (format !== "text") {
        kept = await WRITERS[format](specs, { version: io.version(), exitStatus });
      }
      if (target === null) {
        io.stdout.write(kept);
        return true;
      }
      return await writeOrShow(target, kept, io);
    },
  };
}

/** What is written at the end, in one piece. */
const WRITERS: Readonly<
  Record<Exclude<Format, "text">, (specs: readonly SpecOutcome[], run: JsonRun) => Promise<string>>
> = {
  json: async (specs, run) => (await import("../report/json.ts")).jsonText(specs, run),
  dmesg: async (specs) => (await import("../report/dmesg.ts")).dmesgText(specs),
  dot: async (specs) => (await import("../report/diagram-text.ts")).dotText(specs),
  mermaid: async (specs) => (await import("../report/diagram-text.ts")).mermaidText(specs),
};

/** Of the files that are written into a folder. */
const ENDINGS: Readonly<Record<Format, string>> = {
  text: "txt",
  json: "json",
  dmesg: "dmesg",
  dot: "dot",
  mermaid: "mmd",
};

/** A folder gets a file named after the format; null where there is no folder to write to. */
async function targetOf(output: string, format: Format, io: Io): Promise<string | null> {
  if ((await io.files.kind(output)) === "folder") {
    return `${output.replace(/\/$/, "")}/mdcheck.${ENDINGS[format]}`;
  }
  return (await io.files.kind(folderOf(output))) === "folder" ? output : null;
}

/** A long search should not be lost to a full disk: what cannot be written is shown. */
async function writeOrShow(target: string, text: string, io: Io): Promise<boolean> {
  try {
    await io.files.write(target, text);
    return true;
  } catch (error) {
    if (!(error instanceof FileError)) {
      throw error;
    }
    io.stdout.write(text);
    io.stderr.write(`error: cannot write ${target}: ${error.reason}\n`);
    return false;
  }
}
