// D: commits to a real directory: what they refuse, and what they leave.

import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import type { Changeset } from "../../sandbox-fs/changeset.ts";
import { commitChangeset } from "../../sandbox-fs/commit/commit.ts";
import { type CommitError, nodeBase, type Overlay, recover, STATE_DIRECTORY } from "../../sandbox-fs/index.ts";
import { hostNode } from "../../sandbox-fs/node/host-node.ts";
import { put, WORKLOADS } from "./sim/workloads.ts";
import { dump, dumpReal, overlayOver, type Tree, temporaryDirectory } from "./support/trees.ts";

const TREE: Tree = { a: "alpha", b: "beta", d: { x: "ex", y: "why" }, empty: {} };
const disposals: (() => void)[] = [];

afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

function directory(tree: Tree = TREE): string {
  const { path, dispose } = temporaryDirectory(tree);
  disposals.push(dispose);
  return path;
}

function over(path: string): Overlay {
  return overlayOver(nodeBase(path));
}

function failure(work: () => unknown): CommitError {
  try {
    work();
  } catch (error) {
    return error as CommitError;
  }
  throw new Error("nothing was thrown");
}

function exactly(path: string): Record<string, string> {
  const { mtimeNs } = fs.statSync(path, { bigint: true });
  const times = fs.readdirSync(path, { recursive: true }).map((name) => {
    const stats = fs.lstatSync(`${path}/${name}`, { bigint: true });
    return [String(name), String(stats.mtimeNs)];
  });
  return {
    ...dumpReal(path),
    ".": String(mtimeNs),
    ...Object.fromEntries(times.map(([name, ns]) => [`${name} ns`, ns])),
  };
}

for (const { name, tree, change } of WORKLOADS) {
  test(`D15: after "${name}" a real directory is what the overlay showed`, () => {
    const path = directory(tree);
    const o = over(path);
    change(o);
    const shown = dump(o);
    o.commit();
    expect(dumpReal(path)).toEqual(shown);
    expect(recover(path)).toBe("nothing");
  });
}

test.each(WORKLOADS)('where directories are known by path only, "$name" leaves the same tree', ({ tree, change }) => {
  const path = directory(tree);
  const base = Object.assign(nodeBase(path), {
    commit: (changeset: Changeset) => commitChangeset(hostNode(path, false), changeset, () => createHash("sha256")),
  });
  const o = overlayOver(base);
  change(o);
  const shown = dump(o);
  o.commit();
  expect(dumpReal(path)).toEqual(shown);
});

test("D14, D15: a commit of nothing touches nothing, ends the overlay, and says so", () => {
  const path = directory();
  const before = exactly(path);
  const o = over(path);
  dump(o);
  expect(o.commit()).toEqual({ changes: [], notes: [] });
  expect(exactly(path)).toEqual(before);
  expect(failure(() => o.commit())).toMatchObject({ code: "EBADF" });
  expect(failure(() => o.list(o.root))).toMatchObject({ code: "EBADF" });
  o.discard();
});

test("D14: a discard leaves nothing; twice, after heavy work, with savepoints open", () => {
  const path = directory();
  const before = exactly(path);
  const o = over(path);
  for (let i = 0; i < 1000; i += 1) put(o, `n${i}`, "x");
  const savepoint = o.savepoint();
  put(o, "a", "changed");
  o.discard();
  o.discard();
  savepoint.rollback();
  expect(failure(() => o.commit())).toMatchObject({ code: "EBADF" });
  expect(exactly(path)).toEqual(before);
});

test("a commit with a savepoint open is refused", () => {
  const o = over(directory());
  o.savepoint();
  expect(failure(() => o.commit())).toMatchObject({ code: "EBUSY" });
});

