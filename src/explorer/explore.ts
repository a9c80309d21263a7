import { compileKernel } from "../codegen/compile.ts";
import type { Kernel } from "../codegen/kernel.ts";
import type { Program } from "../core/program.ts";
import type { Block } from "../core/statements.ts";
import { blocksIn } from "../core/walk.ts";
import { type Model, modelOf } from "../model/model.ts";
import type { CoverageCounts, Statistics, TimingStatistics } from "../outcome/outcome.ts";
import type { Sightings } from "../outcome/sighting.ts";
import { judgeAfterwards } from "./afterwards.ts";
import { ARENA_PAGES_MAX, bytesInUse, createArena } from "./arena.ts";
import { countersOf } from "./instance.ts";
import { isAnythingNeeded, needsOf } from "./needs.ts";
import { sightingsOf } from "./paths.ts";
import {
  createSearch,
  runSearch,
  type Search,
  type SearchOptions,
  type TeamUse,
} from "./search.ts";
import { createTeam } from "./team.ts";
import { WASM } from "./webassembly.ts";

/** Starting threads takes about as long as searching some ten thousand states. */
const TEAM_USE: TeamUse = { levelMin: 3_000, statesMin: 30_000, waits: false };

/**
 * Searches the states of a program as `explore` of the reference does, packed and with generated
 * code. What it saw still has to be told.
 */
export async function exploreFast(
  program: Program,
  options: SearchOptions,
  teamUse: TeamUse = TEAM_USE,
): Promise<Sightings> {
  const startedMs = options.clock();
  const model = modelOf(program, options.coverage);
  const statements = statementCount(program);
  const { workers } = options;
  const sharing = workers > 1 ? "shared" : "alone";
  const kernel = compileKernel(model, {
    sharing,
    pagesMax: ARENA_PAGES_MAX,
    properties: options.properties,
    deadlock: options.deadlock,
    survey: isAnythingNeeded(needsOf(program, options)),
    statements: options.coverage ? statements + program.transitions.length : 0,
  });
  const module = new WASM.Module(kernel.bytes);
  const areas = workers > 1 ? 1 + workers : 1;
  const arena = createArena(kernel, sharing, areas, options.limits.memoryBytes);
  if (arena === null) {
    return nothingSearched(model, kernel, options.clock() - startedMs);
  }
  const team = workers > 1 ? createTeam({ kernel, module, arena }) : null;
  const search = createSearch({ model, kernel, module, options, arena, team, teamUse }, startedMs);
  const compileMs = options.clock() - startedMs;
  try {
    await runSearch(search);
  } finally {
    await team?.end();
  }
  const foundMs = options.clock();
  const judged = await judgeAfterwards(search);
  const judgeMs = options.clock() - foundMs;
  const elapsedMs = options.clock() - startedMs;
  return {
    seen: sightingsOf(search, judged),
    statistics: statisticsOf(search, kernel, { elapsedMs, compileMs, judgeMs }),
    coverage: options.coverage ? coverageOf(search, statements) : null,
    incomplete: search.incomplete,
    vacuous: judged.vacuous,
  };
}

/** Where this machine gives no memory at all. */
function nothingSearched(model: Model, kernel: Kernel, elapsedMs: number): Sightings {
  const storage = {
    bitsPerState: model.layout.bits,
    wordsPerState: kernel.words,
    bytesPerState: 0,
    storeBytes: 0,
    tableBytes: 0,
    tableLoad: 0,
    peakBytes: 0,
  };
  const statistics: Statistics = {
    engine: "fast",
    workers: 1,
    states: 0,
    transitions: 0,
    depth: 0,
    levels: [],
    initialStates: 0,
    elapsedMs,
    complete: false,
    storage,
    timing: { compileMs: elapsedMs, generateMs: 0, probeMs: 0, judgeMs: 0 },
  };
  return { seen: [], statistics, coverage: null, incomplete: "memory", vacuous: [] };
}

/** One more than the greatest `Statement.id`. */
function statementCount({ threads, procs, transitions }: Program): number {
  const last = (block: Block): number =>
    block.statements.reduce(
      (most, statement) => Math.max(most, statement.id, ...blocksIn(statement).map(last)),
      -1,
    );
  return (
    1 + Math.max(-1, ...[...threads, ...procs, ...transitions].map(({ body }) => last(body.block)))
  );
}

function statisticsOf(
  search: Search,
  kernel: Kernel,
  times: Pick<Statistics, "elapsedMs"> & Pick<TimingStatistics, "compileMs" | "judgeMs">,
): Statistics {
  const { levels, arena, model, main, states, transitions } = search;
  const last = levels.findLastIndex(({ inside }) => inside > 0);
  const used = main.next.value;
  const storeBytes = used * kernel.words * 4;
  const tableBytes = arena.slots * 4;
  const isDone = search.incomplete === null && (levels.at(-1)?.inside ?? 0) === 0;
  return {
    engine: "fast",
    workers: search.isShared ? search.options.workers : 1,
    states,
    transitions,
    depth: Math.max(0, last),
    levels: levels.slice(0, last + 1).map(({ inside }) => inside),
    initialStates: levels[0]?.inside ?? 0,
    elapsedMs: times.elapsedMs,
    complete: isDone,
    storage: {
      bitsPerState: model.layout.bits,
      wordsPerState: kernel.words,
      bytesPerState: states === 0 ? 0 : (storeBytes + tableBytes) / states,
      storeBytes,
      tableBytes,
      tableLoad: used / arena.slots,
      peakBytes: Math.max(arena.peakBytes, bytesInUse(arena, used)),
    },
    timing: {
      compileMs: times.compileMs,
      generateMs: Math.max(0, search.expandMs - search.probeMs),
      probeMs: search.probeMs,
      judgeMs: times.judgeMs,
    },
  };
}

function coverageOf(search: Search, statements: number): CoverageCounts {
  const { kernel, arena, model } = search;
  const taken = new Array<number>(kernel.counterCount).fill(0);
  for (const area of arena.areas) {
    for (const [index, count] of countersOf(kernel, arena, area).entries()) {
      taken[index] = (taken[index] as number) + Number(count);
    }
  }
  return {
    statements: new Map(
      taken
        .slice(0, statements)
        .flatMap((count, id): [number, number][] => (count === 0 ? [] : [[id, count]])),
    ),
    transitions: model.program.transitions.map((_, index) => taken[statements + index] ?? 0),
  };
}
