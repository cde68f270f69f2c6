// D9, D17: several processes that commit to one directory, are killed while they do, or change it meanwhile.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import { nodeBase, recover, STATE_DIRECTORY } from "../../../sandbox-fs/index.ts";
import { put } from "../sim/workloads.ts";
import { Committer } from "../support/children.ts";
import { dumpReal, fastDirectory, overlayOver, type Tree } from "../support/trees.ts";

const TREE: Tree = { a: "alpha", b: "beta", d: { x: "ex", y: "why" } };
const NAMESPACE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
const canUnshare = spawnSync("unshare", [...NAMESPACE.slice(1), "true"]).status === 0;
if (!canUnshare) process.stdout.write("no namespaces here: two processes of one pid are not tried\n");

const disposals: (() => unknown)[] = [];

afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

function directory(): string {
  const { path, dispose } = fastDirectory(TREE);
  disposals.push(dispose);
  return path;
}

function committer(...args: ConstructorParameters<typeof Committer>): Committer {
  const child = new Committer(...args);
  disposals.push(() => child.kill());
  return child;
}

function traces(path: string): string[] {
  return fs.readdirSync(path).filter((name) => name.startsWith(STATE_DIRECTORY));
}

test("D9: three processes that commit to one directory at the same time wait for each other, and all of it is there", async () => {
  const path = directory();
  const children = [1, 2, 3].map(() => committer(path, "many", "15"));
  const said = await Promise.all(children.map((child) => child.run()));
  expect(said.map(({ value }) => value)).toEqual([15, 15, 15]);
  const names = said.flatMap(({ pid }) => Array.from({ length: 15 }, (_, i) => `by-${pid}-${i}`));
  expect(fs.readdirSync(path)).toEqual(expect.arrayContaining(names));
  expect(traces(path)).toEqual([]);
});

test("D9: of two processes that change the same file, one is told of a conflict", async () => {
  const path = directory();
  const children = ["one", "two"].map((text) => committer(path, "rewrite", text));
  await Promise.all(children.map((child) => child.next()));
  for (const child of children) child.start();
  const said = await Promise.all(children.map((child) => child.next()));
  const winner = fs.readFileSync(`${path}/a`, "utf8");
  expect(["one", "two"]).toContain(winner);
  expect(said.map(({ value, code }) => value ?? code).sort()).toEqual(["CONFLICT_BASE_CHANGED", winner]);
});

test("D9: a process killed in the middle of a commit holds nothing: the next one recovers and commits", async () => {
  const path = directory();
  const before = dumpReal(path);
  const stuck = committer(path, "stuck");
  expect((await stuck.run()).value).toBe("stuck");
  expect(traces(path)).toHaveLength(1);
  const waiting = committer(path, "recover");
  expect((await waiting.run()).code).toBe("LOCKED");
  await stuck.kill();
  const next = committer(path, "recover");
  expect((await next.run()).value).toBe("undone");
  expect(dumpReal(path)).toEqual(before);
  const overlay = overlayOver(nodeBase(path));
  put(overlay, "a", "after all");
  overlay.commit();
  expect(fs.readFileSync(`${path}/a`, "utf8")).toBe("after all");
});

test.skipIf(!canUnshare)(
  "D9: a pid tells nothing: processes of the same pid, at once or one after the other, are told apart",
  async () => {
    const path = directory();
    const before = dumpReal(path);
    const stuck = committer(path, "stuck", "", NAMESPACE);
    expect(await stuck.run()).toMatchObject({ pid: 1, value: "stuck" });
    const atOnce = committer(path, "recover", "", NAMESPACE);
    expect(await atOnce.run()).toMatchObject({ pid: 1, code: "LOCKED" });
    await stuck.kill();
    const later = committer(path, "recover", "", NAMESPACE);
    expect(await later.run()).toMatchObject({ pid: 1, value: "undone" });
    expect(dumpReal(path)).toEqual(before);
  },
);

test("D17: an editor that saves another file all the while loses nothing, and never sees half of what we commit", async () => {
  const path = directory();
  const editor = committer(path, "edit", "3000");
  await editor.next();
  const events: string[] = [];
  const watcher = fs.watch(path, (_event, name) => events.push(String(name)));
  disposals.push(() => watcher.close());
  editor.start();
  const said = editor.next();
  let isOver = false;
  void said.finally(() => {
    isOver = true;
  });
  const versions = ["alpha"];
  for (let i = 0; !isOver; i += 1) {
    const overlay = overlayOver(nodeBase(path));
    versions.push(`version ${i}`);
    put(overlay, "a", `version ${i}`);
    put(overlay, `d/new${i % 3}`, String(i));
    overlay.commit();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { value } = await said;
  const { last, seen } = value as { last: string; seen: string[] };
  expect(fs.readFileSync(`${path}/b`, "utf8")).toBe(last);
  expect(versions).toEqual(expect.arrayContaining(seen));
  expect(versions.length).toBeGreaterThan(2);
  expect(events).toContain("a");
  expect(recover(path)).toBe("nothing");
});
