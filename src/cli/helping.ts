import { runCheck } from "../check/check.ts";
import { FileError } from "../check/host.ts";
import type { Prepared, Wanted } from "../check/prepare.ts";
import type { JudgedFinding, Outcome, Progress, Trace } from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import { carried } from "../values/carry.ts";
import { prepareSpec, type ReadSpec, searchOptions } from "./checker.ts";
import { hostOf } from "./host-of-io.ts";
import type { Io } from "./io.ts";
import type { CheckCommandOptions } from "./options.ts";

/** What a helper has to know of a run, as plain data. */
export interface HelperStart {
  readonly paths: readonly string[];
  readonly wanted: Wanted;
  readonly options: CheckCommandOptions;
  /** Its first word is 1 once the run is to end. */
  readonly interrupted: Int32Array;
}

/** What a helper is asked to do: one thing at a time. */
export type Order =
  | { readonly kind: "prepare"; readonly spec: number }
  | {
      readonly kind: "check";
      readonly spec: number;
      readonly check: number;
      readonly isTold: boolean;
    };

/** What a helper says; all but `progress` ends an order. */
export type Answer =
  | { readonly kind: "prepared"; readonly spec: number; readonly read: ReadSpec }
  /** A `FileError`. */
  | {
      readonly kind: "unreadable";
      readonly spec: number;
      readonly path: string;
      readonly reason: string;
    }
  /** `outcome` is as `carried` makes it; null for a search that is too large for one thread. */
  | {
      readonly kind: "outcome";
      readonly spec: number;
      readonly check: number;
      readonly outcome: unknown;
    }
  | {
      readonly kind: "progress";
      readonly spec: number;
      readonly check: number;
      readonly progress: Progress;
    }
  /** A fault of mdcheck. */
  | { readonly kind: "fault"; readonly message: string; readonly stack: string };

/** Somebody who runs checks besides: a thread, or in tests what stands for one. */
export interface Helper {
  send(order: Order): void;
  /** Ends it, whatever it does. */
  end(): Promise<void>;
}

/** Starts a helper; `onAnswer` is called for each of its answers, never before this returns. */
export type StartHelper = (start: HelperStart, onAnswer: (answer: Answer) => void) => Helper;

/**
 * A search with more states is left to all workers together: of it alone the others would have to wait
 * in the end, and two large ones at the same time might need more memory than there is.
 */
export const STATES_ALONE = 200_000;

/** What is of a run in a helper: `do` answers each order. */
export function createHelperWork(
  io: Pick<Io, "clock" | "pause" | "memoryUsed" | "files" | "libraryFolder" | "libraryParsed">,
  { paths, wanted, options, interrupted }: HelperStart,
): { do(order: Order, answer: (answer: Answer) => void): Promise<void> } {
  const host = hostOf(io);
  const specs = new Map<number, Prepared>();
  const read = async (spec: number): Promise<Answer> => {
    try {
      const path = present(paths[spec], "the path of a spec");
      const { prepared, spec: found } = await prepareSpec(host, path, wanted);
      // Another spec is read when all checks of this one are under way.
      specs.clear();
      specs.set(spec, prepared);
      return { kind: "prepared", spec, read: found };
    } catch (error) {
      if (error instanceof FileError) {
        return { kind: "unreadable", spec, path: error.path, reason: error.reason };
      }
      throw error;
    }
  };
  const check = async (
    { spec, check: index, isTold }: Extract<Order, { kind: "check" }>,
    answer: (answer: Answer) => void,
  ): Promise<Answer> => {
    const { programs, sources } = present(specs.get(spec), "a spec that was read");
    const { limits } = options;
    const states = Math.min(limits.states ?? STATES_ALONE, STATES_ALONE);
    const onProgress = (progress: Progress): void =>
      answer({ kind: "progress", spec, check: index, progress });
    const outcome = await runCheck(
      present(programs[index], "the program of a check"),
      {
        ...searchOptions(options, sources, { isTold, onProgress }),
        limits: { ...limits, states },
        workers: 1,
      },
      {
        clock: () => io.clock(),
        pause: () => io.pause(),
        memoryUsed: () => io.memoryUsed(),
        signal: {
          get aborted() {
            return Atomics.load(interrupted, 0) === 1;
          },
        },
      },
    );
    const isTooLarge =
      states !== limits.states &&
      outcome.unmet.some((one) => one.kind === "incomplete" && one.reason === "states");
    const told = isTold || !outcome.met ? outcome : withoutTraces(outcome);
    return { kind: "outcome", spec, check: index, outcome: isTooLarge ? null : carried(told) };
  };
  return {
    do: async (order, answer) => {
      try {
        answer(await (order.kind === "prepare" ? read(order.spec) : check(order, answer)));
      } catch (error) {
        const { message, stack } = error instanceof Error ? error : new Error(String(error));
        answer({ kind: "fault", message, stack: stack ?? message });
      }
    },
  };
}

const NO_STEPS: Trace = { initial: { variables: new Map(), threads: [] }, steps: [] };

/** What is shown of a check in one line: traces are long to hand over. */
function withoutTraces(outcome: Outcome): Outcome {
  return {
    ...outcome,
    findings: outcome.findings.map(
      (one): JudgedFinding => ({ ...one, trace: one.trace === null ? null : NO_STEPS }),
    ),
    witnesses: outcome.witnesses.map((one) => ({ ...one, trace: NO_STEPS })),
    suspicions: [],
  };
}
