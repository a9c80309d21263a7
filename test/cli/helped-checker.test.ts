import { describe, expect, test } from "vitest";
import type { Order } from "../../src/cli/helping.ts";
import { type HelperEvent, mdcheck, type Ran, type World } from "./fake-io.ts";

/** Counts to N in steps of one: N + 1 states. */
const COUNTER = "const N: 0..9999 = 3;\nvar x: 0..9999 = 0;\nvar seen: set<0..3> = {};\n";
const UP =
  "transition up when x < N { x += 1; seen := seen | {x % 4}; }\nfinal: x == N;\ninvariant low: x < 5;\n";

const spec = (name: string, ...checks: readonly string[]): string =>
  `module ${name};\n${COUNTER}${UP}${checks.map((one) => `check ${one};\n`).join("")}`;

const MET = [
  "one with N = 1 states 2",
  "two with N = 2",
  "three",
  "five with N = 5 expect violation(low)",
];
const FILES = {
  "specs/a.spec": spec("a", ...MET),
  "specs/b.spec": spec("b", "six with N = 6", ...MET),
  "specs/c.spec": spec("c", ...MET, "eight with N = 8 expect violation(low)", "four with N = 4"),
};

const QUIET = ["--progress", "never"];

/** One who waits for so long is helped. */
const SLOW: World = { tickMs: 300 };

async function helped(
  args: readonly string[],
  world: World,
): Promise<Ran & { readonly events: readonly HelperEvent[]; readonly orders: readonly Order[] }> {
  const events: HelperEvent[] = [];
  const onHelper = (event: HelperEvent): void => {
    events.push(event);
    world.onHelper?.(event);
  };
  const ran = await mdcheck(args, { ...SLOW, ...world, onHelper });
  const orders = events.flatMap((one) => (one.kind === "order" ? [one.order] : []));
  return { ...ran, events, orders };
}

/** Without what differs from run to run. */
const timeless = (text: string): string =>
  text
    .replace(/\s+[\d.]+ (s|min)\b/g, " T")
    .replace(/"(elapsedMs|compileMs|generateMs|probeMs|judgeMs)": [\d.]+/g, '"$1": 0');

