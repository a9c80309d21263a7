import { explainHang } from "../analysis/explain-hang.ts";
import type { Program } from "../core/program.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { Finding, SearchResult } from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";

/** The result with who waits for whom in each deadlock and hang of threads. */
export function explained(program: Program, result: SearchResult, sources: Sources): SearchResult {
  let next = 0;
  const findings = result.findings.map((finding): Finding => {
    if (!("threads" in finding) || finding.threads.length === 0) {
      return finding;
    }
    const { threads, path } = present(result.hangs[next], "the states of a hang");
    next += 1;
    return { ...finding, waitFor: explainHang({ program, sources, path, threads }) };
  });
  return { ...result, findings };
}
