#!/usr/bin/env node
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

process.exitCode = await run(process.argv.slice(2), nodeIo());
