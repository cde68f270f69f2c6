// D14: the ends of an overlay, in every order: each is final, told, and never a second commit.

import { afterEach, expect, test } from "vitest";
import type { Changeset } from "../../../sandbox-fs/changeset.ts";
import { type FsError, nodeBase, type Overlay } from "../../../sandbox-fs/index.ts";
import { put } from "../sim/workloads.ts";
import { dumpReal, fastDirectory, overlayOver } from "../support/trees.ts";

const disposals: (() => void)[] = [];

afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

function changed(): { path: string; overlay: Overlay } {
  const { path, dispose } = fastDirectory({ a: "alpha" });
  disposals.push(dispose);
  const overlay = overlayOver(nodeBase(path));
  put(overlay, "a", "changed");
  return { path, overlay };
}

function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (thrown) {
    return (thrown as FsError).code;
  }
}

const CALLS: readonly [string, (o: Overlay) => unknown][] = [
  ["commit", (o) => o.commit()],
  ["fork", (o) => o.fork()],
  ["savepoint", (o) => o.savepoint()],
  ["diff", (o) => o.diff()],
  ["export", (o) => o.export()],
  ["list", (o) => o.list(o.root)],
  ["open", (o) => o.open(o.root, "a")],
];

test.each(CALLS)("D14: %s after a commit or a discard is EBADF; a discard is nothing more", (_, call) => {
  for (const end of [(o: Overlay) => o.commit(), (o: Overlay) => o.discard()]) {
    const { path, overlay } = changed();
    end(overlay);
    const tree = dumpReal(path);
    expect(codeOf(() => call(overlay))).toBe("EBADF");
    expect(codeOf(() => overlay.discard())).toBeNull();
    expect(dumpReal(path)).toEqual(tree);
  }
});

test("D14: a fork outlives the commit and the discard of the overlay it came from", () => {
  const { path, overlay } = changed();
  const [kept, gone] = [overlay.fork(), overlay.fork()];
  overlay.discard();
  put(kept, "new", "by the fork");
  gone.discard();
  kept.commit();
  expect(Object.keys(dumpReal(path))).toEqual(["a", "new"]);
});

test.each<[string, (o: Overlay) => unknown]>([
  ["commit", (o) => o.commit()],
  ["discard", (o) => o.discard()],
  ["apply", (o) => o.apply(new Uint8Array())],
])("D14: %s during a commit is EBUSY, and the commit goes through whole", (_, call) => {
  const { path, dispose } = fastDirectory({ a: "alpha" });
  disposals.push(dispose);
  const base = nodeBase(path);
  const real = base.commit.bind(base);
  const codes: (string | null)[] = [];
  base.commit = (changeset: Changeset) => {
    codes.push(codeOf(() => call(overlay)));
    return real(changeset);
  };
  const overlay = overlayOver(base);
  put(overlay, "a", "changed");
  expect(overlay.commit().changes).toHaveLength(1);
  expect(codes).toEqual(["EBUSY"]);
  expect(dumpReal(path).a).toContain("changed");
});

test("D14: after a commit that failed, an overlay can be used, discarded, or committed again", () => {
  const { path, dispose } = fastDirectory({ a: "alpha" });
  disposals.push(dispose);
  const base = nodeBase(path);
  const real = base.commit.bind(base);
  let failures = 1;
  base.commit = (changeset: Changeset) => {
    failures -= 1;
    if (failures >= 0) throw Object.assign(new Error("EIO"), { code: "EIO" });
    return real(changeset);
  };
  const overlay = overlayOver(base);
  put(overlay, "a", "once");
  expect(codeOf(() => overlay.commit())).toBe("EIO");
  put(overlay, "a", "twice");
  overlay.commit();
  expect(dumpReal(path).a).toContain("twice");
});
