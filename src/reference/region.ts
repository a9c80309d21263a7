import { answer, type Observer, observe } from "./observer.ts";
import { type Look, lookAt, type Space, type SpaceIndex } from "./space.ts";
import { decodeState, type State, type StateKey } from "./state.ts";

/** What can be reached from a state, which is its first one. */
export interface Region extends Space {
  /** Those that break the constraint: nobody goes on from there. */
  readonly outside: ReadonlySet<SpaceIndex>;
  /** Whether all that can be reached is in it. */
  readonly isComplete: boolean;
}

/** How a region is explored. */
export interface RegionOptions {
  /** Whether steps of `escape` threads and transitions are taken. */
  readonly withEscapes: boolean;
  /** Of so many states at most the steps are taken. */
  readonly statesMax: number;
  /** Whether to end at a state of which this is true; it is the last one then. */
  endsAt(look: Look | null, state: State): boolean;
}

/** Explores breadth first what can be reached from `root`. */
export function regionFrom(observer: Observer, root: State, options: RegionOptions): Region {
  const { machine } = observer;
  const keys: StateKey[] = [root.key];
  const places = new Map<StateKey, SpaceIndex>([[root.key, 0]]);
  const looks: (Look | null)[] = [];
  const outside = new Set<SpaceIndex>();
  const numberOf = ({ key }: State): SpaceIndex => {
    const known = places.get(key) ?? keys.length;
    if (known === keys.length) {
      places.set(key, known);
      keys.push(key);
    }
    return known;
  };
  let isComplete = true;
  for (let index = 0; index < keys.length; index++) {
    const state = decodeState(keys[index] as StateKey);
    if (index >= options.statesMax) {
      isComplete = false;
      looks.push(null);
      continue;
    }
    observe(observer, state);
    const isInside = machine.program.constraints.every(
      (condition) => answer(observer, condition) !== false,
    );
    const look = isInside ? lookAt(observer, state, numberOf, options.withEscapes) : null;
    looks.push(look);
    if (!isInside) {
      outside.add(index);
    }
    if (options.endsAt(look, state)) {
      isComplete = false;
      break;
    }
  }
  while (looks.length < keys.length) {
    looks.push(null);
  }
  return { machine, keys, looks, outside, isComplete };
}
