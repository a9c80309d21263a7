import { describe, expect, test } from "vitest";
import { formulaGrouping, grouping } from "./tree-text.ts";

describe("expressions", () => {
  test.each([
    ["subtraction groups to the left", "a - b - c", "((a - b) - c)"],
    ["implication groups to the right", "a => b => c", "(a => (b => c))"],
    ["equivalence groups to the left", "a <=> b <=> c", "((a <=> b) <=> c)"],
    ["`&&` is tighter than `||`", "a || b && c", "(a || (b && c))"],
    ["`||` is tighter than `=>`", "a || b => c", "((a || b) => c)"],
    ["`=>` is tighter than `<=>`", "a <=> b => c", "(a <=> (b => c))"],
    ["a comparison is tighter than `&&`", "a == b && c < d", "((a == b) && (c < d))"],
    ["a range is tighter than `in`", "x in 0..n + 1", "(x in (0 .. (n + 1)))"],
    ["`+` is tighter than a union", "a | b - c", "(a | (b - c))"],
    ["an intersection is as tight as `*`", "a - b & c", "(a - (b & c))"],
    ["a union is tighter than `in`", "x in a | b", "(x in (a | b))"],
    ["`!` is tighter than `&&`, as in C", "!a && b", "((!a) && b)"],
    ["`!` is tighter than `==`", "!a == b", "((!a) == b)"],
    ["a postfix is tighter than a prefix", "-x.f[i]", "(-((x.f)[i]))"],
    ["a binary minus may stand before a unary one", "a - -b", "(a - (-b))"],
    ["a conditional is loosest", "a => b ? c : d", "((a => b) ? c : d)"],
    ["conditionals group to the right", "a ? b : c ? d : e", "(a ? b : (c ? d : e))"],
    ["a conditional may stand in the middle of one", "a ? b ? c : d : e", "(a ? (b ? c : d) : e)"],
    ["parentheses leave no node", "((a)) * (b + c)", "(a * (b + c))"],
    ["a dot after a place belongs to it", "t@p.l.f", "((t@p.l).f)"],
    ["a place in parentheses has fields like anything", "(t@p).f", "((t@p).f)"],
    ["an indexed thread stands at a place", "w[i]@l && b", "(((w[i])@l) && b)"],
    ["a prime belongs to its variable", "x'.f == x.f", "(((x').f) == (x.f))"],
  ])("%s", (_fact, text, expected) => {
    expect(grouping(text)).toBe(expected);
  });

  test.each([
    [
      "a quantifier reaches as far right as it can",
      "forall x in S: p && q => r",
      "(forall x in S: ((p && q) => r))",
    ],
    [
      "it may stand where a prefix operator may",
      "a + !count x in S: p",
      "(a + (!(count x in S: p)))",
    ],
    [
      "it takes a conditional too",
      "b && exists x in S: p ? q : r",
      "(b && (exists x in S: (p ? q : r)))",
    ],
    ["its set is of the level `..` or tighter", "forall x in 0..n | S: p", "MD1012"],
    [
      "a looser set needs parentheses",
      "forall x in (a ? b : c): p",
      "(forall x in (a ? b : c): p)",
    ],
    ["a comparison is no set", "forall x in a == b: p", "MD1001"],
    [
      "`let` takes a value of the level `<=>`",
      "let x = a <=> b: x || c",
      "(let x = (a <=> b): (x || c))",
    ],
    ["a conditional as its value needs parentheses", "let x = a ? b : c: x", "MD1001"],
    ["the body of `let` may be a conditional", "let x = a: x ? b : c", "(let x = a: (x ? b : c))"],
    ["quantifiers nest", "forall x in S: exists y in T: p", "(forall x in S: (exists y in T: p))"],
  ])("%s", (_fact, text, expected) => {
    expect(grouping(text)).toBe(expected);
  });

  test.each(["a == b == c", "a < b < c", "x in S == b", "a == b in S", "1..2..3"])(
    "%s does not chain",
    (text) => {
      expect(grouping(text)).toBe("MD1003");
    },
  );

  test("a row that chains twice is told once", () => {
    expect(grouping("a < b < c < d")).toBe("MD1003");
  });

  test("in parentheses comparisons chain", () => {
    expect(grouping("(a == b) == c")).toBe("((a == b) == c)");
  });

  test("a union is no bound of a range", () => {
    expect(grouping("S | 1..3")).toBe("MD1012");
    expect(grouping("(S | T)..3")).toBe("((S | T) .. 3)");
  });

  test("a comparison is no element of a set, unless in parentheses", () => {
    expect(grouping("{a == b}")).toBe("MD1011");
    expect(grouping("{x in S}")).toBe("MD1011");
    expect(grouping("{(a == b), c && d == e}")).toBe("{(a == b), (c && (d == e))}");
  });

  test("the least number of 32 bits is a number with a minus", () => {
    expect(grouping("-2147483648 + 2147483647")).toBe("((-2147483648) + 2147483647)");
    expect(grouping("2147483648")).toBe("MD1004");
    expect(grouping("a - 2147483648")).toBe("MD1004");
    expect(grouping("-2147483649")).toBe("MD1004");
  });

  test("what is a set, a filter, an image or a struct is decided by its form", () => {
    const forms = ["{}", "{a}", "{x in S where p}", "{e for x in S}", "{e for x in S where p}"];
    expect(forms.map(grouping)).toEqual(["{}", "{a}", "filter", "image", "image"]);
    expect(["{f: a}", "M {f: a, g: b}", "[k in K -> e]", "[]", "[a, b]"].map(grouping)).toEqual([
      "struct",
      "struct",
      "map",
      "sequence",
      "sequence",
    ]);
  });
});

