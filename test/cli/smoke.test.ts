import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
/** A cube of 10⁹ states: never at its end within a test. */
const ENDLESS = [
  "module endless;\n",
  ...["x", "y", "z"].map(
    (name) => `var ${name}: 0..999;\ntransition ${name}_up when ${name} < 999 { ${name} += 1; }\n`,
  ),
  "final: true;\n",
].join("");

/** Long enough for one thread that others are started. */
const MANY = [
  "module many;\nconst N: 1..999 = 1;\nvar x: 0..99;\nvar y: 0..99;\nvar few: set<0..3>;\n",
  "transition right when x < 99 { x += 1; }\n",
  "transition up when y < 99 { y += 1; few := few | {y % 4}; }\n",
  "final: true;\ninvariant low: x + y < N;\n",
  ...Array.from({ length: 30 }, (_, n) => `check c${n} with N = ${n + 300};\n`),
  "check last with N = 5 expect violation(low);\n",
].join("");

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mdcheck-"));
  await writeFile(
    join(folder, "holds.spec"),
    "module holds;\nimport kernel;\nvar m: Mutex = unlocked;\nthread t { lock(m); }\n",
  );
  await writeFile(join(folder, "endless.spec"), ENDLESS);
  await writeFile(join(folder, "many.spec"), MANY);
  await writeFile(join(folder, "garbage.spec"), Buffer.from([0, 255, 254, 27, 91, 50, 74, 0, 200]));
  await writeFile(join(folder, "huge.spec"), "x".repeat(10_000_000));
  await writeFile(
    join(folder, "nested.spec"),
    `module m;\nconst N: 0..1 = ${"(".repeat(20_000)}1${")".repeat(20_000)};\n`,
  );
});

afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program in `folder`; `during` may meddle while it runs. */
async function main(
  args: readonly string[],
  during: (child: ReturnType<typeof spawn>) => void = () => {},
): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder });
  const out = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    out.stderr += text;
  });
  during(child);
  const status = await new Promise<number | null>((resolve) => {
    child.on("close", (code) => resolve(code));
  });
  return { status, ...out };
}

describe("the built program", () => {
  test("checks a spec that imports the shipped library, from any folder", async () => {
    const { status, stdout, stderr } = await main(["holds.spec"]);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/✓ default +holds/);
  });

  test.each([
    ["garbage.spec", 65],
    ["huge.spec", 65],
    ["nested.spec", 65],
    ["no.spec", 66],
    ["/dev/zero", 65],
  ])("answers %s with a message and status %i, never a stack trace", async (file, expected) => {
    const { status, stderr } = await main([file]);
    expect(status).toBe(expected);
    expect(stderr).toMatch(/^error/);
    expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
    expect(stderr).not.toMatch(/[\u0000\u001b]/);
  });

  test("ends at Ctrl-C with what it has", async () => {
    const { status, stdout } = await main(["endless.spec"], (child) => {
      setTimeout(() => child.kill("SIGINT"), 2000);
    });
    expect(status).toBe(20);
    expect(stdout).toContain("incomplete: interrupted");
  });

  test("reports the checks of several threads as those of one", async () => {
    // Threads take memory besides, where checks at the beginning are searched by several of them.
    const timeless = (text: string): string =>
      text.replace(/("(?:[a-z]+Ms|peakBytes)": )[\d.]+/gi, "$10");
    const [one, two] = await Promise.all(
      ["1", "2"].map((workers) => main(["-f", "json", "-w", workers, "many.spec", "holds.spec"])),
    );
    expect(one?.status).toBe(0);
    expect(two?.status).toBe(0);
    expect(timeless(two?.stdout ?? "")).toBe(timeless(one?.stdout ?? "none"));
  });

  test("is quiet when its reader goes away", async () => {
    const { stderr } = await main(["-f", "json", "holds.spec"], (child) => {
      child.stdout?.destroy();
    });
    expect(stderr).toBe("");
  });

  test("writes an output file whole, and leaves nothing else behind", async () => {
    const before = await readdir(folder);
    await main(["-f", "json", "-o", "report.json", "holds.spec"]);
    const document: unknown = JSON.parse(await readFile(join(folder, "report.json"), "utf8"));
    expect(document).toMatchObject({ format: "mdcheck/1", exitStatus: 0 });
    expect(await readdir(folder)).toEqual([...before, "report.json"].sort());
  });
});
