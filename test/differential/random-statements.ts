import { randomCall, randomCallOf } from "./random-calls.ts";
import {
  conditionOf,
  leafOf,
  setToGoThrough,
  threadName,
  typedValueFor,
  valueFor,
} from "./random-expressions.ts";
import {
  type Entry,
  fresh,
  isUsable,
  placeToWrite,
  type RandomThread,
  type Scope,
  usableTypes,
  withEntry,
} from "./random-scope.ts";
import { BOOL, isNameless, type RandomType, someInside } from "./random-types.ts";

/** Where statements stand. */
export interface CodeScope extends Scope {
  readonly atomic: boolean;
  /** The local that counts the rounds of the loop around, or "" for a loop without end; null outside. */
  readonly loop: string | null;
  /** What the proc returns; null for nothing. */
  readonly result: RandomType | null;
  /** The thread whose own body this is: others may see its labels and locals. */
  readonly thread: RandomThread | null;
  /** The proc whose body this is. */
  readonly proc: string | null;
  /** What the code around needs to know of a proc. */
  readonly traits: { ends: boolean; self: boolean };
}

/** The text of some statements, one or more lines each, without the braces around them. */
export function statements(scope: CodeScope, countMax: number): string {
  const { making } = scope;
  const count = 1 + making.draw.below(countMax);
  const lines: string[] = [];
  let inner = scope;
  for (let made = 0; made < count && (made === 0 || making.fuel > 0); made++) {
    making.fuel -= 1;
    const { text, after } = statement(inner);
    lines.push(annotated(inner, text));
    inner = after;
  }
  return lines.join("\n");
}

/** `{ … }` around statements. */
export function block(scope: CodeScope, countMax = 3): string {
  const text = statements(scope, countMax);
  const { draw } = scope.making;
  if (!draw.chance(scope.loop === null ? 0.05 : 0.2)) {
    return braces(text);
  }
  const word = scope.loop === null ? "return" : draw.pick(["break", "break", "continue", "return"]);
  return braces(`${text}\n${word === "return" ? returnText(scope) : `${word};`}`);
}

/** A statement and the scope behind it. */
interface Made {
  readonly text: string;
  readonly after: CodeScope;
}

function braces(text: string): string {
  return `{\n${indented(text)}\n}`;
}

/** Two columns further to the right. */
export function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}

function annotated({ making, entries }: CodeScope, text: string): string {
  const { draw } = making;
  if (draw.chance(0.02)) {
    return `/// Says what it does.\n${text}`;
  }
  const shown = entries.filter((entry) => !entry.shared && /^\w+$/.test(entry.text));
  if (draw.chance(0.03)) {
    const name = shown.length > 0 ? `{${draw.pick(shown).text}}` : "{{}}";
    return `@sh("echo ${name} > action")\n${text}`;
  }
  return text;
}

function statement(scope: CodeScope): Made {
  const { making } = scope;
  const { draw } = making;
  const isDeep = making.fuel <= 0;
  const nest = isDeep ? 0 : 1;
  const kind = draw.weighted([
    [8, "assign"],
    [1.5, "update"],
    [2, "local"],
    [1, "let"],
    [1.5, "await"],
    [0.7, "assert"],
    [2 * nest, "if"],
    [1.2 * nest, "loop"],
    [1.5 * nest, "either"],
    [1.5 * nest, "choose"],
    [scope.atomic ? 0.3 * nest : 2 * nest, "atomic"],
    [0.4 * nest, "block"],
    [2, "call"],
    [making.threads.some(({ dormant }) => dormant) ? 1.5 : 0, "start"],
    [0.3, "skip"],
    [scope.loop === null ? 0 : 1.2, "jump"],
    [0.5, "return"],
  ] as const);
  const only = (text: string): Made => ({ text, after: scope });
  switch (kind) {
    case "assign":
      return only(labelled(scope, assignment(scope)));
    case "update":
      return only(labelled(scope, update(scope)));
    case "local":
      return local(scope);
    case "let":
      return letStatement(scope);
    case "await":
      return only(labelled(scope, `await${wait(scope)} ${awaited(scope)};`));
    case "assert":
      return only(labelled(scope, assertion(scope)));
    case "if":
      return only(labelled(scope, ifStatement(scope)));
    case "loop":
      return only(loopStatement(scope));
    case "either": {
      const branches = Array.from({ length: draw.pick([2, 2, 3]) }, () => block(scope, 2));
      return only(labelled(scope, `either ${branches.join(" or ")}`));
    }
    case "choose":
      return only(labelled(scope, choose(scope)));
    case "atomic":
      return only(labelled(scope, `atomic ${block({ ...scope, atomic: true })}`));
    case "block":
      return only(labelled(scope, block(scope)));
    case "call":
      return only(labelled(scope, randomCall(scope) ?? assignment(scope)));
    case "start":
      return only(labelled(scope, start(scope)));
    case "skip":
      return only(labelled(scope, "skip;"));
    case "jump":
      return only(labelled(scope, jump(scope)));
    case "return":
      return only(`if (${conditionOf(scope, 1)}) ${braces(labelled(scope, returnText(scope)))}`);
  }
}

