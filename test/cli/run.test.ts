import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ENGINES } from "../../src/check/engines.ts";
import { misfits } from "../report/schema.ts";
import { mdcheck } from "./fake-io.ts";

const HOLDS = "module holds;\nvar x: 0..1;\nthread t { x := 1; }\n";
const DEADLOCK = "module dead;\nvar x: bool;\nthread t { await x; }\n";
/** The daemon goes round for ever, and nobody lets the waiter through. */
const HANGS =
  "module hangs;\nvar x: bool;\nvar tick: bool;\n" +
  "thread waiter { await x; }\nthread daemon { loop { tick := !tick; } }\n";
/** The flag may be up and down again each time before the waiter looks. */
const MISSES =
  "module misses;\nvar up: bool;\nthread waiter { await up; }\n" +
  "thread flips { loop { up := !up; } }\n";
const VIOLATES = "module bad;\nvar x: 0..1;\nthread t { x := 1; }\ninvariant low: x == 0;\n";
const ASSUMES = "module m;\nconst N: 0..9 = 3;\nassume N > 5;\nthread t { skip; }\n";
const LIBRARY = "module helper;\ntype Small = 0..3;\n";
/** Ten thousand states: enough for pauses and limits. */
const LARGE =
  "module large;\nvar x: 0..99;\nvar y: 0..99;\n" +
  "transition right when x < 99 { x += 1; }\ntransition up when y < 99 { y += 1; }\nfinal: true;\n";
const CHECKS = `module checks;
const N: 0..3 = 1;
var x: 0..3;
thread t { x := N; }
invariant low: x < 2;
reachable three: x == 3;
check small expect violation(three);
check large with N = 3 expect violation(low);
`;

describe("the exit status", () => {
  test.each([
    ["0 when every check is met", HOLDS, 0],
    ["10 when an assume is false", ASSUMES, 10],
    ["11 for a deadlock", DEADLOCK, 11],
    ["12 for a violated invariant", VIOLATES, 12],
    ["12 for an assertion", "module m;\nvar x: bool;\nthread t { assert x; }\n", 12],
    ["12 for a value that does not fit", "module m;\nvar x: 0..1;\nthread t { x := x + 2; }\n", 12],
    ["12 for a reachable that is not reached", `${HOLDS}reachable no: x == 1 && x == 0;\n`, 12],
    ["14 when an expected violation is missing", `${HOLDS}check c expect deadlock;\n`, 14],
    ["14 when a pinned count differs", `${HOLDS}check c expect ok states 9;\n`, 14],
    ["65 when the spec has errors", "module m;\nvar x: Nothing;\n", 65],
    ["11 for a hang in which others go on", HANGS, 11],
    ["12 for what gets out of reach", `${HOLDS}recoverable r: x == 0;\n`, 12],
    ["13 for a violated temporal property", `${HOLDS}property p: always x == 0;\n`, 13],
    ["65 for an import cycle", 'module m;\nimport "./a.spec";\n', 65],
  ])("is %s", async (_fact, text, status) => {
    expect((await mdcheck(["a.spec"], { files: { "a.spec": text } })).status).toBe(status);
  });

  test("is 66 for a missing file, and the others are run", async () => {
    const ran = await mdcheck(["no.spec", "a.spec"], { files: { "a.spec": HOLDS } });
    expect(ran.status).toBe(66);
    expect(ran.stderr).toBe("error: cannot read no.spec: no such file\n");
    expect(ran.stdout).toContain("1 check met");
  });

  test("is the first one that is not 0", async () => {
    const files = { "a.spec": HOLDS, "b.spec": VIOLATES, "c.spec": DEADLOCK };
    expect((await mdcheck(["a.spec", "b.spec", "c.spec"], { files })).status).toBe(12);
    expect((await mdcheck(["c.spec", "b.spec", "a.spec"], { files })).status).toBe(11);
  });

  test("is 20 when a limit ends the search", async () => {
    const ran = await mdcheck(["--max-states", "100", "a.spec"], { files: { "a.spec": LARGE } });
    expect(ran.status).toBe(20);
    expect(ran.stdout).toContain("incomplete: state limit");
  });

  test("is 20 after Ctrl-C, and says what was not run", async () => {
    const files = { "a.spec": `${LARGE}check first;\ncheck second;\n`, "b.spec": HOLDS };
    const ran = await mdcheck(["a.spec", "b.spec"], { files, interrupt: (pauses) => pauses === 1 });
    expect(ran.status).toBe(20);
    expect(ran.stdout).toMatch(/⚠ first +incomplete: interrupted/);
    expect(ran.stdout).toMatch(/⚠ second +not run/);
    expect(ran.stdout).not.toContain("b.spec");
  });

  test("is 64 for options that are not there, with what was meant", async () => {
    const ran = await mdcheck(["--max-state", "3", "a.spec"]);
    expect(ran.status).toBe(64);
    expect(ran.stderr).toContain("--max-states");
  });

  test.each([
    [["--max-states", "none"]],
    [["--time-limit", "soon"]],
    [["--max-memory", "2X"]],
    [["-D", "N"]],
    [["--engine", "slow"]],
    [["--workers", "0"]],
    [["--workers", "65"]],
    [["--workers", "1.5"]],
    [["-w", "many"]],
    [["-f", "yaml"]],
  ])("is 64 for %j", async (options) => {
    expect((await mdcheck([...options, "a.spec"], { files: { "a.spec": HOLDS } })).status).toBe(64);
  });

  test("is 64 for a check, property or constant that the spec has not", async () => {
    const files = { "a.spec": CHECKS };
    for (const options of [
      ["-c", "smal"],
      ["-p", "lo"],
      ["-D", "NN=1"],
    ]) {
      const ran = await mdcheck([...options, "a.spec"], { files });
      expect(ran.status).toBe(64);
      expect(ran.stderr).toContain("did you mean");
    }
  });
});

