import { describe, expect, test } from "vitest";
import { problems } from "./compile.ts";

/** Declarations that the expressions of these tests use. */
const DECLARATIONS = `
  type Pair = struct { a: 0..127; b: 0..127; };
  type Wide = struct { a: 0..127; b: 0..128; };
  var n: 0..1048575 = 0;
  var big: 0..1048576 = 0;
  var opt: 0..1048574? = none;
  var bigopt: 0..1048575? = none;
  var pair: Pair;
  var wide: Wide;
  var flag: bool;
  var bit: 0..1 = 0;
  var low: -1..0 = 0;
  var five: 0..5 = 0;
  thread t { five := 5; }
`;

/** What is wrong with a condition, in the one place where it stands. */
function problemsOf(condition: string): readonly string[] {
  return problems(`${DECLARATIONS} invariant it: ${condition};`);
}

describe("a computed set of scalars has a type of 1,048,576 values at most, none included", () => {
  test.each([
    ["set literals", "size({n}) == 1", "size({big}) == 1", "{big}"],
    ["options", "size({opt}) == 1", "size({bigopt}) == 1", "{bigopt}"],
    [
      "images",
      "size({n + k - k for k in 0..0}) == 1",
      "size({big + k for k in 0..0}) == 1",
      "{big + k for k in 0..0}",
    ],
    ["unions", "size({n} | {five}) == 1", "size({n} | {low}) == 1", "{n} | {low}"],
    ["differences", "size({n} - {five}) == 1", "size({n} - {low}) == 1", "{n} - {low}"],
    ["intersections", "size({n} & {five}) == 1", "size({n} & {low}) == 1", "{n} & {low}"],
    ["comparisons", "{n} == {five}", "{n} == {low}", "{n} == {low}"],
    ["inequality", "{n} != {five}", "{n} != {low}", "{n} != {low}"],
    ["subset", "{five} subset {n}", "{low} subset {n}", "{low} subset {n}"],
    [
      "conditionals",
      "size(flag ? {n} : {five}) == 1",
      "size(flag ? {n} : {low}) == 1",
      "flag ? {n} : {low}",
    ],
    ["let", "(let s = {n}: n in s)", "(let s = {big}: n in s)", "{big}"],
    [
      "the base of a filter",
      "size({k in {n} where flag}) == 1",
      "size({k in {big} where flag}) == 1",
      "{big}",
    ],
    ["what a quantifier goes through", "forall k in {n}: flag", "forall k in {big}: flag", "{big}"],
    ["min", "min({n}) == 0", "min({big}) == 0", "{big}"],
  ])("%s", (_, allowed, refused, at) => {
    expect(problemsOf(allowed)).toEqual([]);
    expect(problemsOf(refused)).toEqual([`MD9022 ${at}`]);
  });
});

describe("a computed set of values with parts has a type of 16,384 values at most", () => {
  // 128 × 128 is 16,384; 2¹⁴ and 2¹⁵; 1 + 127 + 127² is 16,257 and 1 + 128 + 128² is 16,513;
  // 6⁵ is 7,776 and 6¹⁰ 60,466,176; 3⁸ is 6,561 and 3⁹ 19,683, while 2⁹ is 512.
  test.each([
    ["structs", "size({pair}) == 1", "size({wide}) == 1", "{wide}"],
    [
      "maps",
      "size({[k in 0..13 -> flag]}) == 1",
      "size({[k in 0..14 -> flag]}) == 1",
      "{[k in 0..14 -> flag]}",
    ],
    [
      "sets",
      "size({{k in 0..13 where flag}}) == 1",
      "size({{k in 0..14 where flag}}) == 1",
      "{{k in 0..14 where flag}}",
    ],
    [
      "sequences",
      "size({[n % 127, n % 127]}) == 1",
      "size({[n % 128, n % 128]}) == 1",
      "{[n % 128, n % 128]}",
    ],
    [
      "the common type of maps",
      "size({[k in 0..4 -> five], [k in 0..4 -> 4]}) == 1",
      "size({[k in 0..9 -> five], [k in 0..9 -> 5]}) == 1",
      "{[k in 0..9 -> five], [k in 0..9 -> 5]}",
    ],
    [
      "the common type of both sides",
      "{[k in 0..7 -> low]} == {[k in 0..7 -> bit]}",
      "{[k in 0..8 -> low]} == {[k in 0..8 -> bit]}",
      "{[k in 0..8 -> low]} == {[k in 0..8 -> bit]}",
    ],
  ])("%s", (_, allowed, refused, at) => {
    expect(problemsOf(allowed)).toEqual([]);
    expect(problemsOf(refused)).toEqual([`MD9022 ${at}`]);
  });

  test("options of them count one value more", () => {
    const optional = (value: string): readonly string[] =>
      problems(`${DECLARATIONS} type Less = struct { a: 0..126; b: 0..127; };
        var maybe: Pair? = none; var less: Less? = none;
        invariant it: size({${value}}) == 1;`);
    expect(optional("less")).toEqual([]);
    expect(optional("maybe")).toEqual(["MD9022 {maybe}"]);
  });
});

