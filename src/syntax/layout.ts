/**
 * Text that can be laid out in more than one way. A group is written on one line if it fits there;
 * otherwise each of its own lines is broken (the groups inside it decide for themselves).
 */
export type Layout =
  | string
  | { readonly kind: "row"; readonly parts: readonly Layout[]; readonly breaks: boolean }
  | { readonly kind: "indent"; readonly of: Layout; readonly breaks: boolean }
  | { readonly kind: "group"; readonly of: Layout; readonly breaks: boolean }
  /** Nothing or a space on one line, a line break in a broken group. */
  | { readonly kind: "line"; readonly flat: "" | " " }
  /** Always a line break; with an empty line before it if `isBlank`. */
  | { readonly kind: "break"; readonly isBlank: boolean }
  | LaidComment;

/** A comment; the writer sees to the spaces and line breaks round it. */
export interface LaidComment {
  readonly kind: "comment";
  readonly text: string;
  /** A `//` comment: nothing may follow on its line. */
  readonly endsLine: boolean;
  /** Nothing but space stands before it on its line. */
  readonly ownLine: boolean;
}

/** A space, or a line break in a broken group. */
export const LINE: Layout = { kind: "line", flat: " " };
/** Nothing, or a line break in a broken group. */
export const SOFT: Layout = { kind: "line", flat: "" };
/** A line break. */
export const BREAK: Layout = { kind: "break", isBlank: false };
/** A line break and an empty line. */
export const BLANK: Layout = { kind: "break", isBlank: true };

/** `parts` one after another. */
export function row(...parts: readonly Layout[]): Layout {
  return sequence(parts);
}

/** `parts` one after another; unlike the arguments of `row` they may be any number. */
export function sequence(parts: readonly Layout[]): Layout {
  return { kind: "row", parts, breaks: parts.some(breaks) };
}

/** `of` with its line breaks two columns further right. */
export function indent(...of: readonly Layout[]): Layout {
  const inner = of.length === 1 && of[0] !== undefined ? of[0] : row(...of);
  return { kind: "indent", of: inner, breaks: breaks(inner) };
}

/** `of` on one line if it fits. */
export function group(...of: readonly Layout[]): Layout {
  const inner = of.length === 1 && of[0] !== undefined ? of[0] : row(...of);
  return { kind: "group", of: inner, breaks: breaks(inner) };
}

/** `items` with `separator` between them. */
export function joined(items: readonly Layout[], separator: Layout): Layout {
  return sequence(items.flatMap((item, index) => (index === 0 ? [item] : [separator, item])));
}

/** Whether a layout cannot stand on one line. */
function breaks(layout: Layout): boolean {
  if (typeof layout === "string") {
    return false;
  }
  switch (layout.kind) {
    case "break":
      return true;
    case "line":
      return false;
    case "comment":
      return layout.endsLine || layout.text.includes("\n");
    default:
      return layout.breaks;
  }
}

/** A piece of layout still to be written, and how. */
interface Task {
  readonly layout: Layout;
  readonly margin: number;
  readonly isFlat: boolean;
}

/**
 * Writes a layout in lines of at most `columns`, where that is possible; ends with a line break.
 */
export function write(layout: Layout, columns: number): string {
  const page = newPage();
  const tasks: Task[] = [{ layout, margin: 0, isFlat: false }];
  for (;;) {
    const task = tasks.pop();
    if (task === undefined) {
      return page.finish();
    }
    const { layout: next, margin, isFlat } = task;
    if (typeof next === "string") {
      page.text(next, margin);
      continue;
    }
    switch (next.kind) {
      case "row":
        for (let index = next.parts.length - 1; index >= 0; index -= 1) {
          tasks.push({ ...task, layout: next.parts[index] ?? "" });
        }
        break;
      case "indent":
        tasks.push({ layout: next.of, margin: margin + 2, isFlat });
        break;
      case "group": {
        const inside: Task = { layout: next.of, margin, isFlat: true };
        const room = columns - page.column();
        const isOneLine = isFlat || (!next.breaks && fits(inside, tasks, room));
        tasks.push({ ...inside, isFlat: isOneLine });
        break;
      }
      case "line":
        if (isFlat) {
          page.text(next.flat, margin);
        } else {
          page.newLine(margin);
        }
        break;
      case "break":
        page.newLine(margin);
        if (next.isBlank) {
          page.blankLine();
        }
        break;
      case "comment":
        page.comment(next, margin);
    }
  }
}

