import { expect, test } from "vitest";
import { CALL_LIMITS } from "../../../host/limits.ts";
import type { Descriptor } from "../../../host/wasi/filesystem/descriptor.ts";
import { IoError } from "../../../host/wasi/io/error.ts";
import { createOverlay, type FileSystem, memoryBase } from "../../../sandbox-fs/index.ts";
import {
  BOTH,
  directoriesOf,
  FOLLOW,
  NONE,
  namesIn,
  openFile,
  READ,
  readFile,
  rootOf,
  testFiles,
  WRITE,
  writeFile,
} from "../support/files.ts";
import { testWasi, thrownBy } from "../support/setup.ts";

const utf8 = (value: string): Uint8Array => new TextEncoder().encode(value);
const NOW = { tag: "now" } as const;

/** Every way in which a path leads to a file. */
const BY_PATH: readonly (readonly [string, (directory: Descriptor, path: string) => unknown])[] = [
  ["open-at", (directory, path) => directory.openAt(FOLLOW, path, NONE, READ)],
  ["open-at to create", (directory, path) => directory.openAt(FOLLOW, path, { create: true }, WRITE)],
  ["stat-at", (directory, path) => directory.statAt(FOLLOW, path)],
  ["set-times-at", (directory, path) => directory.setTimesAt(FOLLOW, path, NOW, NOW)],
  ["metadata-hash-at", (directory, path) => directory.metadataHashAt(FOLLOW, path)],
  ["create-directory-at", (directory, path) => directory.createDirectoryAt(path)],
  ["remove-directory-at", (directory, path) => directory.removeDirectoryAt(path)],
  ["unlink-file-at", (directory, path) => directory.unlinkFileAt(path)],
  ["readlink-at", (directory, path) => directory.readlinkAt(path)],
  ["link-at from", (directory, path) => directory.linkAt(NONE, path, directory, "linked")],
  ["link-at to", (directory, path) => directory.linkAt(NONE, "f", directory, path)],
  ["rename-at from", (directory, path) => directory.renameAt(path, directory, "renamed")],
  ["rename-at to", (directory, path) => directory.renameAt("f", directory, path)],
  ["symlink-at", (directory, path) => directory.symlinkAt("f", path)],
];

const OUTSIDE = ["..", "../x", "../../etc/passwd", "a/../../x", "a/b/../../../x", "./..", "up/x", "a/b/out/x"];
const ABSOLUTE = ["/", "/etc/passwd", "//x", "/proc/self/root", "/dev/fd/0", "/data/f"];

const tree = {
  f: "inside",
  a: { entries: { b: { entries: { out: { target: "../../.." } } } } },
  up: { target: ".." },
};

test.each(BY_PATH)("C2, C3: %s refuses every path that leads out, and says so", (_, use) => {
  for (const path of [...OUTSIDE, ...ABSOLUTE]) {
    const { root, wasi } = testFiles(tree);
    expect([path, thrownBy(() => use(root, path))]).toEqual([path, "not-permitted"]);
    expect(wasi.violations[0]).toMatchObject({ code: "PATH_DENIED" });
    expect(wasi.failure).toBeNull();
  }
});

test.each(BY_PATH)("C7: %s refuses NUL, names too long, lone surrogates and the empty path", (_, use) => {
  const { root } = testFiles(tree);
  expect(thrownBy(() => use(root, "a\0b"))).toBe("invalid");
  expect(thrownBy(() => use(root, "\ud800"))).toBe("illegal-byte-sequence");
  expect(thrownBy(() => use(root, "n".repeat(256)))).toBe("name-too-long");
  expect(thrownBy(() => use(root, "d/".repeat(3000)))).toBe("name-too-long");
  expect(thrownBy(() => use(root, ""))).toBe("no-entry");
});

test.each([
  ["with NUL", "a\0b", "invalid"],
  ["with half a character", "\udc00", "illegal-byte-sequence"],
  ["that is too long", "x/".repeat(3000), "name-too-long"],
  ["that is empty", "", "no-entry"],
])("C7: a link to a target %s is refused", (_, target, code) => {
  const { root } = testFiles();
  expect(thrownBy(() => root.symlinkAt(target, "link"))).toBe(code);
  expect(namesIn(root)).toEqual([]);
});

test("C2: `..` that stays inside is followed as POSIX does, through links too", () => {
  const { root } = testFiles({
    f: "top",
    a: { entries: { b: { entries: { f: "deep" } }, f: "middle" } },
    ab: { target: "a/b" },
  });
  expect([readFile(root, "a/../f"), readFile(root, "ab/../f"), readFile(root, "a/b/../b/f")]).toEqual([
    "top",
    "middle",
    "deep",
  ]);
});