const CONFLICTS: readonly [what: string, ours: (o: Overlay) => void, theirs: (path: string) => void, code: string][] = [
  [
    "D6: edited",
    (o) => put(o, "a", "ours"),
    (path) => fs.writeFileSync(`${path}/a`, "theirs"),
    "CONFLICT_BASE_CHANGED",
  ],
  [
    "D6: edited with its time restored",
    (o) => put(o, "a", "ours!"),
    (path) => {
      const { atime, mtime } = fs.statSync(`${path}/a`);
      fs.writeFileSync(`${path}/a`, "ALPHA");
      fs.utimesSync(`${path}/a`, atime, mtime);
    },
    "CONFLICT_BASE_CHANGED",
  ],
  [
    "D6: replaced",
    (o) => put(o, "a", "ours"),
    (path) => {
      fs.writeFileSync(`${path}/t`, "theirs");
      fs.renameSync(`${path}/t`, `${path}/a`);
    },
    "CONFLICT_BASE_CHANGED",
  ],
  ["D6: deleted", (o) => put(o, "a", "ours"), (path) => fs.unlinkSync(`${path}/a`), "CONFLICT_BASE_CHANGED"],
  ["D6: chmodded", (o) => o.unlink(o.root, "a"), (path) => fs.chmodSync(`${path}/a`, 0o600), "CONFLICT_BASE_CHANGED"],
  [
    "D7: created where we create",
    (o) => put(o, "n", "ours"),
    (path) => fs.writeFileSync(`${path}/n`, "t"),
    "CONFLICT_EXISTS",
  ],
  [
    "D7: a file in a directory that we delete",
    (o) => {
      o.unlink(o.root, "d/x");
      o.unlink(o.root, "d/y");
      o.removeDirectory(o.root, "d");
    },
    (path) => fs.writeFileSync(`${path}/d/new`, "theirs"),
    "CONFLICT_NOT_EMPTY",
  ],
  [
    "D7: the parent became a symlink",
    (o) => put(o, "d/n", "ours"),
    (path) => {
      fs.renameSync(`${path}/d`, `${path}/was`);
      fs.symlinkSync("was", `${path}/d`);
    },
    "CONFLICT_PARENT_CHANGED",
  ],
  [
    "D7: the parent was replaced by another directory",
    (o) => put(o, "d/n", "ours"),
    (path) => {
      fs.renameSync(`${path}/d`, `${path}/was`);
      fs.mkdirSync(`${path}/d`);
    },
    "CONFLICT_PARENT_CHANGED",
  ],
];

test.each(CONFLICTS)("%s by someone else is a conflict: both sides keep what they have", (_, ours, theirs, code) => {
  const path = directory();
  const o = over(path);
  dump(o);
  ours(o);
  const shown = dump(o);
  theirs(path);
  const before = exactly(path);
  const error = failure(() => o.commit());
  expect(error).toMatchObject({ name: "CommitError", code });
  expect(error.conflicts.length).toBeGreaterThan(0);
  expect(exactly(path)).toEqual(before);
  expect(dump(o)).toEqual(shown);
  expect(o.export().length).toBeGreaterThan(0);
});

test("D6: all conflicts are told at once", () => {
  const path = directory();
  const o = over(path);
  put(o, "a", "ours");
  put(o, "b", "ours");
  put(o, "new", "ours");
  for (const name of ["a", "b", "new"]) fs.writeFileSync(`${path}/${name}`, "theirs");
  expect(failure(() => o.commit()).conflicts).toEqual([
    { code: "CONFLICT_BASE_CHANGED", path: "a" },
    { code: "CONFLICT_BASE_CHANGED", path: "b" },
    { code: "CONFLICT_EXISTS", path: "new" },
  ]);
});

test("two overlays over one base commit what does not touch, and conflict where it does", () => {
  const path = directory();
  const [first, second, third] = [over(path), over(path), over(path)];
  put(first, "a", "first");
  put(second, "b", "second");
  put(third, "a", "third");
  first.commit();
  second.commit();
  expect(failure(() => third.commit())).toMatchObject({ code: "CONFLICT_BASE_CHANGED", path: "a" });
  expect(fs.readFileSync(`${path}/a`, "utf8") + fs.readFileSync(`${path}/b`, "utf8")).toBe("firstsecond");
});

test("a serialisable commit is refused when something that was only read has changed", () => {
  const cases: [(o: Overlay) => unknown, (path: string) => void][] = [
    [(o) => o.read(o.open(o.root, "a"), new Uint8Array(9), 0n), (path) => fs.writeFileSync(`${path}/a`, "ALPHA")],
    [(o) => o.list(o.open(o.root, "d")), (path) => fs.writeFileSync(`${path}/d/new`, "x")],
    [(o) => failure(() => o.statAt(o.root, "absent")), (path) => fs.writeFileSync(`${path}/absent`, "x")],
  ];
  for (const [look, change] of cases) {
    const path = directory();
    const [strict, lax] = [over(path), over(path)];
    for (const o of [strict, lax]) {
      look(o);
      put(o, "b", "changed");
    }
    change(path);
    expect(failure(() => strict.commit({ isolation: "serializable" }))).toMatchObject({
      code: "CONFLICT_READ_CHANGED",
    });
    lax.commit();
  }
});

