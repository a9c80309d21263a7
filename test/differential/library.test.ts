import { compareFiles } from "./compare-library.ts";
import { isSystem, specFiles } from "./spec-files.ts";

// Those of specs/ itself, which take half of the time, are in a file of their own, to run beside this.
compareFiles(specFiles().filter((one) => !isSystem(one)));
