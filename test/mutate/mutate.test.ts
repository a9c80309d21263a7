import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { check } from "../../src/index/check-spec.ts";
import { parse } from "../../src/syntax/parse.ts";
import { checksFor, mutantsIn, targetAt, type Wish } from "./campaign.ts";
import { before, checksOf, judgeMutant, type Measured, measure, type Verdict } from "./judge.ts";
import { edited, type Mutant, mutantsOf } from "./mutants.ts";
import { callOperator, OPERATORS } from "./operators.ts";
import { madePage, PAGE } from "./page.ts";
import { identity, type Recorded, readRecords, renewed } from "./record.ts";
import { unmetText } from "./run.ts";
import { freeze } from "./specs.ts";

const EVERYTHING: Wish = { operators: [], all: true, imports: false, only: null, show: [] };

/** For a machine that others use, too. */
const SLOW = { timeout: 240_000 };

const ABBA = "specs/examples/abba.spec";

interface Fate {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

async function measured(path: string): Promise<readonly Measured[]> {
  const found: Measured[] = [];
  for (const name of await checksOf(path)) {
    found.push(await measure(path, name));
  }
  return found.sort((a, b) => a.states - b.states);
}

async function fatesOf(path: string): Promise<readonly Fate[]> {
  const known = await measured(path);
  const fates: Fate[] = [];
  for (const { mutant } of mutantsIn(await targetAt(path), EVERYTHING)) {
    fates.push({ mutant, verdict: await judgeMutant(mutant, checksFor(mutant, known)) });
  }
  return fates;
}

function linesOf(fates: readonly Fate[]): readonly string[] {
  return fates.map(({ mutant, verdict }) => {
    const how = verdict.kind === "noticed" ? verdict.because : verdict.kind;
    return `${mutant.operator}: ${mutant.before} → ${how}`;
  });
}

describe("a spec with known mutants", () => {
  test(
    "abba: every lost lock and unlock is noticed, the order of what commutes by counts alone",
    SLOW,
    async () => {
      expect(linesOf(await fatesOf("specs/examples/abba.spec"))).toEqual([
        "drop-lock: lock(first); → found assertion",
        "swap: lock(first); lock(second); → count",
        "drop-lock: lock(second); → found hung(flusher)",
        "swap: lock(second); writes := writes + 1; → count",
        "drop-update: writes := writes + 1; → found violation(both_counted)",
        "swap: writes := writes + 1; unlock(second); → count",
        "drop-unlock: unlock(second); → found deadlock(flusher)",
        "drop-unlock: unlock(first); → found deadlock(flusher)",
        "drop-call: write_both(a, b); → found violation(both_counted)",
        "always: if (ORDERED) → missing deadlock(flusher, shrinker)",
        "never: if (ORDERED) → found deadlock(flusher, shrinker)",
        "negate: if (ORDERED) → found deadlock(flusher, shrinker)",
        "drop-call: write_both(a, b); → found violation(both_counted)",
        "drop-call: write_both(b, a); → missing deadlock(flusher, shrinker)",
      ]);
    },
  );

  test("what no check comes to is called unreached, what is no spec any more refused", async () => {
    freeze(
      new Map([
        [
          "odd.spec",
          `module odd;
var x: 0..1 = 0;
proc never_called() {
  x := 1;
}
thread t {
  let y = x;
  x := y;
}
`,
        ],
      ]),
    );
    const lines = linesOf(await fatesOf("odd.spec"));
    expect(lines).toContain("drop-update: x := 1; → unreached");
    expect(lines).toContain("swap: let y = x; x := y; → refused");
  });

  test("a search without end is no verdict", async () => {
    freeze(
      new Map([
        [
          "counts.spec",
          `module counts;
var x: 0..100000 = 0;
thread t {
  while (x < 3) {
    x += 1;
  }
}
check counts expect ok;
`,
        ],
      ]),
    );
    const fates = await fatesOf("counts.spec");
    const always = fates.find(({ mutant }) => mutant.operator === "always");
    expect(always?.verdict).toMatchObject({ kind: "unfinished", by: "counts.spec counts" });
  });
});

const PAIR = (second: string, third: string): string => `module pair;
var done: bool = false;
var woken: bool = false;
thread waker {
  done := true;
  woken := true;
  ${second}
}
thread waiter {
  ${third}
}
`;

describe("equal state graphs", () => {
  /** What becomes of the first mutant of an operator in a spec whose default check holds. */
  async function fateOf(
    name: string,
    operator: string,
    text: string,
  ): Promise<Verdict | undefined> {
    freeze(new Map([[name, text]]));
    const fates = await fatesOf(name);
    return fates.filter(({ mutant }) => mutant.operator === operator).at(-1)?.verdict;
  }

  test("a test that is always true makes none other", async () => {
    const text = PAIR("skip;", "await woken && done;");
    freeze(new Map([["pair1.spec", text]]));
    const fates = await fatesOf("pair1.spec");
    const sides = fates.filter(({ mutant }) => mutant.operator === "drop-conjunct");
    // What is woken is done; what is done need not be woken yet.
    expect(sides.map(({ mutant, verdict }) => `${mutant.after} ${verdict.kind}`)).toEqual([
      "await done; survivor",
      "await woken; equivalent",
    ]);
  });

  test("an update of what is so already makes none other, another value does", async () => {
    const again = await fateOf("pair2.spec", "drop-update", PAIR("done := true;", "await done;"));
    // Without the step, which would not be equal.
    expect(again?.kind).toBe("equivalent");
    const other = await fateOf("pair3.spec", "drop-update", PAIR("done := false;", "skip;"));
    expect(other?.kind).toBe("survivor");
  });

  test("the promise of a strong wait counts, though the states and steps are the same", async () => {
    const strong = await fateOf(
      "pair4.spec",
      "weaken-strong",
      PAIR("skip;", "await strong woken;"),
    );
    expect(strong?.kind).toBe("survivor");
  });

  test("offsets behind an edit are told as those of the original", () => {
    const edits = [
      { start: 10, end: 14, text: "ab" },
      { start: 20, end: 20, text: "cde" },
    ];
    expect([0, 9, 10, 12, 17, 18, 21, 30].map((at) => before(at, edits))).toEqual([
      0, 9, 10, 14, 19, 20, 20, 29,
    ]);
  });
});

describe("operators", () => {
  const around = (text: string): string => {
    if (text.startsWith("transition")) {
      return `module m;\n${text} { x := 1; }`;
    }
    return `module m;\nproc p() { ${text}${/^(if|while)/.test(text) ? " { x := 1; }" : ""} }`;
  };
  const answers = "proc md_choose_sync_action(): bool { return true; }\n";
  const others = parse(
    "b",
    `module b;\n${answers}${answers.replace("md_choose_sync_action", "mddev_trylock")}`,
  );

  test.each(OPERATORS)("$name does what its example shows", (operator) => {
    const text = around(operator.before);
    const tree = parse("m", text);
    if (!tree.ok || !others.ok) throw new Error("an example that is no spec");
    const results = mutantsOf({ file: "m", text, tree: tree.value }, [others.value, tree.value])
      .filter((one) => one.operator === operator.name)
      .map(({ edits }) => edited(text, edits).replace(/\s+/g, " "));
    expect(results).toContain(around(operator.after).replace(/\s+/g, " "));
  });

  test("a call is called by what it does", () => {
    const names = [
      "mddev_unlock",
      "up_read",
      "mddev_lock_nointr",
      "wake_up",
      "md_reap_sync_thread",
    ];
    expect(names.map(callOperator)).toEqual([
      "drop-unlock",
      "drop-unlock",
      "drop-lock",
      "drop-wakeup",
      "drop-call",
    ]);
  });

  test("assertions, properties, constants and initial values are left as they are", () => {
    const text = `module m;
const C: bool = true && true;
var x: bool = true && C;
def unused: bool = x && C;
proc p() { assert x && C; }
invariant i: x && C;
property q: x && C ~> x && C;
check c with C = true && true;
`;
    const tree = parse("m", text);
    expect(tree.ok && mutantsOf({ file: "m", text, tree: tree.value }, [tree.value])).toEqual([]);
  });
});

describe("short cuts", () => {
  test("what is judged without traces is judged as the library judges it", SLOW, async () => {
    const file = "specs/examples/lost-wakeup.spec";
    const text = await readFile(file, "utf8");
    const known = await measured(file);
    const mutants = mutantsIn(await targetAt(file), EVERYTHING).map(({ mutant }) => mutant);
    const noticed: string[] = [];
    for (const mutant of mutants) {
      const verdict = await judgeMutant(mutant, checksFor(mutant, known));
      if (verdict.kind === "noticed") {
        const { outcomes } = await check(file, {
          checks: [verdict.by?.split(" ")[1] ?? ""],
          workers: 1,
          host: {
            libraryFolder: "specs/lib",
            read: (path) =>
              path === file ? Promise.resolve(edited(text, mutant.edits)) : readFile(path, "utf8"),
          },
        });
        expect(outcomes[0]?.unmet.map(unmetText)).toContain(verdict.because);
        noticed.push(verdict.because);
      }
    }
    expect(new Set(noticed).size).toBeGreaterThan(3);
  });

  test(
    "checks that are left out because they do not come there could not have told",
    SLOW,
    async () => {
      const file = "specs/lib/tests/wait-queue.spec";
      const known = await measured(file);
      let left = 0;
      for (const { mutant } of mutantsIn(await targetAt(file), EVERYTHING)) {
        const asked = new Set(checksFor(mutant, known).map((one) => one.check));
        const others = known.filter((one) => !asked.has(one.check));
        if (others.length > 0) {
          left += 1;
          expect(await judgeMutant(mutant, others)).toMatchObject({ kind: "equivalent" });
        }
      }
      expect(left).toBeGreaterThan(3);
    },
  );
});

describe("what is kept of the last run over all specs", () => {
  test(
    "each line that is named still stands there, and can be broken like that",
    SLOW,
    async () => {
      for (const { spec, unnoticed } of await readRecords()) {
        const now = new Set(
          mutantsIn(await targetAt(spec), EVERYTHING).map(({ mutant }) =>
            identity({ ...mutant, in: mutant.owner }),
          ),
        );
        const stale = unnoticed.filter((one) => !now.has(identity(one)));
        expect(stale, `${spec}: npm run mutate -- ${spec} --write`).toEqual([]);
      }
    },
  );

  test("mutants that are judged again change their entries and the counts, and nothing else", async () => {
    const [first, second, third] = mutantsIn(await targetAt(ABBA), EVERYTHING).map(
      ({ mutant }) => mutant,
    );
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error(`${ABBA} has fewer than three mutants`);
    }
    const entry = ({ operator, owner, before, after, nth }: Mutant) => ({
      ...{ operator, in: owner, before, after, nth },
      ...{ verdict: "survivor" as const, because: "x", reason: "by hand" },
    });
    const counts = {
      ...{ noticed: 5, count: 0, survivor: 3, unreached: 0 },
      ...{ unfinished: 0, equivalent: 0, refused: 0 },
    };
    const old: Recorded = { spec: ABBA, counts, unnoticed: [first, second, third].map(entry) };
    const made = renewed(old, [
      { mutant: first, verdict: { kind: "noticed", by: null, because: "", tried: 1 } },
      { mutant: second, verdict: { kind: "count", by: null, because: "9 states", tried: 1 } },
    ]);
    expect(made.counts).toEqual({ ...counts, noticed: 6, count: 1, survivor: 1 });
    expect(made.unnoticed).toEqual([
      { ...entry(second), verdict: "count", because: "9 states" },
      entry(third),
    ]);
  });

  test("the page has the operators and numbers as they are", async () => {
    const page = await readFile(PAGE, "utf8");
    expect(page).toBe(madePage(page, await readRecords()));
  });
});