/** Whether `first` and what follows it up to the next line break have room in `room` columns. */
function fits(first: Task, rest: readonly Task[], room: number): boolean {
  const tasks: Task[] = [first];
  let left = room;
  let following = rest.length;
  while (left >= 0) {
    if (tasks.length === 0) {
      following -= 1;
    }
    const task = tasks.pop() ?? rest[following];
    if (task === undefined) {
      return true;
    }
    const { layout } = task;
    if (typeof layout === "string") {
      left -= layout.length;
      continue;
    }
    switch (layout.kind) {
      case "row":
        for (let index = layout.parts.length - 1; index >= 0; index -= 1) {
          tasks.push({ ...task, layout: layout.parts[index] ?? "" });
        }
        break;
      case "indent":
      case "group":
        // A group that comes later may still be broken: its first line break counts as one.
        tasks.push({ ...task, layout: layout.of });
        break;
      case "line":
        if (!task.isFlat) {
          return true;
        }
        left -= layout.flat.length;
        break;
      case "break":
        return true;
      case "comment":
        // What follows the code on its line may be as long as it likes.
        if (layout.endsLine || layout.text.includes("\n")) {
          return true;
        }
        left -= layout.text.length + 1;
    }
  }
  return false;
}

/** The lines written so far. */
interface Page {
  /** The column at which the next text starts. */
  column(): number;
  /** `margin` counts only if the text must go to a line of its own. */
  text(text: string, margin: number): void;
  newLine(margin: number): void;
  blankLine(): void;
  comment(comment: LaidComment, margin: number): void;
  finish(): string;
}

function newPage(): Page {
  const lines: string[] = [];
  let line = "";
  /** The indentation of the current line, while nothing stands in it. */
  let indentation = 0;
  /** After a `//` comment: what comes next stands on another line. */
  let mustBreak = false;
  /** The indentation of the comment before it, if that has a line of its own. */
  let commentMargin: number | null = null;
  /** After a block comment: what comes next does not touch it. */
  let needsSpace = false;

  const newLine = (margin: number): void => {
    lines.push(line.trimEnd());
    line = "";
    indentation = margin;
    mustBreak = false;
    commentMargin = null;
    needsSpace = false;
  };

  return {
    column: () => (line === "" ? indentation : line.length + (needsSpace ? 1 : 0)),
    text(text, margin) {
      if (mustBreak) {
        newLine(commentMargin ?? margin);
      }
      const apart = needsSpace && !/^[\s;,)\]]/.test(text) ? ` ${text}` : text;
      const added = line === "" || line.endsWith(" ") ? apart.trimStart() : apart;
      if (added !== "") {
        line = (line === "" ? " ".repeat(indentation) : line) + added;
        needsSpace = false;
      }
    },
    newLine,
    blankLine() {
      if (lines.length > 0 && lines.at(-1) !== "") {
        lines.push("");
      }
    },
    comment(comment, margin) {
      if (mustBreak || (comment.endsLine && comment.ownLine && line !== "")) {
        newLine(commentMargin ?? margin);
      }
      commentMargin = line === "" && comment.endsLine ? indentation : null;
      const isTouching = comment.endsLine ? /\s$/.test(line) : /[\s([]$/.test(line);
      const before = line === "" ? " ".repeat(indentation) : isTouching ? line : `${line} `;
      const [first = "", ...others] = comment.text.split(/\r?\n/);
      line = before + first;
      const isStarred = others.every((other) => /^\s*\*/.test(other));
      for (const other of others) {
        lines.push(line.trimEnd());
        line = isStarred ? `${" ".repeat(margin)} ${other.trim()}` : other;
      }
      mustBreak = comment.endsLine;
      needsSpace = !comment.endsLine;
    },
    finish() {
      newLine(0);
      return `${lines.join("\n").trimEnd()}\n`;
    },
  };
}