describe("sets inside other values count as well", () => {
  test.each([
    ["in a sequence", "len([{big}]) == 1", ["MD9022 {big}"]],
    ["in the common type of a sequence", "len([{n}, {low}]) == 2", ["MD9022 [{n}, {low}]"]],
    ["in a map", "[k in bool -> {big}][flag] != {five}", ["MD9022 {big}"]],
    ["in an option", "(flag ? {big} : none) == none", ["MD9022 {big}"]],
    ["in a set", "size({{n}, {low}}) == 2", ["MD9022 {{n}, {low}}"]],
    ["where a value is sought in a sequence", "{low} in [{n}]", ["MD9022 {low} in [{n}]"]],
    ["where a value is sought in a set", "{low} in {{n % 5}}", []],
    ["the common type of what is sought", "{low} in {{n}}", ["MD9022 {low} in {{n}}"]],
    [
      "in the common type of maps",
      "len([[k in bool -> {n}], [k in bool -> {low}]]) == 2",
      ["MD9022 [[k in bool -> {n}], [k in bool -> {low}]]"],
    ],
    ["sought", "{big} in {{five}}", ["MD9022 {big}"]],
    ["of an image", "size({Wide for k in 0..1}) == 1", ["MD9022 Wide"]],
    ["appended", "len(append([{n}], {low})) == 2", ["MD9022 append([{n}], {low})"]],
  ])("%s", (_, condition, expected) => {
    expect(problemsOf(condition)).toEqual(expected);
  });
});

describe("what is not kept has no such limit", () => {
  test.each([
    ["the range right of `in`", "five in 0..2147483647"],
    ["a type's name right of `in`", "wide in Wide"],
    ["a set literal right of `in`", "big in {big, big + 1}"],
    ["an image right of `in`", "big in {big + k for k in 0..3}"],
    ["a union right of `in`", "big in {big} | {big + k for k in 0..3} | {5}"],
    ["a conditional right of `in`", "big in (flag ? {big} : {low} | {five})"],
    ["a type that a quantifier goes through", "exists w in Wide: w == wide"],
    ["a type that is counted", "(count w in Wide: w == wide) == 1"],
    [
      "a filter of a type that is gone through",
      "forall w in {v in Wide where v == wide}: w.a == 0",
    ],
    ["a filter of a filter", "size({w in {v in Wide where v.a == 0} where w.b == 0}) == 1"],
    ["a type of which an image is made", "size({w.a for w in Wide}) == 128"],
    ["the size of a type", "size(Wide) == 16512"],
  ])("%s", (_, condition) => {
    expect(problemsOf(condition)).toEqual([]);
  });

  test("what stands beside the exempt parts is kept all the same", () => {
    expect(problemsOf("big in ({big} - {five})")).toEqual(["MD9022 {big}"]);
    expect(problemsOf("big in {k in {big} where flag}")).toEqual(["MD9022 {big}"]);
    expect(problemsOf("(size({big}) == 1 ? 0 : 1) in {0, 1}")).toEqual(["MD9022 {big}"]);
    expect(problemsOf("big in ({big} == {0} ? {1} : {five})")).toEqual(["MD9022 {big}"]);
    expect(problemsOf("(let all = Wide: wide in all)")).toEqual(["MD9022 Wide"]);
    expect(problemsOf("wide in {w in Wide where w.a == 0}")).toEqual([
      "MD9022 {w in Wide where w.a == 0}",
    ]);
  });

  test("neither has what is worked out before the search", () => {
    expect(
      problems(`
        const N: 0..2000000 = 2000000;
        const ONE: 0..1 = size({N});
        assume size({N, ONE}) == 2;
        var first: 0..1 = size({N});
        thread t { first := ONE; }`),
    ).toEqual([]);
  });
});

