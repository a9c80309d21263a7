import {
  conditionOf,
  isNamed,
  leafOf,
  setToGoThrough,
  threadName,
  threadOf,
  typedValueFor,
  valueFor,
} from "./random-expressions.ts";
import { fresh, isUsable, type Scope, usableTypes, withEntry } from "./random-scope.ts";
import { firstIsMissing, integers, type RandomType, shapeOf } from "./random-types.ts";

/** A condition that is no literal. */
export function randomBool(scope: Scope, depth: number): string {
  const { draw, threads } = scope.making;
  const hasThreads = threads.length > 0;
  const kind = draw.weighted([
    [3, "logic"],
    [3, "equality"],
    [2, "order"],
    [1.5, "membership"],
    [0.7, "subset"],
    [1.5, "quantifier"],
    [1, "not"],
    [1, "someOf"],
    [scope.state && hasThreads ? 1 : 0, "done"],
    [scope.state && !scope.observes ? 0.7 : 0, "local"],
    [scope.observes ? 3 : 0, "observation"],
  ] as const);
  switch (kind) {
    case "logic": {
      const operator = draw.pick(["&&", "||", "=>", "<=>"]);
      return `(${conditionOf(scope, depth - 1)} ${operator} ${conditionOf(scope, depth - 1)})`;
    }
    case "equality": {
      const type = draw.pick(usableTypes(scope));
      const [left, right] = [
        typedValueFor(scope, type, depth - 1),
        valueFor(scope, type, depth - 1),
      ];
      return `(${left} ${draw.pick(["==", "!="])} ${right})`;
    }
    case "order": {
      const operator = draw.pick(["<", "<=", ">", ">="]);
      return `(${integer(scope, depth)} ${operator} ${integer(scope, depth)})`;
    }
    case "membership":
      return membership(scope, depth);
    case "subset": {
      const type = ofKind(scope, "set");
      return type === null
        ? conditionOf(scope, depth - 1)
        : `(${typedValueFor(scope, type, depth - 1)} subset ${valueFor(scope, type, depth - 1)})`;
    }
    case "quantifier": {
      const { text, element } = setToGoThrough(scope, 12);
      const name = fresh(scope.making, "q");
      const body = conditionOf(withEntry(scope, name, element), depth - 1);
      return `(${draw.pick(["forall", "exists"])} ${name} in ${text}: ${body})`;
    }
    case "not":
      return `(!${conditionOf(scope, depth - 1)})`;
    case "someOf":
      return guarded(scope, depth);
    case "done":
      return `done(${threadOf(scope, depth - 1)})`;
    case "local":
      return localOfThread(scope, depth) ?? conditionOf(scope, depth - 1);
    case "observation":
      return observation(scope, depth);
  }
}

function integer(scope: Scope, depth: number): string {
  const { draw, types } = scope.making;
  const declared = types.filter((type) => type.kind === "int");
  return valueFor(scope, draw.pick([integers(0, 3), integers(-2, 2), ...declared]), depth - 1);
}

function ofKind(scope: Scope, kind: RandomType["kind"]): RandomType | null {
  const found = usableTypes(scope).filter((type) => type.kind === kind);
  return found.length === 0 ? null : scope.making.draw.pick(found);
}

function membership(scope: Scope, depth: number): string {
  const { draw } = scope.making;
  const type = ofKind(scope, draw.pick(["set", "seq"])) ?? ofKind(scope, "set");
  if (type === null || (type.kind !== "set" && type.kind !== "seq")) {
    const element = draw.pick(usableTypes(scope).filter((one) => !isWide(one)));
    return `(${valueFor(scope, element, depth - 1)} in ${element.text})`;
  }
  const container = typedValueFor(scope, type, depth - 1);
  return `(${typedValueFor(scope, type.of, depth - 1)} in ${container})`;
}

function isWide(type: RandomType): boolean {
  return type.kind === "int" && type.high - type.low > 1000;
}

