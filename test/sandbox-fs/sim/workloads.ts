// What is committed on simulated and real disks while it is cut off: the cases in which protocols like this one have broken.

import type { Overlay } from "../../../sandbox-fs/index.ts";
import type { Tree } from "../support/trees.ts";
import type { Workload } from "./explorer.ts";

/** Uses the names of the random operations too. */
export const TREE: Tree = {
  a: "alpha",
  b: "beta",
  same1: "twin",
  same2: "twin",
  link: { link: "a" },
  d: { x: "ex", y: "why", e: { f: "eff", g: { h: "aitch" } } },
  empty: {},
  old: { one: "1", two: { three: "3" } },
};

export function put(overlay: Overlay, path: string, text: string): void {
  const handle = overlay.open(overlay.root, path, { write: true, create: true, truncate: true });
  overlay.write(handle, new TextEncoder().encode(text), 0n);
  overlay.close(handle);
}

function move(overlay: Overlay, from: string, to: string): void {
  overlay.rename(overlay.root, from, overlay.root, to);
}

function remove(overlay: Overlay, path: string): void {
  if (overlay.statAt(overlay.root, path, { follow: false }).type !== "directory") {
    overlay.unlink(overlay.root, path);
    return;
  }
  const handle = overlay.open(overlay.root, path, { directory: true });
  const names = overlay.list(handle).map(({ name }) => name);
  overlay.close(handle);
  for (const name of names) remove(overlay, `${path}/${name}`);
  overlay.removeDirectory(overlay.root, path);
}

function workload(name: string, change: (overlay: Overlay) => void, tree: Tree = TREE): Workload {
  return { name, tree, change };
}

const deep = Array.from({ length: 6 }, (_, i) => `n${i}`).join("/");

export const WORKLOADS: readonly Workload[] = [
  workload("replace and create", (o) => {
    put(o, "a", "ALPHA");
    put(o, "new", "fresh");
  }),
  workload("swap two files of the same content", (o) => {
    move(o, "same1", "t");
    move(o, "same2", "same1");
    move(o, "t", "same2");
  }),
  workload("rename a directory and edit inside", (o) => {
    move(o, "d", "moved");
    put(o, "moved/e/f", "EFF");
    put(o, "moved/e/new", "n");
    remove(o, "moved/x");
  }),
  workload("delete a tree and make it again", (o) => {
    remove(o, "old");
    o.makeDirectory(o.root, "old");
    put(o, "old/one", "uno");
  }),
  workload("file becomes directory, directory becomes symlink, symlink becomes file", (o) => {
    remove(o, "a");
    o.makeDirectory(o.root, "a");
    put(o, "a/inside", "in");
    remove(o, "old");
    o.symlink("d/e", o.root, "old");
    remove(o, "link");
    put(o, "link", "not a link");
  }),
  workload("cycle of three", (o) => {
    move(o, "a", "t");
    move(o, "b", "a");
    move(o, "d/x", "b");
    move(o, "t", "d/x");
  }),
  workload("parent and child change places", (o) => {
    move(o, "d/e", "t");
    move(o, "d", "t/d");
    move(o, "t", "d");
  }),
  workload("move out of a directory that goes", (o) => {
    move(o, "old/two/three", "kept");
    remove(o, "old");
  }),
  workload("hard links, new and to what was there", (o) => {
    o.link(o.root, "a", o.root, "empty/a2");
    o.link(o.root, "a", o.root, "a3");
    put(o, "n1", "linked");
    o.link(o.root, "n1", o.root, "d/n2");
    move(o, "b", "d/b");
    o.link(o.root, "d/b", o.root, "b2");
  }),
  workload("write through a hard link", (o) => {
    o.link(o.root, "a", o.root, "d/a2");
    put(o, "a", "both");
  }),
  workload(
    "names of one file in the base: one is changed, one moved, one removed, one goes with its directory",
    (o) => {
      for (const path of ["x", "d/y", "e/z"]) o.statAt(o.root, path);
      put(o, "d/y", "TWO");
      move(o, "x", "moved");
      remove(o, "e");
    },
    { x: "one", d: { y: { hard: "x" }, unmet: { hard: "x" } }, e: { z: { hard: "x" } } },
  ),
  workload(
    "names of one file in the base change places",
    (o) => {
      move(o, "d/y", "t");
      move(o, "other", "d/y");
      move(o, "x", "other");
      o.link(o.root, "t", o.root, "x");
    },
    { x: "one", other: "other", d: { y: { hard: "x" } } },
  ),
  workload("metadata only", (o) => {
    const handle = o.open(o.root, "d/e/f");
    o.setMode(handle, 0o600);
    o.close(handle);
    const directory = o.open(o.root, "d");
    o.setMode(directory, 0o700);
    o.close(directory);
    o.setTimesAt(o.root, "b", { mtimeNs: 5n, atimeNs: 6n });
  }),
  workload("a path six deep", (o) => {
    let path = "";
    for (const name of deep.split("/")) {
      path = path === "" ? name : `${path}/${name}`;
      o.makeDirectory(o.root, path);
    }
    put(o, `${path}/leaf`, "far down");
  }),
  workload("everything goes", (o) => {
    for (const { name } of o.list(o.root)) remove(o, name);
  }),
  workload("atomic save", (o) => {
    put(o, "a.tmp", "saved");
    move(o, "a.tmp", "a");
    put(o, "d/e/g/h.tmp", "saved too");
    move(o, "d/e/g/h.tmp", "d/e/g/h");
  }),
];
