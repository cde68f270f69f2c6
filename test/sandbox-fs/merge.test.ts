// Forks that are brought together again: all of both, or the paths at which they cannot be.

import fc from "fast-check";
import { expect, test } from "vitest";
import { createOverlay, memoryBase, type Overlay } from "../../sandbox-fs/index.ts";
import { put } from "./sim/workloads.ts";
import { codeOf } from "./support/calls.ts";
import { OverlayRunner } from "./support/on-overlay.ts";
import { type Operation, operation } from "./support/operations.ts";
import { scaled } from "./support/scale.ts";
import { dump, memoryOf, overlayOver, type Tree, testClock } from "./support/trees.ts";

const START: Tree = { a: "one", b: "two", c: "three", d: { x: "ex", y: "why", e: { z: "zed" } }, l: { link: "a" } };

const FAR = 1_000_000;

function forked(): { readonly main: Overlay; readonly left: Overlay; readonly right: Overlay } {
  const main = overlayOver(memoryBase(memoryOf(START)));
  put(main, "before", "shared");
  return { main, left: main.fork(FAR), right: main.fork(2 * FAR) };
}

type Change = (overlay: Overlay) => void;

const write =
  (path: string, text = "new"): Change =>
  (o) =>
    put(o, path, text);
const move =
  (from: string, to: string): Change =>
  (o) =>
    o.rename(o.root, from, o.root, to);
const remove =
  (path: string): Change =>
  (o) =>
    o.unlink(o.root, path);
const all =
  (...changes: readonly Change[]): Change =>
  (o) => {
    for (const change of changes) change(o);
  };
const chmod =
  (path: string, mode: number): Change =>
  (o) => {
    const handle = o.open(o.root, path, {});
    o.setMode(handle, mode);
    o.close(handle);
  };

const APART: readonly (readonly [string, Change, Change])[] = [
  ["two files of one directory", write("d/x"), write("d/y")],
  ["two new files in one directory", write("d/1"), write("d/2")],
  ["a new file, and another one removed", write("d/1"), remove("d/y")],
  ["a directory that moves, and a file beside it", move("d/e", "d/f"), write("d/x")],
  ["a file that moves away, and a new one beside it", move("d/x", "x"), write("d/1")],
  ["the same directory filled, and its mode changed", write("d/1"), chmod("d", 0o700)],
  [
    "a new directory with a file, and a file of the base",
    all((o) => o.makeDirectory(o.root, "n"), write("n/1")),
    write("a"),
  ],
  ["a symlink, and what it leads to", (o) => o.symlink("d", o.root, "s"), write("d/x")],
  ["a file that came and went, and the same name", all(write("t"), remove("t")), write("t")],
];

test.each(APART)("%s: both changes are there, whichever is merged first", (_, one, other) => {
  const { main, left, right } = forked();
  one(left);
  other(right);
  const back = main.fork();
  expect([main.merge(left), main.merge(right)]).toEqual([[], []]);
  expect([back.merge(right), back.merge(left)]).toEqual([[], []]);
  const { main: again } = forked();
  one(again);
  other(again);
  const shown = (o: Overlay) => dump(o, { times: false, links: true });
  expect(shown(main)).toEqual(shown(again));
  expect(dump(back)).toEqual(dump(main));
  expect(main.writtenBytes).toBe(again.writtenBytes);
});

const AGAINST: readonly (readonly [string, Change, Change, readonly string[]])[] = [
  ["one file written twice", write("a", "1"), write("a", "2"), ["a"]],
  ["one name made twice", write("n", "1"), write("n", "2"), ["n"]],
  ["one directory made twice", (o) => o.makeDirectory(o.root, "n"), (o) => o.makeDirectory(o.root, "n"), ["n"]],
  ["a file written and removed", write("a"), remove("a"), ["a"]],
  ["a file written in a directory that moves", move("d", "m"), write("d/x"), ["d/x"]],
  ["a directory that moves, and a file written in it", write("d/e/z"), move("d", "m"), ["d"]],
  ["a file moved to two names", move("a", "1"), move("a", "2"), ["a"]],
  ["a name freed and taken", remove("a"), move("b", "a"), ["a"]],
  ["one mode changed twice", chmod("a", 0o600), chmod("a", 0o640), ["a"]],
  ["one file under two names", (o) => o.link(o.root, "a", o.root, "h"), write("a"), ["a"]],
];

