import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const spec = fileURLToPath(new URL("fixtures/many-states.spec", import.meta.url));

test("a search by the reference that outgrows Node's heap ends as incomplete, not with the process", async () => {
  const { status, printed } = await new Promise<{ status: unknown; printed: string }>((resolve) => {
    execFile(
      process.execPath,
      ["--max-old-space-size=120", main, "--engine", "reference", "--progress", "never", spec],
      (error, stdout) => resolve({ status: error?.code ?? 0, printed: stdout }),
    );
  });
  expect(printed).toContain("incomplete: memory limit");
  expect(status).toBe(20);
});
