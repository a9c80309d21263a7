import { conditionOf, setToGoThrough } from "./random-expressions.ts";
import {
  type Entry,
  fresh,
  type Making,
  type RandomThread,
  type Scope,
  withEntry,
} from "./random-scope.ts";
import { type CodeScope, indented, returnText, statements } from "./random-statements.ts";
import { BOOL, countOf, exactly, integers, isNameless, type RandomType } from "./random-types.ts";

const GENERIC = `proc put_g<T>(item: T, into: ref set<T>) { into |= {item}; }

proc set_g<T>(to: ref T, value: T) { to := value; }

proc swap_g<T>(really: bool, a: ref T, b: ref T) {
  let old = a;
  if (really) { set_g(a, b); set_g(b, old); }
}`;

/** Procs; each may call those before it. */
export function randomProcs(scope: Scope): string {
  const { making } = scope;
  const texts = [GENERIC];
  for (let count = making.draw.pick([0, 1, 1, 2, 2, 3]); count > 0; count--) {
    texts.push(randomProc(scope));
  }
  return texts.join("\n\n");
}

function randomProc(scope: Scope): string {
  const { making } = scope;
  const { draw, types } = making;
  const name = fresh(making, "f");
  const plain = types.filter((type) => !isNameless(type));
  const result = draw.chance(0.5) ? null : draw.chance(0.5) ? BOOL : draw.pick(plain);
  const entries: Entry[] = [...making.constants, ...making.variables];
  const places = placesIn(making);
  const parameters = Array.from({ length: draw.below(3) }, () => {
    const byReference = draw.chance(0.6);
    const type = draw.pick(byReference ? places : plain);
    const parameter = fresh(making, byReference ? "r" : "a");
    entries.push({ text: parameter, type, writable: true, shared: false });
    return { text: `${parameter}: ${byReference ? "ref " : ""}${type.text}`, type, byReference };
  });
  const code: CodeScope = {
    making,
    entries,
    state: true,
    self: draw.chance(0.2),
    observes: false,
    atomic: false,
    loop: null,
    result,
    thread: null,
    proc: name,
    traits: { ends: true, self: false },
  };
  const body = statements(code, 3);
  const end = result === null ? "" : `\n${returnText(code)}`;
  const { ends, self } = code.traits;
  making.procs.push({ name, parameters, result, ends, self: self || code.self });
  making.labels.push({ thread: "", at: name });
  const texts = parameters.map(({ text }) => text).join(", ");
  const type = result === null ? "" : `: ${result.text}`;
  return `proc ${name}(${texts})${type} {\n${indented(`${body}${end}`)}\n}`;
}

/** The types of the variables and of what they contain: what a `ref` can be bound to. */
function placesIn({ variables }: Making): readonly RandomType[] {
  const found = new Map<string, RandomType>();
  const visit = (type: RandomType): void => {
    found.set(exactly(type), type);
    if (type.kind === "struct") {
      for (const field of type.fields) {
        visit(field.type);
      }
    } else if (type.kind === "map") {
      visit(type.value);
    }
  };
  for (const { type } of variables) {
    visit(type);
  }
  return [...found.values()];
}

/** The threads. */
export function randomThreads(scope: Scope): string {
  return scope.making.threads.map((thread) => randomThread(scope, thread)).join("\n\n");
}

function randomThread(scope: Scope, thread: RandomThread): string {
  const { making } = scope;
  const { draw } = making;
  const { name, index, dormant } = thread;
  const entries: Entry[] = [...making.constants, ...making.variables];
  const base: CodeScope = {
    making,
    entries,
    state: true,
    self: true,
    observes: false,
    atomic: false,
    loop: null,
    result: null,
    thread,
    proc: null,
    traits: { ends: true, self: false },
  };
  making.fuel = Math.max(making.fuel, 5);
  const code = index === null ? base : withEntry(base, index.name, index.type);
  if (index !== null) {
    making.locals.push({ thread, name: index.name, type: index.type, declared: true });
  }
  const qualifier = [
    ...(dormant ? ["dormant "] : []),
    ...(draw.chance(0.1) ? ["unfair "] : []),
    ...(thread.escapes ? ["escape "] : []),
  ].join("");
  const indexText = index === null ? "" : `[${index.name} in ${index.set}]`;
  const shell = draw.chance(0.05)
    ? `@sh("run ${index === null ? name : `{${index.name}}`}")\n`
    : "";
  const body = threadBody(code);
  return `${shell}${qualifier}thread ${name}${indexText} {\n${indented(body)}\n}`;
}

/** Some statements, in many threads again and again. */
function threadBody(code: CodeScope): string {
  const { draw } = code.making;
  if (!draw.chance(0.35)) {
    return `${statements(code, 3)}\n${statements(code, 4)}`;
  }
  const first = draw.chance(0.5) ? `${statements(code, 2)}\n` : "";
  const round = statements({ ...code, loop: "" }, 4);
  const wait = draw.pick(["await true;", "await idle true;", `${fresh(code.making, "l")}: skip;`]);
  return `${first}loop {\n${indented(`${wait}\n${round}`)}\n}`;
}

/** Transitions. */
export function randomTransitions(scope: Scope): string {
  const { making } = scope;
  const names = Array.from({ length: 1 + making.draw.below(3) }, () => fresh(making, "tr"));
  making.transitions.push(...names);
  return names.map((name) => randomTransition(scope, name)).join("\n\n");
}

function randomTransition(scope: Scope, name: string): string {
  const { making } = scope;
  const { draw } = making;
  const constant: Scope = { ...scope, entries: making.constants };
  let code: CodeScope = {
    making,
    entries: [...making.constants, ...making.variables],
    state: true,
    self: false,
    observes: false,
    atomic: true,
    loop: null,
    result: null,
    thread: null,
    proc: null,
    traits: { ends: true, self: false },
  };
  making.fuel = Math.max(making.fuel, 3);
  const bindings: string[] = [];
  for (let count = draw.pick([0, 0, 1, 1, 2]); count > 0; count--) {
    const parameter = fresh(making, "p");
    const { text, element } = draw.chance(0.3) ? smallUniverse(making) : constantSet(constant);
    bindings.push(`${parameter} in ${text}`);
    code = withEntry(code, parameter, element);
  }
  const firstName = bindings[0]?.split(" ")[0] ?? "";
  const parameters = bindings.length === 0 ? "" : `(${bindings.join(", ")})`;
  const when = draw.chance(0.7) ? ` when ${conditionOf(code)}` : "";
  const qualifier = draw.weighted([
    [6, ""],
    [1, "fair "],
    [1, "strong "],
    [1, "escape "],
  ]);
  const shell = draw.chance(0.1)
    ? `@sh("do ${bindings.length === 0 ? "it" : `{${firstName}}`}")\n`
    : "";
  return `${shell}${qualifier}transition ${name}${parameters}${when} {\n${indented(statements(code, 3))}\n}`;
}

type SetToChoose = ReturnType<typeof setToGoThrough>;

function smallUniverse({ draw, types }: Making): SetToChoose {
  const element = draw.pick(types.filter((type) => countOf(type, 4) <= 3));
  return { text: element.text, element };
}

function constantSet(scope: Scope): SetToChoose {
  const made = setToGoThrough({ ...scope, making: { ...scope.making, defs: [] } }, 3);
  return isNameless(made.element) ? { text: "0..1", element: integers(0, 1) } : made;
}
