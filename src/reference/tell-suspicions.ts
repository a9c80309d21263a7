import type { LockOrder, Suspicion } from "../outcome/outcome.ts";
import { InternalError, present } from "../support/internal-error.ts";
import type { Told } from "./findings.ts";
import { locksOf } from "./suspicions.ts";
import { type Telling, traceOf } from "./trace.ts";
import { instanceName, waitsOf } from "./waiting.ts";
import { wayOf } from "./way-to.ts";
import { afterStep } from "./ways.ts";

/** Unstable waits in the order of the places, then pairs of locks in the order of the locks. */
export function suspicionsOf(telling: Telling, told: readonly Told[]): readonly Suspicion[] {
  return [...unstableWaits(telling, told), ...lockOrders(telling, told)];
}

/** A sight of one kind, with what leads to it. */
type ToldOf<Kind extends Told["what"]["kind"]> = Told & {
  readonly what: Extract<Told["what"], { readonly kind: Kind }>;
};

function isOf<Kind extends Told["what"]["kind"]>(kind: Kind): (told: Told) => told is ToldOf<Kind> {
  return (told): told is ToldOf<Kind> => told.what.kind === kind;
}

/** Only where the thread stands at a wait of the plain kind: one that tries again misses nothing for good. */
function unstableWaits(telling: Telling, told: readonly Told[]): readonly Suspicion[] {
  const { machine } = telling;
  return told
    .filter(isOf("unstable"))
    .sort((a, b) => a.what.statement - b.what.statement)
    .flatMap((one): Suspicion[] => {
      const state = present(one.path.at(-1), "a state");
      const step = present(one.step, "a step");
      const after = afterStep(state, wayOf(machine, state, step));
      const { thread } = one.what;
      const wait = waitsOf(telling, after, thread).find(({ kind }) => kind === "plain");
      const trace = traceOf(telling, one);
      return wait === undefined
        ? []
        : [{ kind: "unstable", thread: instanceName(machine, thread), wait, trace }];
    });
}

function lockOrders(telling: Telling, told: readonly Told[]): readonly Suspicion[] {
  const orders = told.filter(isOf("order"));
  const forward = orders
    .filter(({ what }) => what.first < what.second)
    .sort((a, b) => a.what.first - b.what.first || a.what.second - b.what.second);
  if (orders.length !== 2 * forward.length) {
    throw new InternalError("orders of locks that do not come in pairs");
  }
  return forward.map((one): Suspicion => {
    const back = orders.filter(
      ({ what }) => what.first === one.what.second && what.second === one.what.first,
    );
    const [other] = back;
    if (back.length !== 1 || other === undefined || other.what.thread === one.what.thread) {
      throw new InternalError("locks that are not taken in both orders by different threads");
    }
    return { kind: "lockOrder", orders: [lockOrder(telling, one), lockOrder(telling, other)] };
  });
}

function lockOrder(telling: Telling, told: ToldOf<"order">): LockOrder {
  const { first, second, thread } = told.what;
  const locks = locksOf(telling.machine);
  return {
    thread: instanceName(telling.machine, thread),
    held: present(locks[first], "a lock").name,
    taken: present(locks[second], "a lock").name,
    trace: traceOf(telling, told),
  };
}