describe("mdcheck without a spec", () => {
  test("runs specs/**/*.spec and passes libraries over", async () => {
    const files = {
      "specs/a.spec": HOLDS,
      "specs/deep/b.spec": HOLDS,
      "specs/lib/helper.spec": LIBRARY,
      "other.spec": DEADLOCK,
    };
    const ran = await mdcheck([], { files });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain("specs/a.spec  holds");
    expect(ran.stdout).toContain("specs/deep/b.spec  holds");
    expect(ran.stdout).not.toContain("helper");
    expect(ran.stdout).toContain("2 checks met");
  });

  test("says what to do when there is none", async () => {
    const ran = await mdcheck([], { files: { "readme.md": "" } });
    expect(ran.status).toBe(64);
    expect(ran.stderr).toContain("mdcheck path/to/some.spec");
  });
});

describe("arguments", () => {
  const files = {
    "a/x.spec": HOLDS,
    "a/y.spec": HOLDS,
    "a/b/z.spec": HOLDS,
    "a/lib.spec": LIBRARY,
  };
  const specs = async (...args: string[]): Promise<string[]> =>
    [...(await mdcheck(args, { files })).stdout.matchAll(/^(\S+\.spec) /gm)].map(
      (one) => one[1] ?? "",
    );

  test("may be folders and patterns; each spec is run once", async () => {
    expect(await specs("a")).toEqual(["a/b/z.spec", "a/x.spec", "a/y.spec"]);
    expect(await specs("a/*.spec")).toEqual(["a/x.spec", "a/y.spec"]);
    expect(await specs("a/**/*.spec")).toEqual(["a/b/z.spec", "a/x.spec", "a/y.spec"]);
    expect(await specs("a/{x,y}.spec", "a/x.spec")).toEqual(["a/x.spec", "a/y.spec"]);
    expect(await specs("./a/../a/x.spec")).toEqual(["a/x.spec"]);
  });

  test("that name a library have it looked at", async () => {
    expect(await specs("a/lib.spec")).toEqual(["a/lib.spec"]);
  });

  test("that name a library with prototypes are told what is left to define", async () => {
    const core = `module core; import "./base.spec"; const N: 0..3;
thread t { await f(N); }`;
    const open = { "base.spec": "module base; def f(n: 0..3): bool;", "core.spec": core };
    const ran = await mdcheck(["core.spec"], { files: open });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain(
      "core.spec  core  a library: no errors, nothing to run; left to define: f, N\n",
    );
    const wrong = await mdcheck(["core.spec"], {
      files: { ...open, "core.spec": core.replace("f(N)", "f(true)") },
    });
    expect(wrong.status).toBe(65);
    expect(wrong.stderr).toContain("MD3001");
    expect(wrong.stderr).not.toContain("MD2020");
    // A check is there to be run.
    const run = await mdcheck(["core.spec"], {
      files: { ...open, "core.spec": `${core}\ncheck all;` },
    });
    expect(run.status).toBe(65);
    expect(run.stderr.match(/MD2020/g)).toHaveLength(2);
    expect((await mdcheck(["."], { files: open })).stdout).not.toContain("core");
    expect((await mdcheck(["-q", "core.spec"], { files: open })).stdout).toBe("");
  });

  test("that leave a prototype to others are warned of a definition of nearly its name", async () => {
    const base = "module base; proc postsuspend(); proc presuspend();";
    const text = 'module m; import "./base.spec"; thread t { postsuspend(); }';
    const slip = await mdcheck(["."], {
      files: { "base.spec": base, "m.spec": `${text} proc post_suspend() { skip; }` },
    });
    expect(slip.status).toBe(0);
    expect(slip.stderr.match(/warning MD2020: .*/g)).toEqual([
      "warning MD2020: 'postsuspend' is a prototype, and nothing gives its body",
    ]);
    const half = await mdcheck(["."], {
      files: { "base.spec": base, "m.spec": `${text} proc presuspend() { skip; }` },
    });
    expect(half.stderr).toBe("");
  });

  test("that lead to no spec are said", async () => {
    const ran = await mdcheck(["empty", "x*.spec"], { files: { "empty/readme.md": "" } });
    expect(ran.status).toBe(66);
    expect(ran.stderr).toBe("error: empty has no .spec files\nerror: no file matches x*.spec\n");
  });
});

