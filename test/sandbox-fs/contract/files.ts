// The contract on files: what handles read, write and keep, and what is told of a node.

import { expect, test } from "vitest";
import type { FileSystem, Handle, Overlay } from "../../../sandbox-fs/index.ts";
import { codeOf, namesIn, text, textOf, write, writeTo } from "../support/calls.ts";
import { MTIME_SECONDS, type Tree } from "../support/trees.ts";
import type { Subject } from "./subjects.ts";

const TREE: Tree = { a: "alpha", b: "beta", d: { x: "ex", e: { f: "eff" } }, link: { link: "a" } };
const BLOCK = 65_536;

function append(fs: FileSystem, handle: Handle, content: string): void {
  writeTo(fs, handle, content, Number(fs.stat(handle).size));
}

export function fileContract(open: Subject["open"]): void {
  test("a handle reads from any position, to the end and not beyond", () => {
    const o = open(TREE);
    const handle = o.open(o.root, "a");
    const buffer = new Uint8Array(3);
    expect([0n, 3n, 5n, 1n << 62n].map((at) => o.read(handle, buffer, at))).toEqual([3, 2, 0, 0]);
    expect(o.read(handle, new Uint8Array(), 0n)).toBe(0);
    expect(codeOf(() => o.read(handle, buffer, -1n))).toBe("EINVAL");
  });

  test("a handle does what it was opened for, and nothing after it is closed", () => {
    const o = open(TREE);
    const [reader, writer] = [o.open(o.root, "a"), o.open(o.root, "a", { read: false, write: true })];
    expect(codeOf(() => writeTo(o, reader, "x"))).toBe("EBADF");
    expect(codeOf(() => o.truncate(reader, 0n))).toBe("EBADF");
    expect(codeOf(() => o.read(writer, new Uint8Array(1), 0n))).toBe("EBADF");
    o.close(reader);
    for (const call of [() => textOf(o, reader), () => o.close(reader), () => o.setMode(reader, 0)]) {
      expect(codeOf(call)).toBe("EBADF");
    }
    const directory = o.open(o.root, "d");
    expect(codeOf(() => o.read(directory, new Uint8Array(1), 0n))).toBe("EISDIR");
    expect(codeOf(() => o.list(writer))).toBe("ENOTDIR");
    expect(codeOf(() => o.open(writer, "x"))).toBe("ENOTDIR");
  });

  test("C20: two handles that append in turn lose nothing", () => {
    const o = open(TREE);
    const [first, second] = [o.open(o.root, "a", { write: true }), o.open(o.root, "a", { write: true })];
    for (const word of ["1", "22", "333"]) {
      append(o, first, word);
      append(o, second, word.toUpperCase());
    }
    expect(text(o, "a")).toBe("alpha112222333333");
  });

  test("C20: of two that create exclusively, one does", () => {
    const o = open(TREE);
    const flags = { write: true, create: true, exclusive: true };
    const first = o.open(o.root, "new", flags);
    expect(codeOf(() => o.open(o.root, "new", flags))).toBe("EEXIST");
    o.unlink(o.root, "new");
    const second = o.open(o.root, "new", flags);
    writeTo(o, first, "first");
    writeTo(o, second, "second");
    expect([textOf(o, o.open(o.root, "new")), o.stat(first).links, o.stat(second).links]).toEqual(["second", 0, 1]);
  });

  test("C20: a file that has lost its name is still read and written by those who hold it", () => {
    const o = open(TREE);
    const handle = o.open(o.root, "a", { write: true });
    o.unlink(o.root, "a");
    writeTo(o, handle, "ALPH");
    expect(textOf(o, handle)).toBe("ALPHa");
    write(o, "a", "another");
    expect([textOf(o, handle), text(o, "a")]).toEqual(["ALPHa", "another"]);
    o.close(handle);
    expect(text(o, "a")).toBe("another");
  });

  test("C20: a file that is renamed over takes its handles along; the one it replaced keeps its own", () => {
    const o = open(TREE);
    const [moved, replaced] = [o.open(o.root, "a", { write: true }), o.open(o.root, "b")];
    o.rename(o.root, "a", o.root, "b");
    writeTo(o, moved, "ALPHA");
    expect([text(o, "b"), textOf(o, replaced), codeOf(() => text(o, "a"))]).toEqual(["ALPHA", "beta", "ENOENT"]);
  });

  test("a handle that was open before the first change sees it", () => {
    const o = open(TREE);
    const handle = o.open(o.root, "a");
    write(o, "link", "ALPHA!");
    expect(textOf(o, handle)).toBe("ALPHA!");
  });

  test("in a directory that has gone, nothing can be made or found", () => {
    const o = open(TREE);
    const handle = o.open(o.root, "d/e");
    o.unlink(handle, "f");
    o.removeDirectory(o.root, "d/e");
    expect(namesIn(o, handle)).toEqual([]);
    expect(codeOf(() => write(o, "new", "x", handle))).toBe("ENOENT");
    expect(codeOf(() => o.makeDirectory(handle, "new"))).toBe("ENOENT");
    expect(codeOf(() => o.rename(o.root, "a", handle, "a"))).toBe("ENOENT");
  });

  test("truncate cuts and grows; what was cut off comes back as zeros", () => {
    const o = open(TREE);
    const handle = o.open(o.root, "a", { write: true });
    o.truncate(handle, 2n);
    o.truncate(handle, 4n);
    expect(textOf(o, handle)).toBe("al\0\0");
    writeTo(o, handle, "z", 6);
    expect(textOf(o, handle)).toBe("al\0\0\0\0z");
  });

  test("C16: what was never written is zeros, and takes no room", () => {
    const o = open(TREE);
    const held = o.writtenBytes;
    const handle = o.open(o.root, "a", { write: true });
    writeTo(o, handle, "end", 50 * BLOCK - 1);
    expect(o.stat(handle).size).toBe(BigInt(50 * BLOCK + 2));
    const buffer = new Uint8Array(BLOCK).fill(1);
    expect(o.read(handle, buffer, BigInt(20 * BLOCK))).toBe(BLOCK);
    expect(buffer.every((byte) => byte === 0)).toBe(true);
    expect(o.writtenBytes - held).toBeLessThanOrEqual(2 * BLOCK);
  });

  test("hard links are one file: content, metadata and number", () => {
    const o = open(TREE);
    o.link(o.root, "a", o.root, "d/second");
    write(o, "d/second", "ALPHA");
    o.setMode(o.open(o.root, "a"), 0o600);
    o.rename(o.root, "a", o.root, "third");
    const [second, third] = [o.statAt(o.root, "d/second"), o.statAt(o.root, "third")];
    expect(second).toEqual(third);
    expect([text(o, "third"), third.links, third.mode]).toEqual(["ALPHA", 2, 0o600]);
    o.rename(o.root, "third", o.root, "d/second");
    expect(o.statAt(o.root, "third").links).toBe(2);
  });

  test("an inode number stays over copy-up, rename and rollback; a retried step gets the same numbers", () => {
    const o = open(TREE);
    const { inode } = o.statAt(o.root, "d/x");
    expect(o.list(o.open(o.root, "d")).find(({ name }) => name === "x")?.inode).toBe(inode);
    const savepoint = o.savepoint();
    write(o, "d/x", "changed");
    o.rename(o.root, "d/x", o.root, "moved");
    expect(o.statAt(o.root, "moved").inode).toBe(inode);
    write(o, "new", "n");
    const made = o.statAt(o.root, "new").inode;
    savepoint.rollback();
    expect(o.statAt(o.root, "d/x").inode).toBe(inode);
    write(o, "new", "again");
    expect(o.statAt(o.root, "new").inode).toBe(made);
    expect(new Set([inode, made, o.stat(o.root).inode]).size).toBe(3);
  });

  test("C23: times go to the nanosecond, from 1901 to 2446, and only those that are given", () => {
    const o = open(TREE);
    const handle = o.open(o.root, "a");
    for (const mtimeNs of [-2_177_452_800_000_000_001n, 0n, 1_700_000_000_123_456_789n, 15_032_385_535_000_000_123n]) {
      o.setTimes(handle, { mtimeNs });
      expect(o.stat(handle).mtimeNs).toBe(mtimeNs);
    }
    const { atimeNs } = o.stat(handle);
    o.setTimes(handle, { mtimeNs: 1n });
    expect(o.stat(handle).atimeNs).toBe(atimeNs);
    expect(codeOf(() => o.setTimes(handle, { mtimeNs: 1n << 68n }))).toBe("EINVAL");
    o.setTimesAt(o.root, "link", { mtimeNs: 2n }, { follow: false });
    expect([o.stat(handle).mtimeNs, o.statAt(o.root, "link", { follow: false }).mtimeNs]).toEqual([1n, 2n]);
  });

  test("a change of content, names or metadata moves the times that POSIX says, and no others", () => {
    const o = open(TREE);
    const start = BigInt(MTIME_SECONDS) * 1_000_000_000n;
    const moved = (path: string): string => {
      const { mtimeNs, ctimeNs } = o.statAt(o.root, path);
      return `${mtimeNs === start ? "-" : "m"}${ctimeNs === lastChange(o, path) ? "-" : "c"}`;
    };
    const before = new Map(["a", "b", "d", "d/x"].map((path) => [path, o.statAt(o.root, path).ctimeNs]));
    const lastChange = (_: Overlay, path: string): bigint => before.get(path) ?? -1n;
    write(o, "a", "A");
    o.setMode(o.open(o.root, "b"), 0o600);
    write(o, "d/new", "n");
    expect(["a", "b", "d", "d/x"].map(moved)).toEqual(["mc", "-c", "mc", "--"]);
  });

  test("C20: reading leaves no trace: neither in the times that a guest sees, nor as a change", () => {
    const o = open(TREE);
    const savepoint = o.savepoint();
    const before = o.statAt(o.root, "a");
    text(o, "a");
    namesIn(o);
    expect(o.statAt(o.root, "a")).toEqual(before);
    expect(before.atimeNs).toBe(before.mtimeNs);
    expect(savepoint.diff()).toEqual([]);
  });
}
