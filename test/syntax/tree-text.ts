import type { Expression, Formula } from "../../src/syntax/ast.ts";
import { parse, parseExpression } from "../../src/syntax/parse.ts";

/** A tree without its spans, for comparison. */
export function withoutSpans(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === "span" ? undefined : value)));
}

/** How the operators of `text` group: every operation in parentheses. */
export function grouping(text: string): string {
  const parsed = parseExpression("<test>", text);
  return parsed.ok ? shown(parsed.value) : parsed.diagnostics.map((one) => one.code).join(" ");
}

/** How the connectives of a property group; leaves in square brackets. */
export function formulaGrouping(text: string): string {
  const parsed = parse("<test>", `module m;\nproperty p: ${text};\n`);
  const [property] = parsed.ok ? parsed.value.declarations : [];
  return property?.kind === "property"
    ? shownFormula(property.formula)
    : parsed.diagnostics.map((one) => one.code).join(" ");
}

/** The codes of what is wrong with `text`, in their order. */
export function codes(text: string): readonly string[] {
  return parse("<test>", text).diagnostics.map((one) => one.code);
}

function shown(node: Expression): string {
  switch (node.kind) {
    case "name":
      return node.name.text;
    case "integer":
      return node.raw;
    case "boolean":
      return String(node.value);
    case "unary":
      return `(${node.operator}${shown(node.operand)})`;
    case "binary":
      return `(${shown(node.left)} ${node.operator} ${shown(node.right)})`;
    case "conditional":
      return `(${shown(node.condition)} ? ${shown(node.then)} : ${shown(node.else)})`;
    case "field":
      return `(${shown(node.of)}.${node.name.text})`;
    case "index":
      return `(${shown(node.of)}[${shown(node.index)}])`;
    case "prime":
      return `(${node.name.text}')`;
    case "at":
      return `(${shown(node.of)}@${node.place.text}${node.label ? `.${node.label.text}` : ""})`;
    case "call":
      return `${node.name.text}(${node.arguments.map(shown).join(", ")})`;
    case "quantifier": {
      const { name, set } = node.binding;
      return `(${node.quantifier} ${name.text} in ${shown(set)}: ${shown(node.body)})`;
    }
    case "let":
      return `(let ${node.name.text} = ${shown(node.value)}: ${shown(node.body)})`;
    case "set":
      return `{${node.elements.map(shown).join(", ")}}`;
    default:
      return node.kind;
  }
}

function shownFormula(node: Formula): string {
  switch (node.kind) {
    case "predicate":
      return `[${shown(node.expression)}]`;
    case "connective":
      return `(${shownFormula(node.left)} ${node.operator} ${shownFormula(node.right)})`;
    case "quantified":
      return `(${node.quantifier} ${node.binding.name.text}: ${shownFormula(node.body)})`;
    default:
      return `(${node.kind} ${shownFormula(node.of)})`;
  }
}
