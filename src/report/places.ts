import type { Sources, Span } from "../diagnostics/diagnostic.ts";
import { lineAt } from "../diagnostics/location.ts";
import { harmless } from "../support/display.ts";

/** Turns spans into short places and texts, for one spec. */
export interface Places {
  /** `raid10.spec:71`. */
  where(span: Span): string;
  /** The source text of a span on one line, without comments. */
  text(span: Span): string;
  /** What a declaration says of the name at `span`: the source text behind its colon, on one line. */
  definition(span: Span): string;
  /** Whether a span is in the spec itself rather than in something it imports. */
  isRoot(span: Span): boolean;
  /**
   * Whether a span is told in its own words. Those of the kernel's primitives (`lock`, `flush_work`)
   * are about their own parameters, so a step in there is told as the call of it.
   */
  isTold(span: Span): boolean;
}

/** The library modules of primitives, which take what they are about by `ref`. */
const PRIMITIVES: ReadonlySet<string> = new Set(["kernel.spec", "delayed_work.spec"]);

/** Files go by their last name, unless two of the spec's files share it. */
export function placesOf(sources: Sources, root: string): Places {
  const names = [...sources.keys()].map(baseName);
  const shortName = (file: string): string => {
    const base = baseName(file);
    return names.filter((name) => name === base).length > 1 ? file : base;
  };
  const lines = new Map<string, number>();
  return {
    where: (span) => {
      const key = `${span.file}\n${span.start}`;
      const line = lines.get(key) ?? lineAt(sources.get(span.file) ?? "", span.start).number;
      lines.set(key, line);
      return `${harmless(shortName(span.file))}:${line}`;
    },
    text: (span) => oneLine((sources.get(span.file) ?? "").slice(span.start, span.end)),
    definition: (span) => {
      const bare = withoutComments((sources.get(span.file) ?? "").slice(span.end));
      return oneLine(/^\s*:([^;]*);/.exec(bare)?.[1] ?? "");
    },
    isRoot: (span) => span.file === root,
    isTold: ({ file }) => file === root || !PRIMITIVES.has(baseName(file)),
  };
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

function oneLine(text: string): string {
  return harmless(withoutComments(text).replace(/\s+/g, " ").trim().replace(/;$/, ""));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, " ");
}
