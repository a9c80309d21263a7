import { unreachable } from "../support/internal-error.ts";
import type {
  Binding,
  CheckDeclaration,
  ConstantSetting,
  Declaration,
  DefDeclaration,
  ExpectationClause,
  Expression,
  Import,
  Name,
  Parameter,
  ProcDeclaration,
  ThreadDeclaration,
  TransitionDeclaration,
  VarDeclaration,
} from "./ast.ts";
import type { ModuleHeader } from "./build-declarations.ts";
import type { Emitter } from "./emitter.ts";
import { group, indent, joined, type Layout, LINE, row, SOFT } from "./layout.ts";
import { beforeBlock } from "./print-blocks.ts";
import { ANYWHERE, after, binding, declared, expression } from "./print-expressions.ts";
import { formula } from "./print-formulas.ts";
import { block, shellCommand, threadReference } from "./print-statements.ts";
import { typeExpression } from "./print-types.ts";
import { stringLiteral } from "./strings.ts";

/** One item of a file, from its doc to its `;` or `}`. */
export function item(node: ModuleHeader | Import | Declaration, emit: Emitter): Layout {
  switch (node.kind) {
    case "header": {
      const doc = emit.doc(node.doc);
      const word = emit.token("module");
      return row(doc, word, " ", declared(node.name, emit), emit.token(";"));
    }
    case "import": {
      const word = emit.token("import");
      const target =
        node.target.kind === "library"
          ? declared(node.target.name, emit)
          : emit.token(stringLiteral(node.target.path));
      return row(word, " ", target, emit.token(";"));
    }
    case "thread":
    case "transition":
    case "check":
      return runnable(node, emit);
    case "proc":
      return proc(node, emit);
    default:
      return row(emit.doc(node.doc), simple(node, emit), emit.token(";"));
  }
}

type Simple = Exclude<Declaration, { readonly kind: "thread" | "transition" | "check" | "proc" }>;

function simple(node: Simple, emit: Emitter): Layout {
  switch (node.kind) {
    case "const": {
      const type = row(head(node.kind, node.name, emit), typeExpression(node.type, emit));
      return row(type, defined(node.value, emit));
    }
    case "assume": {
      const word = emit.token(node.kind);
      return row(word, " ", indent(expression(node.condition, ANYWHERE, emit)));
    }
    case "type": {
      const word = row(emit.token(node.kind), " ", declared(node.name, emit), " ");
      return row(word, emit.token("="), " ", typeExpression(node.definition, emit));
    }
    case "var":
      return variable(node, emit);
    case "def":
      return def(node, emit);
    case "invariant":
    case "step":
    case "reachable":
    case "recoverable": {
      const word = row(emit.token(node.kind), " ", declared(node.name, emit), emit.token(":"));
      return row(word, after(node.condition, expression(node.condition, ANYWHERE, emit)));
    }
    case "property": {
      const word = row(emit.token(node.kind), " ", declared(node.name, emit), emit.token(":"));
      return row(word, group(indent(LINE, formula(node.formula, ANYWHERE, emit))));
    }
    case "final": {
      const word = row(emit.token(node.kind), emit.token(":"));
      return row(word, after(node.condition, expression(node.condition, ANYWHERE, emit)));
    }
    case "constraint": {
      const word = emit.token(node.kind);
      return row(word, " ", indent(expression(node.condition, ANYWHERE, emit)));
    }
    case "fairness": {
      const word = row(emit.token(node.kind), " ", emit.token(node.strength));
      return row(
        word,
        parenthesizedList(node.names, (name) => declared(name, emit), emit),
      );
    }
    default:
      return unreachable(node);
  }
}

/** `word name: `. */
function head(word: string, name: Name, emit: Emitter): Layout {
  return row(emit.token(word), " ", declared(name, emit), emit.token(":"), " ");
}

function variable(node: VarDeclaration, emit: Emitter): Layout {
  const type = row(head(node.kind, node.name, emit), typeExpression(node.type, emit));
  switch (node.initial.kind) {
    case "first":
      return type;
    case "one": {
      const equals = row(" ", emit.token("="));
      return row(
        type,
        equals,
        after(node.initial.value, expression(node.initial.value, ANYWHERE, emit)),
      );
    }
    case "any": {
      const word = row(" ", emit.token("in"));
      return row(type, word, after(node.initial.set, expression(node.initial.set, ANYWHERE, emit)));
    }
    default:
      return unreachable(node.initial);
  }
}

function def(node: DefDeclaration, emit: Emitter): Layout {
  const name = row(emit.token(node.kind), " ", declared(node.name, emit));
  const generic = typeParameters(node.typeParameters, emit);
  const list =
    node.parameters === null
      ? ""
      : parenthesizedList(node.parameters, (one) => parameter(one, emit), emit);
  const result = row(emit.token(":"), " ", typeExpression(node.result, emit));
  return row(name, generic, list, result, defined(node.body, emit));
}

/** ` = value`; nothing for a prototype. */
function defined(value: Expression | null, emit: Emitter): Layout {
  if (value === null) {
    return "";
  }
  const equals = row(" ", emit.token("="));
  return row(equals, after(value, expression(value, ANYWHERE, emit)));
}