describe("options", () => {
  const files = { "a.spec": CHECKS };

  test("-c runs one check and shows its trace", async () => {
    const ran = await mdcheck(["-c", "large", "a.spec"], { files });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/✓ large +violates low, as expected/);
    expect(ran.stdout).not.toContain("small");
    expect(ran.stdout).toContain("x 0 → 3");
  });

  test("-D without -c is one run that expects ok", async () => {
    const ran = await mdcheck(["-D", "N=3", "a.spec"], { files });
    expect(ran.status).toBe(12);
    expect(ran.stdout).toMatch(/✗ default +violates low/);
  });

  test("-D with -c overrides the check's constant and keeps its expectation", async () => {
    const ran = await mdcheck(["-c", "large", "-D", "N=1", "a.spec"], { files });
    expect(ran.status).toBe(14);
    expect(ran.stdout).toContain("expected violation(low)");
  });

  test("-p looks at one property, and expects no other", async () => {
    const ran = await mdcheck(["-p", "low", "a.spec"], { files });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/✓ small +holds/);
  });

  test("-p looks at one temporal property or recoverable", async () => {
    const more = { "a.spec": `${HOLDS}property p: always x == 0;\nrecoverable r: x == 1;\n` };
    expect((await mdcheck(["-p", "p", "a.spec"], { files: more })).status).toBe(13);
    expect((await mdcheck(["-p", "r", "a.spec"], { files: more })).status).toBe(0);
  });

  test("-c and -p among several specs concern those that have the name", async () => {
    const two = { "a.spec": CHECKS, "b.spec": HOLDS };
    const ran = await mdcheck(["-c", "small", "a.spec", "b.spec"], { files: two });
    expect(ran.status).toBe(0);
    expect(ran.stdout).not.toContain("b.spec");
    expect((await mdcheck(["-c", "no", "a.spec", "b.spec"], { files: two })).status).toBe(64);
  });

  test("--no-deadlock looks for none, nor for other hangs", async () => {
    for (const text of [DEADLOCK, HANGS]) {
      const files = { "a.spec": text };
      expect((await mdcheck(["--no-deadlock", "a.spec"], { files })).status).toBe(0);
    }
  });

  test("--no-hung looks for deadlocks alone, and expects nothing else", async () => {
    const hangs = { "a.spec": `${HANGS}check c expect hung(waiter);\n` };
    expect((await mdcheck(["a.spec"], { files: hangs })).stdout).toMatch(/✓ c +hangs, as expected/);
    const { status, stdout } = await mdcheck(["--no-hung", "a.spec"], { files: hangs });
    expect(status).toBe(0);
    expect(stdout).toMatch(/✓ c +holds/);
    const dead = { "a.spec": DEADLOCK };
    expect((await mdcheck(["--no-hung", "a.spec"], { files: dead })).status).toBe(11);
    // Every deadlock of threads is a hang, so a check that expects one is met by it.
    const both = { "a.spec": `${DEADLOCK}check c expect hung;\n` };
    expect((await mdcheck(["--no-hung", "a.spec"], { files: both })).status).toBe(0);
  });

  test("-f json explains every hang, also where the check is met", async () => {
    const files = { "a.spec": `${HANGS}check one expect hung;\ncheck two expect hung;\n` };
    const { stdout } = await mdcheck(["-f", "json", "a.spec"], { files });
    const [spec] = JSON.parse(stdout).specs;
    const waiters = spec.checks.map(
      (one: { findings: { waitFor: { waits: { waiter: string }[] } }[] }) =>
        one.findings[0]?.waitFor.waits[0]?.waiter,
    );
    expect(waiters).toEqual(["waiter", "waiter"]);
  });

  test("a constraint that leaves no initial state is warned of, one that leaves some is not", async () => {
    const text = (bound: number): string =>
      `module m;\nvar n: 0..3 = 0;\nthread t { n := 1; }\nconstraint n >= ${bound};\n`;
    const none = await mdcheck(["a.spec"], { files: { "a.spec": text(1) } });
    expect(none.stdout).toContain("MD5008");
    const some = await mdcheck(["a.spec"], { files: { "a.spec": text(0) } });
    expect(some.stdout).not.toContain("MD5008");
  });

  test("--lint warns of what can be missed, unasked nobody is", async () => {
    const files = { "a.spec": MISSES };
    expect((await mdcheck(["a.spec"], { files })).stdout).not.toContain("MD5005");
    const { status, stdout } = await mdcheck(["--lint", "a.spec"], { files });
    expect(status).toBe(0);
    expect(stdout).toContain("warning MD5005");
  });

  test("tell a warning of several checks once, behind them", async () => {
    const files = { "a.spec": `${MISSES}check one;\ncheck two;\n` };
    const { stdout } = await mdcheck(["--lint", "a.spec"], { files });
    expect(stdout.match(/MD5005/g)).toHaveLength(1);
    expect(stdout).toMatch(/✓ two .*\n\n {2}warning MD5005: .* \(in 2 of 2 checks\)\n/);
    expect(stdout).toMatch(/\n\n2 checks met\n$/);
    expect((await mdcheck(["-q", "--lint", "a.spec"], { files })).stdout).toBe("");
  });

  test("-q says nothing when all is met, and only what is not met else", async () => {
    expect(await mdcheck(["-q", "a.spec"], { files: { "a.spec": HOLDS } })).toMatchObject({
      status: 0,
      stdout: "",
      stderr: "",
    });
    const two = { "a.spec": HOLDS, "b.spec": DEADLOCK };
    const ran = await mdcheck(["-q", "a.spec", "b.spec"], { files: two });
    expect(ran.stdout).not.toContain("a.spec");
    expect(ran.stdout).toContain("✗ default");
  });

  test("-o writes a file, or into a folder, and not to stdout", async () => {
    const world = { files: { "a.spec": HOLDS, "out/x": "" } };
    const ran = await mdcheck(["-o", "report.txt", "a.spec"], world);
    expect(ran.stdout).toBe("");
    expect(ran.files.get("report.txt")).toContain("1 check met");
    const json = await mdcheck(["-f", "json", "-o", "out", "a.spec"], world);
    expect(JSON.parse(json.files.get("out/mdcheck.json") ?? "")).toMatchObject({ exitStatus: 0 });
  });

  test("-f json tells all of it in one document that fits its schema", async () => {
    const later = {
      "a.spec": CHECKS,
      "b.spec": DEADLOCK,
      "c.spec": "module c;\nvar x: Nothing;\n",
      "d.spec": `${HANGS}property p: eventually done(waiter);\nrecoverable r: x;\n`,
      "e.spec": MISSES,
    };
    const specs = ["a.spec", "b.spec", "c.spec", "d.spec", "e.spec"];
    const options = ["-f", "json", "--coverage", "--lint"];
    const ran = await mdcheck([...options, ...specs], { files: later });
    expect(ran.status).toBe(11);
    const document = JSON.parse(ran.stdout);
    const schema = new URL("../../docs/mdcheck-1.schema.json", import.meta.url);
    expect(misfits(JSON.parse(readFileSync(schema, "utf8")), document)).toEqual([]);
    expect(document).toMatchObject({
      exitStatus: 11,
      specs: [
        {
          checks: [
            { name: "small", met: true },
            { name: "large", met: true },
          ],
        },
        { checks: [{ verdict: { kind: "deadlock", threads: ["t"] } }] },
        { checks: [], diagnostics: [{ severity: "error" }] },
        {
          checks: [
            {
              findings: [
                { kind: "hung", threads: ["waiter"], doomedAt: 0, waitFor: { cycles: [] } },
                { property: "recoverable", name: "r" },
                { property: "property", name: "p", lasso: { parties: [{ role: "waits" }, {}] } },
              ],
            },
          ],
        },
        { checks: [{ suspicions: [{ kind: "unstable", thread: "waiter" }] }] },
      ],
    });
  });

  test.each([
    ["dmesg", "mdcheck.dmesg", "INFO: task waiter:1001 blocked for more than"],
    ["dot", "mdcheck.dot", "digraph mdcheck {"],
    ["mermaid", "mdcheck.mmd", "flowchart LR"],
  ])("-f %s writes who is blocked, also into a folder", async (format, file, part) => {
    const world = { files: { "a.spec": HANGS, "out/x": "" } };
    const { status, stdout } = await mdcheck(["-f", format, "a.spec"], world);
    expect(status).toBe(11);
    expect(stdout).toContain(part);
    const ran = await mdcheck(["-f", format, "-o", "out", "a.spec"], world);
    expect(ran.files.get(`out/${file}`)).toBe(stdout);
  });

  test("-o into a folder that is not there is said before the search", async () => {
    const ran = await mdcheck(["-o", "no/report.txt", "a.spec"], { files: { "a.spec": HOLDS } });
    expect(ran.status).toBe(66);
    expect(ran.stderr).toContain("cannot write no/report.txt");
  });

  test("-o that fails after the search shows the report", async () => {
    const world = { files: { "a.spec": HOLDS }, readOnly: ["report.txt"] };
    const ran = await mdcheck(["-o", "report.txt", "a.spec"], world);
    expect(ran.status).toBe(66);
    expect(ran.stdout).toContain("1 check met");
  });
});

