// C16, C17 and quotas: what is held is bounded, and the error names the limit.

import * as nodeFs from "node:fs";
import { expect, test } from "vitest";
import {
  type Base,
  createOverlay,
  FsError,
  memoryBase,
  nodeBase,
  type Overlay,
  type Quota,
} from "../../sandbox-fs/index.ts";
import { DEFAULT_QUOTA } from "../../sandbox-fs/quota.ts";
import { codeOf } from "./support/calls.ts";
import { temporaryDirectory, testClock } from "./support/trees.ts";

function overlay(quota: Quota, entries: Record<string, string> = { f: "base" }): Overlay {
  return createOverlay(memoryBase(entries), { clock: testClock(), quota });
}

function limit(call: () => unknown): string {
  try {
    call();
    return "none";
  } catch (error) {
    const { code, limit: name } = error as { code: string; limit?: string };
    return `${code} ${name}`;
  }
}

test("bytes are counted as they are held, and given back", () => {
  const o = overlay({ bytes: 100 });
  const handle = o.open(o.root, "a", { write: true, create: true });
  o.write(handle, new Uint8Array(60), 0n);
  expect(o.writtenBytes).toBe(60);
  expect(limit(() => o.write(handle, new Uint8Array(60), 60n))).toBe("ENOSPC bytes");
  expect(o.stat(handle).size).toBe(60n);
  o.write(handle, new Uint8Array(60), 0n);
  o.truncate(handle, 10n);
  expect(o.writtenBytes).toBe(10);
  o.unlink(o.root, "a");
  expect(o.writtenBytes).toBe(10);
  o.close(handle);
  expect(o.writtenBytes).toBe(0);
  expect(limit(() => o.symlink("t".repeat(101), o.root, "s"))).toBe("ENOSPC bytes");
});

/** A call that meets each limit, when that is 2. */
const LIMITS: Readonly<Record<keyof Quota, (o: Overlay) => unknown>> = {
  bytes: (o) => o.symlink("abc", o.root, "new"),
  files: (o) => [o.makeDirectory(o.root, "new"), o.makeDirectory(o.root, "newer")],
  depth: (o) => ["d", "d/d", "d/d/d"].map((path) => o.makeDirectory(o.root, path)),
  descriptors: (o) => [1, 2, 3].map(() => o.open(o.root, "a")),
  fileBytes: (o) => o.truncate(o.open(o.root, "a", { write: true }), 3n),
  entries: (o) => o.list(o.root),
  links: (o) => [o.link(o.root, "a", o.root, "new"), o.link(o.root, "a", o.root, "newer")],
  reads: (o) => o.apply(reading(o)),
};

/** An export of someone who looked at all three files. */
function reading(o: Overlay): Uint8Array {
  const reader = o.fork();
  for (const name of ["a", "b", "c"]) reader.statAt(reader.root, name);
  return reader.export({ reads: true });
}

test.each(Object.entries(LIMITS))("the limit %s is met, and named", (name, meet) => {
  const o = overlay({ [name]: 2 }, { a: "", b: "", c: "" });
  expect(limit(() => meet(o))).toMatch(new RegExp(`^E[A-Z]+ ${name}$`));
  expect(limit(() => meet(overlay({}, { a: "", b: "", c: "" })))).toBe("none");
});

test("every limit has a call that meets it", () => {
  expect(Object.keys(LIMITS).sort()).toEqual(Object.keys(DEFAULT_QUOTA).sort());
});

test("what meets a limit changes nothing", () => {
  const files = overlay({ files: 4 });
  for (const name of ["1", "2", "3"]) files.makeDirectory(files.root, name);
  expect(limit(() => files.makeDirectory(files.root, "4"))).toBe("EDQUOT files");
  expect(files.list(files.root).map(({ name }) => name)).toEqual(["1", "2", "3", "f"]);
  const descriptors = overlay({ descriptors: 1 });
  const first = descriptors.open(descriptors.root, "f");
  expect(limit(() => descriptors.open(descriptors.root, "new", { create: true }))).toBe("EMFILE descriptors");
  expect(descriptors.list(descriptors.root)).toHaveLength(1);
  descriptors.close(first);
  descriptors.open(descriptors.root, "f");
});

