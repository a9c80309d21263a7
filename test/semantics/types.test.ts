import { describe, expect, test } from "vitest";
import { arithmetic, interval } from "../../src/semantics/intervals.ts";
import { showType } from "../../src/values/types.ts";
import { problems, program } from "./compile.ts";

/** The type that `let it = …` gives a local of a thread. */
function typeOfLet(value: string, declarations = ""): string {
  const { threads } = program(`${declarations} thread t { let it = ${value}; }`);
  const local = threads[0]?.body.locals.find((one) => one.name === "it");
  return local === undefined ? "?" : showType(local.type);
}

describe("interval arithmetic", () => {
  const corners = [-5, -2, -1, 0, 1, 2, 7];
  const pairs = corners.flatMap((low) =>
    corners.filter((high) => high >= low).map((high) => [low, high] as const),
  );
  const values = ([low, high]: readonly [number, number]): readonly number[] =>
    Array.from({ length: high - low + 1 }, (_, position) => low + position);

  test.each([
    ["add", (a: number, b: number) => a + b],
    ["subtract", (a: number, b: number) => a - b],
    ["multiply", (a: number, b: number) => a * b],
    ["divide", (a: number, b: number) => Math.trunc(a / b)],
  ] as const)("%s has the bounds of all its results, and no wider ones", (operator, compute) => {
    for (const a of pairs) {
      for (const b of pairs) {
        const results = values(a)
          .flatMap((x) => values(b).map((y) => compute(x, y)))
          .filter((result) => Number.isFinite(result));
        if (results.length > 0) {
          const bounds = interval(Math.min(...results), Math.max(...results));
          expect([a, b, arithmetic(operator, interval(...a), interval(...b))]).toEqual([
            a,
            b,
            bounds,
          ]);
        }
      }
    }
  });

  test("a remainder lies within its bounds, which no larger divisor widens", () => {
    for (const a of pairs) {
      for (const b of pairs) {
        const type = arithmetic("remainder", interval(...a), interval(...b));
        for (const x of values(a)) {
          for (const y of values(b).filter((one) => one !== 0)) {
            expect(x % y >= type.low && x % y <= type.high).toBe(true);
          }
        }
      }
    }
    expect(arithmetic("remainder", interval(0, 5), interval(1, 100))).toEqual(interval(0, 5));
  });

  test("bounds are cut to 32 bits", () => {
    const all = interval(-(2 ** 31), 2 ** 31 - 1);
    expect(arithmetic("multiply", all, all)).toEqual(all);
  });
});

describe("types of expressions", () => {
  const DECLARATIONS = `
    const N: 1..9 = 3;
    type Color = enum { RED, GREEN };
    var a: 0..10 = 0; var b: 0..3 = 0; var s: set<0..3> = {}; var q: seq<0..3, 4> = [];
    var o: 0..3? = none; var m: map<Color, 0..3>; var c: Color = RED;`;

  test.each([
    ["a + b", "0..13"],
    ["a - b", "-3..10"],
    ["a / (b + 1)", "0..10"],
    ["-b", "-3..0"],
    ["-2147483648", "-2147483648..-2147483648"],
    ["b == 0 ? 7 : a", "0..10"],
    ["{1, 5}", "set<1..5>"],
    ["s | {7}", "set<0..7>"],
    ["s - {7}", "set<0..3>"],
    ["{x * 2 for x in s}", "set<0..6>"],
    ["{x in 0..N where x != b}", "set<0..3>"],
    ["0..N - 1", "set<0..2>"],
    ["b..a", "set<0..10>"],
    ["size(s)", "0..4"],
    ["count x in Color: x == c", "0..2"],
    ["max(s)", "0..3"],
    ["min(Color)", "Color"],
    ["len(q)", "0..4"],
    ["append(q, 9)", "seq<0..9, 5>"],
    ["tail(q)", "seq<0..3, 3>"],
    ["[1, 2]", "seq<1..2, 2>"],
    ["the(o)", "0..3"],
    ["b == 1 ? none : b", "0..3?"],
    ["{o, 1}", "set<0..3?>"],
    ["m[c]", "0..3"],
    ["[k in Color -> k == c]", "map<Color, bool>"],
    ["[k in 0..N -> c]", "map<0..3, Color>"],
    ["let x = b: x + x", "0..6"],
    ["N", "1..9"],
    ["Color", "set<Color>"],
    ["bool", "set<bool>"],
    ["self", "Thread"],
    ["Thread", "set<Thread>"],
  ])("%s is a %s", (text, type) => {
    expect(typeOfLet(text, DECLARATIONS)).toBe(type);
  });

  test("a T is made optional wherever a T? is expected", () => {
    const text = `
      type Box = struct { owner: Thread?; };
      var o: Thread? = t; var s: set<Thread?> = {t, none}; var b: Box = { owner: t };
      def is(x: Thread?): bool = x == t && o == self && self in s;
      proc keep(x: Thread?) { o := x; }
      thread t { keep(self); b.owner := self; o := none; if (is(self)) { skip; } }`;
    expect(problems(text)).toEqual([]);
    expect(JSON.stringify(program(text).defs[0]?.body).match(/"some"/g)?.length).toBe(3);
  });

  test("an option inside a container is not made on the way", () => {
    expect(problems("var s: set<0..3> = {}; var r: set<0..3?> = {}; thread t { r := s; }")).toEqual(
      ["MD3001 s"],
    );
  });

  test("what has no type of its own takes it from the other side, the place or the parameter", () => {
    const text = `
      type Msg = struct { cmd: 0..3; to: Thread?; };
      var s: set<0..3> = {}; var q: seq<Msg, 2> = [{ cmd: 1, to: none }]; var o: Msg? = none;
      def empty(x: set<0..3>, y: seq<Msg, 2>): bool = {} == x || y == [] || x subset {};
      thread t { if (empty({}, [])) { s := {}; q := append(q, { cmd: 2, to: self }); o := { cmd: 3, to: none }; } }`;
    expect(problems(text)).toEqual([]);
  });

  test("maps of different keys have nothing to do with each other", () => {
    expect(problems("var m: map<0..2, bool>; thread t { m := [i in 0..1 -> true]; }")).toEqual([
      "MD3001 [i in 0..1 -> true]",
    ]);
  });

  test("structs and enums go by their name, all other types by their parts", () => {
    const text = `
      type A = struct { x: 0..1; }; type B = struct { x: 0..1; }; type S = set<0..1>;
      var a: A; var b: B; var s: S; var r: set<0..1>;
      thread t { s := r; a := b; }`;
    expect(problems(text)).toEqual(["MD3001 b"]);
  });
});

