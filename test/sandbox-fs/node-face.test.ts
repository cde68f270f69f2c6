// The face of node:fs: the same results as node:fs itself, and npm libraries that work through it.

import * as nodeFs from "node:fs";
import * as git from "isomorphic-git";
import { mkdirp } from "mkdirp";
import { afterEach, expect, test } from "vitest";
import { nodeBase, nodeFace, type Overlay } from "../../sandbox-fs/index.ts";
import { dump, dumpReal, overlayOver, temporaryDirectory } from "./support/trees.ts";

const disposals: (() => void)[] = [];

afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

function overlay(tree = { a: "alpha", d: { x: "ex" } }): { o: Overlay; path: string } {
  const { path, dispose } = temporaryDirectory(tree);
  disposals.push(dispose);
  return { o: overlayOver(nodeBase(path)), path };
}

/** What a program does with node:fs; it returns all that it saw. */
function program(fs: typeof nodeFs, at: string): unknown[] {
  const attempt = (call: () => unknown): unknown => {
    try {
      return call();
    } catch (error) {
      const { code, syscall } = error as { code: string; syscall: string };
      return { code, syscall: syscall.replace("scandir", "open").replace("access", "stat").replace(/^[lf]/, "") };
    }
  };
  const fd = fs.openSync(`${at}/log`, "a+");
  fs.writeSync(fd, "one\n");
  fs.writeSync(fd, Buffer.from("two\n"));
  const buffer = Buffer.alloc(20);
  const count = fs.readSync(fd, buffer, 0, 20, 1);
  const { size } = fs.fstatSync(fd);
  fs.closeSync(fd);
  fs.mkdirSync(`${at}/deep/er/still`, { recursive: true });
  fs.writeFileSync(`${at}/deep/er/f`, "héllo");
  fs.appendFileSync(`${at}/deep/er/f`, "!");
  fs.copyFileSync(`${at}/deep/er/f`, `${at}/copy`);
  fs.symlinkSync("deep/er", `${at}/link`);
  fs.linkSync(`${at}/copy`, `${at}/hard`);
  fs.renameSync(`${at}/d`, `${at}/moved`);
  fs.truncateSync(`${at}/copy`, 3);
  fs.chmodSync(`${at}/copy`, 0o600);
  fs.utimesSync(`${at}/copy`, 5, new Date(7000));
  const seen = [
    buffer.subarray(0, count).toString(),
    size,
    fs.readFileSync(`${at}/link/f`, "utf8"),
    fs.readFileSync(`${at}/hard`),
    fs.readdirSync(at).sort(),
    fs
      .readdirSync(at, { withFileTypes: true })
      .map((entry) => [entry.name, entry.isDirectory(), entry.isSymbolicLink()])
      .sort(),
    fs.readdirSync(`${at}/deep`, { recursive: true }).map(String).sort(),
    fs.statSync(`${at}/copy`).mtimeMs,
    fs.statSync(`${at}/copy`).mode,
    fs.lstatSync(`${at}/link`).isSymbolicLink(),
    fs.readlinkSync(`${at}/link`),
    fs.existsSync(`${at}/nothing`),
    fs.statSync(`${at}/nothing`, { throwIfNoEntry: false }),
    attempt(() => fs.readFileSync(`${at}/nothing`)),
    attempt(() => fs.accessSync(`${at}/nothing`)),
    attempt(() => fs.mkdirSync(`${at}/deep`)),
    attempt(() => fs.rmdirSync(`${at}/deep`)),
    attempt(() => fs.readdirSync(`${at}/a`)),
    attempt(() => fs.writeFileSync(`${at}/a`, "x", { flag: "wx" })),
    attempt(() => fs.readlinkSync(`${at}/a`)),
    attempt(() => fs.closeSync(99_999)),
  ];
  fs.rmSync(`${at}/deep`, { recursive: true });
  fs.rmSync(`${at}/nothing`, { force: true });
  return [...seen, fs.readdirSync(at).sort()];
}

