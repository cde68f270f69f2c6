// C18: random operation lists here and on kernel OverlayFS, where mounting is possible: same errors, same merged tree.

import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeBase } from "../../sandbox-fs/index.ts";
import { OverlayRunner } from "./support/on-overlay.ts";
import { type Operation, type Outcome, operation } from "./support/operations.ts";
import { scaled } from "./support/scale.ts";
import { dump, fastDirectory, overlayOver, type Tree } from "./support/trees.ts";

const TREE: Tree = {
  a: { a: "aa", b: { a: "aba", c: { link: "a" } }, d: {} },
  b: "bee",
  c: { link: "a/b" },
  d: { a: { b: "dab" }, link: { link: "nowhere" } },
};

const script = fileURLToPath(new URL("./support/kernel-overlay.ts", import.meta.url));
const canMount = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
if (!canMount) process.stdout.write("mounting is not possible here: nothing is compared with kernel OverlayFS\n");

/** A handle that was open before a copy-up shows the old file there: a known gap of the kernel's. */
const isComparable = ({ op }: Operation): boolean => !["open", "slotRead", "slotWrite", "slotClose"].includes(op);

test.skipIf(!canMount)("C18: an overlay does what kernel OverlayFS does", () => {
  const seed = Number(process.env.GLOVEBOX_SEED ?? Date.now() % 1_000_000);
  const list = fc.array(operation.filter(isComparable), { minLength: 5, maxLength: 40 });
  const lists = fc.sample(list, { seed, numRuns: scaled(150) });
  const work = fastDirectory();
  try {
    fs.writeFileSync(`${work.path}/input.json`, JSON.stringify({ tree: TREE, lists }));
    const args = ["-m", process.execPath, script, work.path, `${work.path}/input.json`];
    const printed = execFileSync("unshare", args, { encoding: "utf8", maxBuffer: 2 ** 28 });
    const results = JSON.parse(printed) as { outcomes: Outcome[]; dump: Record<string, string> }[];
    lists.forEach((operations, number) => {
      const { path, dispose } = fastDirectory(TREE);
      const overlay = overlayOver(nodeBase(path));
      const runner = new OverlayRunner(overlay);
      const outcomes = operations.map((each) => JSON.parse(JSON.stringify(runner.run(each))) as Outcome);
      const ours = { operations, outcomes, dump: dump(overlay, { times: false, links: false }) };
      expect(ours, `seed ${seed}, list ${number}`).toEqual({ operations, ...results[number] });
      dispose();
    });
  } finally {
    work.dispose();
  }
});
