import { describeSpec } from "mdcheck/vitest";

describeSpec("specs/examples/lost-wakeup.spec");