/** In front of some statements a label, which a property may name. */
function labelled(scope: CodeScope, text: string, chance = 0.12): string {
  const { making, thread, proc } = scope;
  if (scope.atomic || !making.draw.chance(chance)) {
    return text;
  }
  const label = fresh(making, "l");
  if (thread !== null) {
    making.labels.push({ thread: thread.name, at: label });
  } else if (proc !== null) {
    making.labels.push({ thread: "", at: `${proc}.${label}` });
  }
  return `${label}: ${text}`;
}

function wait({ making }: CodeScope): string {
  return making.draw.weighted([
    [5, ""],
    [2, " idle"],
    [1, " strong"],
  ]);
}

/** A condition that holds more often than most, so that threads get somewhere. */
function awaited(scope: CodeScope): string {
  return scope.making.draw.chance(0.6)
    ? `(${conditionOf(scope, 2)} || ${conditionOf(scope, 2)})`
    : conditionOf(scope);
}

function assignment(scope: CodeScope): string {
  const target = placeToWrite(scope, null, (key) => leafOf(scope, key));
  if (target === null) {
    return "skip;";
  }
  const { text, type } = target;
  if (type.kind === "seq" && type.lengthMax > 0 && scope.making.draw.chance(0.5)) {
    const at = scope.making.draw.below(type.lengthMax);
    const element = `${text}[${at}] := ${valueFor(scope, type.of)};`;
    return `if (len(${text}) > ${at}) { ${element} }`;
  }
  const call = scope.making.draw.chance(0.12) ? randomCallOf(scope, type) : null;
  return `${text} := ${call ?? valueFor(scope, type, 3)};`;
}

/** `+=` and the like; the sum has to fit, so it stands behind a test. */
function update(scope: CodeScope): string {
  const { draw, risk } = scope.making;
  const isIt = (entry: Entry): boolean => entry.type.kind === "set" || entry.type.kind === "int";
  const target = placeToWrite(scope, null, (key) => leafOf(scope, key));
  if (target === null || !isIt(target) || !isUsable(scope, target.type)) {
    return assignment(scope);
  }
  const { text, type } = target;
  if (type.kind === "set") {
    return `${text} ${draw.pick(["|=", "|=", "&=", "-="])} ${valueFor(scope, type, 2)};`;
  }
  if (type.kind !== "int") {
    return assignment(scope);
  }
  const [operator, test] = draw.pick([
    ["+=", `${text} < ${type.high}`] as const,
    ["-=", `${text} > ${type.low}`] as const,
  ]);
  return draw.chance(risk) ? `${text} ${operator} 1;` : `if (${test}) { ${text} ${operator} 1; }`;
}

function local(scope: CodeScope): Made {
  const { making, thread } = scope;
  const { draw } = making;
  const type = draw.pick(usableTypes(scope));
  const name = fresh(making, "x");
  const hasFirst = !isNameless(type) && !someInside(type, (one) => one.kind === "thread");
  const call = draw.chance(0.2) ? randomCallOf(scope, type) : null;
  const value = hasFirst && draw.chance(0.25) ? "" : ` = ${call ?? valueFor(scope, type)}`;
  if (thread !== null) {
    making.locals.push({ thread, name, type, declared: true });
  }
  const entry: Entry = { text: name, type, writable: true, shared: false };
  const text = labelled(scope, `var ${name}: ${type.text}${value};`);
  return { text, after: { ...scope, entries: [...scope.entries, entry] } };
}

function letStatement(scope: CodeScope): Made {
  const { making } = scope;
  const type = making.draw.pick(usableTypes(scope));
  const name = fresh(making, "c");
  const call = making.draw.chance(0.2) ? randomCallOf(scope, type, true) : null;
  const text = labelled(scope, `let ${name} = ${call ?? typedValueFor(scope, type)};`);
  return { text, after: withEntry(scope, name, type) };
}

function assertion(scope: CodeScope): string {
  const condition = conditionOf(scope);
  const { draw, risk } = scope.making;
  return draw.chance(0.1 + risk)
    ? `assert ${condition};`
    : `assert (${conditionOf(scope, 1)} => (${condition} || true));`;
}

