// The contract on paths: which ones lead nowhere, and that a handle stays on its node.

import { expect, test } from "vitest";
import { STATE_DIRECTORY } from "../../../sandbox-fs/index.ts";
import { codeOf, namesIn, text, write } from "../support/calls.ts";
import type { Tree } from "../support/trees.ts";
import type { Subject } from "./subjects.ts";

export const ESCAPES: Tree = {
  dir: { file: "in", sub: { deep: "deep" }, up: { link: "../top" }, out: { link: "../../canary" } },
  top: "top",
  abs: { link: "/etc/passwd" },
  there: { link: "dir" },
};

const REFUSED: readonly [path: string, code: string][] = [
  ["../x", "EPERM"],
  ["..", "EPERM"],
  ["dir/../../x", "EPERM"],
  ["./..", "EPERM"],
  ["dir/sub/../../../x", "EPERM"],
  ["there/../..", "EPERM"],
  ["/etc/passwd", "EPERM"],
  ["//x", "EPERM"],
  ["/proc/self/root", "EPERM"],
  ["/dev/fd/0", "EPERM"],
  ["C:\\x", "ENOENT"],
  ["\\\\?\\x", "ENOENT"],
  ["", "ENOENT"],
  ["dir\0x", "EINVAL"],
  ["a\ud800", "EINVAL"],
  ["x".repeat(255), "ENOENT"],
  ["x".repeat(256), "ENAMETOOLONG"],
  ["é".repeat(128), "ENAMETOOLONG"],
  ["a/".repeat(2048), "ENAMETOOLONG"],
  ["./".repeat(2000), "EISDIR"],
  ["abs", "EPERM"],
  ["abs/x", "EPERM"],
  ["dir/out", "EPERM"],
];

const ODD_NAMES = [
  "A",
  "a",
  "é",
  "e\u0301",
  "i",
  "İ",
  "ı",
  "x.",
  "x ",
  "CON",
  "aux.txt",
  "a:b",
  "a\\b",
  "x\n",
  "\u202e",
];

export function pathContract(open: Subject["open"]): void {
  test.each(REFUSED)("C2, C3, C4, C7: writing to %j is %s", (path, expected) => {
    const o = open(ESCAPES);
    expect(codeOf(() => o.open(o.root, path, { write: true }))).toBe(expected);
  });

  test("C1: a directory handle follows its inode, not a symlink that takes its name", () => {
    const o = open(ESCAPES);
    const handle = o.open(o.root, "dir", { directory: true });
    o.rename(o.root, "dir", o.root, "moved");
    o.symlink("../..", o.root, "dir");
    expect(text(o, "file", handle)).toBe("in");
    write(o, "new", "inside", handle);
    expect(text(o, "moved/new")).toBe("inside");
    o.unlink(handle, "file");
    expect(namesIn(o, handle)).toEqual(["new", "out", "sub", "up"]);
    expect(codeOf(() => o.open(handle, "../canary"))).toBe("EPERM");
  });

  test("C2: a handle of a directory is a root of its own: neither `..` nor a symlink leads above it", () => {
    const o = open(ESCAPES);
    const directory = o.open(o.root, "dir", { directory: true });
    expect(text(o, "dir/up")).toBe("top");
    expect(codeOf(() => o.open(directory, "up"))).toBe("EPERM");
    expect(codeOf(() => o.open(directory, "sub/../.."))).toBe("EPERM");
    expect(text(o, "sub/../file", directory)).toBe("in");
  });

  test("C4: 40 symlinks are followed, 41 are not; a dangling one creates only inside", () => {
    const o = open({ end: "end" });
    o.symlink("end", o.root, "l1");
    for (let i = 2; i <= 41; i += 1) o.symlink(`l${i - 1}`, o.root, `l${i}`);
    expect(text(o, "l40")).toBe("end");
    expect(codeOf(() => o.open(o.root, "l41"))).toBe("ELOOP");
    o.symlink("made", o.root, "dangling");
    o.symlink("../made", o.root, "outside");
    write(o, "dangling", "made");
    expect(text(o, "made")).toBe("made");
    expect(codeOf(() => write(o, "outside", "x"))).toBe("EPERM");
    expect(codeOf(() => o.open(o.root, "l1", { follow: false }))).toBe("ELOOP");
    expect(codeOf(() => o.open(o.root, "l1", { follow: false, directory: true }))).toBe("ENOTDIR");
  });

  test("C8: names that differ in case, form or oddity are different names", () => {
    const o = open({});
    for (const name of ODD_NAMES) write(o, name, name);
    for (const name of ODD_NAMES) expect(text(o, name)).toBe(name);
    expect(o.list(o.root)).toHaveLength(ODD_NAMES.length);
  });

  test("C17: a listing is sorted by the bytes of the names, whoever made them", () => {
    const o = open({ b: "", a: "", Z: "", "\uffff": "" });
    write(o, "aa", "");
    write(o, "\u{1f600}", "");
    write(o, "é", "");
    expect(namesIn(o)).toEqual(["Z", "a", "aa", "b", "é", "\uffff", "\u{1f600}"]);
  });

  test("C18: a name that was taken away can be given again, to a file, a directory or a symlink", () => {
    const o = open(ESCAPES);
    o.unlink(o.root, "top");
    o.makeDirectory(o.root, "top");
    expect(namesIn(o, o.open(o.root, "top"))).toEqual([]);
    o.rename(o.root, "dir", o.root, "top");
    expect(text(o, "top/sub/deep")).toBe("deep");
    o.makeDirectory(o.root, "dir");
    expect(namesIn(o, o.open(o.root, "dir"))).toEqual([]);
    write(o, "there/file", "new");
    expect([text(o, "dir/file"), text(o, "top/file")]).toEqual(["new", "in"]);
    o.unlink(o.root, "there");
    write(o, "there", "a file now");
    expect(namesIn(o)).toEqual(["abs", "dir", "there", "top"]);
  });

  test("C21: the private directory of a commit exists for nobody", () => {
    const o = open(ESCAPES);
    const names = [STATE_DIRECTORY, `${STATE_DIRECTORY}-1`, STATE_DIRECTORY.toUpperCase(), ".Glovebox-Commit-7-done"];
    for (const path of names.flatMap((name) => [name, `dir/${name}`, `there/${name}`])) {
      expect(codeOf(() => o.statAt(o.root, path))).toBe("ENOENT");
      expect(codeOf(() => o.open(o.root, path, { create: true }))).toBe("EPERM");
      expect(codeOf(() => o.makeDirectory(o.root, path))).toBe("EPERM");
      expect(codeOf(() => o.symlink("x", o.root, path))).toBe("EPERM");
      expect(codeOf(() => o.rename(o.root, "top", o.root, path))).toBe("EPERM");
      expect(codeOf(() => o.link(o.root, "top", o.root, path))).toBe("EPERM");
    }
    o.symlink(STATE_DIRECTORY, o.root, "way");
    expect(codeOf(() => o.open(o.root, "way", { create: true }))).toBe("EPERM");
    expect(codeOf(() => o.statAt(o.root, "way"))).toBe("ENOENT");
  });
}
