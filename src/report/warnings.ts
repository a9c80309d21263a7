import type { Diagnostic, Sources } from "../diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../diagnostics/render.ts";
import type { Paint } from "../support/ansi.ts";
import { wrap } from "../support/display.ts";
import type { Places } from "./places.ts";

/** How the warnings of a check are laid out. */
export interface WarningOptions {
  readonly columns: number;
  readonly color: boolean;
  readonly sources: Sources;
  readonly places: Places;
  readonly paint: Paint;
  /** Those that have been told in full before. */
  readonly warned: readonly Diagnostic[];
  /** Whether to say of those that they are here again. */
  readonly recallsAll: boolean;
}

/** The warnings of a check; of those told before at most where they are. */
export function warningLines(
  warnings: readonly Diagnostic[],
  options: WarningOptions,
): readonly string[] {
  const { columns, color, sources, places, paint } = options;
  const known = new Set(options.warned.map(keyOf));
  const shown = warnings
    .filter((one) => !known.has(keyOf(one)))
    .flatMap((one) => [
      ...renderDiagnostic(one, sources, { color, columns: columns - 2 }).split("\n"),
      "",
    ]);
  const again = warnings
    .filter((one) => options.recallsAll && known.has(keyOf(one)))
    .map(({ code, span }) => (span === null ? code : `${code} at ${places.where(span)}`));
  const lines = again.length === 0 ? [] : wrap(`as above: ${again.join(", ")}`, columns - 2);
  return [
    ...lines.map((line) => `  ${paint("dim", line)}`),
    ...(shown.length === 0 ? [] : [""]),
    ...shown.map((line) => (line === "" ? "" : `  ${line}`)),
  ];
}

/** Who stands in the way of whom may differ from check to check; what is wrong does not. */
function keyOf({ code, message, span }: Diagnostic): string {
  return JSON.stringify([code, message, span]);
}
