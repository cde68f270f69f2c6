// D13, D16: directories with something else mounted in them, read-only ones, full ones, and filesystems that lack something.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import type { Changeset } from "../../../sandbox-fs/changeset.ts";
import { commitChangeset } from "../../../sandbox-fs/commit/commit.ts";
import type { HostFs } from "../../../sandbox-fs/commit/host-fs.ts";
import { type CommitError, nodeBase, type Overlay, recover } from "../../../sandbox-fs/index.ts";
import { hostNode } from "../../../sandbox-fs/node/host-node.ts";
import { put } from "../sim/workloads.ts";
import { dumpReal, fastDirectory, overlayOver, type Tree } from "../support/trees.ts";

const TREE: Tree = { a: "alpha", b: "beta", d: { x: "ex" }, e: { y: "why" } };
const script = fileURLToPath(new URL("../support/mounted.ts", import.meta.url));
const canMount = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
if (!canMount) process.stdout.write("mounting is not possible here: commits meet no real mount points\n");

const disposals: (() => void)[] = [];

afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

function directory(): string {
  const { path, dispose } = fastDirectory(TREE);
  disposals.push(dispose);
  return path;
}

function mounted(name: string): Readonly<Record<string, unknown>> {
  const printed = execFileSync("unshare", ["-m", process.execPath, script, directory(), name], { encoding: "utf8" });
  return JSON.parse(printed) as Readonly<Record<string, unknown>>;
}

const REFUSED = { isUntouched: true, recovery: "nothing" };

test.skipIf(!canMount)("D13: what would go onto another device is refused, and nothing is applied", () => {
  expect(mounted("device")).toMatchObject({ ...REFUSED, code: "CROSS_DEVICE", path: "d" });
});

test.skipIf(!canMount)(
  "D13: what would go below a bind mount of the same device is refused, and nothing is applied",
  () => {
    expect(mounted("bind")).toMatchObject({ ...REFUSED, code: "CROSS_DEVICE", path: "d" });
  },
);

test.skipIf(!canMount)("D13: a mount point beside what is changed is in nobody's way", () => {
  expect(mounted("beside")).toMatchObject({ code: null, recovery: "nothing" });
});

test.skipIf(!canMount)(
  "D16: a root that is mounted read-only is refused, and the overlay can still be exported",
  () => {
    const result = mounted("read-only");
    expect(result).toMatchObject({ ...REFUSED, code: "COMMIT_FAILED", message: expect.stringContaining("EROFS") });
    expect(result.exported).toBeGreaterThan(0);
  },
);

test.skipIf(!canMount)(
  "D4: a disk that is full is told with the file that did not fit; with less, the same overlay commits",
  () => {
    const result = mounted("small");
    expect(result).toMatchObject({ ...REFUSED, code: "NO_SPACE", thenCommitted: true });
    expect(["a", "b", "n1", "n2"]).toContain(result.path);
    expect(result.message).toContain(`'${result.path}'`);
  },
);

/** A commit to a host of which some calls are others. */
function commitOn(
  path: string,
  change: (host: HostFs) => Partial<HostFs>,
  edit: (overlay: Overlay) => void,
): CommitError {
  const commit = (changeset: Changeset): readonly string[] => {
    const host = hostNode(path);
    return commitChangeset(Object.assign(host, change(host)), changeset, () => createHash("sha256"));
  };
  const overlay = overlayOver(Object.assign(nodeBase(path), { commit }));
  edit(overlay);
  try {
    overlay.commit();
  } catch (thrown) {
    return thrown as CommitError;
  }
  throw new Error("it was committed");
}

function fails(code: string): () => never {
  return () => {
    throw Object.assign(new Error(code), { code });
  };
}

const edit = (overlay: Overlay): void => {
  put(overlay, "a", "changed");
  put(overlay, "d/new", "new");
};

test.each<[what: string, change: (host: HostFs) => Partial<HostFs>, code: string, path: string | undefined]>([
  ["D13: a mount point", () => ({ mounts: () => ["d"] }), "CROSS_DEVICE", "d"],
  ["D13: another device", (host) => ({ facts: elsewhere(host) }), "CROSS_DEVICE", "d"],
  ["D13: a filesystem without hard links", () => ({ link: fails("EPERM") }), "UNSUPPORTED_FS", undefined],
  ["D16: a read-only filesystem", () => ({ makeDirectory: fails("EROFS") }), "COMMIT_FAILED", undefined],
  ["D4: no room for a file", () => ({ createFile: fails("EDQUOT") }), "NO_SPACE", "d/new"],
  ["D4: a rename that fails", (host) => ({ rename: failsFor(host, "a", "EIO") }), "COMMIT_FAILED", "a"],
  ["D13: a mount that appears meanwhile", (host) => ({ rename: failsFor(host, "a", "EXDEV") }), "CROSS_DEVICE", "a"],
])("%s is told with its code and path, and everything stays", (_, change, code, path) => {
  const root = directory();
  const before = dumpReal(root);
  const error = commitOn(root, change, edit);
  expect({ code: error.code, path: error.path, conflicts: error.conflicts }).toEqual({ code, path, conflicts: [] });
  if (path !== undefined) expect(error.message).toContain(`'${path}'`);
  expect(error.message).not.toContain(root);
  expect(dumpReal(root)).toEqual(before);
  expect(recover(root)).toBe("nothing");
});

function elsewhere(host: HostFs): HostFs["facts"] {
  const facts = host.facts.bind(host);
  return (parent, name) => {
    const found = facts(parent, name);
    return found !== null && name === "d" ? Object.defineProperty(found, "device", { value: "another" }) : found;
  };
}

/** Fails when something gets the name. */
function failsFor(host: HostFs, wanted: string, code: string): HostFs["rename"] {
  const rename = host.rename.bind(host);
  let failed = false;
  return (from, fromName, to, toName) => {
    if (toName === wanted && !failed) {
      failed = true;
      fails(code)();
    }
    rename(from, fromName, to, toName);
  };
}
