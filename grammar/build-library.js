// Parses the modules of specs/lib into dist/library, once for all: nearly every spec imports them,
// and reading their text with Ohm would take half of the time of a small check. Run by
// `npm run build`, after tsc.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parse } from "../dist/syntax/parse.js";

const from = new URL("../specs/lib/", import.meta.url);
const to = new URL("../dist/library/", import.meta.url);

mkdirSync(to, { recursive: true });
for (const name of readdirSync(from)) {
  if (name.endsWith(".spec")) {
    const text = readFileSync(new URL(name, from), "utf8");
    // Without a file in its spans: where the library lies is known only where it is used.
    const parsed = parse("", text);
    if (!parsed.ok || parsed.diagnostics.length > 0) {
      throw new Error(`specs/lib/${name}: ${parsed.diagnostics[0]?.message}`);
    }
    const made = JSON.stringify({ text, tree: parsed.value });
    writeFileSync(new URL(name.replace(/spec$/, "json"), to), made);
  }
}
