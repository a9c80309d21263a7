import { compareFiles } from "./compare-library.ts";
import { isSystem, specFiles } from "./spec-files.ts";

compareFiles(specFiles().filter(isSystem));
