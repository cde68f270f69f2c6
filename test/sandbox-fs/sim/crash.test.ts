// D1, D2, D4, D5: commits that are cut off or fail at every call, on a disk that loses what was not synced.

import { expect, test } from "vitest";
import { scaled } from "../support/scale.ts";
import { Explorer, exploreFaults } from "./explorer.ts";
import { WORKLOADS } from "./workloads.ts";

for (const workload of WORKLOADS) {
  test(`D1, D2: ${workload.name}: cut at any call, and again while recovering, it is before or after`, () => {
    const effort = { outcomes: scaled(16), deepOutcomes: scaled(1), seed: 1 };
    const { recoveries, calls } = new Explorer(workload, effort).run();
    process.stdout.write(`${workload.name}: ${calls} calls, ${recoveries} recoveries\n`);
    expect(recoveries).toBeGreaterThan(calls);
  });

  test(`D4, D5: ${workload.name}: an error of the host at any call leaves the tree of before`, () => {
    for (const code of ["EIO", "ENOSPC", "EACCES"]) expect(exploreFaults(workload, code)).toBeGreaterThan(0);
  });
}
