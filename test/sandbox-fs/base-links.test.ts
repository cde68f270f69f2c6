// C15: files that have several names in the base: one file for as long as nothing sets the names apart.

import * as nodeFs from "node:fs";
import { Volume } from "memfs";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Base,
  grant,
  memfsBase,
  nodeBase,
  type Overlay,
  type Volume as VolumeCalls,
} from "../../sandbox-fs/index.ts";
import { codeOf, text, textOf, write, writeTo } from "./support/calls.ts";
import { type Header, node, withHeader } from "./support/exports.ts";
import { dump, fastDirectory, overlayOver, type Tree, writeTree } from "./support/trees.ts";

const TREE: Tree = { a: "one", d: { deep: {} }, e: { kept: "kept" }, plain: "plain" };
const LINKS = ["d/b", "d/deep/c", "e/far"];

/** One file by the names a, d/b, d/deep/c and e/far. */
interface Made {
  open(): Base;
  readonly fs: Pick<typeof nodeFs, "linkSync" | "readFileSync" | "statSync" | "lstatSync" | "readdirSync">;
  readonly root: string;
}

function onHost(): Made {
  const { path, dispose } = fastDirectory(TREE);
  onTestFinished(dispose);
  return { open: () => nodeBase(path), fs: nodeFs, root: path };
}

function onVolume(): Made {
  const volume = new Volume();
  volume.mkdirSync("/root");
  writeTree(volume as never, "/root", TREE);
  return { open: () => memfsBase(volume as unknown as VolumeCalls, "/root"), fs: volume as never, root: "/root" };
}

