import { FOUND, type Kernel, type KernelExports } from "../codegen/kernel.ts";
import { type Decoded, nothingDecoded } from "../model/decode.ts";
import type { Model } from "../model/model.ts";
import type { IncompleteReason, Progress } from "../outcome/outcome.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { type Arena, bytesInUse, growArena } from "./arena.ts";
import { findInitial } from "./initial.ts";
import { instantiate, pointTo } from "./instance.ts";
import { inSlices, lookAround, noticeStop, pauseIfDue, SLICE_MAX, tell } from "./pace.ts";
import { addRange, countOf, pieces, type Ranges } from "./ranges.ts";
import { type Report, type ReportingKernel, reportAt } from "./reports.ts";
import { keepLeast, type Sights, seenBy, sightKey } from "./sights.ts";
import type { Team } from "./team.ts";
import { SEGMENT } from "./team-level.ts";
import type { WasmModule } from "./webassembly.ts";

/** Bounds of a search; null where there is none. */
export interface Limits {
  readonly states: number | null;
  readonly depth: number | null;
  readonly timeMs: number | null;
  readonly memoryBytes: number | null;
}

/** What a search is told from outside: the core itself reads no clock. */
export interface SearchOptions {
  readonly limits: Limits;
  /** Whether deadlocks are findings. */
  readonly deadlock: boolean;
  /** Whether threads that can never go on are findings, though others go on. */
  readonly hung: boolean;
  /** Whether to look for unstable waits and for locks that are taken in both orders. */
  readonly suspicions: boolean;
  /** Names of the properties to check; null for all. */
  readonly properties: ReadonlySet<string> | null;
  /** Whether executed statements are counted. */
  readonly coverage: boolean;
  /** How many search at the same time. */
  readonly workers: number;
  /** Milliseconds since any fixed moment. */
  clock(): number;
  /** Gives the event loop a turn. */
  pause(): Promise<void>;
  onProgress(progress: Progress): void;
  readonly signal: { readonly aborted: boolean };
}

/** The states that were first found at some depth. */
export interface Level {
  readonly ranges: Ranges;
  /** How many of them satisfy the constraints. */
  inside: number;
}

/** A search under way. */
export interface Search {
  readonly model: Model;
  /** What was made of its states. */
  readonly decoded: Decoded;
  readonly kernel: Kernel;
  readonly module: WasmModule;
  readonly options: SearchOptions;
  readonly arena: Arena;
  /** The instance of this thread. */
  readonly main: KernelExports;
  readonly levels: Level[];
  /** How many levels were expanded to their end. */
  expanded: number;
  /** The states that are being found. */
  fresh: Ranges;
  /** Where those begin that this thread has found and not yet put into `fresh`. */
  freshFrom: number;
  readonly sights: Sights;
  /** Where this thread finds. */
  readonly place: ReportingKernel;
  /** Length of the traces of what is seen now. */
  depth: number;
  /** Whether a finding was seen that may end the search. */
  found: boolean;
  transitions: number;
  /** States of complete levels and of the one that is being found, inside the constraints. */
  states: number;
  incomplete: IncompleteReason | null;
  readonly startedMs: number;
  pausedMs: number;
  /** Where the time of looking up goes. */
  probeMs: number;
  expandMs: number;
  lapMs: number;
  /** Other threads that search; null where there are none. */
  readonly team: Team | null;
  readonly teamUse: TeamUse;
  /** Whether other threads took part. */
  isShared: boolean;
  /** Called for each state that is sought from: see `match`. */
  onPredecessor: (mask: number, address: number) => void;
}

/** When other threads take part. */
export interface TeamUse {
  /** Levels with fewer states are done sooner by one thread than by several that have to wait. */
  readonly levelMin: number;
  /** Other threads are started only for a search that has shown to be of some size. */
  readonly statesMin: number;
  /** Whether to wait for them; else one thread goes on until they are there. */
  readonly waits: boolean;
}

