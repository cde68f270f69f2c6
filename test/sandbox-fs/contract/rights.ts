// The contract on grants: they only narrow, and what is not granted does not exist.

import { expect, test } from "vitest";
import { grant, readOnly } from "../../../sandbox-fs/index.ts";
import { codeOf, namesIn, text, write } from "../support/calls.ts";
import { ESCAPES } from "./paths.ts";
import type { Subject } from "./subjects.ts";

export function rightsContract(open: Subject["open"]): void {
  test("C10, C12: what is granted for reading cannot be changed by any route", () => {
    const o = open(ESCAPES);
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
    for (const attempt of attempts) expect(codeOf(attempt)).toBe("EPERM");
    expect(codeOf(() => fs.write(file, new Uint8Array(1), 0n))).toBe("EBADF");
    expect(codeOf(() => fs.truncate(file, 0n))).toBe("EBADF");
    expect(o.export()).toEqual(before);
    expect(text(fs, "dir/file")).toBe("in");
  });

  test("C11: the nearest grant counts, by its own path and through a handle from above", () => {
    const o = open(ESCAPES);
    const fs = grant(o, [
      { path: "dir", access: "read" },
      { path: "dir/sub", access: "write" },
      { path: "top", access: "write" },
    ]);
    write(fs, "dir/sub/new", "1");
    write(fs, "top", "2");
    const dir = fs.open(fs.root, "dir");
    write(fs, "sub/other", "3", dir);
    expect(codeOf(() => write(fs, "dir/new", "x"))).toBe("EPERM");
    expect(codeOf(() => write(fs, "sub/../file", "x", dir))).toBe("EPERM");
    const narrow = grant(o, [
      { path: "", access: "write" },
      { path: "dir/sub", access: "read" },
    ]);
    write(narrow, "dir/new", "1");
    expect(codeOf(() => write(narrow, "dir/sub/deep", "x"))).toBe("EPERM");
    expect(codeOf(() => write(narrow, "there/sub/deep", "x"))).toBe("EPERM");
    const handle = narrow.open(narrow.root, "dir");
    expect(codeOf(() => write(narrow, "sub/deep", "x", handle))).toBe("EPERM");
    const wider = grant(narrow, [{ path: "dir/sub", access: "write" }]);
    expect(codeOf(() => write(wider, "dir/sub/deep", "x"))).toBe("EPERM");
  });

  test("C11: what lies between two grants keeps its place", () => {
    const o = open(ESCAPES);
    const fs = grant(o, [
      { path: "", access: "write" },
      { path: "dir/sub", access: "read" },
    ]);
    expect(codeOf(() => fs.rename(fs.root, "dir", fs.root, "moved"))).toBe("EBUSY");
    expect(codeOf(() => fs.rename(fs.root, "dir/sub", fs.root, "moved"))).toBe("EPERM");
    expect(codeOf(() => fs.rename(fs.root, "top", fs.root, "dir/sub/top"))).toBe("EPERM");
    expect(codeOf(() => fs.link(fs.root, "dir/sub/deep", fs.root, "mine"))).toBe("EPERM");
    o.rename(o.root, "dir", o.root, "elsewhere");
    fs.makeDirectory(fs.root, "new");
    expect(codeOf(() => fs.rename(fs.root, "new", fs.root, "dir"))).toBe("EBUSY");
  });

  test("what is not granted does not exist: not as an entry, a way, or the target of a symlink", () => {
    const o = open(ESCAPES);
    const fs = grant(o, [
      { path: "dir/sub", access: "write" },
      { path: "there", access: "write" },
    ]);
    expect(namesIn(fs, fs.root)).toEqual(["dir", "there"]);
    expect(namesIn(fs, fs.open(fs.root, "dir"))).toEqual(["sub"]);
    for (const path of ["top", "dir/file", "there/file", "dir/../top", "abs"]) {
      expect(codeOf(() => fs.open(fs.root, path))).toBe("ENOENT");
    }
    expect(codeOf(() => write(fs, "dir/new", "x"))).toBe("ENOENT");
    expect(codeOf(() => fs.makeDirectory(fs.root, "x"))).toBe("ENOENT");
    expect(codeOf(() => fs.setMode(fs.root, 0o700))).toBe("EPERM");
    expect(codeOf(() => fs.setTimesAt(fs.root, "dir", { mtimeNs: 0n }))).toBe("EPERM");
  });

  test("a grant for writing may name what is not there yet", () => {
    const o = open(ESCAPES);
    const fs = grant(o, [{ path: "out.txt", access: "write" }]);
    expect(fs.list(fs.root)).toEqual([]);
    write(fs, "out.txt", "made");
    expect(namesIn(fs, fs.root)).toEqual(["out.txt"]);
    fs.unlink(fs.root, "out.txt");
    expect(codeOf(() => write(fs, "other.txt", "x"))).toBe("ENOENT");
  });

  test("C14: nothing is renamed or linked from one grant into another of different access", () => {
    const o = open(ESCAPES);
    const fs = grant(o, [
      { path: "dir", access: "read" },
      { path: "there", access: "write" },
      { path: "top", access: "write" },
    ]);
    expect(codeOf(() => fs.rename(fs.root, "dir/file", fs.root, "top"))).toBe("EPERM");
    expect(codeOf(() => fs.rename(fs.root, "top", fs.root, "dir/file"))).toBe("EPERM");
    expect(codeOf(() => fs.link(fs.root, "top", fs.root, "dir/x"))).toBe("EPERM");
    fs.rename(fs.root, "top", fs.root, "there");
    expect(text(o, "there")).toBe("top");
  });
}