describe("checks run by helpers", () => {
  test.each([[[]], [["-q"]], [["-f", "json"]], [["-c", "five", "-c", "two"]], [["--coverage"]]])(
    "are reported with %j as those of one worker",
    async (options) => {
      const alone = await mdcheck([...options, ...QUIET, "-w", "1", "specs"], { files: FILES });
      const { orders, ...ran } = await helped([...options, ...QUIET, "-w", "2", "specs"], {
        files: FILES,
      });
      expect(orders.some((one) => one.kind === "check")).toBe(true);
      expect(timeless(ran.stdout)).toBe(timeless(alone.stdout));
      expect(ran.stderr).toBe(alone.stderr);
      expect(ran.status).toBe(alone.status);
    },
  );

  test("of one file show the same trace as those of one worker", async () => {
    const alone = await mdcheck(["-w", "1", "specs/c.spec"], { files: FILES, ...SLOW });
    const { orders, ...ran } = await helped(["-w", "3", "specs/c.spec"], { files: FILES });
    expect(orders.some((one) => one.kind === "check")).toBe(true);
    expect(alone.stdout).toContain("low does not hold");
    expect(timeless(ran.stdout)).toBe(timeless(alone.stdout));
  });

  test("are each run once, by as many helpers as there are workers", async () => {
    const { events, orders } = await helped(["-w", "3", "specs"], { files: FILES });
    expect(events.filter((one) => one.kind === "start")).toHaveLength(3);
    const checks = orders.flatMap((one) =>
      one.kind === "check" ? [`${one.spec} ${one.check}`] : [],
    );
    expect(new Set(checks).size).toBe(checks.length);
    expect(checks).toHaveLength(15);
  });

  test("are ended with the run", async () => {
    const { events } = await helped(["-w", "2", "specs"], { files: FILES });
    const ended = events.flatMap((one) => (one.kind === "end" ? [one.helper] : []));
    expect(ended).toEqual([0, 1]);
  });

  test.each([
    ["a run that is short", { tickMs: 0 }, ["-w", "2", "specs"]],
    ["one worker", SLOW, ["-w", "1", "specs"]],
    ["the reference", SLOW, ["-w", "2", "--engine", "reference", "specs"]],
    ["few checks", SLOW, ["-w", "2", "-c", "six", "specs/b.spec"]],
  ])("are none in %s", async (_, world, args) => {
    const { events } = await helped(args, { files: FILES, ...world });
    expect(events).toEqual([]);
  });

  test("go on behind a spec with an error, whose status counts", async () => {
    const files = { ...FILES, "specs/b.spec": "module b;\nvar x: 0..3 = y;\n" };
    const alone = await mdcheck([...QUIET, "-w", "1", "specs"], { files });
    const ran = await helped([...QUIET, "-w", "2", "specs"], { files });
    expect(ran.orders.length).toBeGreaterThan(0);
    expect(ran.status).toBe(65);
    expect(timeless(ran.stdout)).toBe(timeless(alone.stdout));
    expect(ran.stderr).toBe(alone.stderr);
  });

  test("go on behind a file that is gone, whose status counts", async () => {
    const gone = ({ kind, ...rest }: HelperEvent): void => {
      if (kind === "order" && "files" in rest) {
        rest.files.delete("specs/b.spec");
      }
    };
    const ran = await helped(["-w", "2", "specs"], { files: FILES, onHelper: gone });
    expect(ran.status).toBe(66);
    expect(ran.stderr).toContain("cannot read specs/b.spec");
    expect(ran.stdout).toContain("specs/c.spec");
  });

  test("are left to one worker where the file is another one meanwhile", async () => {
    const changed = (event: HelperEvent): void => {
      if (event.kind === "order") {
        event.files.set("specs/c.spec", spec("c", "later"));
      }
    };
    const alone = await mdcheck(["-w", "1", "specs/c.spec"], { files: FILES, ...SLOW });
    const ran = await helped(["-w", "2", "specs/c.spec"], {
      files: FILES,
      // The checks begin here, so the text is known when the helpers read the file.
      tickMs: 130,
      onHelper: changed,
    });
    expect(ran.orders.length).toBeGreaterThan(0);
    expect(timeless(ran.stdout)).toBe(timeless(alone.stdout));
  });

  test("that are too large for a helper are run by all workers together", async () => {
    const large =
      "module large;\nvar x: 0..999 = 0;\nvar y: 0..999 = 0;\n" +
      "transition right when x < 999 { x += 1; }\ntransition up when y < 299 { y += 1; }\n" +
      "final: true;\ncheck all states 300000;\ncheck some;\n";
    const files = { ...FILES, "specs/d.spec": large };
    const ran = await helped(["-w", "2", "specs"], { files });
    expect(ran.stdout).toMatch(/✓ all +holds +300.000 states/);
    expect(ran.orders).toContainEqual({ kind: "check", spec: 3, check: 0, isTold: false });
  });

  test("end with Ctrl-C: what was run is told, the rest of the spec is not run", async () => {
    const lengthy =
      "module lengthy;\nvar x: 0..99 = 0;\nvar y: 0..99 = 0;\n" +
      "transition right when x < 99 { x += 1; }\ntransition up when y < 99 { y += 1; }\n" +
      `final: true;\n${Array.from({ length: 40 }, (_, n) => `check c${n + 10};\n`).join("")}`;
    const atIt = new Set<number>();
    const ran = await helped(["-w", "2", "specs"], {
      files: { ...FILES, "specs/b.spec": lengthy },
      // One helper has b.spec, the other one helps with it when it is through with all else.
      onHelper: (event) => {
        if (event.kind === "order" && event.order.kind === "check" && event.order.spec === 1) {
          atIt.add(event.helper);
        }
      },
      interrupt: () => atIt.size === 2,
    });
    expect(atIt.size).toBe(2);
    expect(ran.status).toBe(20);
    expect(ran.stdout).toMatch(/✓ three +holds/);
    expect(ran.stdout).toMatch(/⚠ c\d+ +incomplete: interrupted/);
    expect(ran.stdout).toMatch(/⚠ c49 +not run/);
    expect(ran.stdout).not.toContain("specs/c.spec");
  });

  test("that show a fault of mdcheck end the run with 70", async () => {
    const broken = (event: HelperEvent): void => {
      if (event.kind === "order" && event.order.kind === "check") {
        (event.order as { check: number }).check = 99;
      }
    };
    const ran = await helped(["-w", "2", "specs"], { files: FILES, onHelper: broken });
    expect(ran.status).toBe(70);
    expect(ran.stderr).toContain("this is a fault of mdcheck");
    expect(ran.events.filter((one) => one.kind === "end")).toHaveLength(2);
  });
});
