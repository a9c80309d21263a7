import type { Block, Statement } from "../core/statements.ts";
import { blocksIn, callIn } from "../core/walk.ts";
import { present } from "../support/internal-error.ts";
import { type Spot, spotOf } from "./code.ts";
import type { Frame } from "./frames.ts";
import type { Machine } from "./machine.ts";
import { calleeOf, type Scene, sceneOf } from "./scenes.ts";
import { isStepping } from "./stepping.ts";

/**
 * Which labels name a place of rest (decision 0001, rule 7). The label of a statement that steps
 * names its own place; that of a block, a loop or a call names every place of rest that can be the
 * first one inside it. Whether it can be is asked of the text: both ways out of a condition count.
 */

/** A place of rest seen from one frame: its statement, then those of the frames inside it. */
type Chain = readonly Statement[];

/** Whether a thread is at a label of its own body (no proc), inside a proc, or at a label of a proc. */
export function standsAt(
  machine: Machine,
  frames: readonly Frame[],
  proc: string | null,
  label: string | null,
): boolean {
  return frames.some(({ code }, depth) => {
    const named = proc === null ? depth === 0 : code.kind === "proc" && code.name === proc;
    return named && (label === null || labelsAt(machine, frames, depth).has(label));
  });
}

const KNOWN = new WeakMap<readonly Frame[], ReadonlySet<string>[]>();

/** The labels, of the body of the frame at `depth`, that name the place where `frames` stand. */
export function labelsAt(
  machine: Machine,
  frames: readonly Frame[],
  depth: number,
): ReadonlySet<string> {
  let known = KNOWN.get(frames);
  if (known === undefined) {
    const scenes = frames.map((frame): Scene => sceneOf(machine, frames, frame));
    known = frames.map((_, index) => {
      const labels = new Set<string>();
      const chain = frames.slice(index).map((frame) => frame.at);
      addLabels({ machine, scene: present(scenes[index], "a scene"), chain, within: null }, labels);
      return labels;
    });
    KNOWN.set(frames, known);
  }
  return present(known[depth], "the labels of a frame");
}

interface Question {
  readonly machine: Machine;
  readonly scene: Scene;
  readonly chain: Chain;
  /** Only labels inside this statement count; null for all of the body. */
  readonly within: Statement | null;
}

/** Adds the labels of the scene's body that name the place. */
function addLabels(question: Question, labels: Set<string>): void {
  const { machine, scene, chain, within } = question;
  const [own] = chain;
  if (own === undefined) {
    return;
  }
  for (
    let statement: Statement | null = own;
    statement !== null && statement !== within;
    statement = spotOf(machine.code, statement).container
  ) {
    if (statement.label !== null && names(question, statement)) {
      labels.add(statement.label);
    }
  }
  if (own.kind === "either" && chain.length === 1) {
    // In front of an `either` a thread stands at the first label of each branch
    // (docs/language.md section 6).
    for (const branch of own.branches) {
      for (const first of firstPlaces(machine, scene, own, branch).places) {
        addLabels({ machine, scene, chain: first, within: own }, labels);
      }
    }
  }
}

function names({ machine, scene, chain }: Question, statement: Statement): boolean {
  const [own] = chain;
  if (statement === own && chain.length === 1) {
    return true;
  }
  // Of an `if` or `while` whose condition is a call, the label is that of the call alone.
  const namesFirst =
    statement.kind === "block" ||
    statement.kind === "loop" ||
    (statement === own && callIn(statement) !== null);
  if (!namesFirst || isStepping(statement, scene.code, machine.program.defs, scene.sharing)) {
    return false;
  }
  const { places } = firstPlaces(machine, scene, statement, null);
  return places.some(
    (place) => place.length === chain.length && place.every((one, index) => one === chain[index]),
  );
}

interface FirstPlaces {
  readonly places: Chain[];
  /** Whether the end can be reached without a place of rest. */
  passes: boolean;
}

/** The walk through a statement or branch, up to the first place of rest on each way. */
interface Walk {
  readonly machine: Machine;
  readonly scene: Scene;
  readonly boundary: Statement | null;
  readonly seen: Set<Statement>;
  readonly found: FirstPlaces;
}

/** The places of rest that can be the first inside `statement`, or inside `block`, a part of it. */
function firstPlaces(
  machine: Machine,
  scene: Scene,
  statement: Statement,
  block: Block | null,
): FirstPlaces {
  const found: FirstPlaces = { places: [], passes: false };
  const walk: Walk = { machine, scene, boundary: statement, seen: new Set(), found };
  if (block === null) {
    visit(walk, statement);
  } else {
    visitBlock(walk, block, statement);
  }
  return found;
}

function firstPlacesOfBody(machine: Machine, scene: Scene): FirstPlaces {
  const found: FirstPlaces = { places: [], passes: false };
  const walk: Walk = { machine, scene, boundary: null, seen: new Set(), found };
  visitBlock(walk, scene.code.body.block, null);
  return found;
}

function visit(walk: Walk, statement: Statement): void {
  const { machine, scene, seen, found } = walk;
  if (seen.has(statement)) {
    return;
  }
  seen.add(statement);
  if (isStepping(statement, scene.code, machine.program.defs, scene.sharing)) {
    found.places.push([statement]);
    return;
  }
  const call = callIn(statement);
  if (call !== null) {
    const inside = firstPlacesOfBody(machine, calleeOf(machine, scene, statement, call));
    found.places.push(...inside.places.map((place) => [statement, ...place]));
    if (!inside.passes) {
      return;
    }
  }
  goOn(walk, statement);
}

/** Visits what can come after a statement that was passed without a place of rest. */
function goOn(walk: Walk, statement: Statement): void {
  switch (statement.kind) {
    case "return":
      // Leaves whatever the boundary is; of a body, it is the end.
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

function visitBlock(walk: Walk, block: Block, container: Statement | null): void {
  const [first] = block.statements;
  if (first === undefined) {
    visitAfterBlock(walk, container);
  } else {
    visit(walk, first);
  }
}

/** What comes after a statement in the text, unless that is outside of the boundary. */
function visitNext(walk: Walk, statement: Statement): void {
  if (statement === walk.boundary) {
    walk.found.passes = true;
    return;
  }
  const { block, index, container }: Spot = spotOf(walk.machine.code, statement);
  const next = block.statements[index + 1];
  if (next === undefined) {
    visitAfterBlock(walk, container);
  } else {
    visit(walk, next);
  }
}

function visitAfterBlock(walk: Walk, container: Statement | null): void {
  if (container === null) {
    walk.found.passes = true;
  } else if (container.kind === "while" || container.kind === "loop") {
    visit(walk, container);
  } else {
    visitNext(walk, container);
  }
}

function visitLoop(walk: Walk, jump: Statement): void {
  let statement = jump;
  for (;;) {
    if (statement === walk.boundary) {
      walk.found.passes = true;
      return;
    }
    statement = present(spotOf(walk.machine.code, statement).container, "a loop");
    if (statement.kind === "while" || statement.kind === "loop") {
      break;
    }
  }
  if (jump.kind === "break") {
    visitNext(walk, statement);
  } else {
    visit(walk, statement);
  }
}
