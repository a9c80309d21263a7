import { parentPort, workerData } from "node:worker_threads";
import { present } from "../support/internal-error.ts";
import { createHelperWork, type HelperStart, type Order } from "./helping.ts";
import { nodeIo } from "./node-io.ts";

// A thread that runs checks: the command line starts it, see start-thread.ts.
const port = present(parentPort, "the thread that started this one");
const { mdcheckChecks } = workerData as { readonly mdcheckChecks: HelperStart };
const work = createHelperWork(nodeIo(), mdcheckChecks);
port.on("message", (order: Order) => {
  void work.do(order, (answer) => port.postMessage(answer));
});
