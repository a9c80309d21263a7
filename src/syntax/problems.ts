import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";

/** MD1001. */
export function syntaxError(
  span: Span,
  expected: string,
  found: string,
  hint: string | null,
): Diagnostic {
  return problem("MD1001", span, `expected ${expected}, found ${found}`, hint);
}

/** MD1002. */
export function reservedWordAsName(span: Span, word: string): Diagnostic {
  return problem(
    "MD1002",
    span,
    `'${word}' is a reserved word and cannot be a name`,
    `choose another name, for example '${word}_'`,
  );
}

/** MD1003. */
export function operatorsInRow(second: Span, operator: string): Diagnostic {
  if (operator === ".." || operator === "~>") {
    return problem("MD1003", second, `\`${operator}\` does not chain`, "put one in parentheses");
  }
  return problem(
    "MD1003",
    second,
    "comparisons do not chain",
    "join two with `&&`, or put one in parentheses",
  );
}

/** MD1004. */
export function integerTooLarge(span: Span): Diagnostic {
  return problem(
    "MD1004",
    span,
    "the number does not fit into 32 bits",
    "the largest is 2147483647, the least -2147483648",
  );
}

/** MD1005. */
export function commentNotClosed(span: Span): Diagnostic {
  return problem("MD1005", span, "the comment is not closed", "it ends with `*/`");
}

/** MD1006. */
export function stringNotClosed(span: Span): Diagnostic {
  return problem("MD1006", span, "the string is not closed on its line", 'it ends with `"`');
}

/** MD1007. */
export function unexpectedCharacter(span: Span, characters: string): Diagnostic {
  const points = Array.from(characters).slice(0, 4);
  const codes = points.map((point) => {
    const code = (point.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `U+${code.padStart(4, "0")}`;
  });
  const more = Array.from(characters).length > points.length ? " …" : "";
  return problem(
    "MD1007",
    span,
    `${codes.join(" ")}${more} cannot stand here`,
    "outside of comments and strings a spec is plain ASCII",
  );
}

/** MD1008. */
export function unknownEscape(span: Span, sequence: string): Diagnostic {
  return problem(
    "MD1008",
    span,
    `'${sequence}' is no escape`,
    'there are `\\\\`, `\\"`, `\\n`, `\\t` and `\\u{…}` with a hexadecimal number',
  );
}

/** MD1009. */
export function semicolonMissing(span: Span): Diagnostic {
  return problem("MD1009", span, "a `;` is missing", "put `;` here");
}

/** MD1010. */
export function wrongEquals(span: Span, found: string, right: string, why: string): Diagnostic {
  return problem(
    "MD1010",
    span,
    `\`${found}\` cannot stand here`,
    `did you mean \`${right}\`? ${why}`,
  );
}

/** MD1011. */
export function comparisonAsElement(span: Span): Diagnostic {
  return problem(
    "MD1011",
    span,
    "a comparison as the element of a set needs parentheses",
    "write `{(a == b)}` for the set of its truth value, `{x in S where P}` for a part of S",
  );
}

/** MD1012. */
export function unionAsBound(span: Span): Diagnostic {
  return problem(
    "MD1012",
    span,
    "a union cannot be the bound of a range",
    "put the range in parentheses: `S | (1..3)`",
  );
}

/** MD1013. */
export function primeNotAfterName(span: Span): Diagnostic {
  return problem(
    "MD1013",
    span,
    "`'` must follow the name of a variable",
    "write `x'.f` and `x'[i]` for a part of `x` after the step",
  );
}

/** MD1014. */
export function temporalOperand(span: Span, where: string): Diagnostic {
  return problem(
    "MD1014",
    span,
    `a temporal formula cannot stand ${where}`,
    "`!`, `&&`, `||`, `=>`, `<=>`, `~>`, `forall` and `exists` join temporal formulas",
  );
}

/** MD1015. */
export function referenceInDef(span: Span): Diagnostic {
  return problem(
    "MD1015",
    span,
    "a `def` has no `ref` parameters",
    "a `def` changes nothing: pass the value, or write a `proc`",
  );
}

/** MD1016. */
export function expressionAsStatement(span: Span): Diagnostic {
  return problem(
    "MD1016",
    span,
    "an expression alone is no statement",
    "a statement calls a `proc`, or assigns with `:=`",
  );
}

/** MD1017. */
export function headerMissing(span: Span): Diagnostic {
  return problem(
    "MD1017",
    span,
    "a spec begins with the name of its module",
    "write `module name;` first",
  );
}

/** MD1018. */
export function headerTwice(second: Span, first: Span): Diagnostic {
  return {
    ...problem("MD1018", second, "a file is one module", null),
    related: [{ message: "the module is named here", span: first }],
  };
}

/** MD9001. */
export function nestedTooDeep(span: Span, levelsMax: number): Diagnostic {
  return tooDeep(span, `brackets and operators are nested deeper than ${levelsMax} levels`);
}

/** MD9001. */
export function rowTooLong(span: Span, operatorsMax: number): Diagnostic {
  return tooDeep(span, `there are more than ${operatorsMax} operators in a row`);
}

function tooDeep(span: Span, message: string): Diagnostic {
  return problem("MD9001", span, message, "name a part of it with `def`, `proc` or `let`");
}

/** MD9002. */
export function textTooLong(file: string, length: number, lengthMax: number): Diagnostic {
  return problem(
    "MD9002",
    { file, start: 0, end: 0 },
    `the text has ${length} characters; at most ${lengthMax} are read`,
    "divide it into modules, or generate less of it",
  );
}

function problem(code: string, span: Span, message: string, hint: string | null): Diagnostic {
  return { code, severity: "error", message, span, related: [], hint };
}