test("a rename that meets a limit replaces nothing", () => {
  for (const files of [1, 2, 3]) {
    const o = overlay({ files }, { a: "a", b: "b" });
    const done = limit(() => o.rename(o.root, "a", o.root, "b"));
    const names = o.list(o.root).map(({ name }) => name);
    expect([done, names]).toEqual(files < 3 ? ["EDQUOT files", ["a", "b"]] : ["none", ["b"]]);
  }
});

test("a rename is bounded by the depth that it would make", () => {
  const o = overlay({ depth: 2 });
  for (const path of ["a", "a/b", "x", "x/y"]) o.makeDirectory(o.root, path);
  expect(limit(() => o.rename(o.root, "x", o.root, "a/x"))).toBe("EDQUOT depth");
});

test("C16: no position is beyond the limit: 2^63 - 1 is an error, and not a wrap", () => {
  const o = overlay({ fileBytes: 1000 });
  const handle = o.open(o.root, "f", { write: true });
  expect(limit(() => o.write(handle, new Uint8Array(2), 999n))).toBe("EFBIG fileBytes");
  expect(limit(() => o.write(handle, new Uint8Array(1), (1n << 63n) - 1n))).toBe("EFBIG fileBytes");
  expect(limit(() => o.write(handle, new Uint8Array(1), -1n))).toBe("EINVAL undefined");
  expect(o.stat(handle).size).toBe(4n);
});

test("C16: one byte in a huge sparse file holds one block, and reads nothing else", () => {
  const { path, dispose } = temporaryDirectory({});
  try {
    const size = 100 * 2 ** 30;
    nodeFs.closeSync(nodeFs.openSync(`${path}/huge`, "w"));
    nodeFs.truncateSync(`${path}/huge`, size);
    const o = createOverlay(nodeBase(path), { clock: testClock() });
    const handle = o.open(o.root, "huge", { write: true });
    o.write(handle, Uint8Array.of(1), BigInt(size / 2));
    expect(o.writtenBytes).toBeLessThanOrEqual(65_536);
    expect(o.stat(handle).size).toBe(BigInt(size));
    const [change] = o.diff();
    expect(change?.kind).toBe("modified");
    const buffer = new Uint8Array(3);
    expect(o.read(handle, buffer, BigInt(size / 2) - 1n)).toBe(3);
    expect([...buffer]).toEqual([0, 1, 0]);
    o.discard();
  } finally {
    dispose();
  }
});

test("C16: a million appends of one byte are one file of a million bytes", () => {
  const o = overlay({});
  const handle = o.open(o.root, "log", { write: true, create: true });
  const byte = Uint8Array.of(65);
  for (let i = 0; i < 1_000_000; i += 1) o.write(handle, byte, BigInt(i));
  expect(o.stat(handle).size).toBe(1_000_000n);
  expect(o.writtenBytes).toBe(1_000_000);
});

test("C17: deep trees end at the limit, and go as they came", () => {
  const o = overlay({ depth: 300 });
  let at = o.root;
  let depth = 0;
  while (limit(() => o.makeDirectory(at, "d")) === "none") {
    const next = o.open(at, "d", { directory: true });
    if (at !== o.root) o.close(at);
    at = next;
    depth += 1;
  }
  expect(depth).toBe(300);
  expect(o.diff()).toHaveLength(300);
  for (; depth > 0; depth -= 1) o.removeDirectory(o.root, Array(depth).fill("d").join("/"));
  expect(o.diff()).toEqual([]);
});

