import type { Span } from "../diagnostics/diagnostic.ts";
import type { Context, UnderWay } from "./context.ts";
import { CHAIN_MAX, DEPTH_UNDER_WAY_MAX } from "./limits.ts";
import { constantCycle } from "./problems-constants.ts";
import { chainTooLong } from "./problems-limits.ts";
import { recursion, typeContainsItself } from "./problems-names.ts";

/**
 * Elaborates a declaration because the text at `span` needs it; null, with a report, when it is
 * under way already: then it needs itself.
 */
export function enter<T>(context: Context, item: UnderWay, span: Span, work: () => T): T | null {
  const { underWay } = context;
  const from = underWay.findIndex((one) => one.name === item.name && one.kind === item.kind);
  if (from >= 0) {
    reportCycle(context, underWay.slice(from), span);
    return null;
  }
  if (underWay.length >= CHAIN_MAX || context.depth.now > DEPTH_UNDER_WAY_MAX) {
    context.report(chainTooLong(span));
    return null;
  }
  underWay.push(item);
  const result = work();
  underWay.pop();
  return result;
}

/**
 * Whether a def or proc that is called at `span` is under way, which is reported: for generic ones,
 * whose types may not be known there.
 */
export function isRecursive(
  context: Context,
  kind: "def" | "proc",
  name: string,
  span: Span,
): boolean {
  const from = context.underWay.findIndex((one) => one.name === name && one.kind === kind);
  if (from >= 0) {
    reportCycle(context, context.underWay.slice(from), span);
  }
  return from >= 0;
}

function reportCycle(context: Context, cycle: readonly UnderWay[], span: Span): void {
  const [first] = cycle;
  if (cycle.every((one) => one.kind === "def" || one.kind === "proc")) {
    context.report(recursion(span, cycle));
  } else if (first !== undefined && cycle.every((one) => one.kind === "type")) {
    context.report(typeContainsItself(span, first.name));
  } else {
    context.report(
      constantCycle(
        span,
        cycle.map((one) => one.name),
      ),
    );
  }
}
