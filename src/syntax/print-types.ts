import { unreachable } from "../support/internal-error.ts";
import type { Block, Expression, Name, TypeExpression } from "./ast.ts";
import type { Emitter } from "./emitter.ts";
import { BREAK, group, indent, joined, type Layout, LINE, row } from "./layout.ts";
import { bracketed, looksLikeFields } from "./print-blocks.ts";
import { AS_BOUND, declared, expression, firstName, parenthesized } from "./print-expressions.ts";

/** A type; `body` is the block that follows directly, if one does. */
export function typeExpression(
  node: TypeExpression,
  emit: Emitter,
  body: Block | null = null,
): Layout {
  switch (node.kind) {
    case "boolType":
      return emit.token("bool");
    case "threadType":
      return emit.token("Thread");
    case "namedType":
      return declared(node.name, emit);
    case "rangeType": {
      const low = lowBound(node.low, emit);
      const dots = emit.token("..");
      const isFields = body !== null && looksLikeFields(body);
      const high = isFields
        ? parenthesized(node.high, emit)
        : expression(node.high, AS_BOUND, emit);
      return row(low, dots, high);
    }
    case "enumType":
      return members(node.members, emit);
    case "symmetricType": {
      const word = emit.token("symmetric");
      return row(word, " ", typeExpression(node.of, emit, body));
    }
    case "optionType":
      return row(typeExpression(node.of, emit), emit.token("?"));
    case "setType": {
      const open = row(emit.token("set"), emit.token("<"));
      return row(open, typeExpression(node.of, emit), emit.token(">"));
    }
    case "mapType": {
      const open = row(emit.token("map"), emit.token("<"));
      const key = row(typeExpression(node.key, emit), emit.token(","), " ");
      return row(open, key, typeExpression(node.value, emit), emit.token(">"));
    }
    case "seqType": {
      const open = row(emit.token("seq"), emit.token("<"));
      const of = row(typeExpression(node.of, emit), emit.token(","), " ");
      return row(open, of, expression(node.length, AS_BOUND, emit), emit.token(">"));
    }
    case "structType": {
      const word = row(emit.token("struct"), " ");
      const fields = bracketed(
        node.fields,
        (field) => {
          const doc = emit.doc(field.doc);
          const name = row(declared(field.name, emit), emit.token(":"), " ");
          return row(doc, name, typeExpression(field.type, emit), emit.token(";"));
        },
        true,
        emit,
      );
      return group(word, fields);
    }
    default:
      return unreachable(node);
  }
}

/** At the beginning of a type `bool` and `symmetric` are taken for the whole type or its prefix. */
function lowBound(low: Expression, emit: Emitter): Layout {
  const first = firstName(low);
  return first === "bool" || first === "symmetric"
    ? parenthesized(low, emit)
    : expression(low, AS_BOUND, emit);
}

/** The members of an enum: one a line if the source has it so or they need more than one line. */
function members(names: readonly Name[], emit: Emitter): Layout {
  const open = row(emit.token("enum"), " ", emit.token("{"));
  const start = emit.isFlat(true) ? LINE : BREAK;
  const list = names.map((name, index) =>
    row(declared(name, emit), index === names.length - 1 ? "" : emit.token(",")),
  );
  return group(open, indent(start, joined(list, LINE)), LINE, emit.token("}"));
}