test("a program sees through the face what it sees through node:fs, and leaves the same tree", () => {
  const { o } = overlay();
  const real = overlay().path;
  const expected = program(nodeFs, real);
  expect(program(nodeFace(o) as unknown as typeof nodeFs, "")).toEqual(expected);
  expect(dump(o, { times: false, links: true })).toEqual(dumpReal(real, { times: false, links: true }));
});

test("promises are the same calls, and reject with the same errors", async () => {
  const { promises } = nodeFace(overlay().o);
  await promises.writeFile("/d/new", "text");
  expect(await promises.readFile("/d/new", "utf8")).toBe("text");
  expect(await promises.readdir("/d")).toEqual(["new", "x"]);
  await expect(promises.stat("/nothing")).rejects.toMatchObject({ code: "ENOENT", syscall: "stat" });
});

test("nothing is above the root, and escapes are refused", () => {
  const { o } = overlay();
  const fs = nodeFace(o);
  expect(fs.readFileSync("/../../a", "utf8")).toBe("alpha");
  fs.symlinkSync("/etc", "out");
  expect(() => fs.readFileSync("/out/passwd")).toThrow(expect.objectContaining({ code: "EPERM" }));
});

test("mkdirp makes directories inside a transaction", async () => {
  const { o, path } = overlay();
  const fs = nodeFace(o);
  expect(mkdirp.sync("/made/by/mkdirp", { fs: fs as unknown as typeof nodeFs })).toBe("/made");
  expect(nodeFs.existsSync(`${path}/made`)).toBe(false);
  o.commit();
  expect(nodeFs.statSync(`${path}/made/by/mkdirp`).isDirectory()).toBe(true);
});

const AUTHOR = { name: "A", email: "a@example.com", timestamp: 1_700_000_000, timezoneOffset: 0 };

test("isomorphic-git makes a repository in a transaction: it is there after the commit, and readable by git itself", async () => {
  const { o, path } = overlay();
  const options = { fs: nodeFace(o), dir: "/" };
  await git.init({ ...options, defaultBranch: "main" });
  await git.add({ ...options, filepath: ["a", "d/x"] });
  const oid = await git.commit({ ...options, message: "first", author: AUTHOR });
  expect(await git.statusMatrix(options)).toEqual([
    ["a", 1, 1, 1],
    ["d/x", 1, 1, 1],
  ]);
  expect(nodeFs.existsSync(`${path}/.git`)).toBe(false);
  o.commit();
  const log = await git.log({ fs: nodeFs, dir: path });
  expect(log.map((entry) => [entry.oid, entry.commit.message])).toEqual([[oid, "first\n"]]);
});

test("isomorphic-git edits a repository of the base on a branch; what is discarded leaves no trace", async () => {
  const { o, path } = overlay();
  const real = { fs: nodeFs, dir: path };
  await git.init({ ...real, defaultBranch: "main" });
  await git.add({ ...real, filepath: ["a", "d/x"] });
  await git.commit({ ...real, message: "first", author: AUTHOR });
  const before = dumpReal(path);
  const options = { fs: nodeFace(o), dir: "/" };
  await git.branch({ ...options, ref: "work", checkout: true });
  options.fs.writeFileSync("/d/x", "edited");
  options.fs.rmSync("/a");
  await git.add({ ...options, filepath: "d/x" });
  await git.remove({ ...options, filepath: "a" });
  await git.commit({ ...options, message: "second", author: AUTHOR });
  expect(await git.currentBranch(options)).toBe("work");
  await git.checkout({ ...options, ref: "main" });
  expect([options.fs.readFileSync("/a", "utf8"), options.fs.readFileSync("/d/x", "utf8")]).toEqual(["alpha", "ex"]);
  o.discard();
  expect(dumpReal(path)).toEqual(before);
  expect(await git.listBranches(real)).toEqual(["main"]);
});
