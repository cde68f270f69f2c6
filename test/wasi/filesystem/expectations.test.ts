// What the filesystem programs of the public wasi-testsuite for WASI 0.3 expect of any host, put to the 0.2 interfaces in our own words: the
// error of each operation that has one, flags, sizes, identity and times. One table for each of its programs.

import { describe, expect, test } from "vitest";
import type { Descriptor } from "../../../host/wasi/filesystem/descriptor.ts";
import {
  BOTH,
  FOLLOW,
  NONE,
  namesIn,
  openFile,
  READ,
  readFile,
  testFiles,
  WRITE,
  writeFile,
} from "../support/files.ts";
import { thrownBy } from "../support/setup.ts";

/** A directory with two files, and a link to what is above it. */
function directory(): Descriptor {
  const { root } = testFiles({ "a.txt": "a", "b.txt": "bb" });
  root.symlinkAt("..", "parent");
  return root;
}

/** The error code of an operation; `done` when it has none. */
function outcome(body: () => unknown): unknown {
  try {
    body();
    return "done";
  } catch (thrown) {
    return thrown;
  }
}

type Operation = (root: Descriptor, path: string) => unknown;

/** The error of one operation for each path. */
function expectErrors(operation: Operation, expected: Readonly<Record<string, string>>): void {
  const found = Object.keys(expected).map((path) => [path, outcome(() => operation(directory(), path))]);
  expect(Object.fromEntries(found)).toEqual(expected);
}

const OUTSIDE = {
  "/": "not-permitted",
  "..": "not-permitted",
  "../a.txt": "not-permitted",
  "parent/x": "not-permitted",
};

describe("errors of paths", () => {
  const operations: Readonly<Record<string, readonly [Operation, Readonly<Record<string, string>>]>> = {
    "open-at": [
      (root, path) => root.openAt(FOLLOW, path, NONE, READ),
      {
        ...OUTSIDE,
        "": "no-entry",
        parent: "not-permitted",
        "a.txt/x": "not-directory",
        "z.txt": "no-entry",
        ".": "done",
      },
    ],
    "stat-at": [
      (root, path) => root.statAt(FOLLOW, path),
      { ...OUTSIDE, "": "no-entry", parent: "not-permitted", "/etc/passwd": "not-permitted", "z.txt": "no-entry" },
    ],
    "metadata-hash-at": [
      (root, path) => root.metadataHashAt(NONE, path),
      {
        ...OUTSIDE,
        "": "no-entry",
        "/etc/passwd": "not-permitted",
        "/does-not-exist": "not-permitted",
        parent: "done",
      },
    ],
    "set-times-at": [
      (root, path) => root.setTimesAt(FOLLOW, path, { tag: "now" }, { tag: "now" }),
      { ...OUTSIDE, "": "no-entry", parent: "not-permitted", "z.txt": "no-entry", "a.txt": "done" },
    ],
    "create-directory-at": [
      (root, path) => root.createDirectoryAt(path),
      { ...OUTSIDE, "": "no-entry", ".": "exist", "a.txt": "exist", parent: "exist", "new/": "done", new: "done" },
    ],
    // The suite wants `not-permitted` for `parent/`; Linux says what we say.
    "remove-directory-at": [
      (root, path) => root.removeDirectoryAt(path),
      {
        ...OUTSIDE,
        "": "no-entry",
        ".": "invalid",
        "a.txt": "not-directory",
        "z.txt": "no-entry",
        "parent/": "not-directory",
      },
    ],
    "unlink-file-at": [
      (root, path) => root.unlinkFileAt(path),
      { ...OUTSIDE, "": "no-entry", ".": "is-directory", "../": "not-permitted", "z.txt": "no-entry", parent: "done" },
    ],
    "rename-at from": [
      (root, path) => root.renameAt(path, root, "q.txt"),
      { ...OUTSIDE, "": "no-entry", ".": "busy", "z.txt": "no-entry", "a.txt": "done" },
    ],
    "rename-at to": [
      (root, path) => root.renameAt("a.txt", root, path),
      { ...OUTSIDE, "/tmp/q.txt": "not-permitted", "a.txt": "done", "q.txt": "done", "b.txt": "done", parent: "done" },
    ],
    "link-at from": [
      (root, path) => root.linkAt(NONE, path, root, "l.txt"),
      { ...OUTSIDE, "": "no-entry", ".": "not-permitted", "a.txt": "done" },
    ],
    "link-at to": [
      (root, path) => root.linkAt(NONE, "a.txt", root, path),
      { ...OUTSIDE, "": "no-entry", "a.txt": "exist", "/a.txt": "not-permitted", "l.txt": "done" },
    ],
  };
  test.each(Object.keys(operations))("%s", (name) => {
    const [operation, expected] = operations[name] ?? [];
    if (operation === undefined || expected === undefined) throw new Error(name);
    expectErrors(operation, expected);
  });
});

test("dotdot: a directory that was opened is a root of its own", () => {
  const root = directory();
  root.createDirectoryAt("child");
  root.createDirectoryAt("sibling");
  const child = root.openAt(NONE, "child", { directory: true }, { mutateDirectory: true });
  child.createDirectoryAt("z");
  child.removeDirectoryAt("z");
  const refused = [
    () => child.openAt(NONE, "../a.txt", NONE, READ),
    () => child.createDirectoryAt("../z"),
    () => child.createDirectoryAt("../sibling/z"),
    () => child.removeDirectoryAt("../sibling"),
    () => root.removeDirectoryAt("child/../../child"),
  ];
  expect(refused.map(outcome)).toEqual(refused.map(() => "not-permitted"));
});