test("C3: backslashes, drives and device names are ordinary names", () => {
  const { root } = testFiles();
  const names = ["C:\\x", "\\\\?\\x", "CON", "aux.txt", "a:b", "-rf", "trailing. "];
  for (const name of names) writeFile(root, name, name);
  expect([...namesIn(root)].sort()).toEqual([...names].sort());
});

test("C1: a directory descriptor follows its directory when the name is moved away and replaced by a link", () => {
  const { root } = testFiles({
    work: { entries: { mine: "mine" } },
    canary: "untouched",
    secret: { entries: { mine: "no" } },
  });
  const work = root.openAt(NONE, "work", { directory: true }, READ);
  root.renameAt("work", root, "moved");
  root.symlinkAt("secret", "work");
  expect(readFile(work, "mine")).toBe("mine");
  writeFile(work, "made", "here");
  work.unlinkFileAt("mine");
  expect(namesIn(work)).toEqual(["made"]);
  expect(readFile(root, "moved/made")).toBe("here");
  expect(namesIn(root.openAt(NONE, "secret", { directory: true }, READ))).toEqual(["mine"]);
});

test("C1: a descriptor of a subdirectory is a root of its own", () => {
  const { root } = testFiles({ sub: { entries: { x: "x" } }, outside: "outside" });
  const sub = root.openAt(NONE, "sub", { directory: true }, READ);
  for (const path of ["../outside", "..", "../sub/x"])
    expect(thrownBy(() => openFile(sub, path))).toBe("not-permitted");
});

test("C4: links in loops, chains and to absolute places", () => {
  const chain = Object.fromEntries(
    Array.from({ length: 45 }, (_, index) => [`l${index + 1}`, { target: `l${index}` }]),
  );
  const { root } = testFiles({
    ...chain,
    l0: "end",
    self: { target: "self" },
    abs: { target: "/etc/passwd" },
    gone: { target: "missing" },
  });
  expect(readFile(root, "l40")).toBe("end");
  expect(thrownBy(() => openFile(root, "l41"))).toBe("loop");
  expect(thrownBy(() => openFile(root, "self"))).toBe("loop");
  expect(thrownBy(() => openFile(root, "abs"))).toBe("not-permitted");
  expect(thrownBy(() => root.openAt(NONE, "l1", NONE, READ))).toBe("loop");
  expect(thrownBy(() => openFile(root, "gone"))).toBe("no-entry");
});

test("C4: a link to an absolute place is neither made nor read: it would tell of the host", () => {
  const { root, wasi } = testFiles({ abs: { target: "/home/someone/project" } });
  expect(thrownBy(() => root.symlinkAt("/etc/passwd", "new"))).toBe("not-permitted");
  expect(thrownBy(() => root.readlinkAt("abs"))).toBe("not-permitted");
  expect(wasi.violations).toHaveLength(2);
});

/** Every way to change something, by path and by descriptor. */
const CHANGES: readonly (readonly [string, (root: Descriptor) => unknown])[] = [
  ["create", (root) => root.openAt(NONE, "new", { create: true }, READ)],
  ["open for writing", (root) => root.openAt(NONE, "f", NONE, WRITE)],
  ["open for both", (root) => root.openAt(NONE, "f", NONE, BOTH)],
  ["C12: truncate", (root) => root.openAt(NONE, "f", { truncate: true }, READ)],
  ["mutate-directory on reopening", (root) => root.openAt(NONE, ".", { directory: true }, { mutateDirectory: true })],
  ["reopen below and create", (root) => root.openAt(NONE, "d", NONE, READ).openAt(NONE, "x", { create: true }, WRITE)],
  ["unlink", (root) => root.unlinkFileAt("f")],
  ["rmdir", (root) => root.removeDirectoryAt("d")],
  ["mkdir", (root) => root.createDirectoryAt("new")],
  ["rename", (root) => root.renameAt("f", root, "g")],
  ["link", (root) => root.linkAt(NONE, "f", root, "g")],
  ["symlink", (root) => root.symlinkAt("f", "g")],
  ["set-times by path", (root) => root.setTimesAt(NONE, "f", NOW, NOW)],
  ["set-times by descriptor", (root) => openFile(root, "f").setTimes(NOW, NOW)],
  ["set-times of the directory", (root) => root.setTimes(NOW, NOW)],
  ["set-size", (root) => openFile(root, "f").setSize(0n)],
  ["write", (root) => openFile(root, "f").writeViaStream(0n)],
  ["append", (root) => openFile(root, "f").appendViaStream()],
];

