import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { constructedCodes, diagnosticsOf, FOLDER, goldenSpecs, ROOT } from "./golden-specs.ts";

const GOLDEN = goldenSpecs();
const CONSTRUCTED = constructedCodes();

describe("diagnostics", () => {
  test.each(GOLDEN)("$name is rendered as recorded", async (golden) => {
    const { diagnostics, rendered } = await diagnosticsOf(golden);
    expect(diagnostics.map((one) => one.code)).toContain(golden.code);
    await expect(rendered).toMatchFileSnapshot(join(FOLDER, `${golden.name}.txt`));
  });

  test("every code has a golden spec, and every golden spec a code", () => {
    expect(CONSTRUCTED.size).toBeGreaterThan(0);
    const shown = new Set(GOLDEN.map((one) => one.code));
    expect([...shown].sort()).toEqual([...CONSTRUCTED.keys()].sort());
  });

  test("docs/diagnostics.md is made from them (vitest -u makes it anew)", async () => {
    await expect(await page()).toMatchFileSnapshot(join(ROOT, "docs/diagnostics.md"));
  });
});

const HEAD = `# Diagnostics

What mdcheck says of a spec that is wrong, by code: a spec, and what is said of it. Codes are never
used for something else. 1xxx: syntax · 2xxx: names · 3xxx: types · 4xxx: constants · 5xxx: what a
search has shown, some of it only with \`--coverage\` or \`--lint\` · 9xxx: limits of the language.

This page is made from the specs in \`test/golden/diagnostics\`; \`npx vitest run test/golden -u\` makes it anew.
`;

const FAMILIES: Readonly<Record<string, string>> = {
  "1": "Syntax",
  "2": "Names",
  "3": "Types",
  "4": "Constants",
  "5": "Searches",
  "9": "Limits",
};

async function page(): Promise<string> {
  const parts = [HEAD];
  let family = "";
  let code = "";
  for (const golden of GOLDEN) {
    const { diagnostics, rendered } = await diagnosticsOf(golden);
    const digit = golden.code.charAt(2);
    if (digit !== family) {
      family = digit;
      parts.push(`## ${FAMILIES[digit] ?? digit}\n`);
    }
    if (golden.code !== code) {
      code = golden.code;
      const severity = diagnostics.find((one) => one.code === code)?.severity ?? "error";
      parts.push(`### ${code}${severity === "warning" ? " (warning)" : ""}\n`);
    }
    const command = golden.args.length === 0 ? "" : `\nwith \`${golden.args.join(" ")}\`\n`;
    parts.push(`${fenced(golden.text)}${command}\nis answered by\n\n${fenced(rendered)}`);
  }
  return parts.join("\n");
}

function fenced(text: string): string {
  return `\`\`\`\`\n${text.trimEnd()}\n\`\`\`\`\n`;
}
