/** What a helper can be asked to do next; both are positions. */
export type Errand =
  | { readonly kind: "prepare"; readonly spec: number }
  | { readonly kind: "check"; readonly spec: number; readonly check: number };

/** What is left to do of a spec. */
interface SpecWork {
  /** How many checks there are to run; null until somebody has read the spec. */
  checks: number | null;
  /** The first check that nobody was given. */
  next: number;
  /** The helpers that have read it, or are about to. */
  readonly readers: Set<number>;
  /** Those of them that have. */
  readonly ready: Set<number>;
}

/**
 * Who does what of the checks of a run. Each helper reads a spec and runs its checks one after the
 * other, for reading it takes a while, too; when no spec is left that nobody has, it helps with one.
 */
export interface Queue {
  /** The next thing for a helper; null where there is nothing for it at present. */
  next(helper: number): Errand | null;
  /** A helper has read a spec, of which so many checks are to be run. */
  prepared(helper: number, spec: number, checks: number): void;
}

/** A helper reads a spec that others have already only if there are so many checks for it to run. */
const SHARED_MIN = 2;

/** A queue of so many specs, of which those before `from`, and their checks before `done`, are done. */
export function createQueue(
  count: number,
  from: { readonly spec: number; readonly check: number; readonly checks: number | null },
): Queue {
  const specs = Array.from({ length: count }, (_, spec): SpecWork => {
    const isBegun = spec === from.spec;
    return {
      checks: spec < from.spec ? 0 : isBegun ? from.checks : null,
      next: isBegun ? from.check : 0,
      readers: new Set(),
      ready: new Set(),
    };
  });
  const left = ({ checks, next }: SpecWork): number =>
    checks === null ? Number.POSITIVE_INFINITY : checks - next;
  return {
    next: (helper) => {
      const own = specs.findIndex((one) => one.ready.has(helper) && left(one) > 0);
      const mine = specs[own];
      if (mine !== undefined) {
        mine.next += 1;
        return { kind: "check", spec: own, check: mine.next - 1 };
      }
      const spec = specToRead(
        specs.map((one) => ({ ...one, left: left(one) })),
        helper,
      );
      if (spec === null) {
        return null;
      }
      specs[spec]?.readers.add(helper);
      return { kind: "prepare", spec };
    },
    prepared: (helper, spec, checks) => {
      const work = specs[spec];
      if (work !== undefined) {
        work.checks ??= checks;
        work.ready.add(helper);
      }
    },
  };
}

/** The first that nobody reads, else the one with most left. */
function specToRead(
  specs: readonly { readonly left: number; readonly readers: ReadonlySet<number> }[],
  helper: number,
): number | null {
  const untouched = specs.findIndex(({ left, readers }) => left > 0 && readers.size === 0);
  if (untouched >= 0) {
    return untouched;
  }
  let best: number | null = null;
  for (const [spec, { left, readers }] of specs.entries()) {
    if (!readers.has(helper) && left >= SHARED_MIN && left > (specs[best ?? -1]?.left ?? 0)) {
      best = spec;
    }
  }
  return best;
}
