// C: what a base may hold that no overlay would make, and what it may do while it is looked at.

import { execFileSync } from "node:child_process";
import * as nodeFs from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { type Base, FsError, type FsErrorCode, nodeBase } from "../../sandbox-fs/index.ts";
import { codeOf, namesIn, text, write } from "./support/calls.ts";
import { BASES, overlayOver, type Tree, temporaryDirectory } from "./support/trees.ts";

function directory(tree: Tree = {}): string {
  const { path, dispose } = temporaryDirectory(tree);
  onTestFinished(dispose);
  return path;
}

test("C6: symlinks of the host are never followed out, and special files are never opened", () => {
  const path = directory({ a: "a" });
  nodeFs.symlinkSync("/etc", `${path}/etc`);
  nodeFs.symlinkSync(`${path}/a`, `${path}/absolute`);
  execFileSync("mkfifo", [`${path}/fifo`]);
  const o = overlayOver(nodeBase(path));
  expect(codeOf(() => o.open(o.root, "etc/passwd"))).toBe("EPERM");
  expect(codeOf(() => o.open(o.root, "absolute"))).toBe("EPERM");
  expect(o.statAt(o.root, "etc", { follow: false }).type).toBe("symlink");
  expect(o.statAt(o.root, "fifo").type).toBe("other");
  expect(codeOf(() => o.open(o.root, "fifo"))).toBe("ENXIO");
  o.rename(o.root, "fifo", o.root, "moved");
  o.commit();
  expect(nodeFs.lstatSync(`${path}/moved`).isFIFO()).toBe(true);
});

test("C6: a directory that becomes a symlink after it was seen is not followed", () => {
  const path = directory({ d: { f: "mine", g: "mine too" } });
  const other = directory({ f: "secret", g: "secret" });
  const o = overlayOver(nodeBase(path));
  expect(text(o, "d/f")).toBe("mine");
  nodeFs.renameSync(`${path}/d`, `${path}/was`);
  nodeFs.symlinkSync(other, `${path}/d`);
  const late = Date.now() + 5;
  while (Date.now() < late);
  expect(codeOf(() => text(o, "d/g"))).toBe("ESTALE");
  expect(codeOf(() => o.list(o.open(o.root, "d")))).toBe("ESTALE");
});

test("C7: names that are not UTF-8 are not shown, and stay", () => {
  const path = directory({ d: { a: "a" } });
  nodeFs.writeFileSync(Buffer.from(`${path}/d/\xff`, "latin1"), "kept");
  const o = overlayOver(nodeBase(path));
  expect(o.list(o.open(o.root, "d")).map(({ name }) => name)).toEqual(["a"]);
  o.unlink(o.root, "d/a");
  expect(codeOf(() => o.removeDirectory(o.root, "d"))).toBe("ENOTEMPTY");
  o.rename(o.root, "d", o.root, "e");
  o.commit();
  expect(nodeFs.readdirSync(`${path}/e`, { encoding: "buffer" })).toEqual([Buffer.from([0xff])]);
});

test("C15: other hard links of the host keep what they have", () => {
  const path = directory({ a: "one", b: "two", c: "three" });
  const outside = directory();
  for (const name of ["a", "b", "c"]) nodeFs.linkSync(`${path}/${name}`, `${outside}/${name}`);
  const o = overlayOver(nodeBase(path));
  write(o, "a", "ONE");
  const b = o.open(o.root, "b");
  o.setMode(b, 0o600);
  o.close(b);
  o.close(o.open(o.root, "c", { write: true, truncate: true }));
  const { notes } = o.commit();
  expect(notes).toHaveLength(3);
  expect(["a", "b", "c"].map((name) => nodeFs.readFileSync(`${outside}/${name}`, "utf8"))).toEqual([
    "one",
    "two",
    "three",
  ]);
  expect(nodeFs.statSync(`${outside}/b`).mode & 0o777).toBe(0o644);
  expect(nodeFs.statSync(`${path}/b`).mode & 0o777).toBe(0o600);
});