/** A condition that asks whether there is a value before it uses it. */
function guarded(scope: Scope, depth: number): string {
  const { draw, risk } = scope.making;
  const type = ofKind(scope, draw.pick(["option", "seq"]));
  if (type === null || (type.kind !== "option" && type.kind !== "seq")) {
    return conditionOf(scope, depth - 1);
  }
  const of = typedValueFor(scope, type, 0);
  const name = fresh(scope.making, "w");
  const [isThere, value] =
    type.kind === "option"
      ? [`${of} != none`, `the(${of})`]
      : draw.chance(0.5)
        ? [`len(${of}) > 1`, `${of}[${draw.pick([0, 1])}]`]
        : [`${of} != []`, `head(${of})`];
  if (draw.chance(risk)) {
    return `(${value} == ${valueFor(scope, type.of, 0)})`;
  }
  const inner = withEntry(scope, name, type.of);
  const [operator, test] = draw.pick([["&&", isThere] as const, ["=>", isThere] as const]);
  return `(${test} ${operator} (let ${name} = ${value}: ${conditionOf(inner, depth - 1)}))`;
}

/** What only properties may ask. */
function observation(scope: Scope, depth: number): string {
  const { making } = scope;
  const { draw, labels, transitions, threads } = making;
  const kind = draw.pick(["at", "at", "enabled", "blocked", "local", "transition"]);
  switch (kind) {
    case "at": {
      const one = labels.length === 0 ? null : draw.pick(labels);
      if (one === null) {
        break;
      }
      const thread = threads.find(({ name }) => name === one.thread);
      if (thread === undefined && threads.length > 0) {
        return `${postfixed(threadOf(scope, 0))}@${one.at}`;
      }
      if (thread !== undefined && isNamed(scope)(thread)) {
        return `${threadName(scope, thread)}@${one.at}`;
      }
      break;
    }
    case "transition":
      if (transitions.length > 0) {
        return `enabled(${draw.pick(transitions)})`;
      }
      break;
    case "local":
      return localOfThread(scope, depth) ?? conditionOf(scope, depth - 1);
    default:
      if (threads.length > 0) {
        return `${kind}(${threadOf(scope, depth - 1)})`;
      }
  }
  return conditionOf(scope, depth - 1);
}

/** What `t.x` is, for a local of some thread; code sees only those whose type is written down. */
function localOfThread(scope: Scope, depth: number): string | null {
  const { draw, locals } = scope.making;
  const found = locals.filter(
    ({ thread, type, declared }) =>
      (declared || scope.observes) &&
      isNamed(scope)(thread) &&
      isUsable(scope, type) &&
      !firstIsMissing(type),
  );
  if (found.length === 0) {
    return null;
  }
  const { thread, name, type } = draw.pick(found);
  return `(${threadName(scope, thread)}.${name} == ${valueFor(scope, type, depth - 1)})`;
}