describe("--stats", () => {
  const files = { "a.spec": LARGE };

  test("tells the size of the search below its line", async () => {
    const { status, stdout } = await mdcheck(["--stats", "a.spec"], { files });
    expect(status).toBe(0);
    // A square of 100 by 100: its diagonals are the levels, two edges of it have one way each.
    expect(stdout).toMatch(/states +10\u00a0000 {2}1 initial\n/);
    expect(stdout).toMatch(/transitions +19\u00a0800 {2}1\.98 from a state on average\n/);
    expect(stdout).toMatch(/depth +198 {2}widest level 100 states, at depth 99\n/);
    expect(stdout).toMatch(/levels +▁[▁▂▃▄▅▆▇█]+▁ {2}a bar for \d+ levels\n/);
  });

  test("is told only when asked for", async () => {
    expect((await mdcheck(["a.spec"], { files })).stdout).not.toMatch(/transitions|levels/);
  });
});

describe("--coverage", () => {
  const text =
    "module m;\nvar x: 0..1;\ntransition up when x < 1 { x += 1; }\n" +
    "transition no when x > 1 { skip; }\nfinal: true;\n";
  const files = { "a.spec": text };

  test("tells how often code was taken, and warns of what never was", async () => {
    const { status, stdout, stderr } = await mdcheck(["--coverage", "a.spec"], { files });
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/a\.spec:3 +1 {2}transition up\n +a\.spec:3 +1 {4}x \+= 1\n/);
    expect(stdout).toMatch(/a\.spec:4 +never {2}transition no\n/);
    expect(stdout).toContain("warning MD5001: transition 'no' is never taken");
  });

  test("is in the JSON document, which is without it else", async () => {
    const told = await mdcheck(["--coverage", "-f", "json", "a.spec"], { files });
    const [check] = JSON.parse(told.stdout).specs[0].checks;
    expect(check.coverage.transitions.map((one: { taken: number }) => one.taken)).toEqual([1, 0]);
    expect(check.warnings.map((one: { code: string }) => one.code)).toEqual(["MD5001"]);
    const { stdout } = await mdcheck(["-f", "json", "a.spec"], { files });
    const [plain] = JSON.parse(stdout).specs[0].checks;
    expect(plain).toMatchObject({ coverage: null, warnings: [], statistics: { levels: [1, 1] } });
  });
});

