// Commits that must be refused before anything of the tree is touched, on a simulated disk that someone else has changed.
// What is found here is what saboteurs of the checks are noticed by.

import { createHash } from "node:crypto";
import { commitChangeset } from "../../../sandbox-fs/commit/commit.ts";
import type { HostFs } from "../../../sandbox-fs/commit/host-fs.ts";
import { type CommitError, createOverlay, type Overlay } from "../../../sandbox-fs/index.ts";
import { testClock } from "../support/trees.ts";
import { diskOf, HostBase, picture } from "./sim-base.ts";
import { SimError, SimHost } from "./sim-host.ts";
import { put, TREE } from "./workloads.ts";

export interface Refusal {
  readonly name: string;
  readonly ours: (overlay: Overlay) => void;
  readonly theirs: (host: SimHost) => void;
  readonly code: string;
  /** Calls of the host that are others. */
  readonly host?: Partial<HostFs>;
  /** True when the private directory has to be there for it to be found. */
  readonly isFoundLate?: boolean;
  readonly isolation?: "writes" | "serializable";
}

function write(host: SimHost, name: string, directory = host.root): void {
  host.createFile(directory, name).write(new TextEncoder().encode("theirs"), 0);
}

function inside(host: SimHost, name: string): SimHost["root"] {
  const found = host.openDirectory(host.root, name);
  if (found === null) throw new Error(`no directory ${name}`);
  return found;
}

function noLinks(): never {
  throw new SimError("EPERM");
}

export const REFUSALS: readonly Refusal[] = [
  {
    name: "a file that was replaced",
    ours: (o) => put(o, "a", "ours"),
    theirs: (host) => {
      write(host, "t");
      host.rename(host.root, "t", host.root, "a");
    },
    code: "CONFLICT_BASE_CHANGED",
  },
  {
    name: "a file whose metadata changed",
    ours: (o) => o.unlink(o.root, "a"),
    theirs: (host) => host.setMetadata(host.root, "a", { mode: 0o600, exact: false, sync: false }),
    code: "CONFLICT_BASE_CHANGED",
  },
  {
    name: "a name that was taken",
    ours: (o) => put(o, "n", "ours"),
    theirs: (host) => write(host, "n"),
    code: "CONFLICT_EXISTS",
  },
  {
    name: "a directory that was replaced",
    ours: (o) => put(o, "d/n", "ours"),
    theirs: (host) => {
      host.rename(host.root, "d", host.root, "was");
      host.makeDirectory(host.root, "d", 0o755);
    },
    code: "CONFLICT_PARENT_CHANGED",
  },
  {
    name: "a removed directory that got a file",
    ours: (o) => o.removeDirectory(o.root, "empty"),
    theirs: (host) => write(host, "t", inside(host, "empty")),
    code: "CONFLICT_NOT_EMPTY",
  },
  {
    name: "a listing that was read and has changed",
    ours: (o) => {
      o.list(o.open(o.root, "d"));
      put(o, "a", "ours");
    },
    theirs: (host) => write(host, "t", inside(host, "d")),
    code: "CONFLICT_READ_CHANGED",
    isolation: "serializable",
  },
  {
    name: "a mount point",
    ours: (o) => put(o, "d/n", "ours"),
    theirs: () => undefined,
    code: "CROSS_DEVICE",
    host: { mounts: () => ["d"] },
  },
  {
    name: "a filesystem without hard links",
    ours: (o) => put(o, "n", "ours"),
    theirs: () => undefined,
    code: "UNSUPPORTED_FS",
    host: { link: noLinks },
    isFoundLate: true,
  },
];

/** Throws unless the commit is refused with its code and the tree is what the others left. */
export function expectRefusal(refusal: Refusal): void {
  const { name, ours, theirs, code, host = {}, isolation = "writes", isFoundLate = false } = refusal;
  const disk = diskOf(TREE);
  const base = new HostBase(new SimHost(disk));
  const overlay = createOverlay(base, { clock: testClock() });
  ours(overlay);
  overlay.commit({ isolation });
  theirs(new SimHost(disk));
  const before = picture(disk.live).tree;
  let refused: unknown = null;
  let calls = 0;
  try {
    if (base.changeset === null) throw new Error("nothing to commit");
    const counting = new SimHost(disk, () => (calls += 1));
    commitChangeset(Object.assign(counting, host), base.changeset, () => createHash("sha256"));
  } catch (thrown) {
    refused = thrown;
  }
  const found = (refused as CommitError | null)?.code ?? "committed";
  if (found !== code) throw new Error(`${name}: ${found}, not ${code}`, { cause: refused });
  if (calls > 0 && !isFoundLate) throw new Error(`${name}: refused, but only after ${calls} changes`);
  if (picture(disk.live).tree !== before) throw new Error(`${name}: refused, but the tree is another`);
}
