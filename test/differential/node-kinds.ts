import type {
  BinaryOperator,
  Expression,
  Formula,
  FunctionName,
} from "../../src/core/expressions.ts";
import type { Agent, Expectation, Transition, Variable } from "../../src/core/program.ts";
import type {
  Argument,
  Condition,
  Local,
  Place,
  PlaceStep,
  Source,
  Statement,
  WaitKind,
} from "../../src/core/statements.ts";
import type { Type } from "../../src/core/types.ts";

/**
 * Every kind of node that core has. Each list is a record over the kinds of a type, so that this file
 * does not compile when core gets a kind that is not here: whoever adds one is led to the corpus.
 */
type All<Kind extends string> = Readonly<Record<Kind, true>>;

const EXPRESSIONS: All<Expression["kind"]> = {
  boolean: true,
  integer: true,
  member: true,
  none: true,
  some: true,
  thread: true,
  threadElement: true,
  self: true,
  constant: true,
  variable: true,
  prime: true,
  local: true,
  bound: true,
  threadLocal: true,
  at: true,
  done: true,
  blocked: true,
  enabledThread: true,
  enabledTransition: true,
  not: true,
  negate: true,
  binary: true,
  conditional: true,
  field: true,
  mapElement: true,
  sequenceElement: true,
  function: true,
  append: true,
  range: true,
  universe: true,
  set: true,
  sequence: true,
  filter: true,
  image: true,
  forall: true,
  exists: true,
  count: true,
  map: true,
  mapLiteral: true,
  struct: true,
  let: true,
  apply: true,
};

const BINARY_OPERATORS: All<BinaryOperator> = {
  and: true,
  or: true,
  implies: true,
  iff: true,
  equal: true,
  notEqual: true,
  less: true,
  lessEqual: true,
  greater: true,
  greaterEqual: true,
  add: true,
  subtract: true,
  multiply: true,
  divide: true,
  remainder: true,
  union: true,
  intersection: true,
  difference: true,
  subset: true,
  inSet: true,
  inSequence: true,
};

const FUNCTIONS: All<FunctionName> = {
  size: true,
  min: true,
  max: true,
  length: true,
  head: true,
  tail: true,
  the: true,
};

const STATEMENTS: All<Statement["kind"]> = {
  skip: true,
  break: true,
  continue: true,
  assign: true,
  declare: true,
  await: true,
  assert: true,
  if: true,
  while: true,
  loop: true,
  either: true,
  choose: true,
  atomic: true,
  block: true,
  call: true,
  return: true,
  start: true,
};

const TYPES: All<Type["kind"]> = {
  bool: true,
  int: true,
  enum: true,
  symmetric: true,
  thread: true,
  option: true,
  set: true,
  map: true,
  seq: true,
  struct: true,
};

const WAITS: All<WaitKind> = { plain: true, idle: true, strong: true };
const ROOTS: All<Place["root"]["kind"]> = { variable: true, local: true };
const PLACE_STEPS: All<PlaceStep["kind"]> = { field: true, element: true };
const ARGUMENTS: All<Argument["kind"]> = { value: true, reference: true };
const CONDITIONS: All<Condition["kind"]> = { expression: true, call: true };
const SOURCES: All<Source["kind"]> = { expression: true, call: true };
const AGENTS: All<Agent["kind"]> = { thread: true, transition: true };
const INITIALS: All<Variable["initial"]["kind"]> = { one: true, any: true };
const FAIRNESS: All<Transition["fairness"]> = { none: true, weak: true, strong: true };
const LOCALS: All<Local["kind"]> = {
  parameter: true,
  reference: true,
  index: true,
  choice: true,
  constant: true,
  variable: true,
};

const EXPECTATIONS: All<Expectation["kind"]> = {
  ok: true,
  error: true,
  assertion: true,
  deadlock: true,
  hung: true,
  violation: true,
};

const FORMULAS: All<Formula["kind"]> = {
  predicate: true,
  always: true,
  eventually: true,
  not: true,
  and: true,
  or: true,
  implies: true,
  iff: true,
  leadsTo: true,
  forall: true,
  exists: true,
};

/** Where code stands. */
export type CodePlace = "thread" | "proc" | "atomic" | "transition";
const CODE_PLACES: All<CodePlace> = { thread: true, proc: true, atomic: true, transition: true };

