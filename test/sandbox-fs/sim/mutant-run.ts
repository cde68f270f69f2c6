// Explores all workloads and ends with 0 when nothing is wrong. Run on a copy of the sources that a saboteur has changed.

import { Explorer, exploreFaults } from "./explorer.ts";
import { WORKLOADS } from "./workloads.ts";

for (const workload of WORKLOADS) {
  exploreFaults(workload, "EIO");
  new Explorer(workload, { outcomes: 16, deepOutcomes: 1, seed: 1 }).run();
}
