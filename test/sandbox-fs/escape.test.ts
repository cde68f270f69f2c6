// C: paths and names that try to get out, or to do what their handle may not.

import { execFileSync } from "node:child_process";
import * as nodeFs from "node:fs";
import { afterEach, expect, test } from "vitest";
import {
  type Base,
  type FileSystem,
  grant,
  nodeBase,
  type Overlay,
  readOnly,
  STATE_DIRECTORY,
} from "../../sandbox-fs/index.ts";
import { BASES, overlayOver, type Tree, temporaryDirectory } from "./support/trees.ts";

const TREE: Tree = {
  dir: { file: "in", sub: { deep: "deep" }, up: { link: "../top" }, out: { link: "../../canary" } },
  top: "top",
  abs: { link: "/etc/passwd" },
  loop: { link: "loop" },
  there: { link: "dir" },
  dangling: { link: "nowhere" },
};

const disposals: (() => void)[] = [];

afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

function overlay(tree: Tree = TREE): Overlay {
  const made = BASES[2]?.make(tree);
  if (made === undefined) throw new Error("no base");
  disposals.push(made.dispose);
  return overlayOver(made.base);
}

function code(call: () => unknown): string {
  try {
    call();
    return "ok";
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
}

function text(fs: FileSystem, path: string, from = fs.root): string {
  const handle = fs.open(from, path);
  const buffer = new Uint8Array(1000);
  const length = fs.read(handle, buffer, 0n);
  fs.close(handle);
  return new TextDecoder().decode(buffer.subarray(0, length));
}

function write(fs: FileSystem, path: string, content: string, from = fs.root): void {
  const handle = fs.open(from, path, { write: true, create: true });
  fs.write(handle, new TextEncoder().encode(content), 0n);
  fs.close(handle);
}

test("C1: a directory handle follows its inode, not a symlink that takes its name", () => {
  const o = overlay();
  const handle = o.open(o.root, "dir", { directory: true });
  o.rename(o.root, "dir", o.root, "moved");
  o.symlink("../..", o.root, "dir");
  expect(text(o, "file", handle)).toBe("in");
  write(o, "new", "inside", handle);
  expect(text(o, "moved/new")).toBe("inside");
  o.unlink(handle, "file");
  expect(o.list(handle).map(({ name }) => name)).toEqual(["new", "out", "sub", "up"]);
  expect(code(() => o.open(handle, "../canary"))).toBe("EPERM");
});

test.each([
  ["../x", "EPERM"],
  ["..", "EPERM"],
  ["dir/../../x", "EPERM"],
  ["./..", "EPERM"],
  ["dir/sub/../../../x", "EPERM"],
  ["/etc/passwd", "EPERM"],
  ["//x", "EPERM"],
  ["/proc/self/root", "EPERM"],
  ["C:\\x", "ENOENT"],
  ["\\\\?\\x", "ENOENT"],
  ["", "ENOENT"],
  ["dir\0x", "EINVAL"],
  ["a\ud800", "EINVAL"],
  ["x".repeat(256), "ENAMETOOLONG"],
  ["é".repeat(128), "ENAMETOOLONG"],
  ["a/".repeat(2048), "ENAMETOOLONG"],
  ["abs", "EPERM"],
  ["abs/x", "EPERM"],
  ["loop", "ELOOP"],
  ["loop/x", "ELOOP"],
  ["dir/out", "EPERM"],
  ["dangling", "ENOENT"],
  ["top/", "ENOTDIR"],
  ["top/.", "ENOTDIR"],
  ["top/x", "ENOTDIR"],
  ["there/file/", "ENOTDIR"],
])("C2, C3, C4, C7, C9: opening %j is %s", (path, expected) => {
  const o = overlay();
  expect(code(() => o.open(o.root, path))).toBe(expected);
});

test("C2: dots and symlinks that stay inside lead where POSIX says", () => {
  const o = overlay();
  expect(text(o, "dir/sub/../file")).toBe("in");
  expect(text(o, "there/sub/../file")).toBe("in");
  expect(text(o, "dir/up")).toBe("top");
  const directory = o.open(o.root, "dir", { directory: true });
  expect(code(() => o.open(directory, "up"))).toBe("EPERM");
});

test("C4: 40 symlinks are followed, 41 are not; a dangling one creates only inside", () => {
  const o = overlay({ end: "end" });
  o.symlink("end", o.root, "l1");
  for (let i = 2; i <= 41; i += 1) o.symlink(`l${i - 1}`, o.root, `l${i}`);
  expect(text(o, "l40")).toBe("end");
  expect(code(() => o.open(o.root, "l41"))).toBe("ELOOP");
  o.symlink("made", o.root, "dangling");
  o.symlink("../made", o.root, "outside");
  write(o, "dangling", "made");
  expect(text(o, "made")).toBe("made");
  expect(code(() => write(o, "outside", "x"))).toBe("EPERM");
  expect(code(() => o.open(o.root, "l1", { follow: false }))).toBe("ELOOP");
});

test("C6: symlinks of the host are never followed out, and special files are never opened", () => {
  const { path, dispose } = temporaryDirectory({ a: "a" });
  disposals.push(dispose);
  nodeFs.symlinkSync("/etc", `${path}/etc`);
  nodeFs.symlinkSync(`${path}/a`, `${path}/absolute`);
  execFileSync("mkfifo", [`${path}/fifo`]);
  const o = overlayOver(nodeBase(path));
  expect(code(() => o.open(o.root, "etc/passwd"))).toBe("EPERM");
  expect(code(() => o.open(o.root, "absolute"))).toBe("EPERM");
  expect(o.statAt(o.root, "etc", { follow: false }).type).toBe("symlink");
  expect(o.statAt(o.root, "fifo").type).toBe("other");
  expect(code(() => o.open(o.root, "fifo"))).toBe("ENXIO");
  o.rename(o.root, "fifo", o.root, "moved");
  o.commit();
  expect(nodeFs.lstatSync(`${path}/moved`).isFIFO()).toBe(true);
});

test("C6: a directory that becomes a symlink after it was seen is not followed", () => {
  const { path, dispose } = temporaryDirectory({ d: { f: "mine", g: "mine too" } });
  const other = temporaryDirectory({ f: "secret", g: "secret" });
  disposals.push(dispose, other.dispose);
  const o = overlayOver(nodeBase(path));
  expect(text(o, "d/f")).toBe("mine");
  nodeFs.renameSync(`${path}/d`, `${path}/was`);
  nodeFs.symlinkSync(other.path, `${path}/d`);
  const late = Date.now() + 5;
  while (Date.now() < late);
  expect(code(() => text(o, "d/g"))).toBe("ESTALE");
  expect(code(() => o.list(o.open(o.root, "d")))).toBe("ESTALE");
});

test("C7: names that are not UTF-8 are not shown, and stay", () => {
  const { path, dispose } = temporaryDirectory({ d: { a: "a" } });
  disposals.push(dispose);
  nodeFs.writeFileSync(Buffer.from(`${path}/d/\xff`, "latin1"), "kept");
  const o = overlayOver(nodeBase(path));
  expect(o.list(o.open(o.root, "d")).map(({ name }) => name)).toEqual(["a"]);
  o.unlink(o.root, "d/a");
  expect(code(() => o.removeDirectory(o.root, "d"))).toBe("ENOTEMPTY");
  o.rename(o.root, "d", o.root, "e");
  o.commit();
  expect(nodeFs.readdirSync(`${path}/e`, { encoding: "buffer" })).toEqual([Buffer.from([0xff])]);
});

test("C8: names that differ in case, form or oddity are different names", () => {
  const o = overlay({});
  const names = ["A", "a", "é", "e\u0301", "i", "İ", "x.", "x ", "CON", "aux.txt", "a:b", "x\n", "\u202e"];
  for (const name of names) write(o, name, name);
  for (const name of names) expect(text(o, name)).toBe(name);
  expect(o.list(o.root)).toHaveLength(names.length);
  o.commit();
});

test("C10, C12: what is granted for reading cannot be changed by any route", () => {
  const o = overlay();
  const before = o.export();
  const fs = readOnly(o);
  const { root } = fs;
  const file = fs.open(root, "dir/file");
  const directory = fs.open(root, "dir");
  const attempts: (() => unknown)[] = [
    () => fs.open(root, "top", { write: true }),
    () => fs.open(root, "top", { truncate: true }),
    () => fs.open(root, "new", { create: true }),
    () => fs.open(directory, "file", { write: true }),
    () => fs.makeDirectory(root, "d"),
    () => fs.removeDirectory(directory, "sub"),
    () => fs.unlink(root, "top"),
    () => fs.rename(root, "top", root, "t"),
    () => fs.rename(directory, "file", root, "f"),
    () => fs.link(root, "top", root, "t"),
    () => fs.symlink("top", root, "s"),
    () => fs.setTimes(file, { mtimeNs: 0n }),
    () => fs.setTimes(directory, { mtimeNs: 0n }),
    () => fs.setTimesAt(root, "top", { mtimeNs: 0n }),
    () => fs.setMode(file, 0o777),
    () => fs.setMode(root, 0o777),
  ];
  for (const attempt of attempts) expect(code(attempt)).toBe("EPERM");
  expect(code(() => fs.write(file, new Uint8Array(1), 0n))).toBe("EBADF");
  expect(code(() => fs.truncate(file, 0n))).toBe("EBADF");
  expect(o.export()).toEqual(before);
  expect(text(fs, "dir/file")).toBe("in");
});

test("C11: the nearest grant counts, by its own path and through a handle from above", () => {
  const o = overlay();
  const fs = grant(o, [
    { path: "dir", access: "read" },
    { path: "dir/sub", access: "write" },
    { path: "top", access: "write" },
  ]);
  write(fs, "dir/sub/new", "1");
  write(fs, "top", "2");
  const dir = fs.open(fs.root, "dir");
  write(fs, "sub/other", "3", dir);
  expect(code(() => write(fs, "dir/new", "x"))).toBe("EPERM");
  expect(code(() => write(fs, "sub/../file", "x", dir))).toBe("EPERM");
  const narrow = grant(o, [
    { path: "", access: "write" },
    { path: "dir/sub", access: "read" },
  ]);
  write(narrow, "dir/new", "1");
  expect(code(() => write(narrow, "dir/sub/deep", "x"))).toBe("EPERM");
  expect(code(() => write(narrow, "there/sub/deep", "x"))).toBe("EPERM");
  const handle = narrow.open(narrow.root, "dir");
  expect(code(() => write(narrow, "sub/deep", "x", handle))).toBe("EPERM");
  const wider = grant(narrow, [{ path: "dir/sub", access: "write" }]);
  expect(code(() => write(wider, "dir/sub/deep", "x"))).toBe("EPERM");
});

test("C11: what lies between two grants keeps its place", () => {
  const o = overlay();
  const fs = grant(o, [
    { path: "", access: "write" },
    { path: "dir/sub", access: "read" },
  ]);
  expect(code(() => fs.rename(fs.root, "dir", fs.root, "moved"))).toBe("EBUSY");
  expect(code(() => fs.rename(fs.root, "dir/sub", fs.root, "moved"))).toBe("EPERM");
  expect(code(() => fs.rename(fs.root, "top", fs.root, "dir/sub/top"))).toBe("EPERM");
  expect(code(() => fs.link(fs.root, "dir/sub/deep", fs.root, "mine"))).toBe("EPERM");
  o.rename(o.root, "dir", o.root, "elsewhere");
  fs.makeDirectory(fs.root, "new");
  expect(code(() => fs.rename(fs.root, "new", fs.root, "dir"))).toBe("EBUSY");
});

test("what is not granted does not exist: not as an entry, a way, or the target of a symlink", () => {
  const o = overlay();
  const fs = grant(o, [
    { path: "dir/sub", access: "write" },
    { path: "there", access: "write" },
  ]);
  expect(fs.list(fs.root).map(({ name }) => name)).toEqual(["dir", "there"]);
  expect(fs.list(fs.open(fs.root, "dir")).map(({ name }) => name)).toEqual(["sub"]);
  for (const path of ["top", "dir/file", "there/file", "dir/../top", "abs"]) {
    expect(code(() => fs.open(fs.root, path))).toBe("ENOENT");
  }
  expect(code(() => write(fs, "dir/new", "x"))).toBe("ENOENT");
  expect(code(() => fs.makeDirectory(fs.root, "x"))).toBe("ENOENT");
  expect(code(() => fs.setMode(fs.root, 0o700))).toBe("EPERM");
  expect(code(() => fs.setTimesAt(fs.root, "dir", { mtimeNs: 0n }))).toBe("EPERM");
});

test("a grant for writing may name what is not there yet", () => {
  const o = overlay();
  const fs = grant(o, [{ path: "out.txt", access: "write" }]);
  expect(fs.list(fs.root)).toEqual([]);
  write(fs, "out.txt", "made");
  expect(fs.list(fs.root).map(({ name }) => name)).toEqual(["out.txt"]);
  fs.unlink(fs.root, "out.txt");
  expect(code(() => write(fs, "other.txt", "x"))).toBe("ENOENT");
});

test("C14: nothing is renamed or linked from one grant into another of different access", () => {
  const o = overlay();
  const fs = grant(o, [
    { path: "dir", access: "read" },
    { path: "there", access: "write" },
    { path: "top", access: "write" },
  ]);
  expect(code(() => fs.rename(fs.root, "dir/file", fs.root, "top"))).toBe("EPERM");
  expect(code(() => fs.rename(fs.root, "top", fs.root, "dir/file"))).toBe("EPERM");
  expect(code(() => fs.link(fs.root, "top", fs.root, "dir/x"))).toBe("EPERM");
  fs.rename(fs.root, "top", fs.root, "there");
  expect(text(o, "there")).toBe("top");
});

test("C15: other hard links of the host keep what they have", () => {
  const { path, dispose } = temporaryDirectory({ a: "one", b: "two", c: "three" });
  const outside = temporaryDirectory();
  disposals.push(dispose, outside.dispose);
  for (const name of ["a", "b", "c"]) nodeFs.linkSync(`${path}/${name}`, `${outside.path}/${name}`);
  const o = overlayOver(nodeBase(path));
  write(o, "a", "ONE");
  const b = o.open(o.root, "b");
  o.setMode(b, 0o600);
  o.close(b);
  o.close(o.open(o.root, "c", { write: true, truncate: true }));
  const { notes } = o.commit();
  expect(notes).toHaveLength(3);
  expect(["a", "b", "c"].map((name) => nodeFs.readFileSync(`${outside.path}/${name}`, "utf8"))).toEqual([
    "one",
    "two",
    "three",
  ]);
  expect(nodeFs.statSync(`${outside.path}/b`).mode & 0o777).toBe(0o644);
  expect(nodeFs.statSync(`${path}/b`).mode & 0o777).toBe(0o600);
});

test("C21: the private directory of a commit exists for nobody", () => {
  const o = overlay();
  for (const name of [
    STATE_DIRECTORY,
    `${STATE_DIRECTORY}-1`,
    STATE_DIRECTORY.toUpperCase(),
    ".Glovebox-Commit-7-done",
  ]) {
    for (const path of [name, `dir/${name}`, `there/${name}`]) {
      expect(code(() => o.statAt(o.root, path))).toBe("ENOENT");
      expect(code(() => o.open(o.root, path, { create: true }))).toBe("EPERM");
      expect(code(() => o.makeDirectory(o.root, path))).toBe("EPERM");
      expect(code(() => o.symlink("x", o.root, path))).toBe("EPERM");
      expect(code(() => o.rename(o.root, "top", o.root, path))).toBe("EPERM");
      expect(code(() => o.link(o.root, "top", o.root, path))).toBe("EPERM");
    }
  }
  expect(o.diff()).toEqual([]);
});

test("C22: an error of the base in the middle of a read is an error, and not a short file", () => {
  const inner = BASES[0]?.make({ f: "x".repeat(100) }).base as Base;
  let fails = false;
  const base: Base = Object.assign(Object.create(inner) as Base, {
    read: (...args: Parameters<Base["read"]>) => {
      if (fails) return 10;
      return inner.read(...args);
    },
  });
  for (const method of ["root", "stat", "list", "readlink", "close", "commit"] as const) {
    Object.assign(base, { [method]: (...args: never[]) => (inner[method] as (...a: never[]) => unknown)(...args) });
  }
  const o = overlayOver(base);
  expect(text(o, "f")).toHaveLength(100);
  fails = true;
  expect(code(() => text(o, "f"))).toBe("ESTALE");
});

test("C20, C23: times go to the nanosecond, from before 1970 to after 2446", () => {
  const o = overlay();
  const handle = o.open(o.root, "top");
  for (const mtimeNs of [-2_177_452_800_000_000_001n, 0n, 1_700_000_000_123_456_789n, 9_000_000_000_000_000_123n]) {
    o.setTimes(handle, { mtimeNs });
    expect(o.stat(handle).mtimeNs).toBe(mtimeNs);
  }
  const { atimeNs } = o.stat(handle);
  o.setTimes(handle, { mtimeNs: 1n });
  expect(o.stat(handle).atimeNs).toBe(atimeNs);
  expect(code(() => o.setTimes(handle, { mtimeNs: 1n << 63n }))).toBe("EINVAL");
});

test("reading leaves no trace: neither in the times that a guest sees, nor as a change", () => {
  const o = overlay();
  const before = o.statAt(o.root, "top");
  text(o, "top");
  o.list(o.root);
  expect(o.statAt(o.root, "top")).toEqual(before);
  expect(before.atimeNs).toBe(before.mtimeNs);
  expect(o.diff()).toEqual([]);
});