/** Makes a search ready. */
export function createSearch(
  parts: Pick<Search, "model" | "kernel" | "module" | "options" | "arena" | "team" | "teamUse">,
  startedMs: number,
): Search {
  const { options, arena, module } = parts;
  const search: Search = {
    ...parts,
    decoded: nothingDecoded(),
    main: null as unknown as KernelExports,
    levels: [],
    expanded: 0,
    fresh: [],
    freshFrom: 0,
    sights: new Map(),
    isShared: false,
    place: { kernel: parts.kernel, memory: arena.memory, area: present(arena.areas[0], "an area") },
    depth: 0,
    found: false,
    transitions: 0,
    states: 0,
    incomplete: null,
    startedMs,
    pausedMs: startedMs,
    probeMs: 0,
    expandMs: 0,
    lapMs: 0,
    onPredecessor: () => {},
  };
  const main = instantiate(module, arena, present(arena.areas[0], "an area"), {
    found: (kind, id, address) => onFound(search, kind, id, address),
    makeRoom: (count) => {
      makeRoom(search, count);
      return 1;
    },
    lap: (phase) => {
      const now = options.clock();
      if (phase === 0) {
        search.lapMs = now;
      } else {
        search.probeMs += now - search.lapMs;
      }
    },
  });
  (search as { main: KernelExports }).main = main;
  pointTo(main, arena);
  main.end.value = Math.min(arena.capacity, statesMax(search));
  return search;
}

/** Makes room for more states of this thread, as far as there is any. */
function makeRoom(search: Search, count: number): void {
  const { main, arena, options } = search;
  const next = main.next.value;
  while (arena.capacity - next < count) {
    if (!growArena(arena, next, options.limits.memoryBytes)) {
      break;
    }
    pointTo(main, arena);
    rehash(search, next);
  }
  arena.peakBytes = Math.max(arena.peakBytes, bytesInUse(arena, next));
  main.end.value = Math.min(arena.capacity, statesMax(search));
}

/**
 * The index at which the limit of states is reached: states outside of the constraints do not count,
 * nor do indices that other threads took and left unused.
 */
function statesMax({ options, levels, states, fresh, freshFrom }: Search): number {
  const found = levels.reduce((sum, { ranges }) => sum + countOf(ranges), 0);
  const unused = freshFrom - found - countOf(fresh);
  return (options.limits.states ?? Number.POSITIVE_INFINITY) + (found - states) + unused;
}

/** Puts all states into the new table. */
function rehash({ main, levels, fresh, freshFrom }: Search, next: number): void {
  for (const { ranges } of levels) {
    pieces(ranges, 0, Number.POSITIVE_INFINITY, (from, to) => main.rehash(from, to));
  }
  pieces(fresh, 0, Number.POSITIVE_INFINITY, (from, to) => main.rehash(from, to));
  main.rehash(freshFrom, next);
}

function onFound(search: Search, kind: number, id: number, address: number): void {
  if (kind === FOUND.predecessor) {
    search.onPredecessor(id, address);
    return;
  }
  const { depth, place } = search;
  take(search, reportAt(place, { kind, id, address, depth }));
}

/** Keeps what was reported, if nothing less was. */
function take(search: Search, report: Report): void {
  const { model, sights } = search;
  const seen = seenBy(model, report);
  search.found ||= seen.what.kind !== "reachable";
  keepLeast(model, sights, seen);
}

/** What was seen with a shorter trace than anything that is to come need not be reported again. */
function settle({ model, sights, arena, kernel, depth }: Search): void {
  for (const { kind, index, rank } of model.conditions) {
    const isReported = kind === "invariant" || kind === "step" || kind === "reachable";
    const seen = isReported ? sights.get(sightKey({ kind, index })) : undefined;
    if (seen !== undefined && seen.length <= depth) {
      for (const area of arena.areas) {
        const address = area + kernel.settledOffset + rank;
        new Uint8Array(arena.memory.buffer, address, 1).fill(1);
      }
    }
  }
}

/** Finds the initial states, and then level after level. */
export async function runSearch(search: Search): Promise<void> {
  const { options, model } = search;
  const { check } = model.program;
  const stopsEarly =
    check.states === null && check.expectations.every((expected) => expected.kind === "ok");
  findInitial(search);
  await closeLevel(search);
  let depth = 0;
  for (;;) {
    const level = present(search.levels[depth], "a level");
    if (level.inside === 0 || (stopsEarly && search.found) || search.incomplete !== null) {
      break;
    }
    if (options.limits.depth !== null && depth >= options.limits.depth) {
      search.incomplete = "depth";
      break;
    }
    search.depth = depth;
    settle(search);
    if (await isForTeam(search, level)) {
      await expandTogether(search, level);
    } else {
      await expandLevel(search, level);
      search.depth = depth + 1;
      await closeLevel(search);
    }
    depth += 1;
    if (search.incomplete === null) {
      search.expanded = depth;
    }
  }
  tell(search);
}