test("a serialisable commit over an unchanged base goes through", () => {
  const path = directory();
  const o = over(path);
  dump(o);
  put(o, "b", "changed");
  o.commit({ isolation: "serializable" });
  expect(fs.readFileSync(`${path}/b`, "utf8")).toBe("changed");
});

test("a fast commit is the same tree", () => {
  const path = directory();
  const o = over(path);
  put(o, "a", "fast");
  o.rename(o.root, "d", o.root, "moved");
  o.commit({ durability: "fast" });
  expect(fs.readFileSync(`${path}/a`, "utf8") + fs.readFileSync(`${path}/moved/x`, "utf8")).toBe("fastex");
});

test("D17: what others do to files that we do not touch stays", () => {
  const path = directory();
  const o = over(path);
  dump(o);
  put(o, "d/x", "ours");
  fs.writeFileSync(`${path}/b`, "theirs");
  fs.writeFileSync(`${path}/d/theirs`, "new");
  o.commit();
  expect(fs.readFileSync(`${path}/b`, "utf8")).toBe("theirs");
  expect(fs.readdirSync(`${path}/d`)).toEqual(["theirs", "x", "y"]);
});

test("D16: a root that has gone is an error, and the overlay can still be exported", () => {
  const path = directory();
  const o = over(path);
  put(o, "a", "ours");
  fs.renameSync(path, `${path}-gone`);
  disposals.push(() => fs.rmSync(`${path}-gone`, { recursive: true, force: true }));
  const error = failure(() => o.commit());
  expect(error).toMatchObject({ name: "CommitError", code: "COMMIT_FAILED" });
  expect(error.message).not.toContain(path);
  expect(failure(() => recover(path))).toMatchObject({ code: "RECOVERY_REQUIRED" });
  expect(o.export().length).toBeGreaterThan(0);
});

test("D9: another process that holds the lock is waited for, and a dead one holds nothing", async () => {
  const path = directory();
  fs.mkdirSync(`${path}/${STATE_DIRECTORY}-1`);
  const helper = fileURLToPath(new URL("./support/hold-lock.ts", import.meta.url));
  const child = fork(helper, [path], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  await new Promise((resolve) => child.once("message", resolve));
  expect(failure(() => recover(path, { patienceMs: 50 }))).toMatchObject({ code: "LOCKED" });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  expect(recover(path, { patienceMs: 0 })).toBe("undone");
});

test("D9, D10: the traces of an interrupted commit are in the way of the next one until they are recovered", () => {
  const path = directory();
  const { mtimeNs } = fs.statSync(path, { bigint: true });
  fs.mkdirSync(`${path}/${STATE_DIRECTORY}-${mtimeNs}`);
  const o = over(path);
  put(o, "a", "ours");
  expect(failure(() => o.commit())).toMatchObject({ code: "RECOVERY_REQUIRED" });
  expect(recover(path)).toBe("undone");
  expect(fs.statSync(path, { bigint: true }).mtimeNs).toBe(mtimeNs);
  o.commit();
  expect(fs.readFileSync(`${path}/a`, "utf8")).toBe("ours");
});

test("a commit keeps modes, and times as closely as the host can", () => {
  const path = directory();
  const o = over(path);
  const handle = o.open(o.root, "new", { write: true, create: true, mode: 0o640 });
  o.setTimes(handle, { mtimeNs: 1_234_567_890_123_456_789n });
  o.commit();
  const stats = fs.statSync(`${path}/new`, { bigint: true });
  expect(Number(stats.mode) & 0o777).toBe(0o640);
  expect(Number(stats.mtimeNs - 1_234_567_890_123_456_789n)).toBeLessThan(1000);
});

test("a file of the base that ends in zeros is as long after a change as before", () => {
  const path = directory({ zeros: "\0".repeat(200_000) });
  const o = over(path);
  const handle = o.open(o.root, "zeros", { write: true });
  o.write(handle, Uint8Array.of(1), 5n);
  o.truncate(handle, 150_000n);
  o.commit();
  expect(fs.statSync(`${path}/zeros`).size).toBe(150_000);
  expect(fs.readFileSync(`${path}/zeros`)[5]).toBe(1);
});
