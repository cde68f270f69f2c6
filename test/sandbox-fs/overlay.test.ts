// Savepoints, forks, diffs, and what a guest may notice of the machine it runs on.

import { createHash } from "node:crypto";
import * as nodeFs from "node:fs";
import { expect, test } from "vitest";
import { createOverlay, type FsError, memoryBase, nodeBase, type Overlay } from "../../sandbox-fs/index.ts";
import { sha256 } from "../../sandbox-fs/sha256.ts";
import { put } from "./sim/workloads.ts";
import { dump, memoryOf, overlayOver, type Tree, temporaryDirectory, testClock } from "./support/trees.ts";

const TREE: Tree = { a: "one\ntwo\n", d: { x: "ex", y: "why" }, bin: "\u0000binary" };

function overlay(): Overlay {
  return overlayOver(memoryBase(memoryOf(TREE)));
}

function code(work: () => unknown): string {
  try {
    work();
    return "ok";
  } catch (error) {
    return (error as FsError).code;
  }
}

test("savepoints nest: the innermost ends first, and each tells what changed since it", () => {
  const o = overlay();
  put(o, "first", "1");
  const outer = o.savepoint();
  put(o, "second", "2");
  const inner = o.savepoint();
  put(o, "third", "3");
  expect(inner.diff().map(({ path }) => path)).toEqual(["third"]);
  expect(outer.diff().map(({ path }) => path)).toEqual(["second", "third"]);
  expect(code(() => outer.release())).toBe("EINVAL");
  inner.rollback();
  expect(code(() => inner.rollback())).toBe("EINVAL");
  expect(outer.diff().map(({ path }) => path)).toEqual(["second"]);
  outer.release();
  expect(o.diff().map(({ path }) => path)).toEqual(["first", "second"]);
});

test("a handle on what was rolled back is stale; one on what stays goes on", () => {
  const o = overlay();
  const kept = o.open(o.root, "a", { write: true });
  const savepoint = o.savepoint();
  const gone = o.open(o.root, "new", { write: true, create: true });
  o.write(kept, new TextEncoder().encode("ONE"), 0n);
  savepoint.rollback();
  expect(code(() => o.write(gone, new Uint8Array(1), 0n))).toBe("ESTALE");
  expect(code(() => o.stat(gone))).toBe("ESTALE");
  o.close(gone);
  const buffer = new Uint8Array(3);
  o.read(kept, buffer, 0n);
  expect(new TextDecoder().decode(buffer)).toBe("one");
});

test("forks do not see each other, and each can be thrown away", () => {
  const o = overlay();
  put(o, "shared", "before");
  const [left, right] = [o.fork(), o.fork()];
  put(left, "shared", "left");
  put(right, "d/x", "right");
  put(o, "a", "mine");
  left.discard();
  expect(right.diff().map(({ path }) => path)).toEqual(["d/x", "shared"]);
  expect(o.diff().map(({ path }) => path)).toEqual(["a", "shared"]);
  expect(code(() => left.list(left.root))).toBe("EBADF");
  expect(code(() => right.list(o.root))).toBe("EBADF");
});

test("a diff tells each kind of change, with digests and text", () => {
  const o = overlay();
  put(o, "a", "one\n2\n");
  put(o, "bin", "\u0000other");
  put(o, "new", "n\n");
  o.rename(o.root, "d/x", o.root, "moved");
  o.unlink(o.root, "d/y");
  o.setMode(o.open(o.root, "d"), 0o700);
  const changes = o.diff({ text: true });
  expect(changes.map(({ kind, path, from }) => [kind, path, from])).toEqual([
    ["modified", "a", undefined],
    ["modified", "bin", undefined],
    ["metadata", "d", undefined],
    ["deleted", "d/y", undefined],
    ["renamed", "moved", "d/x"],
    ["added", "new", undefined],
  ]);
  const [a, bin, , , , added] = changes;
  expect(a?.diff).toBe("--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n");
  expect(added?.diff).toBe("--- /dev/null\n+++ b/new\n@@ -0,0 +1,1 @@\n+n\n");
  expect(bin?.diff).toBeUndefined();
  expect(a?.digest).toBe(`sha256:${createHash("sha256").update("one\n2\n").digest("hex")}`);
  expect(a?.size).toBe(6n);
});

test("writing what was there already is no change of content", () => {
  const o = overlay();
  put(o, "a", "one\ntwo\n");
  expect(o.diff().map(({ kind }) => kind)).toEqual(["metadata"]);
});

test("a file that is replaced by a new one of the same name is modified", () => {
  const o = overlay();
  put(o, "a.tmp", "saved");
  o.rename(o.root, "a.tmp", o.root, "a");
  expect(o.diff().map(({ kind, path }) => [kind, path])).toEqual([["modified", "a"]]);
});

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

test("an inode number stays over copy-up, rename and rollback; a retried step gets the same numbers", () => {
  const o = overlay();
  const { inode } = o.statAt(o.root, "d/x");
  const first = o.savepoint();
  put(o, "d/x", "changed");
  o.rename(o.root, "d/x", o.root, "moved");
  expect(o.statAt(o.root, "moved").inode).toBe(inode);
  put(o, "new", "n");
  const { inode: made } = o.statAt(o.root, "new");
  first.rollback();
  put(o, "new", "again");
  expect(o.statAt(o.root, "new").inode).toBe(made);
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
    expect(code(() => o.open(o.root, "later"))).toBe("ENOENT");
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