function ifStatement(scope: CodeScope): string {
  const { draw } = scope.making;
  const condition = conditionOrCall(scope);
  const rest = draw.weighted([
    [3, "nothing"],
    [2, "else"],
    [1, "else if"],
  ] as const);
  const then = `if (${condition}) ${block(scope, 2)}`;
  switch (rest) {
    case "nothing":
      return then;
    case "else":
      return `${then} else ${block(scope, 2)}`;
    default:
      return `${then} else if (${conditionOf(scope)}) ${block(scope, 2)} else ${block(scope, 2)}`;
  }
}

/** What decides an `if` or `while`: an expression, or a call alone or behind one `!`. */
function conditionOrCall(scope: CodeScope): string {
  const { draw } = scope.making;
  const call = draw.chance(0.4) ? randomCallOf(scope, BOOL) : null;
  return call === null ? conditionOf(scope) : draw.chance(0.4) ? `!${call}` : call;
}

/**
 * A loop. Outside `atomic` it begins with a step, or its condition is one; inside, a local counts
 * its rounds, for a step that never ends takes too long to be an example.
 */
function loopStatement(scope: CodeScope): string {
  const { making } = scope;
  const { draw, variables } = making;
  const name = fresh(making, "r");
  const counted: CodeScope = withEntry({ ...scope, loop: name }, name, COUNTER);
  const variable = variables.length === 0 ? null : draw.pick(variables).text;
  const isEndless = !scope.atomic && draw.chance(0.5);
  if (isEndless) {
    scope.traits.ends = false;
    const inner: CodeScope = { ...scope, loop: "" };
    const first = firstStep(scope, variable);
    const label = fresh(making, "l");
    return draw.chance(0.5)
      ? labelled(scope, `loop {\n${indented(`${first}\n${statements(inner, 3)}`)}\n}`)
      : `${label}: while (${conditionOrCall(scope)}) {\n${indented(`${first}\n${statements(inner, 3)}`)}\n}`;
  }
  const rounds = draw.pick([1, 2, 2]);
  const step = scope.atomic ? "" : `${firstStep(scope, variable)}\n`;
  const count = `${name} := ${name} + 1;`;
  const head = `var ${name}: 0..${rounds} = 0;`;
  const body = `${step}${count}\n${statements(counted, 3)}`;
  const text = draw.chance(0.5)
    ? `while (${name} < ${rounds}) ${braces(body)}`
    : `loop ${braces(`if (${name} >= ${rounds}) { break; }\n${body}`)}`;
  return `{\n${indented(`${head}\n${text}`)}\n}`;
}

const COUNTER: RandomType = { kind: "int", low: 0, high: 2, text: "0..2" };

/** A statement that is a step whatever happens. */
function firstStep(scope: CodeScope, variable: string | null): string {
  const { making } = scope;
  const options = [
    `await ${making.draw.chance(0.5) ? "true" : conditionOf(scope, 1)};`,
    `${fresh(making, "l")}: skip;`,
    ...(variable === null ? [] : [`${variable} := ${variable};`]),
    `atomic { skip; }`,
  ];
  return making.draw.pick(options);
}

function jump(scope: CodeScope): string {
  const word = scope.making.draw.pick(["break;", "break;", "continue;"]);
  return `if (${conditionOf(scope, 1)}) { ${labelled(scope, word)} }`;
}

/** `return`, with a value where the proc has a result. */
export function returnText(scope: CodeScope): string {
  const { result, making } = scope;
  if (result === null) {
    return "return;";
  }
  const call = making.draw.chance(0.5) ? randomCallOf(scope, result) : null;
  return `return ${call ?? valueFor(scope, result)};`;
}

function choose(scope: CodeScope): string {
  const { making } = scope;
  const { text, element } = setToGoThrough(scope, making.draw.chance(0.1) ? 9 : 4);
  const name = fresh(making, "p");
  const inner = withEntry(scope, name, element);
  if (scope.thread !== null) {
    making.locals.push({ thread: scope.thread, name, type: element, declared: false });
  }
  const where = making.draw.chance(0.4) ? ` where ${awaited(inner)}` : "";
  return `choose${wait(scope)} ${name} in ${text}${where} ${block(inner, 2)}`;
}

function start(scope: CodeScope): string {
  const { draw, threads, risk } = scope.making;
  const dormant = threads.filter(
    ({ dormant: sleeps, index }) => sleeps && (index === null || isUsable(scope, index.type)),
  );
  if (dormant.length === 0) {
    return assignment(scope);
  }
  const name = threadName(scope, draw.pick(dormant));
  return draw.chance(risk) ? `start ${name};` : `atomic { if (done(${name})) { start ${name}; } }`;
}
