import { readFileSync } from "node:fs";
import type { Program } from "../../src/core/program.ts";
import type { Diagnostic, Sources } from "../../src/diagnostics/diagnostic.ts";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import { type ExploreOptions, explore } from "../../src/reference/explore.ts";
import { elaborate } from "../../src/semantics/elaborate.ts";
import { type LoadedModule, link } from "../../src/semantics/link.ts";
import { parse } from "../../src/syntax/parse.ts";

/** A program and the texts that it was read from. */
export interface Built {
  readonly program: Program;
  readonly sources: Sources;
}

/** The program of a spec text under its first check; throws what is wrong with it. */
export function build(text: string, check?: string): Built {
  const sources = new Map<string, string>();
  const modules = new Map<string, LoadedModule>();
  const load = (file: string, source: string): void => {
    sources.set(file, source);
    const parsed = parse(file, source);
    if (!parsed.ok) {
      throw new Error(explain(parsed.diagnostics));
    }
    const imports = parsed.value.imports.map(({ target }) => {
      if (target.kind === "path") {
        throw new Error("this harness reads no files but those of the library");
      }
      const path = `specs/lib/${target.name.text}.spec`;
      if (!modules.has(path)) {
        load(path, readFileSync(path, "utf8"));
      }
      return path;
    });
    modules.set(file, { tree: parsed.value, imports });
  };
  load("test.spec", text);
  const linked = link({ root: "test.spec", modules });
  if (!linked.ok) {
    throw new Error(explain(linked.diagnostics));
  }
  const { checks } = linked.value;
  const wanted = check === undefined ? checks[0] : checks.find(({ name }) => name.text === check);
  const program = elaborate(linked.value, { check: wanted ?? null, defines: [] });
  if (!program.ok) {
    throw new Error(explain(program.diagnostics));
  }
  return { program: program.value, sources };
}

function explain(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ code, message, span }) => `${code} ${span?.start}: ${message}`)
    .join("\n");
}

/** Options of a search that nothing ends early. */
export function options(sources: Sources): ExploreOptions {
  return {
    sources,
    limits: { states: null, depth: null, timeMs: null, memoryBytes: null },
    deadlock: true,
    hung: true,
    suspicions: false,
    properties: null,
    coverage: false,
    clock: () => performance.now(),
    pause: () => Promise.resolve(),
    memoryUsed: () => 0,
    onProgress: () => {},
    signal: { aborted: false },
  };
}

/** What the search of a spec text finds. */
export async function run(
  text: string,
  more: Partial<ExploreOptions> & { readonly check?: string } = {},
): Promise<SearchResult> {
  const { check, ...changed } = more;
  const { program, sources } = build(text, check);
  return explore(program, { ...options(sources), ...changed });
}

/** What was found, in a word each. */
export function told({ findings }: SearchResult): readonly string[] {
  return findings.map((finding) => {
    const length = finding.trace === null ? "" : ` after ${finding.trace.steps.length}`;
    switch (finding.kind) {
      case "violation":
        return `${finding.name}${length}`;
      case "deadlock":
      case "hung":
        return `${finding.kind}(${finding.threads.join(", ")})${length}`;
      default:
        return `${finding.kind}${length}: ${finding.message}`;
    }
  });
}
