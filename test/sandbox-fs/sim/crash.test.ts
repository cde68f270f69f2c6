// D1, D2, D4, D5: commits that are cut off or fail at every call, on a disk that loses what was not synced.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { commitChangeset } from "../../../sandbox-fs/commit/commit.ts";
import { recoverTree } from "../../../sandbox-fs/commit/recover.ts";
import type { Overlay } from "../../../sandbox-fs/index.ts";
import { OverlayRunner } from "../support/on-overlay.ts";
import { operation } from "../support/operations.ts";
import { scaled } from "../support/scale.ts";
import { changesetOf, Explorer, exploreFaults } from "./explorer.ts";
import { expectRefusal, REFUSALS } from "./refusals.ts";
import { diskOf, picture } from "./sim-base.ts";
import { SimError, SimHost } from "./sim-host.ts";
import { put, TREE, WORKLOADS } from "./workloads.ts";

const hash = (): ReturnType<typeof createHash> => createHash("sha256");

let total = 0;

for (const workload of WORKLOADS) {
  test(`D1, D2: ${workload.name}: cut at any call, and again while recovering, it is before or after`, () => {
    const effort = { outcomes: scaled(16), deepOutcomes: scaled(1), seed: 1 };
    const { recoveries, calls } = new Explorer(workload, effort).run();
    total += recoveries;
    expect(recoveries).toBeGreaterThan(calls);
  });

  test(`D4, D5: ${workload.name}: an error of the host at any call leaves the tree of before`, () => {
    for (const code of ["EIO", "ENOSPC", "EACCES", "EROFS", "EDQUOT"])
      expect(exploreFaults(workload, code)).toBeGreaterThan(0);
  });
}

test("D5: when the sync that makes a commit true fails, the outcome is unknown, and what reached the disk decides", () => {
  const workload = { name: "one file", tree: TREE, change: (o: Overlay) => put(o, "a", "changed") };
  const changeset = changesetOf(workload);
  const [disk, whole] = [diskOf(TREE), diskOf(TREE)];
  const before = picture(disk.live).tree;
  commitChangeset(new SimHost(whole), changeset, hash);
  let isNamed = false;
  const host = new SimHost(disk, ({ call, name }) => {
    if (isNamed && call === "fsync") throw new SimError("EIO");
    if (call === "rename" && name.endsWith("-done")) isNamed = true;
  });
  expect(() => commitChangeset(host, changeset, hash)).toThrow(
    expect.objectContaining({ code: "COMMIT_OUTCOME_UNKNOWN" }),
  );
  for (const [fate, recovery, tree] of [
    ["lost", "undone", before],
    ["kept", "finished", picture(whole.live).tree],
  ] as const) {
    const cut = disk.cut(disk.losable().map(() => fate));
    expect(recoverTree(new SimHost(cut), hash)).toBe(recovery);
    expect(picture(cut.live).tree).toBe(tree);
  }
});

test("D1, D2: any list of operations: cut at any call, it is before or after", () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 3, maxLength: 12 }), (operations) => {
      const change = (overlay: Overlay): void => {
        const runner = new OverlayRunner(overlay);
        put(overlay, "b", "so that something changes");
        for (const each of operations) runner.run(each);
        runner.close();
      };
      const effort = { outcomes: 6, deepOutcomes: 0, seed: 1 };
      total += new Explorer({ name: "random", tree: TREE, change }, effort).run().recoveries;
    }),
    { numRuns: scaled(40) },
  );
});

test.each(REFUSALS)("D6, D7, D13: $name is refused before anything is touched", (refusal) => {
  expect(() => expectRefusal(refusal)).not.toThrow();
});

test("D1, D2: all of this took at least 100,000 recoveries", () => {
  expect(total).toBeGreaterThan(100_000);
});