function proc(node: ProcDeclaration, emit: Emitter): Layout {
  const doc = emit.doc(node.doc);
  const name = row(emit.token(node.kind), " ", declared(node.name, emit));
  const generic = typeParameters(node.typeParameters, emit);
  const list = parenthesizedList(node.parameters, (one) => parameter(one, emit), emit);
  const result =
    node.result === null
      ? ""
      : row(emit.token(":"), " ", typeExpression(node.result, emit, node.body));
  const body = node.body === null ? emit.token(";") : row(" ", block(node.body, emit));
  return row(doc, group(name, generic, list, result, body));
}

function typeParameters(names: readonly Name[], emit: Emitter): Layout {
  if (names.length === 0) {
    return "";
  }
  const open = emit.token("<");
  return row(
    open,
    commas(names, (name) => declared(name, emit), " ", emit),
    emit.token(">"),
  );
}

function parameter(node: Parameter, emit: Emitter): Layout {
  const name = row(declared(node.name, emit), emit.token(":"), " ");
  const reference = node.byReference ? row(emit.token("ref"), " ") : "";
  return row(name, reference, typeExpression(node.type, emit));
}

function runnable(
  node: ThreadDeclaration | TransitionDeclaration | CheckDeclaration,
  emit: Emitter,
): Layout {
  const doc = emit.doc(node.doc);
  const shell = node.shell === null ? "" : row(shellCommand(node.shell.text, emit), LINE);
  switch (node.kind) {
    case "thread":
      return row(doc, shell, thread(node, emit));
    case "transition":
      return row(doc, shell, transition(node, emit));
    case "check":
      return row(doc, shell, check(node, emit), emit.token(";"));
    default:
      return unreachable(node);
  }
}

function thread(node: ThreadDeclaration, emit: Emitter): Layout {
  const words = [...node.qualifiers, node.kind].map((word) => row(emit.token(word), " "));
  const name = declared(node.name, emit);
  const index = node.index === null ? "" : indexed(node.index, emit);
  return group(...words, name, index, " ", block(node.body, emit));
}

function indexed(node: Binding, emit: Emitter): Layout {
  return row(emit.token("["), binding(node, emit), emit.token("]"));
}

function transition(node: TransitionDeclaration, emit: Emitter): Layout {
  const words = [...node.qualifiers, node.kind].map((word) => row(emit.token(word), " "));
  const name = declared(node.name, emit);
  const choices =
    node.parameters.length === 0
      ? ""
      : parenthesizedList(node.parameters, (one) => binding(one, emit), emit);
  const when =
    node.when === null
      ? ""
      : row(emit.token("when"), " ", indent(beforeBlock(node.when, ANYWHERE, node.body, emit)));
  const condition = when === "" ? "" : group(indent(LINE, when));
  return group(...words, name, choices, condition, " ", block(node.body, emit));
}

function check(node: CheckDeclaration, emit: Emitter): Layout {
  const name = row(emit.token(node.kind), " ", declared(node.name, emit));
  const settings =
    node.constants.length === 0
      ? ""
      : clause("with", node.constants, (one) => setting(one, emit), emit);
  const expectations =
    node.expectations.length === 0
      ? ""
      : clause("expect", node.expectations, (one) => expectation(one, emit), emit);
  const states =
    node.states === null ? "" : row(" ", emit.token("states"), " ", emit.token(node.states.raw));
  return row(name, settings, expectations, states);
}

/** ` word a, b, c`, on a line of its own if it does not fit on the last one. */
function clause<T>(
  word: string,
  elements: readonly T[],
  print: (element: T) => Layout,
  emit: Emitter,
): Layout {
  const first = row(emit.token(word), " ");
  const rest = group(indent(commas(elements, print, LINE, emit)));
  return group(indent(LINE, first, rest));
}

function setting(node: ConstantSetting, emit: Emitter): Layout {
  const name = row(declared(node.name, emit), " ", emit.token("="), " ");
  return row(name, expression(node.value, ANYWHERE, emit));
}

function expectation(node: ExpectationClause, emit: Emitter): Layout {
  const word = emit.token(node.kind);
  switch (node.kind) {
    case "deadlock":
    case "hung":
      return node.threads === null
        ? word
        : row(
            word,
            parenthesizedList(node.threads, (one) => threadReference(one, emit), emit),
          );
    case "violation":
      return row(word, emit.token("("), declared(node.name, emit), emit.token(")"));
    default:
      return word;
  }
}

function parenthesizedList<T>(
  elements: readonly T[],
  print: (element: T) => Layout,
  emit: Emitter,
): Layout {
  const open = emit.token("(");
  if (elements.length === 0) {
    return row(open, emit.token(")"));
  }
  const inner = commas(elements, print, LINE, emit);
  return group(open, indent(SOFT, inner), SOFT, emit.token(")"));
}

function commas<T>(
  elements: readonly T[],
  print: (element: T) => Layout,
  separator: Layout,
  emit: Emitter,
): Layout {
  const parts = elements.map((element, index) => {
    const laid = print(element);
    return index === elements.length - 1 ? laid : row(laid, emit.token(","));
  });
  return joined(parts, separator);
}
