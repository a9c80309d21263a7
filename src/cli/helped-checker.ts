import { FileError } from "../check/host.ts";
import type { Outcome, Progress } from "../outcome/outcome.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { received } from "../values/carry.ts";
import { createQueue } from "./check-queue.ts";
import {
  type Checker,
  type CheckerParts,
  type CheckRun,
  isToBeRun,
  type ReadSpec,
  type RunnableSpec,
} from "./checker.ts";
import type { Answer, Helper, HelperStart, Order, StartHelper } from "./helping.ts";

/** A run is over soon, as long as it has taken no longer than this: nobody is asked to help. */
const ALONE_MS = 250;
/** Nor where there are fewer checks and specs left. */
const LEFT_MIN = 4;

/** What a checker with helpers works with. */
export interface HelpedParts extends CheckerParts {
  /** Runs checks here: those at the beginning, and those that are too large for a helper. */
  readonly local: Checker;
  /** Milliseconds from any fixed moment. */
  clock(): number;
  readonly startHelper: StartHelper;
}

/** Where the helpers take over: at this check of this spec. */
interface Begin {
  readonly spec: number;
  readonly check: number;
  /** Null where the spec has not been read. */
  readonly read: ReadSpec | null;
  /** Whether a check before found something already. */
  readonly hasFound: boolean;
}

/**
 * Runs checks here until that has taken a while. Then as many helpers as there are workers run all
 * that is left, several checks at a time; whoever asks for outcomes asks for them in order, and cannot
 * tell.
 */
export function createHelpedChecker(parts: HelpedParts): Checker {
  const { local, options, paths } = parts;
  const startedMs = parts.clock();
  let crew: Crew | null = null;
  const crewFrom = (begin: Begin): Crew | null => {
    const left = (begin.read === null ? 0 : begin.read.checks.length - begin.check) + paths.length;
    const isWorthIt = left - begin.spec - 1 >= LEFT_MIN && parts.clock() - startedMs > ALONE_MS;
    if (crew === null && isWorthIt && options.workers > 1 && options.engine === "fast") {
      crew = createCrew(parts, begin);
    }
    return crew;
  };
  return {
    prepare: async (position) => {
      const helpers = crewFrom({
        spec: position,
        check: 0,
        read: null,
        hasFound: false,
      });
      if (helpers !== null) {
        return helpers.spec(position);
      }
      const runnable = await local.prepare(position);
      const { spec } = runnable;
      return {
        spec,
        run: (index, how) => {
          const helping = crewFrom({
            spec: position,
            check: index,
            read: spec,
            hasFound: !how.isTold,
          });
          return helping === null
            ? runnable.run(index, how)
            : helping.outcome(position, index, how, async () => runnable);
        },
      };
    },
    interrupt: () => crew?.interrupt(),
    end: async () => {
      await crew?.end();
    },
  };
}

/** Helpers at work. */
interface Crew extends Pick<Checker, "interrupt" | "end"> {
  spec(position: number): Promise<RunnableSpec>;
  outcome(
    position: number,
    index: number,
    how: CheckRun,
    here: () => Promise<RunnableSpec>,
  ): Promise<Outcome>;
}

/** What the helpers have told of one spec. */
interface ToldSpec {
  read: ReadSpec | FileError | null;
  /** By check; null is one that is too large for a helper. */
  readonly outcomes: Map<number, Outcome | null>;
  /** The first check that found something; -1 for one that the helpers were not given. */
  firstFound: number;
  /** Whether some helper has read another text than the first one. */
  hasChanged: boolean;
}

