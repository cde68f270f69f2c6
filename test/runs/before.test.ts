// Files that are put back as they were, between any two trees.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CommittedChange } from "../../host/journal/entries.ts";
import { isApplied } from "../../host/runs/applied.ts";
import { beforeOf, restore } from "../../host/runs/before.ts";
import {
  createOverlay,
  type FileSystem,
  type MemoryEntry,
  memoryBase,
  type Overlay,
} from "../../sandbox-fs/portable.ts";

type Entries = Record<string, MemoryEntry>;

const name = fc.constantFrom("a", "b", "c");
const file = fc.record({
  content: fc.constantFrom("", "one", "two"),
  mode: fc.constantFrom(0o644, 0o600),
  mtimeNs: fc.constantFrom(0n, 7n),
});
const leaf: fc.Arbitrary<MemoryEntry> = fc.oneof(file, fc.record({ target: fc.constantFrom("a", "../b") }));
const inner: fc.Arbitrary<MemoryEntry> = fc.record({ entries: fc.dictionary(name, leaf, { maxKeys: 3 }) });
const tree: fc.Arbitrary<Entries> = fc.dictionary(name, fc.oneof(leaf, inner), { maxKeys: 3 });

const overlayOf = (entries: Entries): Overlay => createOverlay(memoryBase(entries), { clock: () => 99n });

/** Everything in a tree but the times of directories and links, which changes below them move. */
function linesOf(files: FileSystem, path = ""): readonly string[] {
  const directory = path === "" ? files.root : files.open(files.root, path, { directory: true, follow: false });
  return files.list(directory).flatMap(({ name: entry }) => {
    const at = path === "" ? entry : `${path}/${entry}`;
    const { type, mode, mtimeNs, size } = files.statAt(files.root, at, { follow: false });
    if (type === "directory") return [`${at}/ ${mode}`, ...linesOf(files, at)];
    if (type === "symlink") return [`${at} -> ${files.readlink(files.root, at)}`];
    const bytes = new Uint8Array(Number(size));
    files.read(files.open(files.root, at), bytes, 0n);
    return [`${at} ${mode} ${mtimeNs} ${new TextDecoder().decode(bytes)}`];
  });
}

const changed = (path: string): CommittedChange => ({ path, seen: path, kind: "modified", type: "file" });

test("what was recorded of a tree makes any other tree the same again", () => {
  fc.assert(
    fc.property(tree, tree, (then, now) => {
      const paths = [then, now].flatMap((entries) =>
        linesOf(overlayOf(entries)).map((line) => line.split(/[/ ]* /)[0]),
      );
      const before = beforeOf(
        overlayOf(then),
        [...new Set(paths)].map((path = "") => changed(path)),
      );
      if (before === null) throw new Error("it is small");
      const files = overlayOf(now);
      restore(files, before);
      expect(linesOf(files)).toEqual(linesOf(overlayOf(then)));
    }),
  );
});

test("more than 16 MiB are not recorded", () => {
  const large = { a: { content: new Uint8Array(9 * 1024 * 1024) }, b: { content: new Uint8Array(9 * 1024 * 1024) } };
  expect(beforeOf(overlayOf(large), [changed("a"), changed("b")])).toBeNull();
  expect(beforeOf(overlayOf(large), [changed("a")])?.entries).toHaveLength(1);
});

test.each<[string, Entries, CommittedChange, string]>([
  ["a file that was added", { a: "new" }, { ...changed("a"), kind: "added", digest: digest("new") }, "yes"],
  ["a file that was not added", {}, { ...changed("a"), kind: "added", digest: digest("new") }, "no"],
  ["a file that somebody else added", { a: "x" }, { ...changed("a"), kind: "added", digest: digest("new") }, "unclear"],
  ["a file that was changed", { a: "new" }, { ...changed("a"), digest: digest("new") }, "yes"],
  ["a file that was not changed", { a: "old" }, { ...changed("a"), digest: digest("new") }, "no"],
  ["a file that is gone", {}, { ...changed("a"), digest: digest("new") }, "unclear"],
  ["a file that was removed", {}, { ...changed("a"), kind: "deleted" }, "yes"],
  ["a file that was not removed", { a: "old" }, { ...changed("a"), kind: "deleted" }, "no"],
  ["a file that was moved", { b: "x" }, { ...changed("b"), kind: "renamed", from: "a" }, "yes"],
  ["a file that was not moved", { a: "x" }, { ...changed("b"), kind: "renamed", from: "a" }, "no"],
  [
    "two files that may have changed places",
    { a: "x", b: "y" },
    { ...changed("b"), kind: "renamed", from: "a" },
    "silent",
  ],
  ["a mode", { a: "x" }, { ...changed("a"), kind: "metadata" }, "silent"],
])("whether a commit took place is told by %s", (_what, files, change, told) => {
  expect(isApplied(overlayOf(files), [change], () => createHash("sha256"))).toBe(told);
});

test("when two changes tell otherwise, it is unclear", () => {
  const changes = [{ ...changed("a"), kind: "deleted" } as const, { ...changed("b"), kind: "deleted" } as const];
  expect(isApplied(overlayOf({ b: "x" }), changes, () => createHash("sha256"))).toBe("unclear");
});

function digest(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
