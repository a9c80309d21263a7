// A process that judges mutants, one at a time, as `pool.ts` tells it.
import { judgeMutant, measure } from "./judge.ts";
import type { Answer, Question } from "./pool.ts";
import { freeze } from "./specs.ts";

// Whoever asked is gone.
process.on("disconnect", () => process.exit());
process.on("message", (task: Question) => {
  if (task.kind === "texts") {
    freeze(new Map(task.texts));
    return;
  }
  const answering: Promise<Answer> =
    task.kind === "measure"
      ? measure(task.spec, task.check).then((measured) => ({ kind: "measured", measured }))
      : judgeMutant(task.mutant, task.checks).then((verdict) => ({ kind: "judged", verdict }));
  answering
    .catch((error: unknown): Answer => {
      return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    })
    .then((answer) => process.send?.(answer));
});
