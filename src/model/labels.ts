import type { Block, Call, Statement } from "../core/statements.ts";
import { blocksIn, callIn } from "../core/walk.ts";
import { present } from "../support/internal-error.ts";
import type { Rest } from "./flow.ts";
import { chainOf, type Frame } from "./frames.ts";
import { calleeFrame, type FrameMaker, type Spot, spotOf } from "./make-frames.ts";
import type { Model } from "./model.ts";
import { statementsOf } from "./model.ts";
import { isStepping } from "./stepping.ts";

/**
 * Which labels name a place of rest (decision 0001, rule 7): that of a statement that steps its own
 * place; that of a block, loop or call every place that can be the first one inside, both ways out
 * of each condition counted.
 */

/** A place of rest seen from one frame: its statement, then those of the frames inside of it. */
type Chain = readonly Statement[];

/** What has been asked for of each model: properties ask for the same places again and again. */
const LOCATIONS = new WeakMap<Model, Map<string, readonly number[]>>();

/** The locations of a thread that `t@p`, `t@label` or `t@p.label` means, in ascending order. */
export function locationsAt(
  model: Model,
  instance: number,
  at: { readonly proc: string | null; readonly label: string | null },
): readonly number[] {
  let known = LOCATIONS.get(model);
  if (known === undefined) {
    known = new Map();
    LOCATIONS.set(model, known);
  }
  // Names have no dots.
  const key = `${instance}.${at.proc ?? ""}.${at.label ?? ""}`;
  let locations = known.get(key);
  if (locations === undefined) {
    const { rests } = present(model.threads[instance], "a thread");
    locations = rests
      .filter((rest) => isAt(model.frames, rest, at))
      .map(({ location }) => location);
    known.set(key, locations);
  }
  return locations;
}

function isAt(
  maker: FrameMaker,
  rest: Rest,
  { proc, label }: { readonly proc: string | null; readonly label: string | null },
): boolean {
  const statements = statementsOf(rest);
  return chainOf(rest.frame).some((frame, depth) => {
    const isMeant = proc === null ? depth === 0 : frame.kind === "proc" && frame.name === proc;
    return (
      isMeant && (label === null || labelsOf(maker, frame, statements.slice(depth)).has(label))
    );
  });
}

function labelsOf(maker: FrameMaker, frame: Frame, chain: Chain): ReadonlySet<string> {
  const labels = new Set<string>();
  addLabels({ maker, frame, chain, within: null }, labels);
  return labels;
}

interface Question {
  readonly maker: FrameMaker;
  readonly frame: Frame;
  readonly chain: Chain;
  /** Only labels inside this statement count; null for all of the body. */
  readonly within: Statement | null;
}

function addLabels(question: Question, labels: Set<string>): void {
  const { maker, frame, chain, within } = question;
  const [own] = chain;
  if (own === undefined) {
    return;
  }
  for (let at: Statement | null = own; at !== null && at !== within; ) {
    if (at.label !== null && names(question, own, at)) {
      labels.add(at.label);
    }
    at = container(frame, at);
  }
  if (own.kind === "either" && chain.length === 1) {
    // In front of an `either` a thread stands at the first label of each branch.
    for (const branch of own.branches) {
      for (const first of firstPlaces(maker, frame, own, branch).places) {
        addLabels({ maker, frame, chain: first, within: own }, labels);
      }
    }
  }
}

function container({ body }: Frame, statement: Statement): Statement | null {
  return spotOf(body, statement).container;
}

function names({ maker, frame, chain }: Question, own: Statement, statement: Statement): boolean {
  if (statement === own && chain.length === 1) {
    return true;
  }
  const namesFirst =
    statement.kind === "block" ||
    statement.kind === "loop" ||
    (statement === own && callIn(statement) !== null);
  if (!namesFirst || isStepping(maker.knowledge.program, frame, statement)) {
    return false;
  }
  return firstPlaces(maker, frame, statement, null).places.some(
    (place) => place.length === chain.length && place.every((one, depth) => one === chain[depth]),
  );
}

interface FirstPlaces {
  readonly places: Chain[];
  /** Whether the end can be reached without a place of rest. */
  passes: boolean;
}

interface Walk {
  readonly maker: FrameMaker;
  readonly frame: Frame;
  /** What must not be left; null for the body. */
  readonly boundary: Statement | null;
  readonly seen: Set<Statement>;
  readonly found: FirstPlaces;
}

/** The places of rest that can be the first in a statement, in one block of it, or (null, null) in the body. */
function firstPlaces(
  maker: FrameMaker,
  frame: Frame,
  boundary: Statement | null,
  block: Block | null,
): FirstPlaces {
  const found: FirstPlaces = { places: [], passes: false };
  const walk: Walk = { maker, frame, boundary, seen: new Set(), found };
  if (boundary === null) {
    visitBlock(walk, frame.body.block, null);
  } else if (block === null) {
    visit(walk, boundary);
  } else {
    visitBlock(walk, block, boundary);
  }
  return found;
}

function visit(walk: Walk, statement: Statement): void {
  const { maker, frame, seen, found } = walk;
  if (seen.has(statement)) {
    return;
  }
  seen.add(statement);
  if (isStepping(maker.knowledge.program, frame, statement)) {
    found.places.push([statement]);
    return;
  }
  const call = callIn(statement);
  if (call !== null && !entersAndPasses(walk, statement, call)) {
    return;
  }
  goOn(walk, statement);
}

function entersAndPasses({ maker, frame, found }: Walk, statement: Statement, call: Call): boolean {
  const callee = calleeFrame(maker, frame, statement, call);
  const inside = firstPlaces(maker, callee, null, null);
  found.places.push(...inside.places.map((place) => [statement, ...place]));
  return inside.passes;
}

/** What can come after a statement that was passed without a place of rest. */
function goOn(walk: Walk, statement: Statement): void {
  switch (statement.kind) {
    case "return":
      walk.found.passes = true;
      return;
    case "break":
    case "continue":
      visitLoop(walk, statement);
      return;
    case "loop":
    case "block":
      visitBlock(walk, statement.body, statement);
      return;
    case "if":
    case "while":
      for (const block of blocksIn(statement)) {
        visitBlock(walk, block, statement);
      }
      if (statement.kind === "while" || statement.else === null) {
        visitNext(walk, statement);
      }
      return;
    default:
      visitNext(walk, statement);
  }
}

function visitBlock(walk: Walk, block: Block, around: Statement | null): void {
  const [first] = block.statements;
  if (first === undefined) {
    visitAfterBlock(walk, around);
  } else {
    visit(walk, first);
  }
}

function visitNext(walk: Walk, statement: Statement): void {
  if (statement === walk.boundary) {
    walk.found.passes = true;
    return;
  }
  const { block, index, container: around }: Spot = spotOf(walk.frame.body, statement);
  const next = block.statements[index + 1];
  if (next === undefined) {
    visitAfterBlock(walk, around);
  } else {
    visit(walk, next);
  }
}

function visitAfterBlock(walk: Walk, around: Statement | null): void {
  if (around === null) {
    walk.found.passes = true;
  } else if (around.kind === "while" || around.kind === "loop") {
    visit(walk, around);
  } else {
    visitNext(walk, around);
  }
}

function visitLoop(walk: Walk, jump: Statement): void {
  let at = jump;
  for (;;) {
    if (at === walk.boundary) {
      walk.found.passes = true;
      return;
    }
    at = present(container(walk.frame, at), "a loop");
    if (at.kind === "while" || at.kind === "loop") {
      break;
    }
  }
  if (jump.kind === "break") {
    visitNext(walk, at);
  } else {
    visit(walk, at);
  }
}
