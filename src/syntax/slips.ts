/** What stands around a place that does not fit. */
export interface Surroundings {
  /** The text from the place on. */
  readonly rest: string;
  /** The token before it, and whether the two touch. */
  readonly previous: string;
  readonly touches: boolean;
  /** The word before the `(…)` that ends before the place: `switch` in `switch (x) {`. */
  readonly caller: string;
  /** The word before the innermost `(` that is open at the place: `for` in `for (i = 0`. */
  readonly inside: string;
  /** Whether an item begins at the place. */
  readonly isItemStart: boolean;
}

interface Slip {
  readonly hint: string;
  applies(place: Surroundings): boolean;
}

const at = (pattern: RegExp, hint: string): Slip => ({
  hint,
  applies: ({ rest }) => pattern.test(rest),
});

const doubled = (sign: string, hint: string): Slip => ({
  hint,
  applies: ({ rest, previous, touches }) =>
    rest.startsWith(sign + sign) || (rest.startsWith(sign) && previous === sign && touches),
});

const after = (word: string, hint: string): Slip => ({
  hint,
  applies: ({ previous }) => previous === word,
});

const calling = (word: string, hint: string): Slip => ({
  hint,
  applies: ({ caller, rest }) => caller === word && rest.startsWith("{"),
});

const beginning = (pattern: RegExp, hint: string): Slip => ({
  hint,
  applies: ({ rest, isItemStart }) => isItemStart && pattern.test(rest),
});

const TYPE_HINT = "a type gets its name with `type name = struct { … };`";
const ENUM_HINT = "a type gets its name with `type name = enum { A, B };`";
const LOCAL_INTEGER = /^(int|unsigned|long|short|char|size_t|u8|u16|u32|u64|atomic_t)$/;
const CHOOSE_HINT = "there is `while (c) { … }`, `loop { … }` and `choose x in S { … }`";

/** What a writer of C, TLA+ or Promela may have meant, the first that applies. */
const SLIPS: readonly Slip[] = [
  doubled("+", "there is no `++`: write `x += 1`"),
  doubled("-", "there is no `--`: write `x -= 1`"),
  doubled("<", "there are no shifts; sets of flags take the place of bit masks"),
  doubled(">", "there are no shifts; sets of flags take the place of bit masks"),
  at(/^->/, "there are no pointers: a field is `x.f`"),
  at(/^=</, "did you mean `<=`?"),
  at(/^~>/, "temporal formulas stand in a `property`"),
  after("always", "temporal formulas stand in a `property`"),
  after("eventually", "temporal formulas stand in a `property`"),
  at(/^if\b/, "a choice between two values is `c ? a : b`"),
  at(/^\?/, "a conditional needs parentheses here"),
  {
    hint: "`&&` needs parentheses here",
    applies: ({ rest, previous, touches }) => rest[0] === "&" && previous === "&" && touches,
  },
  {
    hint: "there are integers only",
    applies: ({ rest, previous, touches }) => /^\d/.test(rest) && previous === "." && touches,
  },
  at(/^\d+[A-Za-z_]/, "a name cannot begin with a digit"),
  {
    hint: "no comma follows the last one",
    applies: ({ rest, previous }) => previous === "," && /^[)\]}>]/.test(rest),
  },
  at(/^\^|^~/, "there are no operations on bits; `|`, `&` and `-` join sets"),
  {
    hint: "did you mean `&&`?",
    applies: ({ rest, previous }) => rest[0] === "\\" && previous === "/",
  },
  at(/^\\\//, "did you mean `||`?"),
  at(/^\\in\b/, "did you mean `in`?"),
  at(/^\\A\b/, "did you mean `forall x in S: …`?"),
  at(/^\\E\b/, "did you mean `exists x in S: …`?"),
  beginning(/^#/, "there is no preprocessor: `import name;` and `const NAME: T = value;`"),
  at(/^#/, "did you mean `!=`?"),
  at(/^<>/, "did you mean `eventually`?"),
  {
    hint: "there are no addresses: a `ref` parameter takes the variable itself",
    applies: ({ rest, previous }) => /^&[A-Za-z_]/.test(rest) && /^([(,=]|:=)$/.test(previous),
  },
  {
    hint: "did you mean `eventually`?",
    applies: ({ rest, previous, touches }) => rest[0] === ">" && previous === "<" && touches,
  },
  at(/^and\b/, "did you mean `&&`?"),
  at(/^or\b/, "did you mean `||`?"),
  after("not", "did you mean `!`?"),
  after("goto", "there is no `goto`; `break`, `continue` and `return` leave loops and procs"),
  after("do", "there is no `do`: write `loop { … if (c) { break; } }`"),
  calling("for", CHOOSE_HINT),
  { hint: CHOOSE_HINT, applies: ({ inside }) => inside === "for" },
  calling("foreach", CHOOSE_HINT),
  calling("switch", "there is no `switch`: write `if (…) { … } else if (…) { … }`"),
  calling("elif", "did you mean `else if`?"),
  calling("elseif", "did you mean `else if`?"),
  calling("when", "did you mean `await` or `if`?"),
  {
    hint: "the condition stands in parentheses",
    applies: ({ rest, previous }) => /^(if|while)$/.test(previous) && rest[0] !== "(",
  },
  {
    hint: "the braces cannot be left out",
    applies: ({ caller, rest, previous }) =>
      (/^(if|while)$/.test(caller) || previous === "else") && rest[0] !== "{",
  },
  at(/^"/, "a string is no value: name what it stands for in an `enum`"),
  beginning(/^enum\b/, ENUM_HINT),
  beginning(/^(struct|union|typedef)\b/, TYPE_HINT),
  at(/^bool\s+\w+\s*[=;]/, "write `var name: bool = false;`"),
  {
    hint: "write `var name: 0..10 = 0;`",
    applies: ({ rest, previous, touches }) =>
      LOCAL_INTEGER.test(previous) && !touches && /^[A-Za-z_]/.test(rest),
  },
  beginning(/^(int|bool|unsigned|long|u8|u16|u32|u64|atomic_t)\b/, "write `var name: 0..10 = 0;`"),
  beginning(/^(void|static|function|func|fn|inline)\b/, "write `proc name(x: T) { … }`"),
  beginning(/^(variable|variables|VARIABLE|VARIABLES)\b/, "write `var name: T = value;`"),
  beginning(/^(constant|constants|CONSTANT|CONSTANTS)\b/, "write `const NAME: T = value;`"),
  beginning(/^(process|proctype|active|init)\b/, "write `thread name { … }`"),
  beginning(/^(action|rule|method)\b/, "write `transition name when condition { … }`"),
  beginning(/^(safety|assert|always)\b/, "write `invariant name: condition;`"),
  beginning(/^\{/, "a body follows its proc without a `;` between them"),
  beginning(/^;/, "a block needs no `;` after it"),
  beginning(/^[)\]}]/, "there is no open bracket that it could close"),
];

/** What was probably meant at a place that does not fit, or null. */
export function slipHint(place: Surroundings): string | null {
  return SLIPS.find((slip) => slip.applies(place))?.hint ?? null;
}
