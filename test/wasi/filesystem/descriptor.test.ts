import { expect, test } from "vitest";
import {
  BOTH,
  directoriesOf,
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
import { START_NS, thrownBy } from "../support/setup.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);

test("a file is read at an offset, with the end told", () => {
  const file = openFile(testFiles({ "a.txt": "hello" }).root, "a.txt");
  const read = (length: bigint, offset: bigint): readonly [string, boolean] => {
    const [bytes, end] = file.read(length, offset);
    return [text(bytes), end];
  };
  expect(read(3n, 0n)).toEqual(["hel", false]);
  expect(read(2n ** 64n - 1n, 2n)).toEqual(["llo", false]);
  expect(read(1n, 5n)).toEqual(["", true]);
  expect(read(1n, 99n)).toEqual(["", true]);
});

test("a file is written at an offset, growing with zeros", () => {
  const { root } = testFiles();
  const file = root.openAt(NONE, "new", { create: true }, BOTH);
  expect(file.write(utf8("end"), 3n)).toBe(3n);
  expect(text(file.read(10n, 0n)[0])).toBe("\0\0\0end");
  expect(file.stat().size).toBe(6n);
});

test("streams read and write from their offset, side by side", () => {
  const { root } = testFiles({ f: "0123456789" });
  const file = root.openAt(NONE, "f", NONE, BOTH);
  const first = file.readViaStream(0n);
  const second = file.readViaStream(5n);
  expect(text(first.read(2n))).toBe("01");
  expect(text(second.read(2n))).toBe("56");
  const writer = file.writeViaStream(2n);
  writer.write(utf8("ab"));
  writer.write(utf8("cd"));
  expect(text(first.read(10n))).toBe("abcd6789");
});

test("C20: appending lands at the end that the file has then, through every descriptor", () => {
  const { root } = testFiles({ log: "1" });
  const one = root.openAt(NONE, "log", NONE, WRITE).appendViaStream();
  const other = root.openAt(NONE, "log", NONE, WRITE).appendViaStream();
  one.write(utf8("2"));
  other.write(utf8("3"));
  root.openAt(NONE, "log", NONE, WRITE).write(utf8("456"), 3n);
  one.write(utf8("7"));
  expect(readFile(root, "log")).toBe("1234567");
});

test("a stream goes on after its descriptor was dropped", () => {
  const { root } = testFiles({ f: "text" });
  const file = openFile(root, "f");
  const stream = file.readViaStream(0n);
  file[Symbol.dispose]();
  expect(text(stream.read(10n))).toBe("text");
});

test("C20: an open file outlives its name, and keeps its own content", () => {
  const { root } = testFiles({ f: "old" });
  const file = openFile(root, "f");
  root.unlinkFileAt("f");
  writeFile(root, "f", "new");
  expect(text(file.read(10n, 0n)[0])).toBe("old");
  expect(readFile(root, "f")).toBe("new");
  expect(file.stat().linkCount).toBe(0n);
});

test("a listing is sorted, has no dots, and does not change under the reader", () => {
  const { root } = testFiles({ b: "", a: { entries: {} }, é: "", B: "", l: { target: "a" } });
  const stream = root.readDirectory();
  writeFile(root, "0", "");
  const entries = [];
  for (let entry = stream.readDirectoryEntry(); entry; entry = stream.readDirectoryEntry()) entries.push(entry);
  expect(entries).toEqual([
    { name: "B", type: "regular-file" },
    { name: "a", type: "directory" },
    { name: "b", type: "regular-file" },
    { name: "l", type: "symbolic-link" },
    { name: "é", type: "regular-file" },
  ]);
  expect(stream.readDirectoryEntry()).toBeUndefined();
  expect(namesIn(root)).toEqual(["0", "B", "a", "b", "l", "é"]);
});

test("directories, links, renames and removals do what they say", () => {
  const { root } = testFiles({ f: "text" });
  root.createDirectoryAt("d");
  root.renameAt("f", root, "d/g");
  root.linkAt(NONE, "d/g", root, "hard");
  root.symlinkAt("d/g", "soft");
  expect([readFile(root, "hard"), readFile(root, "soft"), root.readlinkAt("soft")]).toEqual(["text", "text", "d/g"]);
  expect(root.statAt(NONE, "hard").linkCount).toBe(2n);
  root.unlinkFileAt("d/g");
  root.removeDirectoryAt("d");
  expect(namesIn(root)).toEqual(["hard", "soft"]);
  expect(thrownBy(() => readFile(root, "soft"))).toBe("no-entry");
});

test("stat tells type, size and times; following a link is asked for", () => {
  const { root } = testFiles({ f: { content: "12345", mtimeNs: 1_500_000_000_000_000_001n }, l: { target: "f" } });
  expect(root.statAt(FOLLOW, "l")).toMatchObject({
    type: "regular-file",
    size: 5n,
    linkCount: 1n,
    dataModificationTimestamp: { seconds: 1_500_000_000n, nanoseconds: 1 },
  });
  expect(root.statAt(NONE, "l").type).toBe("symbolic-link");
  expect(root.stat().type).toBe("directory");
});

test("C23: times are set to the nanosecond, to now, or not at all", () => {
  const { root, clock } = testFiles({ f: "x" });
  const times = () => {
    const { dataAccessTimestamp, dataModificationTimestamp } = root.statAt(NONE, "f");
    return [dataAccessTimestamp, dataModificationTimestamp];
  };
  const at = (seconds: bigint, nanoseconds: number) => ({ tag: "timestamp", val: { seconds, nanoseconds } }) as const;
  root.setTimesAt(NONE, "f", at(1n, 2), at(5_000_000_000n, 999_999_999));
  const set = [
    { seconds: 1n, nanoseconds: 2 },
    { seconds: 5_000_000_000n, nanoseconds: 999_999_999 },
  ];
  expect(times()).toEqual(set);
  const file = openFile(root, "f");
  file.setTimes({ tag: "no-change" }, { tag: "no-change" });
  expect(times()).toEqual(set);
  clock.advance(1n);
  file.setTimes({ tag: "no-change" }, { tag: "now" });
  expect(times()).toEqual([set[0], { seconds: START_NS / 1_000_000_000n, nanoseconds: 1 }]);
  expect(thrownBy(() => file.setTimes(at(2n ** 63n, 0), { tag: "now" }))).toBe("invalid");
  expect(thrownBy(() => file.setTimes(at(1n, 1_000_000_000), { tag: "now" }))).toBe("invalid");
});

test("identity belongs to the node: it survives renaming, writing and hard links, and no other node has it", () => {
  const { root } = testFiles({ a: "1", b: "1" });
  const a = openFile(root, "a");
  const hash = a.metadataHash();
  writeFile(root, "a", "changed");
  root.renameAt("a", root, "moved");
  root.linkAt(NONE, "moved", root, "hard");
  expect(root.metadataHashAt(NONE, "hard")).toEqual(hash);
  expect(a.isSameObject(openFile(root, "moved"))).toBe(true);
  expect(a.isSameObject(openFile(root, "b"))).toBe(false);
  expect(root.metadataHashAt(NONE, "b")).not.toEqual(hash);
});

test("size is set both ways, and the sizes no file can have are refused", () => {
  const { root } = testFiles({ f: "12345" });
  const file = root.openAt(NONE, "f", NONE, BOTH);
  file.setSize(2n);
  file.setSize(4n);
  expect(text(file.read(10n, 0n)[0])).toBe("12\0\0");
  expect(thrownBy(() => file.setSize(2n ** 64n - 1n))).toBe("invalid");
  expect(thrownBy(() => openFile(root, "f").setSize(0n))).toBe("invalid");
});

test("what a descriptor was not opened for fails", () => {
  const { root } = testFiles({ f: "x", d: { entries: {} } });
  const reader = openFile(root, "f");
  const writer = root.openAt(NONE, "f", NONE, WRITE);
  expect(thrownBy(() => reader.write(utf8("y"), 0n))).toBe("bad-descriptor");
  expect(thrownBy(() => reader.writeViaStream(0n))).toBe("bad-descriptor");
  expect(thrownBy(() => reader.appendViaStream())).toBe("bad-descriptor");
  expect(thrownBy(() => writer.read(1n, 0n))).toBe("bad-descriptor");
  expect(thrownBy(() => writer.readViaStream(0n))).toBe("bad-descriptor");
  expect(thrownBy(() => reader.readDirectory())).toBe("not-directory");
  expect(thrownBy(() => reader.statAt(NONE, "x"))).toBe("not-directory");
  expect(thrownBy(() => reader.openAt(NONE, "x", NONE, READ))).toBe("not-directory");
  expect(thrownBy(() => root.read(1n, 0n))).toBe("bad-descriptor");
  expect(thrownBy(() => root.readViaStream(0n))).toBe("is-directory");
  expect(thrownBy(() => root.writeViaStream(0n))).toBe("bad-descriptor");
  expect(thrownBy(() => root.setSize(0n))).toBe("bad-descriptor");
  expect(thrownBy(() => root.advise())).toBe("bad-descriptor");
});

test("offsets beyond what a file can have are refused", () => {
  const { root } = testFiles({ f: "x" });
  const file = root.openAt(NONE, "f", NONE, BOTH);
  expect(thrownBy(() => file.read(1n, 2n ** 63n))).toBe("invalid");
  expect(thrownBy(() => file.write(utf8("x"), 2n ** 64n - 1n))).toBe("invalid");
  expect(thrownBy(() => file.write(utf8("x"), 2n ** 63n - 1n))).toBe("file-too-large");
  expect(file.write(new Uint8Array(0), 100n)).toBe(0n);
  expect(file.stat().size).toBe(1n);
});

test.each([
  ["create and exclusive on a name that is there", { create: true, exclusive: true }, READ, "exist"],
  ["directory on a file", { directory: true }, READ, "not-directory"],
  ["directory and create", { directory: true, create: true }, READ, "invalid"],
  ["directory and truncate", { directory: true, truncate: true }, READ, "invalid"],
  ["synchronised writing", {}, { write: true, fileIntegritySync: true }, "unsupported"],
])("open-at with %s fails", (_, openFlags, flags, code) => {
  expect(thrownBy(() => testFiles({ f: "x" }).root.openAt(NONE, "f", openFlags, flags))).toBe(code);
});

test("a directory opened for writing is refused", () => {
  const { root } = testFiles({ d: { entries: {} } });
  expect(thrownBy(() => root.openAt(NONE, "d", NONE, WRITE))).toBe("is-directory");
  expect(thrownBy(() => root.openAt(NONE, ".", { create: true }, READ))).toBe("is-directory");
});

test("flags tell what was opened: nothing asked means read, creating and truncating imply write", () => {
  const { root } = testFiles({ f: "x", d: { entries: {} } });
  const flagsOf = (path: string, openFlags: object, flags: object) =>
    root.openAt(NONE, path, openFlags, flags).getFlags();
  expect(root.getFlags()).toEqual({ read: true, mutateDirectory: true });
  expect(flagsOf("f", {}, {})).toMatchObject({ read: true, write: false });
  expect(flagsOf("f", {}, WRITE)).toMatchObject({ read: false, write: true });
  expect(flagsOf("new", { create: true }, READ)).toMatchObject({ read: true, write: true });
  expect(flagsOf("f", { truncate: true }, READ)).toMatchObject({ read: true, write: true });
  expect(flagsOf("d", {}, {})).toMatchObject({ read: true, write: false, mutateDirectory: false });
  expect(flagsOf("d", {}, { mutateDirectory: true })).toMatchObject({ mutateDirectory: true });
});

test("sync and advise succeed, do nothing, and count", () => {
  const { root, wasi } = testFiles({ f: "x" });
  const file = openFile(root, "f");
  const before = wasi.usage.ioOperations;
  file.sync();
  file.syncData();
  file.advise();
  root.sync();
  expect(wasi.usage.ioOperations - before).toBe(4);
});

test("every listing of preopens gives descriptors of its own: dropping one leaves the others", () => {
  const { wasi, root } = testFiles({ f: "x" });
  const [again] = directoriesOf(wasi)[0] ?? [];
  again?.[Symbol.dispose]();
  root[Symbol.dispose]();
  const [third, path] = directoriesOf(wasi)[0] ?? [];
  expect([path, third && readFile(third, "f")]).toEqual(["/data", "x"]);
});
