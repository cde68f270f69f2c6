// Explores all workloads and refusals, and ends with 0 when nothing is wrong. Run on a copy of the sources that a saboteur has changed.

import { Explorer, exploreFaults } from "./explorer.ts";
import { expectRefusal, REFUSALS } from "./refusals.ts";
import { WORKLOADS } from "./workloads.ts";

/** Without a saboteur, a quick look is enough: the whole of it is a test of its own. */
const isQuick = process.argv[2] === "quick";

for (const refusal of REFUSALS) expectRefusal(refusal);

for (const workload of WORKLOADS) {
  exploreFaults(workload, "EIO");
  new Explorer(workload, { outcomes: isQuick ? 4 : 12, deepOutcomes: isQuick ? 0 : 1, seed: 1 }).run();
}