describe.each([
  ["host", onHost],
  ["memfs", onVolume],
] as const)("over a %s base", (_, make) => {
  function linked(): Made & { readonly o: Overlay; at(path: string): string; inode(path: string): unknown } {
    const made = make();
    for (const path of LINKS) made.fs.linkSync(`${made.root}/a`, `${made.root}/${path}`);
    const at = (path: string): string => made.fs.readFileSync(`${made.root}/${path}`, "utf8");
    const inode = (path: string): unknown => made.fs.lstatSync(`${made.root}/${path}`).ino;
    return { ...made, o: overlayOver(made.open()), at, inode };
  }

  test("two names of a file are the same node, with as many links as the base says", () => {
    const { o } = linked();
    expect(o.statAt(o.root, "a")).toEqual(o.statAt(o.root, "d/b"));
    expect(o.statAt(o.root, "a").links).toBe(4);
    o.unlink(o.root, "a");
    o.link(o.root, "d/b", o.root, "new");
    o.link(o.root, "d/b", o.root, "newer");
    expect(o.statAt(o.root, "e/far").links).toBe(5);
    o.rename(o.root, "new", o.root, "e/far");
    expect(codeOf(() => o.statAt(o.root, "new"))).toBe("ok");
  });

  test("what is written through one name is seen through the others, and handles too; the commit keeps them one file", () => {
    const { o, at, inode } = linked();
    const early = o.open(o.root, "d/b");
    o.statAt(o.root, "d/deep/c");
    o.statAt(o.root, "e/far");
    write(o, "a", "TWO");
    expect([text(o, "d/b"), text(o, "d/deep/c"), textOf(o, early)]).toEqual(["TWO", "TWO", "TWO"]);
    expect(o.diff().map(({ kind, path }) => `${kind} ${path}`)).toEqual(
      ["a", ...LINKS].map((path) => `modified ${path}`),
    );
    expect(o.commit().notes).toEqual([]);
    expect(["a", ...LINKS].map(at)).toEqual(["TWO", "TWO", "TWO", "TWO"]);
    expect(new Set(["a", ...LINKS].map(inode)).size).toBe(1);
  });

  test("names that nobody had looked at when the file was changed keep what they had: here, and after the commit", () => {
    const { o, at, inode } = linked();
    o.statAt(o.root, "d/b");
    write(o, "a", "TWO");
    const shown = [...LINKS, "a"].map((path) => text(o, path));
    expect(shown).toEqual(["TWO", "one", "one", "TWO"]);
    expect(o.statAt(o.root, "a").links).toBe(2);
    write(o, "e/far", "far");
    expect([text(o, "a"), text(o, "d/deep/c")]).toEqual(["TWO", "one"]);
    const { notes } = o.commit();
    expect(notes).toEqual([
      "a: is a file of its own now; its other hard links keep what they had",
      "e/far: is a file of its own now; its other hard links keep what they had",
    ]);
    expect([...LINKS, "a"].map(at)).toEqual(["TWO", "one", "far", "TWO"]);
    expect(inode("a")).toBe(inode("d/b"));
  });

  test("names move, go and come without a change to the file: the object of the base stays", () => {
    const { o, at, inode, fs, root } = linked();
    const before = inode("a");
    o.rename(o.root, "a", o.root, "moved");
    o.unlink(o.root, "d/b");
    o.link(o.root, "moved", o.root, "more");
    o.rename(o.root, "d/deep/c", o.root, "c");
    const shown = dump(o);
    expect(o.commit().notes).toEqual([]);
    expect(fs.readdirSync(root)).toEqual(["c", "d", "e", "more", "moved", "plain"]);
    expect(["moved", "more", "c", "e/far"].map(inode)).toEqual([before, before, before, before]);
    expect(at("c")).toBe("one");
    expect(Object.keys(shown)).toContain("c");
  });

  test("a rename of one name onto another is nothing, as POSIX has it", () => {
    const { o } = linked();
    o.rename(o.root, "a", o.root, "d/b");
    expect([text(o, "a"), o.diff()]).toEqual(["one", []]);
  });

  test("one name is changed, moved and another removed with its directory: the rest is one file", () => {
    const { o, at, inode, fs, root } = linked();
    for (const path of LINKS) o.statAt(o.root, path);
    write(o, "a", "TWO");
    o.rename(o.root, "a", o.root, "moved");
    o.unlink(o.root, "d/deep/c");
    o.removeDirectory(o.root, "d/deep");
    o.unlink(o.root, "e/kept");
    o.rename(o.root, "e", o.root, "f");
    const shown = dump(o);
    o.commit();
    expect([at("moved"), at("d/b"), at("f/far")]).toEqual(["TWO", "TWO", "TWO"]);
    expect(new Set(["moved", "d/b", "f/far"].map(inode)).size).toBe(1);
    expect([fs.readdirSync(`${root}/d`), fs.readdirSync(`${root}/f`)]).toEqual([["b"], ["far"]]);
    expect(Object.keys(shown)).toEqual(["d", "d/b", "f", "f/far", "moved", "plain"]);
  });

  test("a mode is one of the file, too: names that were met share it", () => {
    const { o, fs, root } = linked();
    o.statAt(o.root, "d/b");
    o.setMode(o.open(o.root, "a"), 0o600);
    expect([o.statAt(o.root, "d/b").mode, o.statAt(o.root, "e/far").mode]).toEqual([0o600, 0o644]);
    o.commit();
    expect(["a", "d/b", "e/far"].map((path) => fs.statSync(`${root}/${path}`).mode & 0o777)).toEqual([
      0o600, 0o600, 0o644,
    ]);
  });

  test("a grant that names one of them does not reach the others", () => {
    const { o, at } = linked();
    const fs = grant(o, [
      { path: "", access: "read" },
      { path: "e", access: "write" },
      { path: "d/b", access: "write" },
    ]);
    for (const path of ["a", ...LINKS]) text(fs, path);
    write(fs, "e/far", "TWO");
    expect(["a", ...LINKS].map((path) => text(fs, path))).toEqual(["one", "TWO", "one", "TWO"]);
    o.commit();
    expect(["a", ...LINKS].map(at)).toEqual(["one", "TWO", "one", "TWO"]);
  });

  test("a rollback brings the one file back; a fork goes its own way", () => {
    const { o } = linked();
    o.statAt(o.root, "d/b");
    const savepoint = o.savepoint();
    write(o, "a", "TWO");
    expect(text(o, "e/far")).toBe("one");
    write(o, "e/far", "far");
    savepoint.rollback();
    const fork = o.fork();
    write(o, "e/far", "ALL");
    expect(["a", ...LINKS].map((path) => text(o, path))).toEqual(["ALL", "ALL", "one", "ALL"]);
    expect(["a", ...LINKS].map((path) => text(fork, path))).toEqual(["one", "one", "one", "one"]);
  });

  test("an export tells which names share a change, whatever the importer has met", () => {
    const { o, open } = linked();
    o.statAt(o.root, "d/b");
    write(o, "a", "TWO");
    write(o, "e/far", "far");
    o.rename(o.root, "d/b", o.root, "b");
    o.unlink(o.root, "d/deep/c");
    const shown = dump(o);
    for (const met of [[], ["e/far", "a"], ["d/deep/c", "d/b"]]) {
      const other = overlayOver(open());
      for (const path of met) other.statAt(other.root, path);
      other.apply(o.export());
      expect(dump(other)).toEqual(shown);
      expect(other.diff()).toEqual(o.diff());
    }
  });

  test("an export cannot change the names of a file that it was not granted", () => {
    const { o, open } = linked();
    for (const path of LINKS) o.statAt(o.root, path);
    write(o, "a", "TWO");
    const other = overlayOver(open());
    expect(codeOf(() => other.apply(o.export(), [{ path: "a", access: "write" }]))).toBe("EPERM");
    expect(other.diff()).toEqual([]);
  });

  const HOSTILE: readonly [what: string, change: (header: Header) => void][] = [
    ["a change that nobody shares", (h) => delete node(h, "s:a").sharers],
    ["a sharer that is another file", (h) => (node(h, "s:a").sharers = ["a", "plain"])],
    ["a sharer that comes twice", (h) => (node(h, "s:a").sharers = ["a", "a"])],
    ["a name that shares, and is a file of its own", (h) => (node(h, "s:a").sharers = ["a", "e/far"])],
    ["a name for the file, where it has more of them", (h) => (node(h, "s:a").ref = "b:a")],
    ["a name taken that does not share", (h) => node(h, "s:a").taken.push("e/far")],
    ["the same file twice", (h) => h.nodes.push({ ...node(h, "s:a"), ref: "s:d/b" })],
  ];

  test.each(HOSTILE)("an export with %s is refused", (_, change) => {
    const { o, open } = linked();
    write(o, "a", "TWO");
    write(o, "e/far", "far");
    const other = overlayOver(open());
    expect(codeOf(() => other.apply(withHeader(o.export(), change)))).toBe("EINVAL");
    expect(other.diff()).toEqual([]);
  });

  test("a handle that outlives all its names keeps what it wrote", () => {
    const { o } = linked();
    const handle = o.open(o.root, "a", { write: true });
    o.unlink(o.root, "a");
    writeTo(o, handle, "TWO");
    expect([textOf(o, handle), text(o, "d/b"), o.stat(handle).links]).toEqual(["TWO", "one", 0]);
    o.close(handle);
    expect(o.writtenBytes).toBe(0);
  });

  test("someone else's change through a name that is not ours is a conflict", () => {
    const { o, root, fs } = linked();
    text(o, "a");
    write(o, "a", "TWO");
    const foreign = fs as typeof nodeFs;
    foreign.writeFileSync(`${root}/e/far`, "THEIRS");
    expect(codeOf(() => o.commit())).toBe("CONFLICT_BASE_CHANGED");
  });
});