test.each(CHANGES)("C10: %s through a read-only preopen is not-permitted and recorded", (_, change) => {
  const { root, wasi, overlay } = testFiles({ f: "text", d: { entries: {} } }, { access: "read" });
  expect(thrownBy(() => change(root))).toBe("not-permitted");
  expect(wasi.violations).toHaveLength(1);
  expect([overlay.diff(), readFile(root, "f"), root.getFlags()]).toEqual([
    [],
    "text",
    { read: true, mutateDirectory: false },
  ]);
});

test.each(CHANGES.filter(([name]) => !/mutate-directory|^write|^append|set-size/.test(name)))(
  "C10: %s under a read grant of the scope is refused by the files themselves and recorded",
  (_, change) => {
    const { root, wasi, overlay } = testFiles(
      { f: "text", d: { entries: {} } },
      { rules: [{ path: "", access: "read" }] },
    );
    expect(["not-permitted", "read-only", "access"]).toContain(thrownBy(() => change(root)));
    expect(wasi.violations).toHaveLength(1);
    expect([overlay.diff(), readFile(root, "f")]).toEqual([[], "text"]);
  },
);

test("C11: the narrower grant wins by both routes", () => {
  const rules = [
    { path: "", access: "write" },
    { path: "fixed", access: "read" },
  ] as const;
  const { root } = testFiles({ fixed: { entries: { f: "text" } }, free: { entries: {} } }, { rules });
  const fixed = root.openAt(NONE, "fixed", { directory: true }, READ);
  for (const attempt of [
    () => writeFile(root, "fixed/f", "changed"),
    () => writeFile(fixed, "f", "changed"),
    () => writeFile(root, "free/../fixed/f", "changed"),
    () => root.renameAt("fixed/f", root, "free/f"),
    () => root.linkAt(NONE, "fixed/f", root, "free/f"),
  ]) {
    expect(["not-permitted", "read-only", "access", "cross-device"]).toContain(thrownBy(attempt));
  }
  writeFile(root, "free/f", "made");
  expect([readFile(fixed, "f"), readFile(root, "free/f")]).toEqual(["text", "made"]);
});

test("renaming between filesystems is cross-device", () => {
  const made = (): FileSystem => createOverlay(memoryBase({ f: "x" }), { clock: () => 0n });
  const [one, other] = [made(), made()];
  const wasi = testWasi({
    preopens: [
      { path: "/one", fs: one, directory: one.root },
      { path: "/other", fs: other, directory: other.root },
    ],
  });
  const [[a], [b]] = directoriesOf(wasi) as unknown as readonly [readonly [Descriptor], readonly [Descriptor]];
  expect(thrownBy(() => a.renameAt("f", b, "g"))).toBe("cross-device");
  expect(thrownBy(() => a.linkAt(NONE, "f", b, "g"))).toBe("cross-device");
  expect(openFile(a, "f").isSameObject(openFile(b, "f"))).toBe(false);
  // wasi-libc shows the lower half alone, as st_ino.
  expect(a.metadataHashAt(NONE, "f").lower).not.toBe(b.metadataHashAt(NONE, "f").lower);
});

test("C9: trailing slashes follow POSIX", () => {
  const { root } = testFiles({ f: "x", d: { entries: { g: "g" } }, l: { target: "d" } });
  expect(thrownBy(() => openFile(root, "f/"))).toBe("not-directory");
  expect(thrownBy(() => root.unlinkFileAt("f/"))).toBe("not-directory");
  expect(thrownBy(() => root.readlinkAt("l/"))).toBe("invalid");
  expect(thrownBy(() => root.openAt(NONE, "new/", { create: true }, WRITE))).toBe("is-directory");
  expect(thrownBy(() => root.linkAt(NONE, "f", root, "new/"))).toBe("no-entry");
  expect(thrownBy(() => root.renameAt("f", root, "new/"))).toBe("not-directory");
  expect(thrownBy(() => root.symlinkAt("d", "new/"))).toBe("no-entry");
  expect(root.openAt(NONE, "l/", NONE, READ).getType()).toBe("directory");
  root.createDirectoryAt("made/");
  root.renameAt("made/", root, "moved/");
  root.removeDirectoryAt("moved/");
  expect(namesIn(root)).toEqual(["d", "f", "l"]);
});