describe("--workers", () => {
  const files = { "a.spec": HOLDS };

  test.each([["auto"], ["1"], ["64"]])("takes %s", async (workers) => {
    expect((await mdcheck(["-w", workers, "a.spec"], { files })).status).toBe(0);
  });

  test("says what it can be", async () => {
    const { stderr } = await mdcheck(["--workers", "0", "a.spec"], { files });
    expect(stderr).toContain("It must be auto or a whole number from 1 to 64.");
  });

  test("of the reference is one, whatever was asked for", async () => {
    const options = ["--engine", "reference", "-w", "3", "-f", "json"];
    const { stdout } = await mdcheck([...options, "a.spec"], { files });
    expect(JSON.parse(stdout).specs[0].checks[0].statistics).toMatchObject({
      engine: "reference",
      workers: 1,
    });
  });
});

test("--engine offers what is there, and no more", async () => {
  const files = { "a.spec": HOLDS };
  const { stdout } = await mdcheck(["--help"]);
  for (const engine of ["reference", "fast"] as const) {
    const { status, stderr } = await mdcheck(["--engine", engine, "a.spec"], { files });
    const offered = ENGINES.includes(engine);
    expect(status).toBe(offered ? 0 : 64);
    expect(stderr.includes(ENGINES.join(", "))).toBe(!offered);
    expect(new RegExp(`searches the states: .*${engine}`).test(stdout)).toBe(offered);
  }
});

