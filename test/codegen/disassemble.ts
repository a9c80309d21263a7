import readWabt from "wabt";

/** A disassembler that is not ours. */
const WABT = await readWabt();

/** What modules of ours use beyond the first version of WebAssembly. */
const FEATURES = { threads: true, bulk_memory: true };

/** The text of a module, unfolded; throws where the module is not valid. */
export function disassemble(bytes: Uint8Array): string {
  const module = WABT.readWasm(bytes, FEATURES);
  try {
    // It takes them as well; its type does not say so.
    (module as { validate(features: typeof FEATURES): void }).validate(FEATURES);
    return module.toText({ foldExprs: false, inlineExport: true });
  } finally {
    module.destroy();
  }
}

/** One function of a text. */
export interface FunctionText {
  /** `(func (;0;) …)` with what it takes and gives. */
  readonly head: string;
  /** Types of its locals, one after the other; empty without any. */
  readonly locals: string;
  /** Instructions one below the other, indented as blocks are nested. */
  readonly body: readonly string[];
}

/** The functions that a text defines, in their order. */
export function functionsIn(text: string): readonly FunctionText[] {
  return text.split(/^ {2}(?=\(func )/m).flatMap((part): FunctionText[] => {
    if (!part.startsWith("(func ")) {
      return [];
    }
    const [head = "", ...rows] =
      part
        .split(/^ {2}\(/m)[0]
        ?.trimEnd()
        .split("\n") ?? [];
    const inside = rows.map((row) => row.slice(4));
    // The last bracket of all belongs to the function, and in the last one another to the module.
    const last = inside.length - 1;
    const body = inside.map((row, index) => (index === last ? row.replace(/\)+$/, "") : row));
    const locals = body[0]?.startsWith("(local ") ? (body.shift() ?? "") : "";
    return [{ head, locals: locals.replace(/^\(local |\)$/g, ""), body }];
  });
}

/** Instructions without what the disassembler says about labels. */
export function instructions({ body }: FunctionText): readonly string[] {
  return body.map((row) => row.replace(/ *(;; label = @\d+|\(;@\d+;\))/g, "").trim());
}