test.each([
  ["descriptors", (root: Descriptor) => openFile(root, "f")],
  ["read streams", (root: Descriptor) => openFile(root, "f").readViaStream(0n)],
  ["directory streams", (root: Descriptor) => root.readDirectory()],
  ["pollables", (root: Descriptor) => openFile(root, "f").readViaStream(0n).subscribe()],
])("B8: %s that are never dropped meet RESOURCE_LIMIT, and all are freed at the end", (_, make) => {
  const { root, wasi, overlay } = testFiles({ f: "x" }, { limits: { ...CALL_LIMITS, handles: 300 } });
  const until = (): never => {
    for (;;) make(root);
  };
  expect(thrownBy(until)).toMatchObject({ code: "RESOURCE_LIMIT", data: { limit: "handles", allowed: "300" } });
  expect(wasi.failure?.code).toBe("RESOURCE_LIMIT");
  wasi.dispose();
  for (let round = 0; round < 1000; round += 1) overlay.close(overlay.open(overlay.root, "f"));
});

test("B8: the descriptors of the run's files are bounded too, whatever the handles", () => {
  const { root, wasi } = testFiles({ f: "x" });
  const until = (): never => {
    for (;;) openFile(root, "f");
  };
  expect(thrownBy(until)).toMatchObject({ code: "RESOURCE_LIMIT" });
  expect(wasi.failure?.data).toMatchObject({ limit: "descriptors" });
});

test("B8: opening and dropping goes on for ever", () => {
  const { root, wasi } = testFiles({ f: "x" }, { limits: { ...CALL_LIMITS, handles: 10 } });
  for (let round = 0; round < 20_000; round += 1) openFile(root, "f")[Symbol.dispose]();
  expect(wasi.failure).toBeNull();
});

test("file operations and bytes are counted against the budget, and meeting it ends the call", () => {
  const few = testFiles({ f: "x" }, { ioOperations: 3 });
  openFile(few.root, "f");
  few.root.statAt(NONE, "f");
  few.root.statAt(NONE, "f");
  expect(thrownBy(() => few.root.statAt(NONE, "f"))).toMatchObject({
    code: "IO_LIMIT",
    data: { limit: "io_operations" },
  });
  expect(few.wasi.usage).toMatchObject({ ioOperations: 3, ioBytes: 0 });

  const small = testFiles({ f: "0123456789" }, { ioBytes: 15 });
  const file = small.root.openAt(NONE, "f", NONE, BOTH);
  file.read(10n, 0n);
  expect(thrownBy(() => file.write(utf8("0123456789"), 0n))).toMatchObject({
    code: "IO_LIMIT",
    data: { limit: "io_mb" },
  });
  expect(small.wasi.usage.ioBytes).toBe(10);
  expect(small.overlay.diff()).toEqual([]);
});

test("C16: writing at the end of the address space meets a quota, without memory for it", () => {
  const { root, wasi } = testFiles();
  const file = root.openAt(NONE, "f", { create: true }, WRITE);
  expect(thrownBy(() => file.write(utf8("x"), 2n ** 62n))).toMatchObject({ code: "FS_QUOTA" });
  expect(wasi.failure?.code).toBe("FS_QUOTA");
});

test("C16: writing more than the overlay may hold ends the call, and says which limit to raise", () => {
  const overlay = createOverlay(memoryBase({}), { clock: () => 0n, quota: { bytes: 100_000 } });
  const wasi = testWasi({ preopens: [{ path: "/", fs: overlay, directory: overlay.root }] });
  const file = rootOf(wasi).openAt(NONE, "f", { create: true }, WRITE);
  const stream = file.appendViaStream();
  const until = (): never => {
    for (;;) stream.write(new Uint8Array(10_000).fill(1));
  };
  expect(thrownBy(until)).toMatchObject({ code: "FS_QUOTA", hint: "Raise written_mb in the scope." });
});

test("every file that was opened is closed: by dropping, by a limit met, or at the end", () => {
  const overlay = createOverlay(memoryBase({ f: "x", d: { entries: { g: "y" } } }), { clock: () => 0n });
  let open = 0;
  const counting: FileSystem = Object.create(overlay, {
    root: { value: overlay.root },
    open: {
      value: (...args: Parameters<FileSystem["open"]>) => {
        const handle = overlay.open(...args);
        open += 1;
        return handle;
      },
    },
    close: {
      value: (...args: Parameters<FileSystem["close"]>) => {
        overlay.close(...args);
        open -= 1;
      },
    },
    stat: { value: overlay.stat.bind(overlay) },
    list: { value: overlay.list.bind(overlay) },
  });
  const directory = overlay.open(overlay.root, "d");
  const preopens = [
    { path: "/", fs: counting, directory: overlay.root },
    { path: "/d", fs: counting, directory },
  ];
  const wasi = testWasi({ preopens, limits: { ...CALL_LIMITS, handles: 20 } });
  const [root, below] = directoriesOf(wasi).map(([descriptor]) => descriptor) as [Descriptor, Descriptor];
  openFile(root, "f")[Symbol.dispose]();
  expect(open).toBe(0);
  const file = openFile(below, "g");
  const stream = file.readViaStream(0n);
  file[Symbol.dispose]();
  expect(open).toBe(1);
  stream[Symbol.dispose]();
  expect(open).toBe(0);
  below[Symbol.dispose]();
  const until = (): never => {
    for (;;) openFile(root, "f").readViaStream(0n);
  };
  expect(thrownBy(until)).toMatchObject({ code: "RESOURCE_LIMIT" });
  wasi.dispose();
  expect(open).toBe(0);
  expect(overlay.list(directory)).toHaveLength(1);
});

