import { unreachable } from "../support/internal-error.ts";
import type { Block, Expression, Statement, ThreadReference, WaitKind } from "./ast.ts";
import type { Emitter } from "./emitter.ts";
import { group, indent, joined, type Layout, LINE, row } from "./layout.ts";
import { beforeBlock, bracketed } from "./print-blocks.ts";
import {
  ANYWHERE,
  AS_SET,
  after,
  declared,
  expression,
  firstName,
  parenthesized,
} from "./print-expressions.ts";
import { typeExpression } from "./print-types.ts";
import { stringLiteral } from "./strings.ts";

/** `{ … }`: on one line where the source has it so and it fits. */
export function block(node: Block, emit: Emitter): Layout {
  return bracketed(node.body, (one) => statement(one, emit), false, emit);
}

/** A statement with its annotations. */
export function statement(node: Statement, emit: Emitter): Layout {
  const doc = emit.doc(node.doc);
  const shell = node.shell === null ? "" : row(shellCommand(node.shell.text, emit), LINE);
  const label = node.label === null ? "" : row(declared(node.label, emit), emit.token(":"), " ");
  return row(doc, shell, label, core(node, emit));
}

/** `@sh("…")`. */
export function shellCommand(text: string, emit: Emitter): Layout {
  const head = row(emit.token("@"), emit.token("sh"), emit.token("("));
  return row(head, emit.token(stringLiteral(text)), emit.token(")"));
}

function core(node: Statement, emit: Emitter): Layout {
  switch (node.kind) {
    case "block":
      return group(block(node, emit));
    case "if":
      return conditional(node, emit);
    case "while": {
      const head = row(emit.token("while"), " ", condition(node.condition, emit), " ");
      return group(head, block(node.body, emit));
    }
    case "loop":
    case "atomic": {
      const word = emit.token(node.kind);
      return group(word, " ", block(node.body, emit));
    }
    case "either": {
      const branches = node.branches.map((branch, index) => {
        const word = emit.token(index === 0 ? "either" : "or");
        return row(word, " ", block(branch, emit));
      });
      return group(joined(branches, " "));
    }
    case "choose":
      return choose(node, emit);
    default:
      return row(simple(node, emit), emit.token(";"));
  }
}

type Kind<K extends Statement["kind"]> = Extract<Statement, { readonly kind: K }>;

function conditional(node: Kind<"if">, emit: Emitter): Layout {
  const parts: Layout[] = [];
  let rest: Statement | null = node;
  while (rest !== null) {
    if (parts.length > 0) {
      parts.push(" ", emit.token("else"), " ");
    }
    if (rest.kind !== "if") {
      parts.push(rest.kind === "block" ? block(rest, emit) : core(rest, emit));
      break;
    }
    parts.push(emit.token("if"), " ", condition(rest.condition, emit), " ");
    parts.push(block(rest.then, emit));
    rest = rest.else;
  }
  return group(...parts);
}

function condition(node: Expression, emit: Emitter): Layout {
  const open = emit.token("(");
  const inner = expression(node, ANYWHERE, emit);
  // Twice, or it would look like the body.
  return row(open, indent(indent(inner)), emit.token(")"));
}

function choose(node: Kind<"choose">, emit: Emitter): Layout {
  const word = row(emit.token("choose"), " ", waitWord(node.wait, emit));
  const name = declared(node.binding.name, emit);
  const over = row(word, name, " ", emit.token("in"), " ");
  const { set } = node.binding;
  if (node.where === null) {
    const from = beforeBlock(set, AS_SET, node.body, emit);
    return group(over, from, " ", block(node.body, emit));
  }
  const from = expression(set, AS_SET, emit);
  const where = row(emit.token("where"), " ");
  const filter = row(where, indent(beforeBlock(node.where, ANYWHERE, node.body, emit)));
  return group(over, from, group(indent(LINE, filter)), " ", block(node.body, emit));
}

/** A statement that ends in `;`, without it. */
function simple(
  node: Exclude<
    Statement,
    { readonly kind: "block" | "if" | "while" | "loop" | "atomic" | "either" | "choose" }
  >,
  emit: Emitter,
): Layout {
  switch (node.kind) {
    case "skip":
    case "break":
    case "continue":
      return emit.token(node.kind);
    case "assign": {
      const target = expression(node.target, ANYWHERE, emit);
      const operator = row(" ", emit.token(node.operator));
      return row(target, operator, after(node.value, expression(node.value, ANYWHERE, emit)));
    }
    case "let": {
      const name = row(emit.token("let"), " ", declared(node.name, emit), " ", emit.token("="));
      return row(name, after(node.value, expression(node.value, ANYWHERE, emit)));
    }
    case "local": {
      const name = row(emit.token("var"), " ", declared(node.name, emit), emit.token(":"), " ");
      const type = typeExpression(node.type, emit);
      const value =
        node.value === null
          ? ""
          : row(" ", emit.token("="), after(node.value, expression(node.value, ANYWHERE, emit)));
      return row(name, type, value);
    }
    case "await": {
      const word = row(emit.token("await"), " ", waitWord(node.wait, emit));
      return row(word, indent(awaited(node.condition, emit)));
    }
    case "assert": {
      const word = row(emit.token("assert"), " ");
      return row(word, indent(expression(node.condition, ANYWHERE, emit)));
    }
    case "call":
      return expression(node.call, ANYWHERE, emit);
    case "return": {
      const word = emit.token("return");
      return node.value === null
        ? word
        : row(word, " ", indent(expression(node.value, ANYWHERE, emit)));
    }
    case "start": {
      const word = emit.token("start");
      return row(word, " ", threadReference(node.thread, emit));
    }
    default:
      return unreachable(node);
  }
}

/** `t` or `t[i]`. */
export function threadReference(node: ThreadReference, emit: Emitter): Layout {
  const name = declared(node.name, emit);
  if (node.index === null) {
    return name;
  }
  const open = emit.token("[");
  return row(name, open, expression(node.index, ANYWHERE, emit), emit.token("]"));
}

function waitWord(wait: WaitKind, emit: Emitter): Layout {
  return wait === "plain" ? "" : row(emit.token(wait), " ");
}

/** After `await` a variable `idle` or `strong` is the qualifier, unless parentheses hide it. */
function awaited(condition: Expression, emit: Emitter): Layout {
  const first = firstName(condition);
  return first === "idle" || first === "strong"
    ? parenthesized(condition, emit)
    : expression(condition, ANYWHERE, emit);
}
