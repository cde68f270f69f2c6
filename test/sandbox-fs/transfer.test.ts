// Exports that come from an enemy: nothing of them is applied unless all of it makes sense, and is granted.

import * as nodeFs from "node:fs";
import { expect, test } from "vitest";
import { FsError, memoryBase, nodeBase, type Overlay, type Rule } from "../../sandbox-fs/index.ts";
import { seeded } from "./sim/explorer.ts";
import { put } from "./sim/workloads.ts";
import { type Header, node, withHeader } from "./support/exports.ts";
import { scaled } from "./support/scale.ts";
import { dump, memoryOf, overlayOver, type Tree, temporaryDirectory } from "./support/trees.ts";

const TREE: Tree = { a: "alpha", d: { x: "ex", e: { f: "eff" } }, link: { link: "a" } };

function overlay(): Overlay {
  return overlayOver(memoryBase(memoryOf(TREE)));
}

function exported(): Uint8Array {
  const o = overlay();
  put(o, "a", "changed");
  o.rename(o.root, "d", o.root, "moved");
  put(o, "moved/new", "n".repeat(100));
  o.makeDirectory(o.root, "made");
  o.link(o.root, "moved/new", o.root, "made/hard");
  o.symlink("a", o.root, "made/link");
  o.unlink(o.root, "moved/e/f");
  o.removeDirectory(o.root, "moved/e");
  return o.export();
}

function changed(change: (header: Header) => void): Uint8Array {
  return withHeader(exported(), change);
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return "applied";
  } catch (error) {
    expect(error).toBeInstanceOf(FsError);
    return (error as FsError).code;
  }
}

test("an unchanged export applies", () => {
  expect(codeOf(() => overlay().apply(changed(() => undefined)))).toBe("applied");
});

const HOSTILE: readonly [what: string, change: (header: Header) => void, code: string][] = [
  ["a directory in itself", (h) => (node(h, "b:d").given = [["b:d", "d"]]), "EINVAL"],
  [
    "two directories in each other",
    (h) => {
      node(h, "b:d").given = [["n:1", "d"]];
      node(h, "n:1").given = [["b:d", "m"]];
    },
    "EINVAL",
  ],
  ["a directory with two names", (h) => node(h, "n:1").given.push(["b:", "second"]), "EMLINK"],
  ["two nodes in one place", (h) => node(h, "n:0").given.push(["b:", "a"]), "EINVAL"],
  ["a place twice", (h) => node(h, "n:0").given.push(["b:d", "new"]), "EINVAL"],
  ["a place in a file", (h) => node(h, "n:0").given.push(["b:a", "x"]), "EINVAL"],
  ["a place in nothing", (h) => node(h, "n:0").given.push(["n:77", "x"]), "EINVAL"],
  ["a place in the base that is not there", (h) => node(h, "n:0").given.push(["b:nothing", "x"]), "ESTALE"],
  ["a place above", (h) => node(h, "n:0").given.push(["b:", ".."]), "EINVAL"],
  ["a path for a name", (h) => node(h, "n:0").given.push(["b:", "x/y"]), "EINVAL"],
  ["the name of the private directory", (h) => node(h, "n:0").given.push(["b:", ".glovebox-commit-1"]), "EINVAL"],
  ["a reference above", (h) => (node(h, "b:a").ref = "b:../a"), "EINVAL"],
  ["a name for the root", (h) => node(h, "b:").given.push(["b:d", "root"]), "EINVAL"],
  ["a directory that goes with what is in it", (h) => (node(h, "b:d").given = []), "EINVAL"],
  ["a directory in two places", (h) => (node(h, "b:d").taken = []), "EMLINK"],
  ["a name that another node has", (h) => node(h, "n:0").taken.push("a"), "EINVAL"],
  ["a name that is taken twice", (h) => node(h, "b:d").taken.push("d"), "EINVAL"],
  ["the root taken away", (h) => node(h, "b:").taken.push("d"), "EINVAL"],
  ["a name that is no path", (h) => node(h, "b:a").taken.push("../a"), "EINVAL"],
  ["sharers of a file with one name", (h) => (node(h, "b:a").sharers = ["a"]), "EINVAL"],
  ["all names of a file with one name", (h) => (node(h, "b:a").ref = "s:a"), "ESTALE"],
  ["another type", (h) => (node(h, "b:a").type = "directory"), "EINVAL"],
  ["a device", (h) => (node(h, "n:0").type = "other"), "EINVAL"],
  ["a node twice", (h) => h.nodes.push(node(h, "b:a")), "EINVAL"],
  ["a new number as an old one", (h) => (h.from = 2), "EINVAL"],
  ["other changes than these", (h) => Object.assign(h, { from: 5, to: 9 }), "EINVAL"],
  ["other facts", (h) => Object.assign(node(h, "b:a").facts as object, { size: 4 }), "ESTALE"],
  ["another identity", (h) => Object.assign(node(h, "b:a").facts as object, { identity: "1:2" }), "ESTALE"],
  ["no facts", (h) => delete node(h, "b:a").facts, "EINVAL"],
  ["an unknown key", (h) => (node(h, "b:a").extra = 1), "EINVAL"],
  ["a mode too large", (h) => (node(h, "b:a").mode = 0o10000), "EINVAL"],
  ["a time that is none", (h) => (node(h, "b:a").times = ["1", "x", "2"]), "EINVAL"],
  ["a huge size", (h) => Object.assign(node(h, "b:a").content as object, { size: 2 ** 50 }), "EFBIG"],
  [
    "more of the base than there is",
    (h) => Object.assign(node(h, "b:a").content as object, { size: 99, baseLength: 99 }),
    "EINVAL",
  ],
  ["a block beyond the end", (h) => Object.assign(node(h, "b:a").content as object, { blocks: [[9, 7]] }), "EINVAL"],
  [
    "blocks that are not there",
    (h) => Object.assign(node(h, "n:0").content as object, { size: 9999, blocks: [[0, 9999]] }),
    "EINVAL",
  ],
  ["content of a directory", (h) => (node(h, "n:1").content = { size: 0, baseLength: 0, blocks: [] }), "EINVAL"],
  ["a symlink without a target", (h) => delete node(h, "n:2").target, "EINVAL"],
  ["a target for a file", (h) => (node(h, "n:0").target = "x"), "EINVAL"],
];