describe("where it is reported", () => {
  test("at the smallest expressions, each by itself", () => {
    expect(problemsOf("({big} | {five}) == {big + 1} || size({bigopt}) == 1")).toEqual([
      "MD9022 {big}",
      "MD9022 {big + 1}",
      "MD9022 {bigopt}",
    ]);
  });

  test.each([
    ["an assignment", "thread u { flag := {big} == {0}; }"],
    ["a local", "transition u { let s = {big}; flag := n in s; }"],
    ["a condition", "thread u { if ({big} == {0}) { flag := true; } }"],
    ["a wait", "thread u { await {big} == {0}; }"],
    ["what is chosen from", "thread u { choose k in {big} { flag := true; } }"],
    ["the condition of a choice", "thread u { choose k in 0..1 where {big} == {k} { skip; } }"],
    ["an argument", "proc p(x: bool) { flag := x; } thread u { p({big} == {0}); }"],
    ["a result", "proc p(): bool { return {big} == {0}; } thread u { flag := p(); }"],
    [
      "inside blocks",
      "thread u { atomic { loop { either { assert {big} == {0}; break; } or { break; } } } }",
    ],
    ["an index of a place", "var m: map<0..1, bool>; thread u { m[size({big}) - 1] := true; }"],
    ["the guard of a transition", "transition u when {big} == {0} { flag := true; }"],
    ["a step of a transition", "transition u { flag := {big} == {0}; }"],
    ["a def", "def d: bool = {big} == {0};"],
    ["a step property", "step u: flag' == ({big} == {0});"],
    ["reachable", "reachable u: {big} == {0};"],
    ["final", "final: {big} == {0};"],
    ["a constraint", "constraint {big} == {0};"],
    ["a property", "property u: always (eventually {big} == {0});"],
  ])("in %s", (_, text) => {
    const found = problems(`${DECLARATIONS} ${text}`).filter((one) => one.startsWith("MD9"));
    expect(found).toEqual(["MD9022 {big}"]);
  });

  test("once for a generic body, however many instances contain it", () => {
    expect(
      problems(`${DECLARATIONS}
        def alone<T>(x: T, of: set<T>): bool = {big} == {0} && x in of;
        proc twice<T>(x: ref T) { x := x; flag := {big, 1} == {0}; }
        thread u { twice(n); twice(flag); flag := alone(five, {1}) && alone(flag, {true}); }`),
    ).toEqual(["MD9022 {big}", "MD9022 {big, 1}"]);
  });

  test("for a generic def only with the types that make it too large", () => {
    const generic = (arguments_: string): readonly string[] =>
      problems(`${DECLARATIONS}
        def only<T>(x: T, y: T): bool = {x} == {y};
        invariant it: only(${arguments_});`);
    expect(generic("n, n")).toEqual([]);
    expect(generic("big, big")).toEqual(["MD9022 {x}", "MD9022 {y}"]);
  });

  test("in every run of which the constants make it too large", () => {
    const text = `
      const N: 0..2000000 = 1;
      var x: 0..2 = 0;
      var y: -99999..0 = 0;
      thread t { x := 1; }
      invariant it: size({k in 0..N where k == x} | {x}) <= 2;
      check small;
      check large with N = 999999;
      check mixed with N = 999999;
    `;
    expect(problems(text, { check: "small" })).toEqual([]);
    expect(problems(text, { check: "large" })).toEqual([]);
    const further = text.replace("| {x}", "| {y}");
    expect(problems(further, { check: "small" })).toEqual([]);
    expect(problems(further, { check: "large" })).toEqual([
      "MD9022 {k in 0..N where k == x} | {y}",
    ]);
  });
});

describe("declared sets of threads, which are counted only when all threads are known", () => {
  const five = "thread t[i in 0..4] { skip; }";
  const six = "thread t[i in 0..5] { skip; }";
  test.each([
    ["in a def's parameter", "def d(s: set<map<Thread, 0..5>>): bool = size(s) == 0;", "d"],
    ["in a def's result", "def d: set<map<Thread, 0..5>> = {};", "d"],
    ["in a proc's result", "proc d(): set<map<Thread, 0..5>> { return {}; }", "d"],
    [
      "in a constant",
      "const V: set<map<Thread, 0..5>> = {}; invariant none_in: size(V) == 0;",
      "V",
    ],
    ["in a variable", "var v: set<map<Thread, 0..5>> = {};", "v"],
    ["in a local", "transition u { var v: set<map<Thread, 0..5>> = {}; skip; }", "v"],
  ])("%s", (_, text, name) => {
    // 6⁵ is 7,776, and 6⁶ is 46,656.
    expect(problems(`${text} ${five}`)).toEqual([]);
    expect(problems(`${text} ${six}`)).toEqual([`MD9022 ${name}`]);
  });
});

test("a struct made of sets of threads counts where it is made", () => {
  const made = (threads: string): readonly string[] =>
    problems(`type Plan = struct { of: set<map<Thread, 0..5>>; };
      thread t[i in ${threads}] { skip; }
      invariant none_in: size((Plan { of: {} }).of) == 0;`);
  expect(made("0..4")).toEqual([]);
  expect(made("0..5")).toEqual(["MD9022 Plan { of: {} }"]);
});

test("the types that a generic def gets from its arguments are allowed what these are allowed", () => {
  const same = (element: string): readonly string[] =>
    problems(`${DECLARATIONS}
      def same<T>(x: T, y: T): bool = x == y;
      invariant it: same({n}, {${element}});`);
  expect(same("five")).toEqual([]);
  expect(same("low")).toEqual(["MD9022 same"]);
  expect(same("big")).toEqual(["MD9022 {big}"]);
});

test("the choices of a transition are elements of a set that is worked out beforehand", () => {
  const choices = (most: number): readonly string[] =>
    problems(`const N: 0..${most} = 7; transition u(s in {{0}, {N}}) { skip; }`);
  expect(choices(1_048_575)).toEqual([]);
  expect(choices(1_048_576)).toEqual(["MD9022 s"]);
});
