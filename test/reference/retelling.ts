import { expect } from "vitest";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import type { Sighting, Sightings } from "../../src/outcome/sighting.ts";
import { type ExploreOptions, explore } from "../../src/reference/explore.ts";
import { createMachine } from "../../src/reference/machine.ts";
import { retell } from "../../src/reference/retell.ts";
import { type Search, search } from "../../src/reference/search.ts";
import { sightingsOf } from "../../src/reference/sightings.ts";
import { type Built, build, options } from "./run.ts";

/** Both engines would show the same time. */
export const TIMELESS = { clock: () => 0 };

/** A search that has come to its end. */
export async function searched(
  { program, sources }: Built,
  more: Partial<ExploreOptions> = {},
): Promise<Search> {
  return search(createMachine(program), { ...options(sources), ...TIMELESS, ...more });
}

/** The result of the search, and the one that is told of what another search saw. */
export async function bothWays(
  built: Built,
  more: Partial<ExploreOptions> = {},
): Promise<{ readonly direct: SearchResult; readonly retold: SearchResult }> {
  const { program, sources } = built;
  const asked = { ...options(sources), ...TIMELESS, ...more };
  const direct = await explore(program, asked);
  return { direct, retold: retell(program, sightingsOf(await searched(built, more)), asked) };
}

/** Retells what the search saw after the first sighting of this kind was changed. */
export async function tampered(
  text: string,
  kind: Sighting["what"]["kind"],
  change: (sighting: Sighting) => Partial<Sighting>,
  more: Partial<ExploreOptions> = {},
): Promise<() => SearchResult> {
  const built = build(text);
  const sightings: Sightings = sightingsOf(await searched(built, more));
  const at = sightings.seen.findIndex(({ what }) => what.kind === kind);
  expect(at).toBeGreaterThanOrEqual(0);
  const seen = sightings.seen.map((one, index) =>
    index === at ? { ...one, ...change(one) } : one,
  );
  return () => retell(built.program, { ...sightings, seen }, { ...built, properties: null });
}