describe("formulas", () => {
  test.each([
    ["the leaf is as large as it can be", "a && b => c", "[((a && b) => c)]"],
    [
      "a leaf ends at a temporal operator",
      "a && b => eventually c && d",
      "([(a && b)] => ((eventually [c]) && [d]))",
    ],
    ["`~>` is looser than `=>`", "a => b ~> c", "([(a => b)] ~> [c])"],
    ["`always` is a prefix", "always a => b", "((always [a]) => [b])"],
    ["prefixes nest", "always eventually !always a", "(always (eventually (not (always [a]))))"],
    ["`always` takes a whole comparison", "always x == 1 && b", "((always [(x == 1)]) && [b])"],
    [
      "parentheses hold formulas",
      "always (a => eventually b)",
      "(always ([a] => (eventually [b])))",
    ],
    [
      "a quantifier without temporal body is a leaf",
      "always forall x in S: p",
      "(always [(forall x in S: p)])",
    ],
    ["a quantifier with one is a formula", "forall x in S: a ~> b", "(forall x: ([a] ~> [b]))"],
    ["a leaf in parentheses stays a leaf", "(a && b) && always c", "([(a && b)] && (always [c]))"],
    ["`!` of a leaf belongs to the leaf", "!(a) || always b", "([(!a)] || (always [b]))"],
    ["`always` may be a variable", "always && x", "[(always && x)]"],
    ["a predicate may be a conditional", "a ? b : c", "[(a ? b : c)]"],
  ])("%s", (_fact, text, expected) => {
    expect(formulaGrouping(text)).toBe(expected);
  });

  test.each([
    ["`~>` does not chain", "a ~> b ~> c", "MD1003"],
    ["no temporal formula is compared", "(always a) == b", "MD1014"],
    ["none is counted", "count x in S: always a", "MD1014"],
    ["none is a local name", "let x = a: always b", "MD1014"],
    ["none stands in a conditional", "a ? always b : c", "MD1014"],
    ["none has fields", "(always a).f", "MD1014"],
  ])("%s", (_fact, text, expected) => {
    expect(formulaGrouping(text)).toBe(expected);
  });

  test("a temporal operator outside of a property is told as such", () => {
    expect(grouping("a ~> b")).toBe("MD1001");
  });
});