test.each(HOSTILE)("an export with %s is refused, and nothing of it is applied", (_, change, code) => {
  const o = overlay();
  put(o, "own", "kept");
  o.unlink(o.root, "own");
  const fresh = overlay();
  const before = dump(fresh);
  expect(codeOf(() => fresh.apply(changed(change)))).toBe(code);
  expect(dump(fresh)).toEqual(before);
  expect(fresh.diff()).toEqual([]);
  expect(fresh.writtenBytes).toBe(0);
});

test("an export with any bytes changed is refused, or leaves a tree that is one", () => {
  const random = seeded(7);
  const bytes = exported();
  let applied = 0;
  for (let i = 0; i < scaled(4000); i += 1) {
    const broken = bytes.slice();
    for (let j = 0; j < 1 + random() * 3; j += 1)
      broken[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    const o = overlay();
    const outcome = codeOf(() => o.apply(broken));
    if (outcome === "applied") applied += 1;
    else expect(o.diff()).toEqual([]);
    dump(o);
    o.export();
  }
  expect(applied).toBeGreaterThan(0);
});

test("an export that is cut anywhere is refused", () => {
  const bytes = exported();
  for (let length = 0; length < bytes.length; length += 1) {
    expect(codeOf(() => overlay().apply(bytes.subarray(0, length)))).toBe("EINVAL");
  }
});

test("what a quota does not allow is not brought in either", () => {
  const o = overlay();
  const big = overlay();
  put(big, "big", "x".repeat(1000));
  const { tree } = (o as unknown as { context: { tree: { quota: object } } }).context;
  Object.assign(tree.quota, { bytes: 999 });
  expect(codeOf(() => o.apply(big.export()))).toBe("ENOSPC");
  expect(o.diff()).toEqual([]);
});

const OUTSIDE: readonly [what: string, change: (o: Overlay) => void, allowed: boolean][] = [
  ["a change inside a grant", (o) => put(o, "d/x", "new"), true],
  ["a new file inside a grant", (o) => put(o, "d/new", "new"), true],
  ["the file that a grant names", (o) => put(o, "out", "new"), true],
  ["a change outside", (o) => put(o, "a", "new"), false],
  ["a new file outside", (o) => put(o, "b", "new"), false],
  ["a change under a narrower grant for reading", (o) => put(o, "d/e/f", "new"), false],
  ["a rename out of a grant", (o) => o.rename(o.root, "d/x", o.root, "x"), false],
  ["a rename into a grant", (o) => o.rename(o.root, "a", o.root, "d/a"), false],
  ["a link from outside", (o) => o.link(o.root, "a", o.root, "d/a"), false],
  ["a rename of what holds another grant", (o) => o.rename(o.root, "d", o.root, "out"), false],
  ["a mode outside", (o) => o.setMode(o.open(o.root, "a"), 0o600), false],
  ["a time outside", (o) => o.setTimesAt(o.root, "a", { mtimeNs: 1n }), false],
  ["a mode of the root", (o) => o.setMode(o.root, 0o700), false],
  ["a time of the root", (o) => o.setTimes(o.root, { mtimeNs: 1n }), false],
];

const RULES: readonly Rule[] = [
  { path: "d", access: "write" },
  { path: "d/e", access: "read" },
  { path: "out", access: "write" },
];

test.each(OUTSIDE)("with rules, %s is applied: %#", (_, change, allowed) => {
  const maker = overlay();
  change(maker);
  const o = overlay();
  expect(codeOf(() => o.apply(maker.export(), RULES))).toBe(allowed ? "applied" : "EPERM");
  if (!allowed) expect(o.diff()).toEqual([]);
});

test("an export is committed by another overlay, unless the base has changed since it was made", () => {
  const { path, dispose } = temporaryDirectory({ a: "alpha", b: "beta" });
  try {
    const maker = overlayOver(nodeBase(path));
    put(maker, "a", "reviewed");
    const first = maker.export();
    put(maker, "b", "more");
    const second = maker.export();
    maker.discard();
    const committer = overlayOver(nodeBase(path));
    committer.apply(first);
    committer.commit();
    expect(nodeFs.readFileSync(`${path}/a`, "utf8")).toBe("reviewed");
    expect(codeOf(() => overlayOver(nodeBase(path)).apply(second))).toBe("ESTALE");
  } finally {
    dispose();
  }
});