async function expandLevel(search: Search, level: Level): Promise<void> {
  const { main } = search;
  const total = countOf(level.ranges);
  await inSlices(search, total, (skip, count) => {
    const begun = search.options.clock();
    pieces(level.ranges, skip, count, (from, to) => main.expand(from, to));
    search.expandMs += search.options.clock() - begun;
    collectTransitions(search);
  });
}

/** Whether a level is one for all threads; starts them when it is the first. */
async function isForTeam({ team, states, teamUse }: Search, level: Level): Promise<boolean> {
  if (team === null || level.inside < teamUse.levelMin || states < teamUse.statesMin) {
    return false;
  }
  return teamUse.waits ? team.ready() : team.isReady();
}

/** All threads expand a level and judge what they find. */
async function expandTogether(search: Search, level: Level): Promise<void> {
  const { main, arena, team } = search;
  search.isShared = true;
  const done = await present(team ?? undefined, "a team").expand({
    ranges: level.ranges,
    depth: search.depth,
    next: main.next.value,
    statesMax: teamStatesMax(search),
    grow: (fresh, next) => growTogether(search, fresh, next),
    onReport: (report) => take(search, report),
    onTick: (states, transitions) => {
      lookAround(search);
      tell(search, { states, transitions: search.transitions + transitions });
      return search.incomplete !== null;
    },
  });
  if (done.stopped && search.incomplete === null) {
    // It would pass for a search that has seen everything.
    throw new InternalError("a thread left out states without a reason");
  }
  pointTo(main, arena);
  main.next.value = done.next;
  search.freshFrom = done.next;
  search.transitions += done.transitions;
  search.expandMs += done.expandMs;
  search.probeMs += done.probeMs;
  const found = countOf(done.fresh);
  const fresh: Level = { ranges: done.fresh, inside: found - done.outside };
  search.levels.push(fresh);
  search.states += fresh.inside;
  main.end.value = Math.min(arena.capacity, statesMax(search));
  arena.peakBytes = Math.max(arena.peakBytes, bytesInUse(arena, done.next));
  if (search.states > (search.options.limits.states ?? Number.POSITIVE_INFINITY)) {
    search.incomplete ??= "states";
  }
  lookAround(search);
}

/** Threads leave indices unused, so that they may find some states more than the limit allows. */
function teamStatesMax(search: Search): number {
  return statesMax(search) + 2 * SEGMENT * search.options.workers;
}

/** A larger table while all threads wait; false where there can be none. */
function growTogether(search: Search, fresh: readonly Ranges[], next: number): boolean {
  const { arena, main, levels, options } = search;
  if (teamStatesMax(search) <= arena.capacity) {
    search.incomplete ??= "states";
    return false;
  }
  const before = arena.capacity;
  if (!growArena(arena, next, options.limits.memoryBytes)) {
    if (arena.capacity === before) {
      search.incomplete ??= "memory";
      return false;
    }
    return true;
  }
  pointTo(main, arena);
  for (const ranges of [...levels.map((level) => level.ranges), ...fresh]) {
    pieces(ranges, 0, Number.POSITIVE_INFINITY, (from, to) => main.rehash(from, to));
  }
  return true;
}

function collectTransitions(search: Search): void {
  search.transitions += search.main.transitions.value >>> 0;
  search.main.transitions.value = 0;
}

/** The states that were found make a level, and are judged. */
async function closeLevel(search: Search): Promise<void> {
  const { main, arena } = search;
  main.flush();
  noticeStop(search);
  collectTransitions(search);
  addRange(search.fresh, search.freshFrom, main.next.value);
  search.freshFrom = main.next.value;
  const ranges = search.fresh;
  search.fresh = [];
  const found = countOf(ranges);
  const level: Level = { ranges, inside: found };
  search.levels.push(level);
  main.outside.value = 0;
  arena.peakBytes = Math.max(arena.peakBytes, bytesInUse(arena, main.next.value));
  // What stops the expansion does not keep from judging what was found.
  for (let skip = 0; skip < found; skip += SLICE_MAX) {
    pieces(ranges, skip, SLICE_MAX, (from, to) => main.judge(from, to));
    await pauseIfDue(search);
  }
  level.inside = found - main.outside.value;
  search.states += level.inside;
}