describe("colour", () => {
  const files = { "a.spec": HOLDS };
  const colored = async (
    args: readonly string[],
    terminal: boolean,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<boolean> =>
    (await mdcheck([...args, "a.spec"], { files, terminal, environment })).stdout.includes(
      "\u001b[3",
    );

  test("is for terminals, unless the environment or an option says otherwise", async () => {
    expect(await colored([], true)).toBe(true);
    expect(await colored([], false)).toBe(false);
    expect(await colored([], true, { NO_COLOR: "1" })).toBe(false);
    expect(await colored([], true, { TERM: "dumb" })).toBe(false);
    expect(await colored([], false, { FORCE_COLOR: "1" })).toBe(true);
    expect(await colored(["--color", "always"], false, { NO_COLOR: "1" })).toBe(true);
    expect(await colored(["--color", "never"], true)).toBe(false);
  });
});

describe("progress", () => {
  const files = { "a.spec": LARGE };

  test("is one live line on a terminal, gone at the end", async () => {
    const { stderr } = await mdcheck(["a.spec"], { files, terminal: true, tickMs: 40 });
    expect(stderr).toMatch(/\rdefault {2}depth \d+ {2}[\d\u00a0]+ states/);
    expect(stderr.endsWith("\r\u001b[K")).toBe(true);
    expect(stderr).not.toContain("\n");
  });

  test("is a line every ten seconds in a pipe", async () => {
    const { stderr } = await mdcheck(["a.spec"], { files, tickMs: 3000 });
    expect(stderr).toMatch(/^(default {2}depth .*\n)+$/);
  });

  test("can be turned off", async () => {
    const world = { files, terminal: true, tickMs: 40 };
    expect((await mdcheck(["--progress", "never", "a.spec"], world)).stderr).toBe("");
  });
});

describe("help", () => {
  test("lists commands, options and exit statuses, nothing that is not there yet", async () => {
    const { status, stdout } = await mdcheck(["--help"]);
    expect(status).toBe(0);
    for (const part of [
      "mdcheck fmt",
      "--max-states",
      "--time-limit",
      "--no-hung",
      "--lint",
      "dmesg, dot, mermaid",
      "Exit status",
      "-D, --define",
    ]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).not.toMatch(/simulate|replay|graph |export|init/);
  });

  test("fits a terminal of 80 columns", async () => {
    const { stdout } = await mdcheck(["--help"], { terminal: true, columns: 80 });
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("of the version is the version", async () => {
    expect(await mdcheck(["--version"])).toMatchObject({ status: 0, stdout: "1.2.3\n" });
  });
});

describe("mdcheck fmt", () => {
  const UGLY = "module m;\nvar x:bool;  // kept\n";

  test("formats in place, names what it changed, and is content the second time", async () => {
    const ran = await mdcheck(["fmt", "a.spec"], { files: { "a.spec": UGLY } });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toBe("a.spec\n");
    const text = ran.files.get("a.spec") ?? "";
    expect(text).toContain("var x: bool;");
    expect(text).toContain("// kept");
    const again = await mdcheck(["fmt", "a.spec"], { files: { "a.spec": text } });
    expect(again.stdout).toBe("");
  });

  test("with --check changes nothing and is 1 when something is to do", async () => {
    const ran = await mdcheck(["fmt", "--check", "a.spec"], { files: { "a.spec": UGLY } });
    expect(ran.status).toBe(1);
    expect(ran.files.get("a.spec")).toBe(UGLY);
  });

  test("leaves a file with errors alone", async () => {
    const ran = await mdcheck(["fmt", "a.spec"], { files: { "a.spec": "module m\n(((" } });
    expect(ran.status).toBe(65);
    expect(ran.stderr).toContain("error MD");
    expect(ran.files.get("a.spec")).toBe("module m\n(((");
  });
});