/** How a type can stand in another. */
export type Position = "option of" | "set of" | "key" | "value" | "seq of" | "field" | "local";
const POSITIONS: All<Position> = {
  "option of": true,
  "set of": true,
  key: true,
  value: true,
  "seq of": true,
  field: true,
  local: true,
};

/** What a `break`, `continue` or `return` can leave on its way. */
const LEFT = ["if", "either", "choose", "atomic", "block", "while", "loop"] as const;
const JUMPS = ["break", "continue", "return"] as const;

function keysOf<Kind extends string>(all: All<Kind>): readonly Kind[] {
  return Object.keys(all) as Kind[];
}

function each<Kind extends string>(all: All<Kind>, name: (kind: Kind) => string): string[] {
  return keysOf(all).map(name);
}

/** What cannot be said in the language, and so need not occur. */
const IMPOSSIBLE: ReadonlySet<string> = new Set([
  "type option option of",
  // Folded: only a constant or an initial value is a literal of a map.
  "mapLiteral in code",
  // A loop is what these two leave; they do not leave one on their way.
  "break leaves while",
  "break leaves loop",
  "continue leaves while",
  "continue leaves loop",
]);

/** The names of all that the corpus has to contain; `kindsIn` finds them in a program. */
export function allKinds(): readonly string[] {
  const kinds = [
    ...each(EXPRESSIONS, (kind) => `expression ${kind}`),
    ...each(BINARY_OPERATORS, (operator) => `operator ${operator}`),
    ...each(FUNCTIONS, (name) => `function ${name}`),
    ...keysOf(CODE_PLACES).flatMap((place) =>
      each(STATEMENTS, (kind) => `statement ${kind} in ${place}`),
    ),
    ...each(STATEMENTS, (kind) => `label on ${kind}`),
    ...JUMPS.flatMap((jump) => LEFT.map((left) => `${jump} leaves ${left}`)),
    ...keysOf(POSITIONS).flatMap((position) => each(TYPES, (kind) => `type ${kind} ${position}`)),
    ...each(TYPES, (kind) => `variable of ${kind}`),
    ...each(TYPES, (kind) => `equality of ${kind}`),
    ...each(TYPES, (kind) => `universe of ${kind}`),
    ...["int", "enum", "bool"].flatMap((kind) => [`min of ${kind}`, `max of ${kind}`]),
    ...keysOf(WAITS).flatMap((wait) => [`await ${wait}`, `choose ${wait}`]),
    ...["choose where", "choose without where"],
    ...each(ROOTS, (root) => `place in ${root}`),
    ...each(PLACE_STEPS, (step) => `place step ${step}`),
    ...["place element of map", "place element of seq"],
    ...each(ARGUMENTS, (kind) => `argument ${kind}`),
    ...["if", "while"].flatMap((of) => each(CONDITIONS, (kind) => `condition ${kind} of ${of}`)),
    ...["if", "while"].map((of) => `condition negated call of ${of}`),
    ...["assign", "declare", "return"].flatMap((of) =>
      each(SOURCES, (kind) => `source ${kind} of ${of}`),
    ),
    ...["if with else", "if without else", "declare without value", "return without value"],
    ...each(AGENTS, (kind) => `agent ${kind}`),
    ...each(INITIALS, (kind) => `initial ${kind}`),
    ...each(FAIRNESS, (kind) => `transition ${kind}`),
    ...each(LOCALS, (kind) => `local ${kind}`),
    ...each(EXPECTATIONS, (kind) => `expectation ${kind}`),
    ...each(FORMULAS, (kind) => `formula ${kind}`),
    ...["deadlock of named threads", "hung of named threads"],
    ...["pinned states", "overridden constant"],
    ...["dormant thread", "unfair thread", "escape thread", "indexed thread"],
    ...["transition with parameters", "transition with when", "escape transition"],
    ...["@label", "@proc", "@proc.label", "threadLocal in code", "done in code"],
    ...["start of an indexed thread", "start of a plain thread"],
    ...["invariant", "step", "reachable", "final", "recoverable", "constraint", "fairness"],
    ...["def with parameters", "def without parameters", "generic def", "generic proc"],
    ...["shell of statement", "shell of thread", "shell of transition", "doc of statement"],
    ...["state of several words", "integer of 32 bits", "integer below zero", "single value"],
  ];
  return kinds.filter((kind) => !IMPOSSIBLE.has(kind));
}