describe("symmetric types", () => {
  const DISKS = "type Disk = symmetric 0..2; var failed: Disk? = none; var seen: set<Disk> = {}; ";

  test("may be compared, stored, chosen, quantified over, and used as keys and indices", () => {
    const text = `${DISKS}
      var load: map<Disk, 0..3>; var any: Disk in Disk; var queue: seq<Disk, 2> = [];
      thread disk[d in Disk] {
        failed := d; load[d] += 1; await any == d || the(failed) != d;
        choose e in Disk where e != d { seen |= {e}; queue := append(queue, e); }
      }
      invariant i: forall d in Disk: done(disk[d]) => count e in Disk: load[e] > 0 <= size(Disk);`;
    expect(problems(text.replace("count e in Disk: load[e] > 0 <=", "size(seen) <="))).toEqual([]);
  });

  test.each([
    ["failed := 1;", "MD3005 1"],
    ["choose d in Disk { if (d < d) { skip; } }", "MD3005 d"],
    ["choose d in Disk { let n = d + 1; }", "MD3005 d"],
    ["choose d in Disk { failed := max({d}); }", "MD3005 max({d})"],
    ["var d: Disk;", "MD3006 Disk"],
    ["var p: map<bool, Disk>;", "MD3006 map<bool, Disk>"],
  ])("have no values that could be told apart: %s", (statement, problem) => {
    expect(problems(`${DISKS} thread t { ${statement} }`)[0]).toBe(problem);
  });

  test("their threads are named through bound variables only", () => {
    expect(
      problems(`${DISKS} thread w[d in Disk] { failed := d; } check c expect deadlock(w[0]);`, {
        check: "c",
      }),
    ).toEqual(["MD3005 0"]);
    expect(problems(`${DISKS} var first: Thread; thread w[d in Disk] { first := self; }`)).toEqual([
      "MD3006 Thread",
    ]);
  });
});

test("threads with a wrong index leave a variable of type Thread without a further problem", () => {
  expect(problems("var first: Thread; thread t[i in i] { skip; }")).toHaveLength(1);
});

describe("limits of types", () => {
  test.each([
    ["var m: map<0..2147483647, bool>;", "MD9011 0..2147483647"],
    ["var s: set<0..2147483647> = {};", "MD9012 0..2147483647"],
    ["var q: seq<bool, 2147483647> = [];", "MD9019 seq<bool, 2147483647>"],
    ["type D = symmetric 0..2147483647;", "MD9017 0..2147483647"],
    ["const C: 0..1 = size(-2147483648..2147483647);", "MD9010 -2147483648..2147483647"],
    ["thread t[i in 0..2147483647] { skip; }", "MD9010 0..2147483647"],
    ["thread t[i in 0..4095] { skip; }", "MD9018 0..4095"],
    ["transition t(x in 0..2147483647) { skip; }", "MD9010 0..2147483647"],
    ["var a: 0..999999 in 0..999999; var b: bool in bool;", "MD9014 a"],
    ["var m: map<0..1023, 0..131071>; thread t { m[0] := 1; }", "MD9013 m"],
    ["thread t { var m: map<0..1023, 0..131071>; await true; m[0] := 1; }", "MD9013 m"],
    [
      "var m: map<set<Thread>, bool>; thread t[i in 0..99] { m[{self}] := true; }",
      "MD9019 map<set<Thread>, bool>",
    ],
  ])(
    "%s is refused without going through its values",
    // To go through 2³¹ values takes longer, on the fastest machine.
    { timeout: 10_000 },
    (text, problem) => {
      expect(problems(text)).toEqual([problem]);
    },
  );

  test("types that double are refused before their parts are counted one by one", () => {
    const doubling = Array.from(
      { length: 60 },
      (_, i) => `type T${i + 1} = struct { f: T${i}; g: T${i}; };`,
    );
    expect(problems(`type T0 = Thread?; ${doubling.join(" ")}`)).toEqual([
      expect.stringContaining("MD9019 struct"),
    ]);
  });

  test("a wide variable that no code changes takes no room in a state", () => {
    expect(problems("var m: map<0..1023, 0..131071>; thread t { await m[0] == 1; }")).toEqual([]);
  });

  test("membership in a large range needs no expansion", () => {
    expect(problems("var x: 0..2147483647 = 0; invariant i: x in 1..2147483647;")).toEqual([]);
  });
});