function createCrew(parts: HelpedParts, begin: Begin): Crew {
  const { paths, wanted, options, signal, startHelper, local } = parts;
  const told = paths.map(
    (_, position): ToldSpec => ({
      read: position === begin.spec ? begin.read : null,
      outcomes: new Map(),
      firstFound: position === begin.spec && begin.hasFound ? -1 : Number.POSITIVE_INFINITY,
      hasChanged: false,
    }),
  );
  const queue = createQueue(paths.length, {
    spec: begin.spec,
    check: begin.check,
    checks: begin.read === null ? null : begin.read.checks.length,
  });
  const interrupted = new Int32Array(new SharedArrayBuffer(4));
  let failed: Error | null = null;
  let hear: () => void = () => {};
  let watched: { spec: number; check: number; onProgress(progress: Progress): void } | null = null;
  const start: HelperStart = { paths, wanted, options, interrupted };
  const helpers: Helper[] = [];
  /** By helper: what it is doing. */
  const underWay = new Map<number, Order>();

  const isTold = (spec: number, check: number): boolean => {
    const mayBeFull =
      options.checks !== null ||
      (wanted.ofSeveral !== true && present(told[spec], "a spec").firstFound >= check);
    return options.format !== "text" || (mayBeFull && !options.quiet);
  };
  const feed = (): void => {
    for (const [index, helper] of helpers.entries()) {
      const isFree = !underWay.has(index) && !signal.aborted;
      const errand = isFree ? queue.next(index) : null;
      if (errand !== null) {
        const order =
          errand.kind === "prepare"
            ? errand
            : { ...errand, isTold: isTold(errand.spec, errand.check) };
        underWay.set(index, order);
        helper.send(order);
      }
    }
  };
  const onRead = (helper: number, spec: number, read: ReadSpec | FileError): void => {
    const known = present(told[spec], "a spec");
    known.read ??= read;
    const first = known.read;
    if (first instanceof FileError || !isToBeRun(first, options)) {
      queue.prepared(helper, spec, 0);
    } else if (read instanceof FileError || !sameTexts(first, read)) {
      known.hasChanged = true;
    } else {
      queue.prepared(helper, spec, first.checks.length);
    }
  };
  const onAnswer = (helper: number, answer: Answer): void => {
    if (answer.kind === "fault") {
      failed ??= faultOf(answer);
      hear();
      return;
    }
    if (answer.kind === "progress") {
      if (watched?.spec === answer.spec && watched.check === answer.check) {
        watched.onProgress(answer.progress);
      }
      return;
    }
    const { spec } = answer;
    if (answer.kind === "prepared") {
      onRead(helper, spec, answer.read);
    } else if (answer.kind === "unreadable") {
      onRead(helper, spec, new FileError(answer.path, answer.reason));
    } else {
      const known = present(told[spec], "a spec");
      const outcome = received(answer.outcome) as Outcome | null;
      known.outcomes.set(answer.check, outcome);
      if (outcome !== null && outcome.findings.length > 0) {
        known.firstFound = Math.min(known.firstFound, answer.check);
      }
    }
    underWay.delete(helper);
    feed();
    hear();
  };
  for (let helper = 0; helper < options.workers; helper++) {
    helpers.push(startHelper(start, (answer) => onAnswer(helper, answer)));
  }
  feed();

  /** Waits until `find` finds something. */
  const until = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise((resolve, reject) => {
      hear = () => {
        const found = find();
        if (failed !== null) {
          reject(failed);
        } else if (found !== undefined) {
          resolve(found);
        }
      };
      hear();
    });
  /** Whether no helper will do it: the run is to end, or there is another text in the file now. */
  const isLeftOut = (spec: number, check: number | null): boolean =>
    (signal.aborted || present(told[spec], "a spec").hasChanged) &&
    ![...underWay.values()].some(
      (order) => order.spec === spec && (order.kind === "check" ? order.check : null) === check,
    );
  const outcome: Crew["outcome"] = async (position, index, how, here) => {
    const known = present(told[position], "a spec");
    watched = { spec: position, check: index, onProgress: how.onProgress };
    const found = await until(() =>
      known.outcomes.has(index) || isLeftOut(position, index)
        ? { outcome: known.outcomes.get(index) ?? null }
        : undefined,
    );
    watched = null;
    known.outcomes.delete(index);
    return found.outcome ?? (await here()).run(index, how);
  };
  return {
    spec: async (position) => {
      const known = present(told[position], "a spec");
      const spec = await until(
        () => known.read ?? (isLeftOut(position, null) ? "left out" : undefined),
      );
      if (spec === "left out") {
        return local.prepare(position);
      }
      if (spec instanceof FileError) {
        throw spec;
      }
      let here: Promise<RunnableSpec> | null = null;
      const ofHere = (): Promise<RunnableSpec> => {
        here ??= local.prepare(position);
        return here;
      };
      return { spec, run: (index, how) => outcome(position, index, how, ofHere) };
    },
    outcome,
    interrupt: () => {
      Atomics.store(interrupted, 0, 1);
      hear();
    },
    end: async () => {
      hear = () => {};
      await Promise.all(helpers.map((helper) => helper.end()));
    },
  };
}

function sameTexts({ sources: a }: ReadSpec, { sources: b }: ReadSpec): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}

/** What a helper threw, as if it had been thrown here. */
function faultOf({ message, stack }: Extract<Answer, { kind: "fault" }>): Error {
  const fault = new InternalError(message);
  fault.stack = stack;
  return fault;
}