test.each(AGAINST)("%s: the merge names the path, and puts nothing", (_, one, other, paths) => {
  const { main, left, right } = forked();
  one(left);
  other(right);
  expect(main.merge(left)).toEqual([]);
  const before = dump(main);
  expect(main.merge(right)).toEqual(paths);
  expect(dump(main)).toEqual(before);
});

test("a merge that would hold more than the quota puts nothing", () => {
  const main = createOverlay(memoryBase(memoryOf(START)), { clock: testClock(), quota: { bytes: 10 } });
  const [left, right] = [main.fork(FAR), main.fork(2 * FAR)];
  put(left, "1", "123456");
  put(right, "2", "123456");
  expect(main.merge(left)).toEqual([]);
  const before = dump(main);
  expect(codeOf(() => main.merge(right))).toBe("ENOSPC");
  expect(dump(main)).toEqual(before);
  expect(main.writtenBytes).toBe(6);
});

test("only a fork of the same overlay can be merged, and a fork that goes on changes nothing of what was merged", () => {
  const { main, left } = forked();
  expect(codeOf(() => main.merge(overlayOver(memoryBase(memoryOf(START)))))).toBe("EINVAL");
  expect(codeOf(() => main.merge(forked().left))).toBe("EINVAL");
  put(left, "a", "merged");
  main.merge(left);
  const merged = dump(main);
  put(left, "a", "LATER!");
  expect(dump(main)).toEqual(merged);
});

test("forks of merged forks merge like those of one overlay, and nodes that one made are the same for all", () => {
  const { main, left, right } = forked();
  left.makeDirectory(left.root, "n");
  put(right, "r", "right");
  const joined = left.fork();
  joined.merge(right);
  const [third, fourth] = [joined.fork(3 * FAR), left.fork(4 * FAR)];
  put(third, "n/3", "third");
  put(fourth, "n/4", "fourth");
  for (const fork of [left, right, third, fourth]) expect(main.merge(fork)).toEqual([]);
  expect(dump(main)).toMatchObject({ "n/3": expect.anything(), "n/4": expect.anything(), r: expect.anything() });
});

const lists = fc.array(operation, { minLength: 1, maxLength: 8 });

test("what merges without a conflict is what one after the other would have made", () => {
  let compared = 0;
  fc.assert(
    fc.property(lists, lists, lists, (first, one, other) => {
      const main = overlayOver(memoryBase(memoryOf(START)));
      perform(main, first);
      const [left, right] = [main.fork(FAR), main.fork(2 * FAR)];
      perform(left, one);
      if (other.some((each) => changesNothing(right, each))) return;
      const fresh = main.fork(3 * FAR);
      const alone = perform(fresh, other);
      const [forth, back] = [main.fork(), main.fork()];
      const conflicts = [forth.merge(left), forth.merge(fresh), back.merge(fresh), back.merge(left)];
      expect(conflicts[3]?.length === 0).toBe(conflicts[1]?.length === 0);
      if (conflicts.flat().length > 0) return;
      expect(dump(back)).toEqual(dump(forth));
      expect(back.writtenBytes).toBe(forth.writtenBytes);
      perform(main, one);
      // What the second saw of the first decides what it does: then there is nothing to compare.
      if (JSON.stringify(perform(main, other)) !== JSON.stringify(alone)) return;
      compared += 1;
      expect(dump(forth, { times: false, links: true })).toEqual(dump(main, { times: false, links: true }));
    }),
    { numRuns: scaled(600) },
  );
  expect(compared).toBeGreaterThan(scaled(600) / 10);
});

const CHANGING: readonly Operation["op"][] = ["chmod", "utimes", "create", "write", "truncate", "rename", "link"];

/** Makes something what it is already: in a fork that is no change, and one after the other it could be one. */
function changesNothing(overlay: Overlay, each: Operation): boolean {
  const before = JSON.stringify(dump(overlay));
  const [outcome] = perform(overlay, [each]);
  return (
    CHANGING.includes(each.op) && !JSON.stringify(outcome).includes("error") && JSON.stringify(dump(overlay)) === before
  );
}

function perform(overlay: Overlay, operations: readonly Operation[]): readonly unknown[] {
  const runner = new OverlayRunner(overlay);
  const outcomes = operations.map((each) => runner.run(each));
  runner.close();
  return outcomes;
}