/** A base that fails on demand. */
function failing(tree: Tree): { readonly base: Base; fail: FsErrorCode | "short" | null } {
  const inner = BASES[0]?.make(tree).base as Base;
  const state = { base: inner, fail: null as FsErrorCode | "short" | null };
  const wrap = <A extends unknown[], R>(syscall: string, call: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      if (state.fail !== null && state.fail !== "short") throw new FsError(state.fail, syscall);
      return call(...args);
    };
  };
  state.base = {
    root: () => inner.root(),
    stat: wrap("stat", (...args: Parameters<Base["stat"]>) => inner.stat(...args)),
    list: wrap("list", (...args: Parameters<Base["list"]>) => inner.list(...args)),
    readlink: wrap("readlink", (...args: Parameters<Base["readlink"]>) => inner.readlink(...args)),
    read: wrap("read", (...args: Parameters<Base["read"]>) => (state.fail === "short" ? 1 : inner.read(...args))),
    commit: () => [],
    close: () => undefined,
  };
  return state;
}

const FILE = "x".repeat(200_000);

test.each(["EIO", "EACCES", "EMFILE", "ENOSPC", "ESTALE"] as const)(
  "C22: %s of the base is told as it is, changes nothing, and is forgotten when it has passed",
  (code) => {
    const state = failing({ f: FILE, l: { link: "f" }, d: { x: "x" } });
    const o = overlayOver(state.base);
    const handle = o.open(o.root, "f", { write: true });
    const d = o.open(o.root, "d");
    o.statAt(o.root, "l", { follow: false });
    state.fail = code;
    const calls: (() => unknown)[] = [
      () => o.statAt(o.root, "d/x"),
      () => o.open(o.root, "d/new", { write: true, create: true }),
      () => o.list(d),
      () => o.removeDirectory(o.root, "d"),
      () => o.readlink(o.root, "l"),
      () => o.read(handle, new Uint8Array(9), 0n),
      () => o.write(handle, new Uint8Array(9), 5n),
      () => o.write(handle, new Uint8Array(100_000), 5n),
      () => o.write(handle, new Uint8Array(100_000), 65_536n),
    ];
    expect(calls.map(codeOf)).toEqual(calls.map(() => code));
    state.fail = null;
    expect(text(o, "f")).toBe(FILE);
    expect([o.diff(), namesIn(o, d), text(o, "l").length]).toEqual([[], ["x"], 200_000]);
  },
);

test("C22: a base that gives fewer bytes than the file has is an error, and not a short file", () => {
  const state = failing({ f: FILE });
  const o = overlayOver(state.base);
  expect(text(o, "f")).toHaveLength(200_000);
  state.fail = "short";
  expect(codeOf(() => text(o, "f"))).toBe("ESTALE");
});

test("C23: a commit keeps times from 1901 to 2446, and says so where it cannot", () => {
  const times = {
    oldest: -2_147_483_648n,
    before: -1n,
    epoch: 0n,
    newest: 15_032_385_535n,
    farthest: (1n << 68n) / 1_000_000_000n,
  };
  const made = [BASES[1], BASES[2]].map((kind) => kind?.make({}));
  for (const each of made) {
    const o = overlayOver(each?.base as Base);
    for (const [name, seconds] of Object.entries(times)) {
      write(o, name, name);
      o.setTimesAt(o.root, name, { mtimeNs: seconds * 1_000_000_000n });
    }
    write(o, "fine", "fine");
    o.setTimesAt(o.root, "fine", { mtimeNs: 1_234_567_890_123_456_789n });
    const { notes } = o.commit();
    const again = overlayOver(each?.reopen() as Base);
    const off = [...Object.entries(times), ["fine", 1_234_567_890n] as const].filter(([name, seconds]) => {
      const fraction = name === "fine" ? 123_456_789n : 0n;
      const distance = again.statAt(again.root, name).mtimeNs - seconds * 1_000_000_000n - fraction;
      return distance > 1999n || distance < -1999n;
    });
    expect(notes.map((note) => note.split(" ")[0])).toEqual(off.length === 0 ? [] : [String(off.length)]);
    each?.dispose();
  }
  expect(made).toHaveLength(2);
});
