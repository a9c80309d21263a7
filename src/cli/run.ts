import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { ENGINES, type Engine } from "../check/engines.ts";
import { FileError } from "../check/host.ts";
import { workersFor } from "../check/workers.ts";
import { EXIT } from "./exit-status.ts";
import type { Io } from "./io.ts";
import {
  type CheckCommandOptions,
  type Complaint,
  columnsOf,
  FORMATS,
  type Format,
  readCount,
  readDefine,
  readDuration,
  readSize,
  readWorkers,
  type When,
} from "./options.ts";

const EXIT_STATUSES = `
Exit status:
  0   every check is met         14  an expected violation was not found,
  10  an assume is false             or a pinned count differs
  11  deadlock or hang           20  incomplete: a limit, Ctrl-C
  12  invariant, step,           64  usage
      assertion, reachable,      65  the spec has errors
      recoverable, value error   66  a file cannot be read
  13  temporal property          70  a fault of mdcheck
`;

/**
 * What `mdcheck` does with its arguments (without `node` and the script); the exit status. Throws
 * nothing: a fault of mdcheck itself is told on stderr and is status 70.
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let status: number = EXIT.met;
  const program = newProgram(io, (result) => {
    status = result;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.met : EXIT.usage;
    }
    if (error instanceof FileError) {
      io.stderr.write(`error: ${error.message}\n`);
      return EXIT.file;
    }
    io.stderr.write(faultText(error, args, io));
    return EXIT.fault;
  }
}

function newProgram(io: Io, done: (status: number) => void): Command {
  const program = new Command("mdcheck")
    .description("Checks specs of concurrent code: deadlocks, hangs, invariants, liveness.")
    .version(io.version(), "-V, --version", "print the version")
    .helpCommand(false)
    .enablePositionalOptions();
  const check = checkCommand(io, done);
  const fmt = fmtCommand(io, done);
  program.addCommand(check, { isDefault: true }).addCommand(fmt);
  for (const command of [program, check, fmt]) {
    command.helpOption("-h, --help", "print this help");
    command.configureHelp({ optionDescription: (option) => option.description });
    command.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => columnsOf(io.stdout, io.environment),
      getErrHelpWidth: () => columnsOf(io.stderr, io.environment),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  // The options of the default command are what a newcomer asks `mdcheck --help` for.
  program.helpInformation = () => {
    const help = check
      .helpInformation()
      .replace(/^Usage:.*\n/, "")
      .replace(/^ {2}-h, --help {3}( *).*$/m, "$&\n  -V, --version$1print the version");
    return `Usage: mdcheck [check] [options] [spec...]\n       mdcheck fmt [--check] [spec...]\n${help}`;
  };
  program.addHelpText("after", EXIT_STATUSES);
  return program;
}

interface CheckFlags {
  readonly check?: readonly string[];
  readonly define?: CheckCommandOptions["constants"];
  readonly property?: readonly string[];
  readonly maxStates?: number;
  readonly maxDepth?: number;
  readonly maxMemory?: number;
  readonly timeLimit?: number;
  readonly engine: Engine;
  readonly workers?: number | null;
  readonly deadlock: boolean;
  readonly hung: boolean;
  readonly format: Format;
  readonly output?: string;
  readonly fullStates?: boolean;
  readonly stats?: boolean;
  readonly coverage?: boolean;
  readonly lint?: boolean;
  readonly color: When;
  readonly quiet?: boolean;
  readonly progress: "auto" | "never";
}

const FORMAT_HELP = `how to report: ${FORMATS[0]} (the default), ${FORMATS.slice(1).join(", ")}`;

function checkCommand(io: Io, done: (status: number) => void): Command {
  return new Command("check")
    .description("Runs every check of every spec; without a spec, of specs/**/*.spec.")
    .argument("[spec...]", "files, folders or patterns")
    .option("-c, --check <name>", "run only this check and show its trace (repeatable)", collect)
    .option(
      "-D, --define <NAME=value>",
      "set a constant of the checks of -c, without -c of one run that expects ok (repeatable)",
      collectValid(readDefine),
    )
    .option("-p, --property <name>", "look only at this property (repeatable)", collect)
    .option("--no-deadlock", "look for no deadlocks, and so for no hangs")
    .option("--no-hung", "look for no hangs besides deadlocks")
    .option("--max-states <n>", "stop a check after so many states", valid(readCount))
    .option("--max-depth <n>", "stop a check after so many steps", valid(readCount))
    .option("--max-memory <size>", "stop a check at this size, such as 2G", valid(readSize))
    .option("--time-limit <time>", "stop a check after this time, such as 5m", valid(readDuration))
    .option("-w, --workers <n>", "how many search at a time, or auto", valid(readWorkers))
    .addOption(
      new Option("--engine <name>", `what searches the states: ${ENGINES.join(" or ")}`)
        .choices(ENGINES)
        .default(ENGINES[0]),
    )
    .addOption(
      new Option("-f, --format <format>", FORMAT_HELP).choices(FORMATS).default(FORMATS[0]),
    )
    .option("-o, --output <file>", "write the report to a file or into a folder")
    .option("--full-states", "show whole states in traces, not only what changes")
    .option("--stats", "show the size of each search: levels, branching, memory, speed")
    .option("--coverage", "show how often each transition and statement was taken")
    .option("--lint", "warn of waits that can be missed and of locks taken in both orders")
    .addOption(colorOption())
    .option("-q, --quiet", "show only what is not met")
    .addOption(
      new Option("--progress <when>", "show a running search on stderr: auto or never")
        .choices(["auto", "never"])
        .default("auto"),
    )
    .action(async (specs: string[], flags: CheckFlags) => {
      const { checkCommand: command } = await import("./check-command.ts");
      done(await command(specs, optionsOf(flags, io), io));
    });
}

