import type { Program } from "../core/program.ts";
import type { Block, Statement } from "../core/statements.ts";
import { blocksIn, callIn } from "../core/walk.ts";
import type { Diagnostic, Sources } from "../diagnostics/diagnostic.ts";
import type { Coverage, CoverageCounts, StatementCoverage } from "../outcome/outcome.ts";
import { statementsAtStart } from "../reference/coverage.ts";
import { statementLine } from "../reference/source-text.ts";
import { present } from "../support/internal-error.ts";
import {
  procNeverCalled,
  statementNeverExecuted,
  threadNeverStarted,
  transitionNeverTaken,
} from "./problems.ts";

/** What a search executed, for people. */
export interface Covered {
  readonly coverage: Coverage;
  /**
   * Code of the spec's own file that was never executed, in the order of the text: of what is never
   * executed together, the first and outermost. What is imported serves other specs as well.
   */
  readonly warnings: readonly Diagnostic[];
}

/** The counts of a search as what they are counts of; the warnings hold for a complete search. */
export function covered(program: Program, counts: CoverageCounts, sources: Sources): Covered {
  const executions: Executions = {
    counts: counts.statements,
    atStart: statementsAtStart(program),
  };
  const codes = codesOf(program, counts, executions);
  const reached = reachedFrom(program, executions);
  return {
    coverage: {
      transitions: codes.flatMap(({ owner: { kind, name, span }, taken }) =>
        kind === "transition" ? [{ name, span, taken }] : [],
      ),
      statements: codes.flatMap(({ owner, body }) => flat(owner, body, 0, sources)),
    },
    warnings: codes
      .filter(({ owner }) => owner.span.file === program.file)
      .flatMap((code) => warningsOf(code, reached)),
  };
}

/** What was executed, by `Statement.id`. */
interface Executions {
  readonly counts: ReadonlyMap<number, number>;
  readonly atStart: ReadonlySet<number>;
}

/** The code of one declaration, with what was counted. */
interface Code {
  readonly owner: StatementCoverage["owner"];
  /** Into the list of `Program` for its kind; several for a generic proc. */
  readonly indices: readonly number[];
  /** Of a transition its ways; else 0. */
  readonly taken: number;
  readonly body: readonly Counted[];
}

/** A statement; of a generic proc it stands for those of all instances. */
interface Counted {
  readonly statement: Statement;
  readonly taken: number;
  readonly atStart: boolean;
  readonly blocks: readonly (readonly Counted[])[];
}

/** Imported modules first, then the file, each in the order of its text. */
function codesOf(
  program: Program,
  counts: CoverageCounts,
  executions: Executions,
): readonly Code[] {
  const all = [
    ...declared("proc", program.procs, executions),
    ...declared("thread", program.threads, executions),
    ...declared("transition", program.transitions, executions).map((code) => ({
      ...code,
      taken: sum(code.indices.map((index) => present(counts.transitions[index], "a count"))),
    })),
  ];
  const files = [...new Set(all.map(({ owner }) => owner.span.file))];
  const rank = ({ owner: { span } }: Code): number =>
    span.file === program.file ? files.length : files.indexOf(span.file);
  return all.sort((a, b) => rank(a) - rank(b) || a.owner.span.start - b.owner.span.start);
}

function declared(
  kind: Code["owner"]["kind"],
  list: Program["procs" | "threads" | "transitions"],
  executions: Executions,
): readonly Code[] {
  const places = list.map(({ span }) => `${span.file} ${span.start}`);
  return list.flatMap(({ name, span }, first): Code[] => {
    const indices = [...list.keys()].filter((index) => places[index] === places[first]);
    const blocks = indices.map((index) => present(list[index], "a declaration").body.block);
    const owner = { kind, name, span };
    return indices[0] === first
      ? [{ owner, indices, taken: 0, body: counted(blocks, executions) }]
      : [];
  });
}

/** `blocks` are instances of one text, so their statements correspond. */
function counted(blocks: readonly Block[], executions: Executions): readonly Counted[] {
  const [block] = blocks;
  return (block?.statements ?? []).map((statement, position) => {
    const same = blocks.flatMap(({ statements }) => statements[position] ?? []);
    return {
      statement,
      taken: sum(same.map(({ id }) => executions.counts.get(id) ?? 0)),
      atStart: same.some(({ id }) => executions.atStart.has(id)),
      blocks: blocksIn(statement).map((_, inner) =>
        counted(
          same.flatMap((one) => blocksIn(one)[inner] ?? []),
          executions,
        ),
      ),
    };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function flat(
  owner: Code["owner"],
  statements: readonly Counted[],
  nesting: number,
  sources: Sources,
): readonly StatementCoverage[] {
  return statements.flatMap(({ statement, taken, atStart, blocks }) => {
    const { kind, span } = statement;
    const text = headLine(sources, statement);
    return [
      { owner, kind, span, text, nesting, taken, atStart },
      ...blocks.flatMap((block) => flat(owner, block, nesting + 1, sources)),
    ];
  });
}

/** What is inside a statement has lines of its own. */
function headLine(sources: Sources, statement: Statement): string {
  switch (statement.kind) {
    case "either":
    case "atomic":
      return statement.kind;
    case "block":
      return "{ }";
    default:
      return statementLine(sources, statement);
  }
}

/** The procs and threads that some statement called or started; those that run from the start too. */
interface Reached {
  readonly procs: ReadonlySet<number>;
  readonly threads: ReadonlySet<number>;
}

function reachedFrom(program: Program, { counts, atStart }: Executions): Reached {
  const executed = [...program.procs, ...program.threads, ...program.transitions]
    .flatMap(({ body }) => statementsIn(body.block))
    .filter(({ id }) => (counts.get(id) ?? 0) > 0 || atStart.has(id));
  const started = executed.flatMap((one) => (one.kind === "start" ? [one.thread] : []));
  const running = program.instances.flatMap(({ thread }) =>
    program.threads[thread]?.dormant === true ? [] : [thread],
  );
  return {
    procs: new Set(executed.flatMap((one) => callIn(one)?.proc ?? [])),
    threads: new Set([...started, ...running]),
  };
}

function statementsIn(block: Block): readonly Statement[] {
  return block.statements.flatMap((one) => [one, ...blocksIn(one).flatMap(statementsIn)]);
}

function warningsOf(
  { owner, indices, taken, body }: Code,
  reached: Reached,
): readonly Diagnostic[] {
  const { kind, name, span } = owner;
  // Whether a proc was called its body does not tell: a thread may wait for ever at its beginning.
  if (kind === "proc" && !indices.some((index) => reached.procs.has(index))) {
    return [procNeverCalled(span, name)];
  }
  if (kind === "thread" && !indices.some((index) => reached.threads.has(index))) {
    return [threadNeverStarted(span, name)];
  }
  if (kind === "transition" && taken === 0) {
    return [transitionNeverTaken(span, name)];
  }
  return unexecuted(body).map(({ statement }) => statementNeverExecuted(statement.span));
}

/** The first of each block that is never executed: those behind and inside it can't be either. */
function unexecuted(statements: readonly Counted[]): readonly Counted[] {
  const first = statements.findIndex(({ taken, atStart }) => taken === 0 && !atStart);
  const executed = first < 0 ? statements : statements.slice(0, first);
  return [
    ...executed.flatMap(({ blocks }) => blocks.flatMap(unexecuted)),
    ...statements.slice(executed.length, executed.length + 1),
  ];
}
