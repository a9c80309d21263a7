import { describe, expect, test } from "vitest";
import { parse } from "../../src/syntax/parse.ts";

function kindOf(expression: string): string | null {
  const parsed = parse("x.spec", `module m; invariant i: ${expression};`);
  const first = parsed.ok ? parsed.value.declarations[0] : undefined;
  return first?.kind === "invariant" ? first.condition.kind : null;
}

describe("a name as an expression", () => {
  test.each(["s", "(s)", "s /* } */", "step"])("%s is a name", (text) => {
    expect(kindOf(text)).toBe("name");
  });

  test("with an argument list it is a call, with fields a struct", () => {
    expect(kindOf("s()")).toBe("call");
    expect(kindOf("s(1)")).toBe("call");
    expect(kindOf("s { a: 1 }")).toBe("struct");
  });
});