test("C17: listings that are held count their entries, and their names as bytes read", () => {
  const overlay = createOverlay(memoryBase({}), { clock: () => 0n });
  const entries = Array.from({ length: 600_000 }, () => ({ name: "ten bytes!", type: "file", inode: 1n }) as const);
  const fs: FileSystem = Object.create(overlay, { root: { value: overlay.root }, list: { value: () => entries } });
  const wasi = testWasi({ preopens: [{ path: "/", fs, directory: overlay.root }] });
  const root = rootOf(wasi);
  root.readDirectory()[Symbol.dispose]();
  root.readDirectory();
  expect(wasi.usage.ioBytes).toBe(12_000_000);
  expect(thrownBy(() => root.readDirectory())).toMatchObject({
    code: "RESOURCE_LIMIT",
    data: { limit: "listedEntries" },
  });
});

test("C22: a base that fails in the middle of a stream gives a typed error, and the stream is closed", () => {
  const overlay = createOverlay(memoryBase({ f: "0123456789" }), { clock: () => 0n });
  let reads = 0;
  const failing: FileSystem = Object.create(overlay, {
    root: { value: overlay.root },
    open: { value: overlay.open.bind(overlay) },
    close: { value: overlay.close.bind(overlay) },
    read: {
      value: (...args: Parameters<FileSystem["read"]>): number => {
        reads += 1;
        if (reads > 1) throw Object.assign(new Error("EIO: /home/someone/disk"), { code: "EIO" });
        return overlay.read(...args);
      },
    },
  });
  const wasi = testWasi({ preopens: [{ path: "/", fs: failing, directory: overlay.root }] });
  const root = rootOf(wasi);
  const stream = openFile(root, "f").readViaStream(0n);
  expect(stream.read(5n)).toHaveLength(5);
  const failed = thrownBy(() => stream.read(5n)) as { tag: string; val: IoError };
  expect([failed.tag, failed.val.toDebugString(), IoError.codeOf(failed.val)]).toEqual([
    "last-operation-failed",
    "io",
    "io",
  ]);
  expect(thrownBy(() => stream.read(5n))).toEqual({ tag: "closed" });
});

test("what is not granted does not exist", () => {
  const { root } = testFiles(
    { open: { entries: { f: "x" } }, hidden: { entries: { g: "y" } } },
    { rules: [{ path: "open", access: "read" }] },
  );
  expect(namesIn(root)).toEqual(["open"]);
  expect(thrownBy(() => openFile(root, "hidden/g"))).toBe("no-entry");
  expect(thrownBy(() => root.statAt(NONE, "hidden"))).toBe("no-entry");
});

test("violations name paths as the guest sees them, on one line", () => {
  const { root, wasi } = testFiles({ d: { entries: {} } }, { access: "read" });
  thrownBy(() => writeFile(root.openAt(NONE, "d", NONE, READ), "x\n\x1b[31m", ""));
  expect(wasi.violations[0]?.data).toEqual({ operation: "open for writing", path: "/data/d/x\\n\\x1b[31m" });
});

test("a call can be disposed of after its files were rolled back or discarded", () => {
  const { root, wasi, overlay } = testFiles({ f: "x" });
  const savepoint = overlay.savepoint();
  root.openAt(NONE, "new", { create: true }, WRITE).appendViaStream();
  savepoint.rollback();
  openFile(root, "f").readViaStream(0n);
  overlay.discard();
  wasi.dispose();
  expect(wasi.failure).toBeNull();
});

test("after dispose nothing can be done with what the guest still holds", () => {
  const { root, wasi } = testFiles({ f: "x" });
  const file = openFile(root, "f");
  wasi.dispose();
  expect(thrownBy(() => file.read(1n, 0n))).toMatchObject({ code: "STATE_INVALID" });
  expect(thrownBy(() => directoriesOf(wasi))).toMatchObject({ code: "STATE_INVALID" });
});
