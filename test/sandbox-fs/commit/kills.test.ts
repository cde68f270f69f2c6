// D3: a process that commits all the time is killed at random moments, and so is the recovery after it.

import { afterEach, expect, test } from "vitest";
import { memoryBase, recover } from "../../../sandbox-fs/index.ts";
import { seeded } from "../sim/explorer.ts";
import { Committer } from "../support/children.ts";
import { scaled } from "../support/scale.ts";
import { dump, dumpReal, memoryOf, overlayOver, type Tree, temporaryDirectory } from "../support/trees.ts";

const TREE: Tree = { a: "version 0", b: "version 0", d: { x: "version 0", y: "version 0" }, untouched: { z: "zed" } };
const KILLS = scaled(20);
const WITHOUT_TIMES = { times: false, links: true };
const disposals: (() => unknown)[] = [];

afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

/** What a directory holds at a version. */
function versionOf(version: number): Record<string, string> {
  const text = `version ${version}`;
  const inside = { x: text, y: text };
  const { untouched } = TREE as { untouched: Tree };
  const tree: Tree = version % 2 === 0 ? { a: text, b: text, d: inside, untouched } : { a: text, e: inside, untouched };
  return dump(overlayOver(memoryBase(memoryOf(tree))), WITHOUT_TIMES);
}

/** Starts it, waits until it has committed something and then for so long, and kills it. Returns the last version it told. */
async function killedAfter(committer: Committer, ms: number): Promise<number> {
  await committer.run();
  await new Promise((resolve) => setTimeout(resolve, ms));
  await committer.kill();
  let last = 0;
  for (const { value } of committer.unheard()) last = Math.max(last, Number(value));
  return last;
}

test(`D3: killed ${KILLS} times at any moment, a directory is one version, and none that was reported is lost`, async () => {
  const seed = Number(process.env.GLOVEBOX_SEED ?? Date.now() % 1_000_000);
  const random = seeded(seed);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { path, dispose } = temporaryDirectory(TREE);
    disposals.push(dispose);
    const reported = await killedAfter(new Committer(path, "versions"), random() * 60);
    if (random() < 0.3) await killedAfterStart(new Committer(path, "recover"), random() * 10);
    recover(path);
    const tree = dumpReal(path, WITHOUT_TIMES);
    const version = Number(/version (\d+)/.exec(tree.a ?? "")?.[1]);
    expect(tree, `seed ${seed}, kill ${kill}`).toEqual(versionOf(version));
    expect(version, `seed ${seed}, kill ${kill}`).toBeGreaterThanOrEqual(reported);
    expect(recover(path)).toBe("nothing");
  }
});

async function killedAfterStart(committer: Committer, ms: number): Promise<void> {
  await committer.next();
  committer.start();
  await new Promise((resolve) => setTimeout(resolve, ms));
  await committer.kill();
}
