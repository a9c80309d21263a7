// Joins what `mdcheck` loads at its start into a few files, in the place of dist/cli/main.js: Node
// takes half a millisecond for each of the 200 modules of the command line and its packages. Run by
// `npm run build`, after tsc (docs/decisions/0007-the-command-line-is-bundled.md).
import { readFileSync, writeFileSync } from "node:fs";
import { rolldown } from "rolldown";

const root = new URL("..", import.meta.url);
const { dependencies } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

const bundle = await rolldown({
  // What starts, and the threads that run checks.
  input: ["main", "check-thread"].map((name) => new URL(`dist/cli/${name}.js`, root).pathname),
  platform: "node",
});
// In the same folder, so that paths relative to a module stay right.
await bundle.write({
  dir: new URL("dist/cli", root).pathname,
  chunkFileNames: "bundled-[name].js",
});

const licenses = Object.keys(dependencies).map((name) => {
  const text = readFileSync(new URL(`node_modules/${name}/LICENSE`, root), "utf8");
  return `${name}\n\n${text.trim()}\n`;
});
writeFileSync(
  new URL("dist/cli/LICENSES", root),
  `The files of this folder contain these packages.\n\n${licenses.join("\n\n")}`,
);
