#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";
import { nodeIo } from "./node-io.ts";
import { run } from "./run.ts";

/** As shells report a process whose reader has gone. */
const READER_GONE_STATUS = 141;

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // `mdcheck | head` is no fault of anybody.
    process.exit(error.code === "EPIPE" ? READER_GONE_STATUS : 70);
  });
}

// V8 optimizes a function when so many bytes of its code have been executed, 67,584 unless told
// otherwise. Most checks are over before the work of optimizing has paid off, and each thread does it
// again; what is searched for long is WebAssembly, or is executed so often that it waits only a moment
// longer. It holds for all threads of the process (docs/performance.md, "Many small checks").
setFlagsFromString("--interrupt-budget=3000000");

process.exitCode = await run(process.argv.slice(2), nodeIo());
