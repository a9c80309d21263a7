import { afterAll, describe, expect, test } from "vitest";
import { type Command, commandsOf, matches, normalized, runCommand, trimmed } from "./console.ts";
import { type Block, blocksOf, pages, textOf } from "./markdown.ts";
import { patched } from "./patch.ts";
import { type Correction, elidedAlike, updatePage } from "./update.ts";

/** `UPDATE_DOCS=1 npx vitest run test/docs` writes the real outputs into the pages. */
const UPDATES = process.env["UPDATE_DOCS"] === "1";

/** Every state space shown must be searched by the slow engine, two of them at a time. */
const TIMEOUT_MS = 180_000;

/** A command, and the files that the page has written so far. */
interface Scene extends Command {
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Reads a page from top to bottom: an ```mdspec block with a file name writes that file, a ```diff
 * block with one changes it, and a ```console block runs in the folder as it then is.
 */
function scenesOf(blocks: readonly Block[]): Scene[] {
  const scenes: Scene[] = [];
  let files: ReadonlyMap<string, string> = new Map();
  for (const block of blocks) {
    const [kind, ...words] = block.info;
    const file = words.find((word) => word.endsWith(".spec"));
    if (kind === "mdspec" && file !== undefined) {
      files = new Map([...files, [file, `${block.lines.join("\n")}\n`]]);
    } else if (kind === "diff" && file !== undefined) {
      files = new Map([...files, [file, patched(files.get(file) ?? "", block)]]);
    } else if (kind === "console") {
      scenes.push(...commandsOf(block).map((one) => ({ ...one, files })));
    }
  }
  return scenes;
}

const scenes = pages().flatMap((page) => scenesOf(blocksOf(page, textOf(page))));
const mdcheck = scenes.filter((scene) => scene.command.startsWith("npx mdcheck"));

describe("commands shown in the pages", () => {
  const corrections: Correction[] = [];
  afterAll(() => {
    for (const page of new Set(corrections.map((one) => one.command.page))) {
      updatePage(
        page,
        corrections.filter((one) => one.command.page === page),
      );
    }
  });

  test("there are some, and all are mdcheck's or ask for its exit status", () => {
    expect(mdcheck.length).toBeGreaterThan(5);
    const others = scenes.filter((scene) => !mdcheck.includes(scene));
    expect(others.filter((scene) => scene.command !== "echo $?")).toEqual([]);
  });

  for (const scene of mdcheck) {
    const title = `${scene.page}:${scene.line} ${scene.command} prints what is shown`;
    test(title, { timeout: TIMEOUT_MS }, async () => {
      const printed = await runCommand(scene.command, scene.files);
      const shown = trimmed(scene.shown);
      if (UPDATES && !matches(shown, printed.lines)) {
        corrections.push({ command: scene, printed });
        return;
      }
      // The full text makes a better message than "expected false to be true".
      if (!matches(shown, printed.lines)) {
        expect(printed.lines.map(normalized)).toEqual(shown.map(normalized));
      }
      const next = scenes[scenes.indexOf(scene) + 1];
      if (next?.command === "echo $?") {
        expect(next.shown).toEqual([String(printed.status)]);
      } else {
        // Not refused for its usage, and no fault of mdcheck.
        expect([64, 70]).not.toContain(printed.status);
      }
    });
  }
});

describe("the comparison with what is shown", () => {
  test("a line of dots elides lines, also none, and everything else counts", () => {
    expect(matches(["a", "…", "d"], ["a", "b", "c", "d"])).toBe(true);
    expect(matches(["a", "…", "d"], ["a", "d"])).toBe(true);
    expect(matches(["a", "…"], ["a"])).toBe(true);
    expect(matches(["a", "…", "d"], ["a", "b", "c"])).toBe(false);
    expect(matches(["a"], ["a", "b"])).toBe(false);
    expect(matches(["a", "b"], ["a"])).toBe(false);
  });

  test("what is written anew is elided where it was before", () => {
    const shown = ["$ a", "1 begin  a.spec:3", "…", "7 end  b.spec:9", "…"];
    const actual = [
      "$ a",
      "1 begin  a.spec:4",
      "2 more",
      "3 more",
      "12 end  lib.spec:8",
      "13 rest",
    ];
    expect(elidedAlike(shown, actual)).toEqual([
      "$ a",
      "1 begin  a.spec:4",
      "…",
      "12 end  lib.spec:8",
      "…",
    ]);
    const gaps = ["$ a", "", "✓ b 3", "", "…", "", "end"];
    expect(elidedAlike(gaps, ["$ a", "", "✓ b 4", "", "x", "", "y", "", "end"])).toEqual([
      "$ a",
      "",
      "✓ b 4",
      "",
      "…",
      "",
      "end",
    ]);
    expect(elidedAlike(["a", "…", "gone"], ["a", "b"])).toEqual(["a", "b"]);
    expect(elidedAlike(["a", "…", "c", "d"], ["a", "b", "c", "x", "d", "e"])).toEqual([
      "a",
      "…",
      "c",
      "x",
      "d",
      "e",
    ]);
  });

  test("times count only as times", () => {
    expect(normalized("✓ ok   23 states   0.03 s")).toBe(normalized("✓ ok   23 states  12.4 s"));
    expect(normalized("23 states")).not.toBe(normalized("24 states"));
  });

  test("a diff must fit in exactly one place", () => {
    const block = { page: "p.md", line: 1, info: [], lines: [" a", "-b", "+c"] };
    expect(patched("a\nb\nd\n", block)).toBe("a\nc\nd\n");
    expect(() => patched("a\nd\n", block)).toThrow("exactly one place");
    expect(() => patched("a\nb\na\nb\n", block)).toThrow("exactly one place");
  });
});
