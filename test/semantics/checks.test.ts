import { describe, expect, test } from "vitest";
import { problems, program } from "./compile.ts";

const TEXT = `
  const N: 0..3 = 2;
  var x: 0..3 = 0;
  thread t { x := N; }
  thread w[i in 0..N - 1] { x := i; }
  invariant small: x < 4;
  property ends: eventually done(t);
  check plain;
  check hangs with N = 3 expect hung(w[2], t), violation(ends), error states 12;
  @sh("echo {N}") check any expect deadlock;`;

describe("checks", () => {
  test("without an expectation expect ok, and so does the one called default", () => {
    expect(program(TEXT, { check: "plain" }).check).toMatchObject({
      name: "plain",
      expectations: [{ kind: "ok" }],
      states: null,
    });
    expect(program(TEXT).check).toMatchObject({ name: "default", span: null });
  });

  test("name instances of threads in canonical order", () => {
    expect(program(TEXT, { check: "hangs" }).check).toMatchObject({
      expectations: [
        { kind: "hung", threads: [0, 3] },
        { kind: "violation", name: "ends" },
        { kind: "error" },
      ],
      states: 12,
      overridden: [0],
    });
    expect(program(TEXT, { check: "any" }).check).toMatchObject({
      expectations: [{ kind: "deadlock", threads: null }],
      shell: { parts: ["echo ", { kind: "constant" }] },
    });
  });

  test("that name nothing are errors whichever check is run", () => {
    const wrong = `${TEXT} check a expect violation(smal); check b with M = 1 expect deadlock(v);`;
    expect(problems(wrong)).toEqual(["MD2014 smal", "MD2013 M", "MD2001 v"]);
    expect(problems(wrong, { check: "plain" })).toEqual(["MD2014 smal", "MD2013 M", "MD2001 v"]);
  });

  test("an instance that the check's own constants leave out is an error of that check", () => {
    const text = `${TEXT} check less with N = 1 expect deadlock(w[1]);`;
    expect(problems(text)).toEqual([]);
    expect(problems(text, { check: "less" })).toEqual(["MD4009 1"]);
  });
});

describe("properties", () => {
  test("temporal formulas keep their shape, with state predicates as leaves", () => {
    const { properties } = program(
      `${TEXT} property p: always (x == 1 ~> forall i in 0..1: eventually (x == i || done(t)));`,
    );
    expect(properties[1]?.formula).toMatchObject({
      kind: "always",
      of: {
        kind: "leadsTo",
        left: { kind: "predicate" },
        right: {
          kind: "forall",
          set: { kind: "range" },
          body: { kind: "eventually", of: { kind: "predicate" } },
        },
      },
    });
  });

  test("fairness takes all instances of a thread together", () => {
    const { fairness } = program(`${TEXT} transition u { x := 0; } fairness strong(w, u);`);
    expect(fairness).toMatchObject([
      {
        strength: "strong",
        agents: [
          { kind: "thread", instance: 1 },
          { kind: "thread", instance: 2 },
          { kind: "transition", transition: 0 },
        ],
      },
    ]);
  });

  test("a command may name what its statement binds, and doubled braces are braces", () => {
    const { threads } = program(
      'var x: 0..3 = 0; thread t[i in 0..1] { @sh("{{ {i} {n} }}") choose n in 0..1 { x := n; } }',
    );
    expect(threads[0]?.body.block.statements[0]?.shell?.parts).toMatchObject([
      "{ ",
      { kind: "local", slot: 0 },
      " ",
      { kind: "local", slot: 1 },
      " }",
    ]);
  });
});
