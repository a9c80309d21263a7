import type { ActionDict, Node as Parsed } from "ohm-js";
import type {
  AssignOperator,
  Block,
  Expression,
  Name,
  ShellCommand,
  Statement,
  WaitKind,
} from "./ast.ts";
import { withParts } from "./build-expressions.ts";
import { expressionAsStatement } from "./problems.ts";
import {
  docOf,
  nameOf,
  optional,
  placed,
  type Reading,
  readingOf,
  spanOf,
  tree,
  trees,
} from "./reading.ts";

/** The actions of the rules for statements. */
export const STATEMENT_ACTIONS: ActionDict<unknown> = {
  Block(_open, statements, _close): Block {
    const reading = readingOf(this);
    return { ...bare(this, reading), kind: "block", body: trees<Statement>(statements, reading) };
  },
  Statement(shell, label, plain): Statement {
    const reading = readingOf(this);
    return {
      ...tree<Statement>(plain, reading),
      doc: docOf(this, plain, reading),
      shell: optional<ShellCommand>(shell, reading),
      label: optional<Name>(label, reading),
    };
  },
  StatementLabel(name, _colon): Name {
    return nameOf(name, readingOf(this));
  },

  If(first, condition, then, elseIfs, last): Statement {
    const reading = readingOf(this);
    const end = spanOf(this.source, reading).end;
    const tail = elseIfs.children.reduceRight(
      (later: Statement | null, node): Statement => {
        const { start, ...clause } = tree<ElseIf>(node, reading);
        const span = { file: reading.file, start, end };
        return { ...BARE, span, kind: "if", ...clause, else: later };
      },
      optional<Block>(last, reading),
    );
    return {
      ...BARE,
      span: { file: reading.file, start: spanOf(first.source, reading).start, end },
      kind: "if",
      condition: tree(condition, reading),
      then: tree(then, reading),
      else: tail,
    };
  },
  Condition(_open, condition, _close): Expression {
    return tree(condition, readingOf(this));
  },
  ElseIf(_else, second, condition, then): ElseIf {
    const reading = readingOf(this);
    return {
      start: spanOf(second.source, reading).start,
      condition: tree(condition, reading),
      then: tree(then, reading),
    };
  },
  Else(_else, block): Block {
    return tree(block, readingOf(this));
  },
  While(_while, condition, body): Statement {
    const reading = readingOf(this);
    return {
      ...bare(this, reading),
      kind: "while",
      condition: tree(condition, reading),
      body: tree(body, reading),
    };
  },
  Loop(_loop, body): Statement {
    const reading = readingOf(this);
    return { ...bare(this, reading), kind: "loop", body: tree(body, reading) };
  },
  Either(_either, first, _or, rest): Statement {
    const reading = readingOf(this);
    const branches = [first, ...rest.children].map((node) => tree<Block>(node, reading));
    return { ...bare(this, reading), kind: "either", branches };
  },
  Choose(_choose, wait, binding, where, body): Statement {
    const reading = readingOf(this);
    return {
      ...bare(this, reading),
      kind: "choose",
      wait: waitKind(wait),
      binding: tree(binding, reading),
      where: optional(where, reading),
      body: tree(body, reading),
    };
  },
  Atomic(_atomic, body): Statement {
    const reading = readingOf(this);
    return { ...bare(this, reading), kind: "atomic", body: tree(body, reading) };
  },
  Await(_await, wait, condition, _semicolon): Statement {
    const reading = readingOf(this);
    return {
      ...bare(this, reading),
      kind: "await",
      wait: waitKind(wait),
      condition: tree(condition, reading),
    };
  },
  Assert(_assert, condition, _semicolon): Statement {
    const reading = readingOf(this);
    return { ...bare(this, reading), kind: "assert", condition: tree(condition, reading) };
  },
  LetStatement(_let, name, _equals, value, _semicolon): Statement {
    const reading = readingOf(this);
    return {
      ...bare(this, reading),
      kind: "let",
      name: nameOf(name, reading),
      value: tree(value, reading),
    };
  },
  Local(_var, name, _colon, type, value, _semicolon): Statement {
    const reading = readingOf(this);
    return {
      ...bare(this, reading),
      kind: "local",
      name: nameOf(name, reading),
      type: tree(type, reading),
      value: optional(value, reading),
    };
  },
  Value(_equals, value): Expression {
    return tree(value, readingOf(this));
  },
  Return(_return, value, _semicolon): Statement {
    const reading = readingOf(this);
    return { ...bare(this, reading), kind: "return", value: optional(value, reading) };
  },
  Break(_break, _semicolon): Statement {
    return { ...bare(this, readingOf(this)), kind: "break" };
  },
  Continue(_continue, _semicolon): Statement {
    return { ...bare(this, readingOf(this)), kind: "continue" };
  },
  Skip(_skip, _semicolon): Statement {
    return { ...bare(this, readingOf(this)), kind: "skip" };
  },
  Start(_start, thread, _semicolon): Statement {
    const reading = readingOf(this);
    return { ...bare(this, reading), kind: "start", thread: tree(thread, reading) };
  },
  Assign(target, operator, value, _semicolon): Statement {
    const reading = readingOf(this);
    return {
      ...bare(this, reading),
      kind: "assign",
      target: tree(target, reading),
      operator: operator.sourceString as AssignOperator,
      value: tree(value, reading),
    };
  },
  CallStatement(target, _semicolon): Statement {
    const reading = readingOf(this);
    const call = tree<Expression>(target, reading);
    if (call.kind === "call") {
      return { ...bare(this, reading), kind: "call", call };
    }
    reading.problems.push(expressionAsStatement(call.span));
    return { ...bare(this, reading), kind: "skip" };
  },

  Target(head, _starts, parts): Expression {
    const reading = readingOf(this);
    return withParts(placed<Expression>(head, reading), parts, reading);
  },
};

/** `else if (condition) then`, from its `if` on. */
interface ElseIf {
  readonly start: number;
  readonly condition: Expression;
  readonly then: Block;
}

/** What `Statement` adds later, where there is anything to add. */
const BARE = { doc: null, shell: null, label: null } as const;

function bare(
  node: Parsed,
  reading: Reading,
): typeof BARE & { readonly span: ReturnType<typeof spanOf> } {
  return { ...BARE, span: spanOf(node.source, reading) };
}

function waitKind(wait: Parsed): WaitKind {
  return (wait.children[0]?.sourceString as WaitKind | undefined) ?? "plain";
}
