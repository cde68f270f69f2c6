// What a diff makes of hostile texts, and what a guest may notice of the machine it runs on.

import { createHash } from "node:crypto";
import * as nodeFs from "node:fs";
import { expect, test } from "vitest";
import { createOverlay, memoryBase, nodeBase } from "../../sandbox-fs/index.ts";
import { sha256 } from "../../sandbox-fs/sha256.ts";
import { put } from "./sim/workloads.ts";
import { codeOf } from "./support/calls.ts";
import { dump, overlayOver, type Tree, temporaryDirectory, testClock } from "./support/trees.ts";

const TREE: Tree = { a: "one\ntwo\n", d: { x: "ex", y: "why" }, bin: "\u0000binary" };

test("hostile texts do not make a diff slow, and hostile names do not forge its lines", () => {
  const o = overlayOver(memoryBase({ f: Array.from({ length: 50_000 }, (_, i) => `a${i}`).join("\n") }));
  put(o, "f", Array.from({ length: 50_000 }, (_, i) => `b${i}`).join("\n"));
  put(o, "x\r\n\u001b[2J+++ b", "new\n");
  const [first, second] = o.diff({ text: true });
  expect(first?.diff).toBeUndefined();
  expect(second?.diff?.split("\n")[1]).toBe('+++ "b/x\\r\\n\\033[2J+++ b"');
});

test("what a guest sees is the same on every host and in any order of looking", () => {
  const views = [["d/x", "a"], ["a", "d/x"], []].map((order) => {
    const { path, dispose } = temporaryDirectory(TREE);
    const o = overlayOver(nodeBase(path));
    for (const each of order) o.statAt(o.root, each);
    o.list(o.root);
    put(o, "new", "n");
    const seen = ["a", "d", "d/x", "new"].map((each) => o.statAt(o.root, each));
    const listed = o.list(o.open(o.root, "d"));
    dispose();
    return {
      seen: seen.map(({ inode, size, mode, links, ...times }) => ({ inode, size, mode, links, ...times })),
      listed,
    };
  });
  expect(views[1]).toEqual(views[0]);
  expect(views[2]).toEqual(views[0]);
});

test("nothing of the base is read before it is asked for", () => {
  const { path, dispose } = temporaryDirectory({ a: "a", d: { x: "x" } });
  try {
    const o = createOverlay(nodeBase(path), { clock: testClock() });
    nodeFs.rmSync(`${path}/d`, { recursive: true });
    nodeFs.writeFileSync(`${path}/late`, "late");
    expect(o.list(o.root).map(({ name }) => name)).toEqual(["a", "late"]);
    nodeFs.writeFileSync(`${path}/later`, "later");
    expect(Object.keys(dump(o))).toEqual(["a", "late"]);
    expect(codeOf(() => o.open(o.root, "later"))).toBe("ENOENT");
  } finally {
    dispose();
  }
});

test("our own sha256 is that of the platform", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
    const ours = sha256();
    ours.update(bytes.subarray(0, length >> 1));
    ours.update(bytes.subarray(length >> 1));
    expect(ours.digest("hex")).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});
