import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collectComments } from "../../src/syntax/comments.ts";
import { parse, parseExpression } from "../../src/syntax/parse.ts";
import { formatSource, printExpression, printModule } from "../../src/syntax/print.ts";
import { scan } from "../../src/syntax/scan.ts";
import { arbitraryExpression } from "./arbitrary-expression.ts";
import { arbitraryModule } from "./arbitrary-module.ts";
import { withoutSpans } from "./tree-text.ts";

/** The tree of a text, without spans; fails with the problems if there is none. */
function treeOf(text: string): unknown {
  const parsed = parse("<test>", text);
  expect(parsed.diagnostics, text).toEqual([]);
  return parsed.ok ? withoutSpans(parsed.value) : null;
}

function formatted(text: string): string {
  const result = formatSource("<test>", text);
  expect(result.diagnostics, text).toEqual([]);
  return result.ok ? result.value : "";
}

/** The comments, line by line without the space round them: layout may change that alone. */
function commentsOf(text: string): readonly string[] {
  return collectComments("<test>", text).map((comment) =>
    comment.text
      .split("\n")
      .map((line) => line.trim())
      .join("\n"),
  );
}

const COMMENTS = [
  "// why\n",
  "/// doc\n",
  "/* short */",
  "/* two\n   lines */",
  "/*\n * starred\n */",
  "//\n",
  "/**/",
];

/** A text with comments and space put at random between the tokens of a printed module. */
const arbitrarySource: fc.Arbitrary<string> = arbitraryModule.chain((module) => {
  const text = printModule({ ...module, doc: null });
  const { tokens } = scan("<random>", text);
  const gaps = fc.array(
    fc.oneof(
      { arbitrary: fc.constant(null), weight: 6 },
      fc.tuple(
        fc.constantFrom("", " ", "\n", "\n\n\n", "\r\n", "\t"),
        fc.constantFrom(...COMMENTS),
        fc.constantFrom("", " ", "\n", "\n\n\n"),
      ),
    ),
    { minLength: tokens.length, maxLength: tokens.length, size: "max" },
  );
  return gaps.map((chosen) => {
    let result = "";
    for (const [index, token] of tokens.entries()) {
      const end = tokens[index - 1]?.end ?? 0;
      const gap = text.slice(end, token.start);
      const isOneOperator = gap === "" && index > 0 && token.kind === "symbol";
      const isFirst = isOneOperator && tokens[index - 1]?.kind === "symbol";
      const put = isFirst ? null : chosen[index];
      result += put === null || put === undefined ? gap : `${gap}${put.join("")}`;
      result += text.slice(token.start, token.end);
    }
    return result;
  });
});

describe("printing a tree", () => {
  test("an expression read back is the same tree", () => {
    fc.assert(
      fc.property(arbitraryExpression, (tree) => {
        const text = printExpression(tree);
        const parsed = parseExpression("<test>", text);
        expect(parsed.diagnostics, text).toEqual([]);
        expect(parsed.ok && withoutSpans(parsed.value), text).toEqual(withoutSpans(tree));
      }),
      { numRuns: 200 },
    );
  });

  test("a module read back is the same tree", () => {
    fc.assert(
      fc.property(arbitraryModule, (tree) => {
        const text = printModule(tree);
        expect(treeOf(text), text).toEqual(withoutSpans(tree));
      }),
      { numRuns: 60 },
    );
  });
});

describe("formatting a source", () => {
  test("keeps the tree and every comment in its order, and is done in one go", () => {
    fc.assert(
      fc.property(arbitrarySource, (text) => {
        const once = formatted(text);
        expect(treeOf(once), `${text}\n-----\n${once}`).toEqual(treeOf(text));
        expect(commentsOf(once), `${text}\n-----\n${once}`).toEqual(commentsOf(text));
        expect(formatted(once), `${text}\n-----\n${once}`).toBe(once);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the style", () => {
  test("the example of docs/language.md section 1 has it, apart from the space before comments", () => {
    const example = readFileSync(new URL("../golden/syntax/abba.spec", import.meta.url), "utf8");
    expect(formatted(example)).toBe(example.replaceAll(/; {2,}\/\//g, "; //"));
  });

  test("blocks keep their lines, and empty lines are at most one", () => {
    const text = `module m;


thread t { skip; }
thread u {

  if (a) { skip; } else { x := 1; }


  loop {
    skip; }
}
`;
    expect(formatted(text)).toBe(`module m;

thread t { skip; }
thread u {
  if (a) { skip; } else { x := 1; }

  loop {
    skip;
  }
}
`);
  });

  test("prototypes stand as they are written, one line each", () => {
    const text = `module m;
/// What the target does.
proc postsuspend( t:Table,done:ref bool ) ; // last
proc trylock_x(m: ref Mutex) :bool;
def busy(t: Table): bool  ;
def daemon:Thread;


const COMMAND: SyncAction ?;
proc flush(at: ref map<Table, seq<struct { first: bool; }, 4>>, others: set<Table>, wanted: bool);
`;
    expect(formatted(text)).toBe(`module m;
/// What the target does.
proc postsuspend(t: Table, done: ref bool); // last
proc trylock_x(m: ref Mutex): bool;
def busy(t: Table): bool;
def daemon: Thread;

const COMMAND: SyncAction?;
proc flush(at: ref map<Table, seq<struct { first: bool; }, 4>>, others: set<Table>, wanted: bool);
`);
  });

  test("without a source, prototypes stand together and procs with a body apart", () => {
    const parsed = parse(
      "<test>",
      "module m; proc f(); proc g(): bool; proc h() { skip; } proc k();",
    );
    expect(parsed.ok && printModule(parsed.value)).toBe(`module m;

proc f();
proc g(): bool;

proc h() {
  skip;
}

proc k();
`);
  });

  test("long lines are broken at their loosest operator", () => {
    const long = "a_name_of_some_length";
    const text = `module m;
invariant i: ${long} == ${long} && ${long} => ${long} || ${long};
def d: T = ${long}(${long}, ${long}, ${long}, ${long}, ${long});
check c with A = ${long}, B = ${long} expect deadlock(${long}, ${long}, ${long});
`;
    expect(formatted(text)).toBe(`module m;
invariant i:
  ${long} == ${long} && ${long} =>
  ${long} || ${long};
def d: T = ${long}(
  ${long},
  ${long},
  ${long},
  ${long},
  ${long}
);
check c with A = ${long}, B = ${long}
  expect deadlock(${long}, ${long}, ${long});
`);
  });

  test("comments stay where they are", () => {
    const text = `// first
module m; // the module
/* before */ var x: bool; /* behind */
// own line

thread t { // why
  x :=
    a && // because
    // of this
    b;
  // last
}
// end
`;
    expect(formatted(text)).toBe(text);
  });

  test.each([
    ["(a && b) || c", "a && b || c"],
    ["a + b - c", "(a + b) - c"],
    ["!(a == b)", "!(a == b)"],
    ["a => (forall x in S: p)", "a => forall x in S: p"],
    ["-(-x)", "--x"],
    ["(S | T) - U", "((S | T) - (U))"],
    ["0..N - 1", "0..N-1"],
  ])("%s is how it writes %s", (expected, text) => {
    const parsed = parseExpression("<test>", text);
    expect(parsed.ok && printExpression(parsed.value)).toBe(expected);
  });
});
