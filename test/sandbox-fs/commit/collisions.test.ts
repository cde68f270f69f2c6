// C8: commits to a host that does not tell case or Unicode forms apart.

import { createHash } from "node:crypto";
import { Volume } from "memfs";
import { expect, test } from "vitest";
import { VolumeHost } from "../../../sandbox-fs/bases/memfs-host.ts";
import type { Changeset } from "../../../sandbox-fs/changeset.ts";
import { commitChangeset } from "../../../sandbox-fs/commit/commit.ts";
import type { HostDirectory, HostFs } from "../../../sandbox-fs/commit/host-fs.ts";
import { type CommitError, memfsBase, type Overlay, type Volume as VolumeCalls } from "../../../sandbox-fs/index.ts";
import { text, write } from "../support/calls.ts";
import { dump, overlayOver, type Tree, writeTree } from "../support/trees.ts";

type Fold = (name: string) => string;

const FOLDS: Readonly<Record<string, Fold>> = {
  case: (name) => name.toLowerCase(),
  forms: (name) => name.normalize("NFC"),
  both: (name) => name.normalize("NFD").toLowerCase(),
};

/** Which arguments of each call are a directory and a name in it. */
const NAMES: Readonly<Record<string, readonly number[]>> = {
  ...Object.fromEntries(
    ["openDirectory", "facts", "createFile", "readFile", "readlink", "makeDirectory", "removeDirectory", "unlink"].map(
      (call) => [call, [0]],
    ),
  ),
  setMetadata: [0],
  symlink: [1],
  link: [0, 2],
  rename: [0, 2],
};

/** A host that keeps names as they were given, and finds them by any name that folds the same. */
function folding(inner: HostFs, fold: Fold): HostFs {
  const found = (directory: HostDirectory, name: string): string => {
    if (inner.facts(directory, ".") === null) return name; // it has moved, and is known by its path
    const { names } = inner.names(directory);
    return names.includes(name) ? name : (names.find((each) => fold(each) === fold(name)) ?? name);
  };
  return new Proxy(inner, {
    get: (target, property) => {
      const member = Reflect.get(target, property) as unknown;
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        for (const at of NAMES[String(property)] ?? []) {
          const name = args[at + 1] as string;
          if (name !== ".") args[at + 1] = found(args[at] as HostDirectory, name);
        }
        return (member as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}

function onFolding(tree: Tree, fold: Fold): { readonly volume: Volume; readonly o: Overlay } {
  const volume = new Volume();
  volume.mkdirSync("/root");
  writeTree(volume as never, "/root", tree);
  const calls = volume as unknown as VolumeCalls;
  const host = folding(new VolumeHost(calls, "/root"), fold);
  const commit = (changeset: Changeset): readonly string[] =>
    commitChangeset(host, changeset, () => createHash("sha256"));
  return { volume, o: overlayOver(Object.assign(memfsBase(calls, "/root"), { commit })) };
}

function failure(work: () => unknown): CommitError {
  try {
    work();
  } catch (error) {
    return error as CommitError;
  }
  throw new Error("nothing was thrown");
}

const COLLISIONS: readonly [what: string, fold: string, tree: Tree, change: (o: Overlay) => void, path: string][] = [
  ["two new files", "case", {}, (o) => writeAll(o, "Read.me", "READ.ME"), "Read.me"],
  ["a new file and one that is there", "case", { a: "a" }, (o) => write(o, "A", "new"), "A"],
  [
    "two new files in a new directory",
    "case",
    {},
    (o) => [o.makeDirectory(o.root, "d"), writeAll(o, "d/x", "d/X")],
    "d/x",
  ],
  [
    "a file that is moved to one that is there",
    "case",
    { a: "a", b: "b" },
    (o) => o.rename(o.root, "b", o.root, "A"),
    "A",
  ],
  ["a new directory and a file that is there", "case", { a: "a" }, (o) => o.makeDirectory(o.root, "A"), "A"],
  ["two forms of one name", "forms", {}, (o) => writeAll(o, "é", "e\u0301"), "é"],
  ["another form of a name that is there", "forms", { é: "x" }, (o) => write(o, "e\u0301", "y"), "e\u0301"],
  ["another case and form", "both", { É: "x" }, (o) => write(o, "e\u0301", "y"), "e\u0301"],
];

function writeAll(o: Overlay, ...paths: readonly string[]): void {
  for (const path of paths) write(o, path, path);
}

test.each(COLLISIONS)(
  "C8: %s: one name to a host that folds %s, and nothing is committed",
  (_, fold, tree, change, path) => {
    const { volume, o } = onFolding(tree, FOLDS[fold] as Fold);
    const before = volume.toJSON();
    change(o);
    const shown = dump(o);
    const error = failure(() => o.commit());
    expect([error.code, error.path, error.conflicts]).toEqual([
      "CONFLICT_NAME_COLLISION",
      path,
      [{ code: "CONFLICT_NAME_COLLISION", path }],
    ]);
    expect(volume.toJSON()).toEqual(before);
    expect(dump(o)).toEqual(shown);
  },
);

test.each(COLLISIONS)("C8: %s: no collision on a host that tells them apart", (_, __, tree, change) => {
  const { o } = onFolding(tree, (name) => name);
  change(o);
  o.commit();
});

test("C8: names that look alike to no rule of the host's are committed there", () => {
  const { volume, o } = onFolding({}, FOLDS.case as Fold);
  for (const name of ["é", "e\u0301", "i", "ı", "x.", "x ", "x"]) write(o, name, name);
  o.commit();
  expect(volume.readdirSync("/root")).toHaveLength(7);
});

test("C8: a name can be changed to one that differs in case only", () => {
  const { volume, o } = onFolding({ readme: "x", d: { f: "f" } }, FOLDS.case as Fold);
  o.rename(o.root, "readme", o.root, "README");
  o.rename(o.root, "d", o.root, "D");
  write(o, "D/f", "changed");
  o.commit();
  expect(volume.readdirSync("/root")).toEqual(["D", "README"]);
  expect(volume.readFileSync("/root/D/f", "utf8")).toBe("changed");
  expect(text(overlayOver(memfsBase(volume as unknown as VolumeCalls, "/root")), "README")).toBe("x");
});

test("C8: a directory that folds, on a host that does not, is noticed when its names are given; all is undone", () => {
  const volume = new Volume();
  volume.mkdirSync("/root");
  writeTree(volume as never, "/root", { folds: {}, a: "a" });
  const calls = volume as unknown as VolumeCalls;
  const plain = new VolumeHost(calls, "/root");
  const folds = folding(plain, (name) => name.toLowerCase());
  const host = new Proxy(plain, {
    get: (target, property) => {
      const member = Reflect.get(target, property) as unknown;
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        const isThere = args.some((each) => (each as { path?: unknown } | null)?.path === "/root/folds");
        const to = isThere ? folds : target;
        return (Reflect.get(to, property) as (...all: unknown[]) => unknown).apply(to, args);
      };
    },
  });
  const commit = (changeset: Changeset): readonly string[] =>
    commitChangeset(host, changeset, () => createHash("sha256"));
  const o = overlayOver(Object.assign(memfsBase(calls, "/root"), { commit }));
  writeAll(o, "a", "folds/x", "folds/X");
  const before = volume.toJSON();
  expect(failure(() => o.commit())).toMatchObject({ code: "CONFLICT_NAME_COLLISION" });
  expect(volume.toJSON()).toEqual(before);
});