test("rename: into a child directory and back; the old name is gone each time", () => {
  const root = directory();
  root.createDirectoryAt("child");
  const child = root.openAt(NONE, "child", { directory: true }, { mutateDirectory: true });
  root.renameAt("a.txt", child, "whatever");
  expect(outcome(() => root.renameAt("a.txt", child, "whatever"))).toBe("no-entry");
  child.renameAt("whatever", root, "a.txt");
  expect(outcome(() => child.renameAt("whatever", root, "a.txt"))).toBe("no-entry");
  root.symlinkAt("a.txt", "c");
  root.renameAt("a.txt", root, "c");
  expect(readFile(root, "c")).toBe("a");
});

test("flags and type: what opening asked for, and what creating gives", () => {
  const root = directory();
  const flagsOf = (path: string, open: object, flags: object): unknown => {
    const given = root.openAt(NONE, path, open, flags).getFlags();
    return Object.entries(given).flatMap(([name, set]) => (set === true ? [name] : []));
  };
  const create = { create: true, exclusive: true };
  expect(root.getType()).toBe("directory");
  expect(openFile(root, "a.txt").getType()).toBe("regular-file");
  expect(flagsOf("a.txt", NONE, READ)).toEqual(["read"]);
  expect(flagsOf("a.txt", NONE, WRITE)).toEqual(["write"]);
  expect(flagsOf("new", create, BOTH)).toEqual(["read", "write"]);
  expect(flagsOf("other", create, WRITE)).toEqual(["write"]);
});

test("set-size: seen through every descriptor, also after the name is gone; refused where it must be", () => {
  const root = directory();
  const file = root.openAt(NONE, "c", { create: true, exclusive: true }, BOTH);
  file.setSize(42n);
  const other = openFile(root, "c");
  expect(other.stat().size).toBe(42n);
  file.setSize(69n);
  expect(other.stat().size).toBe(69n);
  root.openAt(NONE, "c", { truncate: true }, BOTH);
  expect([file.stat().size, other.stat().size]).toEqual([0n, 0n]);
  expect(["invalid", "bad-descriptor", "access"]).toContain(thrownBy(() => other.setSize(100n)));
  expect(["invalid", "file-too-large"]).toContain(thrownBy(() => file.setSize(2n ** 64n - 1n)));
  root.unlinkFileAt("c");
  file.setSize(42n);
  expect([file.stat().size, other.stat().size]).toEqual([42n, 42n]);
});

test("is-same-object and metadata-hash: the object counts, and not its name", () => {
  const root = directory();
  root.linkAt(NONE, "a.txt", root, "c");
  const [a, b, c, self] = [openFile(root, "a.txt"), openFile(root, "b.txt"), openFile(root, "c"), openFile(root, ".")];
  expect([
    a.isSameObject(c),
    a.isSameObject(b),
    b.isSameObject(c),
    root.isSameObject(self),
    root.isSameObject(a),
  ]).toEqual([true, false, false, true, false]);
  expect(a.metadataHash()).toEqual(c.metadataHash());
  expect(root.metadataHashAt(NONE, "a.txt")).toEqual(a.metadataHash());
  expect(a.metadataHash()).not.toEqual(b.metadataHash());
});

test("io: what was written is read at any offset, overwritten in place and appended to", () => {
  const root = directory();
  const file = root.openAt(NONE, "new", { create: true, exclusive: true }, BOTH);
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
  const rest = (offset: bigint): string => new TextDecoder().decode(file.read(100n, offset)[0]);
  file.write(utf8("test-a\n"), 0n);
  expect([0n, 1n, 6n, 7n, 17n].map(rest)).toEqual(["test-a\n", "est-a\n", "\n", "", ""]);
  file.sync();
  file.syncData();
  expect(thrownBy(() => file.read(1n, 2n ** 64n - 1n))).toBe("invalid");
  writeFile(root, "c", "hello!");
  const again = root.openAt(NONE, "c", NONE, BOTH);
  again.write(utf8("byeee"), 0n);
  again.appendViaStream().write(utf8(" laters!!"));
  expect(readFile(root, "c")).toBe("byeee! laters!!");
});

test("read-directory: every entry, and neither itself nor its parent", () => {
  expect(namesIn(directory())).toEqual(["a.txt", "b.txt", "parent"]);
});

test("stat: a file is no directory to look below; times are kept to the nanosecond", () => {
  const root = directory();
  const file = openFile(root, "a.txt");
  expect(outcome(() => file.statAt(NONE, "z.txt"))).toBe("not-directory");
  expect(outcome(() => file.statAt(NONE, "."))).toBe("not-directory");
  expect(root.statAt(NONE, ".")).toEqual(root.stat());
  const time = (seconds: bigint, nanoseconds: number) => ({ tag: "timestamp", val: { seconds, nanoseconds } }) as const;
  root.setTimesAt(NONE, "a.txt", time(42n, 1), time(69n, 999_999_999));
  expect(file.stat()).toMatchObject({
    dataAccessTimestamp: { seconds: 42n, nanoseconds: 1 },
    dataModificationTimestamp: { seconds: 69n, nanoseconds: 999_999_999 },
  });
});

test("advise: any advice about a file is taken; none about a directory", () => {
  const root = directory();
  expect(outcome(() => openFile(root, "a.txt").advise())).toBe("done");
  expect(outcome(() => root.advise())).toBe("bad-descriptor");
});
