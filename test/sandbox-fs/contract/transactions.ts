// The contract on transactions: savepoints, forks, diffs, exports, and the end.

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { codeOf, namesIn, text, textOf, write, writeTo } from "../support/calls.ts";
import { dump, type Tree } from "../support/trees.ts";
import type { Subject } from "./subjects.ts";

const TREE: Tree = { a: "one\ntwo\n", d: { x: "ex", y: "why" }, bin: "\u0000binary", gone: "gone" };

export function transactionContract(open: Subject["open"]): void {
  test("savepoints nest: the innermost ends first, and each tells what changed since it", () => {
    const o = open(TREE);
    const outer = o.savepoint();
    write(o, "second", "2");
    const inner = o.savepoint();
    write(o, "third", "3");
    expect(inner.diff().map(({ path }) => path)).toEqual(["third"]);
    expect(outer.diff().map(({ path }) => path)).toEqual(["second", "third"]);
    expect(codeOf(() => outer.release())).toBe("EINVAL");
    inner.rollback();
    expect(codeOf(() => inner.rollback())).toBe("EINVAL");
    expect(outer.diff().map(({ path }) => path)).toEqual(["second"]);
    outer.release();
    expect([text(o, "second"), codeOf(() => text(o, "third"))]).toEqual(["2", "ENOENT"]);
  });

  test("a savepoint that is rolled back leaves the tree as it was, and what it held", () => {
    const o = open(TREE);
    const [before, held] = [dump(o), o.writtenBytes];
    const savepoint = o.savepoint();
    write(o, "a", "changed");
    o.rename(o.root, "d", o.root, "moved");
    o.unlink(o.root, "gone");
    o.symlink("a", o.root, "gone");
    savepoint.rollback();
    expect([dump(o), o.writtenBytes]).toEqual([before, held]);
  });

  test("a handle on what was rolled back is stale; one on what stays goes on", () => {
    const o = open(TREE);
    const kept = o.open(o.root, "a", { write: true });
    const savepoint = o.savepoint();
    const gone = o.open(o.root, "new", { write: true, create: true });
    writeTo(o, kept, "ONE");
    savepoint.rollback();
    expect([codeOf(() => writeTo(o, gone, "x")), codeOf(() => o.stat(gone))]).toEqual(["ESTALE", "ESTALE"]);
    o.close(gone);
    expect(textOf(o, kept)).toBe("one\ntwo\n");
  });

  test("forks do not see each other, and each can be thrown away", () => {
    const o = open(TREE);
    write(o, "shared", "before");
    const [left, right] = [o.fork(), o.fork()];
    write(left, "shared", "left");
    write(right, "d/x", "right");
    write(o, "a", "mine");
    left.discard();
    expect([text(right, "shared"), text(right, "d/x"), text(right, "a")]).toEqual(["before", "right", "one\ntwo\n"]);
    expect([text(o, "shared"), text(o, "d/x"), text(o, "a").slice(0, 4)]).toEqual(["before", "ex", "mine"]);
    expect(codeOf(() => left.list(left.root))).toBe("EBADF");
    expect(codeOf(() => right.list(o.root))).toBe("EBADF");
  });

  test("a discard ends it all, twice as well as once", () => {
    const o = open(TREE);
    const savepoint = o.savepoint();
    write(o, "a", "changed");
    o.discard();
    o.discard();
    savepoint.rollback();
    const calls = [() => o.commit(), () => o.list(o.root), () => o.fork(), () => o.export(), () => o.diff()];
    expect(calls.map(codeOf)).toEqual(calls.map(() => "EBADF"));
  });

  test("a diff tells each kind of change, with digests and text", () => {
    const o = open(TREE);
    const savepoint = o.savepoint();
    const handle = o.open(o.root, "a", { write: true, truncate: true });
    writeTo(o, handle, "one\n2\n");
    write(o, "bin", "\u0000other!");
    write(o, "new", "n\n");
    o.rename(o.root, "d/x", o.root, "moved");
    o.unlink(o.root, "d/y");
    o.unlink(o.root, "gone");
    o.makeDirectory(o.root, "gone");
    o.setMode(o.open(o.root, "d"), 0o700);
    const changes = savepoint.diff({ text: true });
    expect(changes.map(({ kind, path, from }) => [kind, path, from])).toEqual([
      ["modified", "a", undefined],
      ["modified", "bin", undefined],
      ["metadata", "d", undefined],
      ["deleted", "d/y", undefined],
      ["added", "gone", undefined],
      ["deleted", "gone", undefined],
      ["renamed", "moved", "d/x"],
      ["added", "new", undefined],
    ]);
    const [a, bin] = changes;
    const added = changes.at(-1);
    expect(a?.diff).toBe("--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n");
    expect(added?.diff).toBe("--- /dev/null\n+++ b/new\n@@ -0,0 +1,1 @@\n+n\n");
    expect(bin?.diff).toBeUndefined();
    expect(a?.digest).toBe(`sha256:${createHash("sha256").update("one\n2\n").digest("hex")}`);
    expect(a?.size).toBe(6n);
  });

  test("writing what was there already is no change of content", () => {
    const o = open(TREE);
    const savepoint = o.savepoint();
    write(o, "a", "one\ntwo\n");
    expect(savepoint.diff().map(({ kind }) => kind)).toEqual(["metadata"]);
  });

  test("a file that is replaced by a new one of the same name is modified", () => {
    const o = open(TREE);
    const savepoint = o.savepoint();
    write(o, "a.tmp", "saved");
    o.rename(o.root, "a.tmp", o.root, "a");
    expect(savepoint.diff().map(({ kind, path }) => [kind, path])).toEqual([["modified", "a"]]);
  });

  test("the changes of a savepoint apply to a fork that was made before them, byte for byte", () => {
    const o = open(TREE);
    const fork = o.fork();
    const savepoint = o.savepoint();
    write(o, "a", "changed");
    o.rename(o.root, "d", o.root, "moved");
    o.makeDirectory(o.root, "d");
    o.link(o.root, "moved/x", o.root, "d/x");
    o.symlink("moved", o.root, "link");
    o.unlink(o.root, "gone");
    const exported = savepoint.export();
    const same = fork.savepoint();
    fork.apply(exported);
    expect(dump(fork)).toEqual(dump(o));
    expect(same.export()).toEqual(exported);
    same.rollback();
    expect(namesIn(fork)).toEqual(["a", "bin", "d", "gone"]);
  });

  test("the changes of a savepoint are not applied twice", () => {
    const o = open(TREE);
    const savepoint = o.savepoint();
    write(o, "new", "n");
    const exported = savepoint.export();
    const before = dump(o);
    expect(codeOf(() => o.apply(exported))).toBe("EINVAL");
    expect(dump(o)).toEqual(before);
  });
}
