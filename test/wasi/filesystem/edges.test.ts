// The answers to odd paths, operation by operation: those that the public test suites of WASI 0.2 and 0.3 ask for.

import { describe, expect, test } from "vitest";
import type { Descriptor } from "../../../host/wasi/filesystem/descriptor.ts";
import { FOLLOW, NONE, openFile, READ, rootOf, testFiles } from "../support/files.ts";
import { thrownBy } from "../support/setup.ts";

const tree = {
  "a.txt": "a",
  "b.txt": "b",
  d: { entries: { inner: "i" } },
  empty: { entries: {} },
  parent: { target: ".." },
};

type Attempt = readonly [string, (root: Descriptor) => unknown, string];

function refuses(attempts: readonly Attempt[]): void {
  test.each(attempts)("%s", (_, attempt, code) => {
    const { root, overlay } = testFiles(tree);
    expect(thrownBy(() => attempt(root))).toBe(code);
    expect(overlay.diff()).toEqual([]);
  });
}

describe("open-at", () => {
  const open = (path: string, follow: object) => (root: Descriptor) => root.openAt(follow, path, NONE, READ);
  refuses([
    ["the empty path", open("", NONE), "no-entry"],
    ["the parent", open("..", NONE), "not-permitted"],
    ["the root of the machine", open("/", NONE), "not-permitted"],
    ["a link to the parent, followed", open("parent", FOLLOW), "not-permitted"],
    ["a link to the parent, not followed", open("parent", NONE), "loop"],
    ["below a file", open("a.txt/x", NONE), "not-directory"],
  ]);
});

describe("create-directory-at", () => {
  const make = (path: string) => (root: Descriptor) => root.createDirectoryAt(path);
  refuses([
    ["the empty path", make(""), "no-entry"],
    ["itself", make("."), "exist"],
    ["a file", make("a.txt"), "exist"],
    ["through a link to the parent", make("parent/q"), "not-permitted"],
    ["below what is missing", make("missing/q"), "no-entry"],
  ]);
});

describe("remove-directory-at", () => {
  const remove = (path: string) => (root: Descriptor) => root.removeDirectoryAt(path);
  refuses([
    ["the empty path", remove(""), "no-entry"],
    ["itself", remove("."), "invalid"],
    ["the parent", remove(".."), "not-permitted"],
    ["a file", remove("a.txt"), "not-directory"],
    ["a missing name", remove("z"), "no-entry"],
    ["a full directory", remove("d"), "not-empty"],
    ["a link", remove("parent"), "not-directory"],
    ["out and back in", remove("empty/../../empty"), "not-permitted"],
  ]);
});

describe("unlink-file-at", () => {
  const remove = (path: string) => (root: Descriptor) => root.unlinkFileAt(path);
  refuses([
    ["the empty path", remove(""), "no-entry"],
    ["itself", remove("."), "is-directory"],
    ["a directory", remove("d"), "is-directory"],
    ["a missing name", remove("z.txt"), "no-entry"],
    ["through a link to the parent", remove("parent/z.txt"), "not-permitted"],
  ]);
});

describe("link-at", () => {
  const link =
    (from: string, to: string, flags: object = NONE) =>
    (root: Descriptor) =>
      root.linkAt(flags, from, root, to);
  refuses([
    ["a directory", link("d", "x"), "not-permitted"],
    ["itself", link(".", "x"), "not-permitted"],
    ["from the empty path", link("", "x"), "no-entry"],
    ["to the empty path", link("a.txt", ""), "no-entry"],
    ["to a name that is there", link("a.txt", "a.txt"), "exist"],
    ["to the parent", link("a.txt", ".."), "not-permitted"],
    ["from the parent", link("..", "x"), "not-permitted"],
    ["through a link to the parent", link("parent/x", "x"), "not-permitted"],
    ["following links, as on Wasmtime", link("a.txt", "x", FOLLOW), "invalid"],
  ]);
});

describe("rename-at", () => {
  const rename = (from: string, to: string) => (root: Descriptor) => root.renameAt(from, root, to);
  refuses([
    ["a missing name", rename("z", "q"), "no-entry"],
    ["itself", rename(".", "q"), "busy"],
    ["to the parent's side", rename("a.txt", "../q"), "not-permitted"],
    ["through a link to the parent", rename("a.txt", "parent/q"), "not-permitted"],
    ["to an absolute path", rename("a.txt", "/tmp/q"), "not-permitted"],
    ["a file over a directory", rename("a.txt", "empty"), "is-directory"],
    ["a directory over a file", rename("empty", "a.txt"), "not-directory"],
    ["a directory over a full one", rename("empty", "d"), "not-empty"],
    ["a directory into itself", rename("d", "d/x"), "invalid"],
  ]);
});

describe("stat-at and readlink-at", () => {
  refuses([
    ["stat of the empty path", (root) => root.statAt(NONE, ""), "no-entry"],
    ["stat of the parent", (root) => root.statAt(NONE, ".."), "not-permitted"],
    ["stat of a link to the parent, followed", (root) => root.statAt(FOLLOW, "parent"), "not-permitted"],
    ["stat of /etc/passwd", (root) => root.statAt(NONE, "/etc/passwd"), "not-permitted"],
    ["stat from a file", (root) => openFile(root, "a.txt").statAt(NONE, "."), "not-directory"],
    ["readlink of a file", (root) => root.readlinkAt("a.txt"), "invalid"],
    ["readlink of a directory", (root) => root.readlinkAt("d"), "invalid"],
    ["readlink of a missing name", (root) => root.readlinkAt("z"), "no-entry"],
  ]);
});

test("linking a directory is POSIX's refusal, not a violation of the scope", () => {
  const { root, wasi } = testFiles(tree);
  thrownBy(() => root.linkAt(NONE, "d", root, "x"));
  expect(wasi.violations).toEqual([]);
});

test("a name renamed or linked to itself stays as it is", () => {
  const { root, overlay } = testFiles(tree);
  root.renameAt("a.txt", root, "a.txt");
  expect(overlay.diff()).toEqual([]);
  expect(root.readlinkAt("parent")).toBe("..");
});

test("stat of `.` is stat of the directory, and descriptors of one directory are the same object", () => {
  const { root, wasi } = testFiles(tree);
  const dot = root.openAt(NONE, ".", { directory: true }, READ);
  const again = rootOf(wasi);
  expect(root.statAt(NONE, ".")).toEqual(root.stat());
  expect([root.isSameObject(dot), dot.isSameObject(again)]).toEqual([true, true]);
  expect(root.isSameObject(root.openAt(NONE, "d", NONE, READ))).toBe(false);
});
