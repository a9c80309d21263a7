import type { Expression } from "../core/expressions.ts";
import type { Program } from "../core/program.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { constantContext, evaluate } from "../values/evaluate.ts";
import type { Value } from "../values/value.ts";

/** The value of a folded expression: the value of a constant of `program`. */
export function literalValue(literal: Expression, program: Program): Value {
  const notFolded = (): never => {
    throw new InternalError("a constant is not folded");
  };
  return evaluate(
    literal,
    constantContext({
      threads: program.instances.map((instance) => instance.name),
      constant: (index) =>
        literalValue(present(program.constants[index], "constant").value, program),
      def: notFolded,
      threadElement: notFolded,
    }),
  );
}