/** A base that is one directory of many files, or a directory in a directory without end: nothing of it is ever held. */
function endless(names: readonly string[], type: "file" | "directory"): Base {
  const facts = { type, size: 0, mode: 0o755, mtimeNs: 0n, links: 1, identity: "1", version: "0" };
  return {
    root: () => ({ ...facts, type: "directory" }),
    stat: (_, name) => (isListed(names, name) ? facts : null),
    list: ({ path }, most) => {
      if (names.length > most) throw new FsError("EDQUOT", "list", { path, limit: "entries" });
      return { names, types: names.map(() => type), hidden: 0 };
    },
    read: () => 0,
    readlink: () => "",
    commit: () => [],
    close: () => undefined,
  };
}

function isListed(names: readonly string[], name: string): boolean {
  return names.length === 1 ? names[0] === name : /^f[0-9]{7}$/.test(name) && Number(name.slice(1)) < names.length;
}

const million = (count: number): string[] => Array.from({ length: count }, (_, i) => `f${String(i).padStart(7, "0")}`);

test("C17: a directory of 10^6 entries is listed in order, changed, and one more entry is too many", () => {
  const o = createOverlay(endless(million(1_000_000), "file"), { clock: testClock() });
  o.unlink(o.root, "f0000001");
  o.rename(o.root, "f0999999", o.root, "e");
  const names = o.list(o.root).map(({ name }) => name);
  expect([names.length, names[0], names[2], names.at(-1)]).toEqual([999_999, "e", "f0000002", "f0999998"]);
  expect(codeOf(() => o.statAt(o.root, "f0000001"))).toBe("ENOENT");
  expect(o.diff()).toHaveLength(2);
  const over = createOverlay(endless(million(1_000_001), "file"), { clock: testClock() });
  expect(limit(() => over.list(over.root))).toBe("EDQUOT entries");
  expect(over.statAt(over.root, "f1000000").type).toBe("file");
});

test("C17: guessing names does not fill memory: from some number on, the listing answers", () => {
  let asked = 0;
  const base = endless(["d"], "directory");
  const counting: Base = { ...base, stat: (...args) => [asked++, base.stat(...args)][1] as ReturnType<Base["stat"]> };
  const o = createOverlay(counting, { clock: testClock() });
  for (let i = 0; i < 10_000; i += 1) expect(codeOf(() => o.statAt(o.root, `guess${i}`))).toBe("ENOENT");
  expect(asked).toBeLessThan(300);
});

test("C17: of 10^5 directories in each other, those are walked that a path can name; the rest is an error, and holds nothing", () => {
  const o = createOverlay(endless(["d"], "directory"), { clock: testClock() });
  let at = o.root;
  let depth = 0;
  const descend = (): void => {
    for (; depth < 100_000; depth += 1) {
      const next = o.open(at, "d", { directory: true });
      if (at !== o.root) o.close(at);
      at = next;
    }
  };
  expect([limit(descend), depth]).toEqual(["ENAMETOOLONG undefined", 2048]);
  const above = Array(2000).fill("d").join("/");
  const deep = o.open(o.root, above);
  expect(limit(() => o.makeDirectory(deep, "new"))).toBe("EDQUOT depth");
  o.rename(deep, "d", o.root, "e");
  expect(codeOf(() => o.statAt(o.root, `${above}/d`))).toBe("ENOENT");
  expect(o.commit().changes.map(({ kind, path }) => [kind, path])).toEqual([["renamed", "e"]]);
});

test("C17: a listing is the same while entries come and go", () => {
  const o = overlay({});
  for (let i = 0; i < 5000; i += 1) o.makeDirectory(o.root, `d${i}`);
  const listing = o.list(o.root);
  for (const { name } of listing) if (name !== "f") o.removeDirectory(o.root, name);
  expect(listing).toHaveLength(5001);
  expect(o.list(o.root).map(({ name }) => name)).toEqual(["f"]);
});
