/** What stands in a cell. */
export type Cell = string | number;

/** The table in Markdown, with columns of equal width; columns of numbers stand at the right. */
export function tableText(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const shown = rows.map((row) => row.map(String));
  const widths = head.map((name, at) =>
    Math.max(name.length, 3, ...shown.map((row) => row[at]?.length ?? 0)),
  );
  const isNumeric = head.map((_, at) => shown.every((row) => /^([\d.,]+|–)$/.test(row[at] ?? "")));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => pad(cell, widths[at] ?? 0, isNumeric[at] === true)).join(" | ")} |`;
  const rule = widths.map((width, at) =>
    isNumeric[at] === true ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(head), line(rule), ...shown.map(line)].join("\n");
}

function pad(cell: string, width: number, toTheRight: boolean): string {
  return toTheRight ? cell.padStart(width) : cell.padEnd(width);
}

/** 1234567 as `1,234,567`. */
export function grouped(count: number): string {
  return Math.round(count).toLocaleString("en-US");
}

/** Three digits that count, in seconds. */
export function seconds(ms: number): string {
  return digits(ms / 1000);
}

/** Bytes in megabytes of 10^6. */
export function megabytes(bytes: number): string {
  return grouped(bytes / 1e6);
}

/** Counts per second, in millions. */
export function millions(perSecond: number): string {
  return digits(perSecond / 1e6);
}

/** At least three digits that count. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) {
    return "–";
  }
  return value >= 100 ? grouped(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
