import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NO_LIMITS, runCheck } from "../../src/check/check.ts";
import { FileError, type Host } from "../../src/check/host.ts";
import { type Prepared, prepare } from "../../src/check/prepare.ts";
import { readDefine } from "../../src/cli/options.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../../src/diagnostics/render.ts";

/** The root of the project. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** Where the golden specs are: one or more for each code, `MD2001.spec`, `MD2001-thread.spec`. */
export const FOLDER: string = join(ROOT, "test/golden/diagnostics");

/** A spec that shows a code. */
export interface GoldenSpec {
  /** `MD2001-thread`. */
  readonly name: string;
  readonly code: string;
  readonly text: string;
  /**
   * Options of the command line from `MD2001.args`, one a line; none for most. Of codes about searches
   * the checks are run, and what they warn of is shown as well.
   */
  readonly args: readonly string[];
}

/** All golden specs, by name. What they import is in `parts/`. */
export function goldenSpecs(): readonly GoldenSpec[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".spec"))
    .map((file) => {
      const name = file.slice(0, -".spec".length);
      const argsFile = join(FOLDER, `${name}.args`);
      const args = existsSync(argsFile) ? readFileSync(argsFile, "utf8").trim().split("\n") : [];
      const text = readFileSync(join(FOLDER, file), "utf8");
      return { name, code: name.slice(0, "MD0000".length), text, args };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What mdcheck says of a golden spec. */
export async function diagnosticsOf(
  golden: GoldenSpec,
): Promise<{ readonly diagnostics: readonly Diagnostic[]; readonly rendered: string }> {
  const values = (option: string): string[] =>
    golden.args
      .filter((arg) => arg.startsWith(`${option} `))
      .map((arg) => arg.slice(option.length + 1));
  const checks = values("-c");
  const properties = values("-p");
  const prepared = await prepare(goldenHost(), `${golden.name}.spec`, {
    checks: checks.length === 0 ? null : checks,
    constants: values("-D").map((text) => {
      const define = readDefine(text);
      if (typeof define === "string") {
        throw new Error(`${golden.name}.args: ${define}`);
      }
      return define;
    }),
    constantsOrigin: "<command line>",
    constantsPrefix: "-D ",
    properties: properties.length === 0 ? null : new Set(properties),
    mayBeLibrary: true,
  });
  const warnings = golden.code.startsWith("MD5") ? await warningsOf(prepared, golden) : [];
  const diagnostics = [...prepared.diagnostics, ...warnings];
  const rendered = diagnostics.map(
    (one) => `${renderDiagnostic(one, prepared.sources, { color: false })}\n`,
  );
  return { diagnostics, rendered: rendered.join("\n") };
}

/** What searching every check warns of. */
async function warningsOf(
  { programs, sources }: Prepared,
  { args }: GoldenSpec,
): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const program of programs) {
    const { warnings } = await runCheck(
      program,
      {
        sources,
        limits: NO_LIMITS,
        deadlock: true,
        hung: true,
        suspicions: args.includes("--lint"),
        properties: null,
        engine: "reference",
        workers: 1,
        coverage: args.includes("--coverage"),
      },
      {
        clock: () => 0,
        pause: () => Promise.resolve(),
        memoryUsed: () => 0,
        signal: { aborted: false },
      },
    );
    found.push(...warnings);
  }
  return found;
}

/** The line `// filled up to 200001 characters` asks for a text too long to be kept. */
const FILLED = /^\/\/ filled up to (\d+) characters$/m;

/** Golden specs see themselves, `parts/` and the library, under names that are the same everywhere. */
function goldenHost(): Host {
  const library = join(ROOT, "specs/lib");
  return {
    libraryFolder: "lib",
    read: async (path) => {
      const file = path.startsWith("lib/") ? join(library, path.slice(4)) : join(FOLDER, path);
      if (!existsSync(file)) {
        throw new FileError(path, "no such file");
      }
      const text = readFileSync(file, "utf8");
      const length = Number(FILLED.exec(text)?.[1] ?? 0);
      return text.padEnd(length, "// and so on\n");
    },
    libraryModules: async () => ["kernel"],
  };
}

/** The codes that the sources can construct, by the doc comments of their constructors. */
export function constructedCodes(): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  for (const entry of readdirSync(join(ROOT, "src"), { withFileTypes: true, recursive: true })) {
    if (/^problems.*\.ts$/.test(entry.name)) {
      const file = join(entry.parentPath, entry.name);
      const constructors =
        /\/\*\*\s*(?:\*\s)?\s*(MD\d{4})\.(?:(?!\*\/)[\s\S])*\*\/\s*export (?:function|const) (\w+)/g;
      for (const [, code, name] of readFileSync(file, "utf8").matchAll(constructors)) {
        codes.set(code ?? "", name ?? "");
      }
    }
  }
  return codes;
}