function optionsOf(flags: CheckFlags, io: Io): CheckCommandOptions {
  return {
    checks: flags.check ?? null,
    constants: flags.define ?? [],
    properties: flags.property === undefined ? null : new Set(flags.property),
    limits: {
      states: flags.maxStates ?? null,
      depth: flags.maxDepth ?? null,
      timeMs: flags.timeLimit ?? null,
      memoryBytes: flags.maxMemory ?? io.memoryLimit(flags.engine),
    },
    deadlock: flags.deadlock,
    // A deadlock of threads is a hang as well: who does not ask for the one means both.
    hung: flags.hung && flags.deadlock,
    suspicions: flags.lint ?? false,
    engine: flags.engine,
    workers: flags.workers ?? workersFor(io.parallelism()),
    format: flags.format,
    output: flags.output ?? null,
    fullStates: flags.fullStates ?? false,
    stats: flags.stats ?? false,
    coverage: flags.coverage ?? false,
    color: flags.color,
    quiet: flags.quiet ?? false,
    progress: flags.progress === "auto",
  };
}

function fmtCommand(io: Io, done: (status: number) => void): Command {
  return new Command("fmt")
    .description("Formats specs and names those it changed; without a spec, specs/**/*.spec.")
    .argument("[spec...]", "files, folders or patterns")
    .option("--check", "change nothing, only name the specs that are not formatted (status 1)")
    .addOption(colorOption())
    .action(async (specs: string[], flags: { readonly check?: boolean; readonly color: When }) => {
      const { fmtCommand: command } = await import("./fmt-command.ts");
      done(await command(specs, { check: flags.check ?? false, color: flags.color }, io));
    });
}

function colorOption(): Option {
  return new Option("--color <when>", "use colour: auto, always or never")
    .choices(["auto", "always", "never"])
    .default("auto");
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** An option's parser from a reader that may complain. */
function valid<T>(read: (text: string) => T | Complaint): (text: string) => T {
  return (text) => {
    const value = read(text);
    if (typeof value === "string") {
      throw new InvalidArgumentError(value);
    }
    return value;
  };
}

function collectValid<T>(
  read: (text: string) => T | Complaint,
): (text: string, before: readonly T[] | undefined) => readonly T[] {
  const one = valid(read);
  return (text, before) => [...(before ?? []), one(text)];
}

function faultText(error: unknown, args: readonly string[], io: Io): string {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `
mdcheck has failed: this is a fault of mdcheck, not of your spec. Sorry.
Please report it as CONTRIBUTING.md says, with the spec and these lines:

  mdcheck ${io.version()}, ${io.platform()}
  mdcheck ${args.join(" ")}
  ${told.replaceAll("\n", "\n  ")}
`;
}
