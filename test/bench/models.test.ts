import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { check } from "../../src/index.ts";
import { type Contender, contendersFor, type Figures } from "./contenders.ts";
import { isInstalled, run } from "./measure.ts";
import { type BenchModel, MODELS, type Size, sizeOfTicket } from "./models.ts";

const models = fileURLToPath(new URL("./models/", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "mdcheck-bench-test-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Counts = Pick<Figures, "states" | "transitions">;

async function byMdcheck(name: string, constants: Size["constants"]): Promise<Counts> {
  const { verdict, outcomes } = await check(join(models, `${name}.spec`), { constants });
  expect(verdict).toMatchObject({ kind: "holds" });
  const { states, transitions } = outcomes[0]?.statistics ?? { states: 0, transitions: 0 };
  return { states, transitions };
}

function byPeer(contender: Contender, model: BenchModel, size: Size): Counts {
  const folder = mkdtempSync(join(root, "peer-"));
  const job = { model, size, models, folder };
  contender.prepare(job);
  const [command, ...rest] = contender.command(job);
  const stdout = run([join(folder, command), ...rest], folder);
  const { states, transitions } = contender.read({ stdout, wallMs: 1, cpuMs: 1, peakBytes: 1 });
  return { states, transitions };
}

/** One mode of each tool, and each way in which a twin is written. */
const isTried = ({ tool, mode }: Contender): boolean =>
  tool !== "mdcheck" && /^(DFS(, one process)?|1 thread|by hand.*)$/.test(mode);

const CASES = MODELS.flatMap((model) =>
  contendersFor(model, { cli: "", options: [] })
    .filter(isTried)
    .map((contender) => ({
      name: `${model.name}, ${contender.tool} ${contender.mode}`,
      model,
      contender,
    })),
);

describe("the models of the bench", () => {
  test.each(MODELS.flatMap(({ name, tiny }) => tiny.map((size) => ({ name, ...size }))))(
    "$name has as many states as the arithmetic or the twins say: $constants",
    async ({ name, constants, states }) => {
      expect(await byMdcheck(name, constants)).toMatchObject({ states });
    },
  );

  test("two-phase commit generates as many states as published for TLC, the initial one included", async () => {
    const { states, transitions } = await byMdcheck("two-phase", { RMS: 3 });
    expect([states, transitions + 1]).toEqual([288, 1_146]);
  });

  test("narrow has four states for each value of its counter, on two levels more than values", async () => {
    const { outcomes } = await check(join(models, "narrow.spec"), { constants: { LENGTH: 500 } });
    expect(outcomes[0]?.statistics).toMatchObject({ states: 501 * 4, depth: 502 });
  });

  test("growth has the same number of successors for each of NOTCHES to the WHEELS states", async () => {
    const counts = await byMdcheck("growth", { WHEELS: 4, NOTCHES: 5 });
    expect(counts).toEqual({ states: 5 ** 4, transitions: 4 * 5 ** 4 });
  });

  test("every spec pins the count that the bench expects at full size", () => {
    const pinned = MODELS.map(({ name }) => {
      const text = readFileSync(join(models, `${name}.spec`), "utf8");
      return [name, Number(/expect ok states (\d+);/.exec(text)?.[1])];
    });
    expect(pinned).toEqual(MODELS.map(({ name, full }) => [name, full.states]));
  });

  test("the ticket lock has as many states as the arithmetic says, in SPIN too", async ({
    skip,
  }) => {
    const { constants, states } = sizeOfTicket(3, 2);
    expect(await byMdcheck("ticket", constants)).toMatchObject({ states });
    const missing = ["spin", "gcc"].filter((command) => !isInstalled(command));
    skip(missing.length > 0, `not installed: ${missing.join(", ")}`);
    const folder = mkdtempSync(join(root, "ticket-"));
    run(["spin", "-DTHREADS=3", "-DWORK=2", "-a", join(models, "ticket.pml")], folder);
    run(["gcc", "-w", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"], folder);
    expect(run(["./pan"], folder)).toMatch(new RegExp(`\\b${states} states, stored`));
  });

  test("every twin belongs to a model", () => {
    const names = readdirSync(models)
      .filter((file) => !file.endsWith(".spec"))
      .map((file) => basename(file).replace(/\.\w+$/, ""));
    // The twin of ticket.spec, for a property: see live.ts.
    expect(new Set(names)).toEqual(new Set([...MODELS.map(({ name }) => name), "ticket"]));
  });
});

describe("twins have as many states and transitions as the spec", () => {
  test.for(CASES)("$name", async ({ model, contender }, { skip }) => {
    const missing = contender.needs.filter((command) => !isInstalled(command));
    skip(missing.length > 0, `not installed: ${missing.join(", ")}`);
    const size = model.tiny.at(-1);
    if (size === undefined) {
      throw new Error(`${model.name} has no tiny size`);
    }
    expect(byPeer(contender, model, size)).toEqual(await byMdcheck(model.name, size.constants));
  });
});
