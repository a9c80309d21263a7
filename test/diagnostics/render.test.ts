import { describe, expect, test } from "vitest";
import type { Diagnostic, Span } from "../../src/diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../../src/diagnostics/render.ts";
import { displayWidth } from "../../src/support/display.ts";

function shown(
  text: string,
  at: readonly [start: number, end: number],
  changes: Partial<Diagnostic> = {},
  columns = 100,
): string {
  const span: Span = { file: "a.spec", start: at[0], end: at[1] };
  const diagnostic: Diagnostic = {
    code: "MD2001",
    severity: "error",
    message: "no",
    span,
    related: [],
    hint: null,
    ...changes,
  };
  return renderDiagnostic(diagnostic, new Map([["a.spec", text]]), { color: false, columns });
}

function where(text: string, part: string): [number, number] {
  const start = text.indexOf(part);
  return [start, start + part.length];
}

describe("a diagnostic", () => {
  test("shows its line, carets under the span, and the hint after them", () => {
    const text = "var a: bool;\n  await seq != snyc_seq;\n";
    expect(
      shown(text, where(text, "snyc_seq"), {
        message: "'snyc_seq' is not declared",
        hint: "did you mean 'sync_seq'?",
      }),
    ).toBe(
      [
        "error MD2001: 'snyc_seq' is not declared",
        "  ┌ a.spec:2:16",
        "2 │   await seq != snyc_seq;",
        "  │                ^^^^^^^^ did you mean 'sync_seq'?",
      ].join("\n"),
    );
  });

  test("shows related places with what they are", () => {
    const text = "var a: bool;\n".repeat(10);
    const related = [
      { message: "the first declaration is here", span: { file: "a.spec", start: 4, end: 5 } },
    ];
    expect(shown(text, [13 * 9 + 4, 13 * 9 + 5], { related })).toBe(
      [
        "error MD2001: no",
        "   ┌ a.spec:10:5",
        "10 │ var a: bool;",
        "   │     ^",
        "   ┌ a.spec:1:5",
        " 1 │ var a: bool;",
        "   │     ^ the first declaration is here",
      ].join("\n"),
    );
  });

  test("of several lines shows the first and the last", () => {
    const text = "thread t {\n  skip;\n  skip;\n}\n";
    expect(shown(text, [0, text.length - 1], { hint: "why" })).toBe(
      [
        "error MD2001: no",
        "  ┌ a.spec:1:1",
        "1 │ thread t {",
        "  │ ^^^^^^^^^^",
        "… │",
        "4 │ }",
        "  │ ^ why",
      ].join("\n"),
    );
  });

  test("at the end of a file points behind the last text", () => {
    expect(shown("module a\n\n", [10, 10])).toContain("a.spec:1:9\n1 │ module a\n  │         ^");
    expect(shown("", [0, 0])).toContain("a.spec:1:1\n1 │\n  │ ^");
  });

  test("without a place says the hint on a line of its own", () => {
    expect(shown("", [0, 0], { span: null, hint: "try" })).toBe("error MD2001: no\n  try");
  });

  test("in a text that is not there names the file", () => {
    const span = { file: "b.spec", start: 3, end: 4 };
    expect(shown("", [0, 0], { span })).toBe("error MD2001: no\n  ┌ b.spec");
  });

  test("puts carets by columns, behind tabs and wide and combined characters", () => {
    const text = "\t/* 日本 e\u0301 */ x\n";
    const lines = shown(text, where(text, "x")).split("\n");
    const before = lines[2]?.slice("1 │ ".length).split("x")[0] ?? "";
    expect(displayWidth(before)).toBe(8 + "/* ".length + 4 + " e */ ".length);
    expect(lines[3]).toBe(`  │ ${" ".repeat(displayWidth(before))}^`);
    expect(lines[1]).toBe("  ┌ a.spec:1:14");
  });

  test("shows control characters as pictures", () => {
    const text = "a \u001b[31m \u202e b\r\n";
    const rendered = shown(text, [0, 1], { message: "\u001b]0;boo\u0007" });
    expect(rendered).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(rendered).toContain("␛[31m <U+202E> b");
  });

  test("cuts a long line around the span, which stays in sight", () => {
    const text = `${"a".repeat(300)} here ${"b".repeat(300)}`;
    for (const columns of [60, 80, 120]) {
      const lines = shown(text, where(text, "here"), {}, columns).split("\n");
      const caret = lines[3]?.indexOf("^") ?? -1;
      expect(displayWidth(lines[2] ?? "")).toBeLessThanOrEqual(columns);
      expect(lines[2]?.slice(caret, caret + 4)).toBe("here");
      expect(lines[3]?.endsWith(" ^^^^")).toBe(true);
    }
  });

  test("cuts a long line at its ends without dots where nothing is left out", () => {
    const text = `here ${"b".repeat(300)} there`;
    expect(shown(text, where(text, "here")).split("\n")[2]).toMatch(/^1 │ here b+…$/);
    expect(shown(text, where(text, "there")).split("\n")[2]).toMatch(/^1 │ …b+ there$/);
  });

  test("is cut out of a line of millions of characters", { timeout: 20_000 }, () => {
    const text = `${"a".repeat(5_000_000)} here ${"b".repeat(5_000_000)}`;
    expect(shown(text, where(text, "here")).split("\n")[2]).toMatch(/^1 │ …a+ here b+…$/);
  });

  test("in colour differs by codes alone", () => {
    const text = "var x: bool;";
    const diagnostic: Diagnostic = {
      code: "MD1001",
      severity: "warning",
      message: "hm",
      span: { file: "a.spec", start: 4, end: 5 },
      related: [],
      hint: "so",
    };
    const sources = new Map([["a.spec", text]]);
    const colored = renderDiagnostic(diagnostic, sources, { color: true });
    expect(colored).toContain("\u001b[33m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(
      renderDiagnostic(diagnostic, sources, { color: false }),
    );
  });
});
