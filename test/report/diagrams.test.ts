import { describe, expect, test } from "vitest";
import type { SpecOutcome } from "../../src/outcome/outcome.ts";
import { dotText, mermaidText } from "../../src/report/diagram-text.ts";
import { dmesgText } from "../../src/report/dmesg.ts";
import { waitDiagrams } from "../../src/report/wait-diagram.ts";
import { checked, GRAPH, HANG, LOST, RAID_FILE, RAID_SOURCES } from "./made-hang.ts";
import { outcome } from "./made-outcome.ts";

function specOf(...outcomes: SpecOutcome["outcomes"]): readonly SpecOutcome[] {
  return [{ file: RAID_FILE, module: "raid", outcomes, diagnostics: [], sources: RAID_SOURCES }];
}

const HUNG = specOf(checked(HANG), checked(LOST));
const HOLDS = specOf(outcome());
const [NEED] = GRAPH.waits;
/** A condition with all that could end a string early. */
const HOSTILE = specOf(
  checked({
    ...HANG,
    waitFor: {
      waits: [
        {
          ...NEED,
          condition: 'a" -> b; \\ <i> #1; %% `x`\n]',
          helpers: [],
        } as (typeof GRAPH.waits)[number],
      ],
      cycles: [],
    },
  }),
);

describe("the picture of who waits for whom", () => {
  test("has an arrow for each helper, and those of the cycle are marked", () => {
    const [first, second] = waitDiagrams(HUNG);
    expect(first?.edges.map(({ from, to, isOnCycle }) => [from, to, isOnCycle])).toEqual([
      [0, 4, true],
      [1, 0, true],
      [2, 1, true],
      [3, 2, false],
      [4, 2, true],
    ]);
    expect(first?.edges.map(({ lines }) => lines[0])).toEqual([
      "condition",
      "condition",
      "exit",
      "lock reconfig_mutex",
      "lock reconfig_mutex",
    ]);
    expect(second?.nodes.map(({ look }) => look)).toEqual(["hung", "nobody"]);
  });

  test("tells a step inside the library as the call of it", () => {
    expect(waitDiagrams(HUNG)[0]?.edges[3]?.lines[1]).toBe("unlock(reconfig_mutex)");
  });

  test("has those who wait and no arrows where nobody asked for whom", () => {
    const [picture] = waitDiagrams(specOf(checked({ ...HANG, waitFor: null })));
    expect(picture?.nodes.map(({ lines }) => lines[0])).toEqual([
      "writer",
      "sync_thread",
      "action_store",
      "admin",
    ]);
    expect(picture?.edges).toEqual([]);
  });
});

describe("dot", () => {
  /** What is left of a text without its strings. */
  const bones = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"/g, "S");

  test("is one digraph of quoted names, labels and looks", () => {
    for (const specs of [HUNG, HOLDS, HOSTILE]) {
      const [comment, head, ...rest] = bones(dotText(specs)).trimEnd().split("\n");
      expect(comment).toMatch(/^\/\/ /);
      expect(head).toBe("digraph mdcheck {");
      expect(rest.at(-1)).toBe("}");
      for (const line of rest.slice(0, -1)) {
        expect(line).toMatch(
          /^ +(?:rankdir=LR;|(?:node|edge) \[.*\];|label=S;|subgraph S \{|\}|S(?: -> S)? \[label=S(?:, \w+=[\w.]+|, \w+=S)*\];)$/,
        );
      }
    }
  });

  test("keeps quotes and backslashes of conditions inside of labels", () => {
    expect(dotText(HOSTILE)).toContain('waits until a\\" -> b; \\\\ <i>');
  });

  test("without a hang says so", () => {
    expect(dotText(HOLDS)).toContain('label="no deadlock or hang of threads"');
  });
});

describe("mermaid", () => {
  test("is one flowchart in which every text is quoted", () => {
    for (const specs of [HUNG, HOLDS, HOSTILE]) {
      const [comment, head, ...rest] = mermaidText(specs).trimEnd().split("\n");
      expect(comment).toMatch(/^%% /);
      expect(head).toBe("flowchart LR");
      for (const line of rest) {
        expect(line.replace(/"[^"]*"/g, "S")).toMatch(
          /^ +(?:subgraph \w+\[S\]|end|classDef .*|\w+\[S\](?::::\w+)?|\w+ (?:-->|==>|-\.->)\|S\| \w+)$/,
        );
      }
    }
  });

  test("writes what it could take for its own as numbers", () => {
    expect(mermaidText(HOSTILE)).toContain(
      "a#34; -#62; b#59; #92; #60;i#62; #35;1#59; #37;#37; #96;x",
    );
  });

  test("draws the cycle with thick arrows, and dashed ones to nobody", () => {
    const text = mermaidText(HUNG);
    expect(text.match(/==>/g)).toHaveLength(4);
    expect(text.match(/-\.->/g)).toHaveLength(1);
  });
});

describe("dmesg", () => {
  const text = dmesgText(HUNG);

  test("says first that it is the output of a model", () => {
    expect(text).toMatch(/^# Model output of mdcheck, not the log of a kernel/);
    expect(dmesgText(HOLDS)).toContain("check as_posted: no hung task was found\n");
  });

  test("reports each hung thread as khungtaskd does, innermost call first", () => {
    expect(text).toContain(
      [
        "INFO: task sync_thread:1003 blocked for more than 120 seconds.",
        "      Model output of mdcheck",
        "task:sync_thread     state:D stack:0     pid:1003  tgid:1003  ppid:2",
        "Call Trace:",
        " <TASK>",
        " raise_barrier (raid.spec:29)",
        " sync_thread (raid.spec:32)",
        " </TASK>\n",
      ].join("\n"),
    );
  });

  test("tells who holds the lock that a task is blocked on, behind its call trace", () => {
    expect(text).toContain(
      " </TASK>\nINFO: task admin:1005 is blocked on a mutex likely owned by task action_store:1004.\n",
    );
    const { trace } = HANG;
    const asked = checked({
      ...HANG,
      trace: JSON.parse(JSON.stringify(trace), (key, value) =>
        key === "proc" && value === "lock" ? "down_read" : value,
      ),
    });
    expect(dmesgText(specOf(asked))).toContain(
      "INFO: task admin:1005 <reader> blocked on an rw-semaphore likely owned by task action_store:1004 <writer>\n",
    );
  });

  test("has the others after them, running or asleep, without a message", () => {
    expect(text).toMatch(/task:raid10d {9}state:R /);
    expect(dmesgText(specOf(checked(LOST)))).toMatch(/task:raid10d {9}state:S /);
    expect(text).not.toContain("INFO: task raid10d");
  });

  test("gives a thread the same PID everywhere", () => {
    const pids = [...text.matchAll(/task:(\S+) .* pid:(\d+)/g)].map(
      ([, name, pid]) => `${name} ${pid}`,
    );
    expect(new Set(pids).size).toBe(5);
  });
});
