import type { SpecOutcome } from "../outcome/outcome.ts";
import { type DiagramEdge, type WaitDiagram, waitDiagrams } from "./wait-diagram.ts";

const NOTHING = "no deadlock or hang of threads";

/** Who waits for whom as a graph in the language of Graphviz, a cluster for each deadlock or hang. */
export function dotText(specs: readonly SpecOutcome[]): string {
  const diagrams = waitDiagrams(specs);
  const lines = [
    "// mdcheck: who waits for whom; what is thick closes a cycle",
    "digraph mdcheck {",
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled", fillcolor=white, fontname=monospace, fontsize=11];',
    "  edge [fontname=monospace, fontsize=10];",
    ...(diagrams.length === 0 ? [`  label=${dotString([NOTHING])};`] : []),
    ...diagrams.flatMap(cluster),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

const DOT_LOOKS = {
  hung: ', fillcolor="#fbe3e4"',
  other: "",
  nobody: ', style="rounded,dashed"',
} as const;

function cluster({ title, nodes, edges }: WaitDiagram, index: number): readonly string[] {
  const name = (node: number): string => `"${index}.${node}"`;
  const edge = ({ from, to, lines, isOnCycle }: DiagramEdge): string => {
    const look =
      nodes[to]?.look === "nobody" ? ", style=dashed" : isOnCycle ? ", penwidth=2.5" : "";
    return `    ${name(from)} -> ${name(to)} [label=${dotString(lines)}${look}];`;
  };
  return [
    `  subgraph "cluster_${index}" {`,
    `    label=${dotString(title)};`,
    ...nodes.map(
      ({ lines, look }, node) => `    ${name(node)} [label=${dotString(lines)}${DOT_LOOKS[look]}];`,
    ),
    ...edges.map(edge),
    "  }",
  ];
}

function dotString(lines: readonly string[]): string {
  return `"${lines.map((line) => line.replace(/[\\"]/g, "\\$&")).join("\\n")}"`;
}

/** The same as a flowchart of Mermaid, a subgraph for each deadlock or hang. */
export function mermaidText(specs: readonly SpecOutcome[]): string {
  const diagrams = waitDiagrams(specs);
  const lines = [
    "%% mdcheck: who waits for whom; what is thick closes a cycle",
    "flowchart LR",
    ...(diagrams.length === 0 ? [`  nothing[${mermaidString([NOTHING])}]`] : []),
    ...diagrams.flatMap(subgraph),
    ...(diagrams.length === 0
      ? []
      : [
          "  classDef hung fill:#fbe3e4,stroke:#b3261e,color:#000",
          "  classDef nobody stroke-dasharray:4 4",
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

function subgraph({ title, nodes, edges }: WaitDiagram, index: number): readonly string[] {
  const name = (node: number): string => `h${index}n${node}`;
  const edge = ({ from, to, lines, isOnCycle }: DiagramEdge): string => {
    const arrow = nodes[to]?.look === "nobody" ? "-.->" : isOnCycle ? "==>" : "-->";
    return `    ${name(from)} ${arrow}|${mermaidString(lines)}| ${name(to)}`;
  };
  return [
    `  subgraph h${index}[${mermaidString(title)}]`,
    ...nodes.map(({ lines, look }, node) => {
      const className = look === "other" ? "" : `:::${look}`;
      return `    ${name(node)}[${mermaidString(lines)}]${className}`;
    }),
    ...edges.map(edge),
    "  end",
  ];
}

/** Everything that Mermaid or HTML could take for its own becomes a number. */
function mermaidString(lines: readonly string[]): string {
  const quoted = lines.map((line) =>
    line.replace(/[^\p{L}\p{N} .,:=()[\]/_+\-*→…]/gu, (one) => `#${one.codePointAt(0)};`),
  );
  return `"${quoted.join("<br/>")}"`;
}