/** A postfix goes behind a name or brackets. */
function postfixed(text: string): string {
  return /^[\w[\].']+$/.test(text) || text.startsWith("(") ? text : `(${text})`;
}

type IntegerType = RandomType & { readonly kind: "int" };

/** An integer that lies in `type`, in most specs. */
export function randomInteger(scope: Scope, type: IntegerType, depth: number): string {
  const { draw } = scope.making;
  const kind = draw.weighted([
    [4, "arithmetic"],
    [1, "negated"],
    [1.5, "size"],
    [1, "length"],
    [1, "count"],
    [1, "extreme"],
    [1, "first"],
    [1, "optional"],
    [1, "leaf"],
  ] as const);
  if (isWide(type) && !draw.chance(0.3)) {
    return leafOf(scope, type);
  }
  switch (kind) {
    case "arithmetic":
      return cut(scope, type, arithmetic(scope, depth));
    case "negated":
      return cut(scope, type, `(-${valueFor(scope, draw.pick(NEAR), depth - 1)})`);
    case "size": {
      const set = ofKind(scope, "set");
      return set === null
        ? leafOf(scope, type)
        : cut(scope, type, `size(${typedValueFor(scope, set, depth - 1)})`);
    }
    case "length": {
      const seq = ofKind(scope, "seq");
      return seq === null
        ? leafOf(scope, type)
        : cut(scope, type, `len(${typedValueFor(scope, seq, depth - 1)})`);
    }
    case "count": {
      const { text, element } = setToGoThrough(scope, 12);
      const name = fresh(scope.making, "q");
      const body = conditionOf(withEntry(scope, name, element), depth - 1);
      return cut(scope, type, `(count ${name} in ${text}: ${body})`);
    }
    case "extreme":
      return extreme(scope, type, depth);
    case "first":
      return partOf(scope, type, "seq") ?? leafOf(scope, type);
    case "optional":
      return partOf(scope, type, "option") ?? leafOf(scope, type);
    default:
      return leafOf(scope, type);
  }
}

const NEAR: readonly IntegerType[] = [integers(0, 3), integers(-2, 2), integers(1, 4)].flatMap(
  (type) => (type.kind === "int" ? [type] : []),
);

function arithmetic(scope: Scope, depth: number): string {
  const { draw, risk } = scope.making;
  const operand = (): string => valueFor(scope, draw.pick(NEAR), depth - 1);
  const operator = draw.pick(["+", "+", "-", "-", "*", "/", "%"]);
  if (operator === "/" || operator === "%") {
    const divisor = draw.chance(risk) ? operand() : String(draw.pick([1, 2, 3, -2, -3]));
    return `(${operand()} ${operator} ${divisor})`;
  }
  if (draw.chance(risk * 0.2)) {
    return `(${draw.pick(["2147483647", "-2147483648"])} ${operator} ${operand()})`;
  }
  return `(${operand()} ${operator} ${operand()})`;
}

/** Cuts an integer to a type; seldom it is left as it is and may not fit. */
function cut(scope: Scope, type: IntegerType, text: string): string {
  const { draw, risk } = scope.making;
  const { low, high } = type;
  if (draw.chance(risk)) {
    return text;
  }
  const name = fresh(scope.making, "n");
  // What is in a set has to have a narrow type.
  const isNarrow = !isWide(type) && !/\d{6}/.test(text);
  switch (draw.below(3)) {
    case 0:
      if (!isNarrow) {
        break;
      }
      return `max({${low}, min({${high}, ${text}})})`;
    case 1:
      if (low === 0 && high < 1000) {
        return `(let ${name} = ${text} % ${high + 1}: ${name} < 0 ? -${name} : ${name})`;
      }
      break;
  }
  return `(let ${name} = ${text}: (${name} < ${low} ? ${low} : (${name} > ${high} ? ${high} : ${name})))`;
}

/** The least or greatest element of a set of integers. */
function extreme(scope: Scope, type: IntegerType, depth: number): string {
  const { draw, types, risk } = scope.making;
  const sets = types.filter((one) => one.kind === "set" && shapeOf(one.of) === "int");
  const word = draw.pick(["min", "max"]);
  if (sets.length === 0 && isWide(type)) {
    return leafOf(scope, type);
  }
  if (sets.length === 0) {
    return `${word}({${valueFor(scope, type, depth - 1)}, ${valueFor(scope, type, 0)}})`;
  }
  const set = typedValueFor(scope, draw.pick(sets), depth - 1);
  const name = fresh(scope.making, "s");
  const least = `${word}(${name})`;
  return draw.chance(risk)
    ? cut(scope, type, `${word}(${set})`)
    : `(let ${name} = ${set}: (${name} == {} ? ${leafOf(scope, type)} : ${cut(scope, type, least)}))`;
}

/** The first element of a sequence or the value of an optional integer, if there is one. */
function partOf(scope: Scope, type: IntegerType, kind: "seq" | "option"): string | null {
  const { draw, types, risk } = scope.making;
  const found = types.filter(
    (one) => one.kind === kind && "of" in one && shapeOf(one.of) === "int",
  );
  if (found.length === 0) {
    return null;
  }
  const whole = typedValueFor(scope, draw.pick(found), 1);
  const name = fresh(scope.making, "p");
  const [test, value] =
    kind === "option"
      ? [`${name} == none`, `the(${name})`]
      : [`len(${name}) == 0`, draw.chance(0.5) ? `head(${name})` : `${name}[len(${name}) - 1]`];
  const safe = `(${test} ? ${leafOf(scope, type)} : ${cut(scope, type, value)})`;
  return draw.chance(risk)
    ? `(let ${name} = ${whole}: ${value})`
    : `(let ${name} = ${whole}: ${safe})`;
}
