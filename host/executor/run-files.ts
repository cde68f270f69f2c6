// The files of one run: an overlay per root, and what the scope lets a guest see of it.
// It must not know tools, plans, or where a base comes from.

import type { Base } from "../../sandbox-fs/base.ts";
import { FsError } from "../../sandbox-fs/errors.ts";
import { createOverlay } from "../../sandbox-fs/overlay.ts";
import type { Change, FileSystem, Overlay, Rule } from "../../sandbox-fs/types.ts";
import { grant } from "../../sandbox-fs/view.ts";
import { GloveboxError } from "../errors.ts";
import type { FileChange } from "../hooks.ts";
import type { Preopen } from "../wasi/index.ts";
import type { Mount, Root, RunSetup } from "./protocol.ts";

export interface RunFiles {
  readonly preopens: readonly Preopen[];
  /** The overlay over the workspace, when any grant lets the plan write; null otherwise. */
  readonly writable: Overlay | null;
  /** The file at a path of the guest, or null when the guest cannot see one there. */
  statFile(guestPath: string): { readonly size: number } | null;
  /** The directory at a path of the guest, open, or null when the guest cannot see one there; whoever opened it closes it. */
  openDirectory(guestPath: string): Pick<Preopen, "fs" | "directory"> | null;
  /** Changes of the writable root, by the paths that the plan knows. */
  asGuestSees(changes: readonly Change[]): readonly FileChange[];
  /** Takes changes that another process proposes, whole or not at all. Errors: PATH_DENIED when they reach beyond what the mounts let a plan write; FsError EINVAL when malformed. */
  take(layer: Uint8Array): void;
  /** The same files, with changes of their own from now on; nodes that they make are numbered from `firstNumber`. Not to be discarded. */
  fork(firstNumber: number): RunFiles;
  discard(): void;
}

/** Opens the files of a run; `openBase` decides what a root really is. */
export function openRunFiles(setup: RunSetup, openBase: (root: Root) => Base, clock: () => bigint): RunFiles {
  return filesOver(setup, new Map(setup.roots.map((root) => [root.id, openRoot(root, setup, openBase, clock)])));
}

function filesOver(setup: RunSetup, opened: ReadonlyMap<string, OpenedRoot>): RunFiles {
  const preopens = openPreopens(setup.mounts, opened);
  const writableRoot = setup.roots.find((root) => root.writable);
  const writable = writableRoot === undefined ? null : (opened.get(writableRoot.id)?.overlay ?? null);
  const mounts = setup.mounts.filter((mount) => mount.root === writableRoot?.id);
  const files: RunFiles = {
    preopens,
    writable,
    statFile: (guestPath) => statFile(preopens, guestPath),
    openDirectory: (guestPath) => openDirectory(preopens, guestPath),
    asGuestSees: (changes) => changes.map((change) => asGuestSees(change, mounts)),
    take: (layer) => {
      if (writable !== null) take(layer, writable, mounts);
    },
    fork: (firstNumber) => {
      if (writableRoot === undefined || writable === null) return files;
      const forked = grantedRoot(writableRoot, setup, writable.fork(firstNumber));
      return filesOver(setup, new Map([...opened, [writableRoot.id, forked]]));
    },
    discard: () => {
      for (const { overlay } of opened.values()) overlay.discard();
    },
  };
  return files;
}

interface OpenedRoot {
  readonly overlay: Overlay;
  readonly granted: FileSystem;
}

function openRoot(root: Root, setup: RunSetup, openBase: (root: Root) => Base, clock: () => bigint): OpenedRoot {
  return grantedRoot(root, setup, createOverlay(openBase(root), { clock, quota: { bytes: setup.writtenBytes } }));
}

function grantedRoot(root: Root, setup: RunSetup, overlay: Overlay): OpenedRoot {
  const rules = rulesOf(setup.mounts.filter((mount) => mount.root === root.id));
  return { overlay, granted: grant(overlay, rules) };
}

function openPreopens(mounts: readonly Mount[], opened: ReadonlyMap<string, OpenedRoot>): readonly Preopen[] {
  const preopens = new Map<string, Preopen>();
  for (const mount of mounts) {
    const fs = opened.get(mount.root)?.granted;
    const path = mount.file ? parentOf(mount.guestPath) : mount.guestPath;
    if (fs === undefined || preopens.has(path)) continue;
    const inner = mount.file ? mount.path.split("/").slice(0, -1).join("/") : mount.path;
    const directory = inner === "" ? fs.root : fs.open(fs.root, inner, { directory: true });
    preopens.set(path, { path, fs, directory });
  }
  return [...preopens.values()];
}

function statFile(preopens: readonly Preopen[], guestPath: string): { readonly size: number } | null {
  const preopen = longestPrefix(preopens, guestPath, ({ path }) => path);
  if (preopen === null) return null;
  const { fs, directory, path } = preopen;
  try {
    const stats = fs.statAt(directory, relativeTo(path, guestPath) || ".");
    return stats.type === "file" ? { size: Number(stats.size) } : null;
  } catch {
    return null; // the guest will meet the same error, and tell it better
  }
}

function openDirectory(preopens: readonly Preopen[], guestPath: string): Pick<Preopen, "fs" | "directory"> | null {
  const preopen = longestPrefix(preopens, guestPath, ({ path }) => path);
  if (preopen === null) return null;
  const { fs, directory, path } = preopen;
  try {
    return { fs, directory: fs.open(directory, relativeTo(path, guestPath) || ".", { directory: true }) };
  } catch (error) {
    if (error instanceof FsError) return null;
    throw error;
  }
}

function take(layer: Uint8Array, overlay: Overlay, mounts: readonly Mount[]): void {
  try {
    overlay.apply(layer, rulesOf(mounts));
  } catch (error) {
    if (!(error instanceof FsError) || error.code !== "EPERM") throw error;
    throw new GloveboxError("PATH_DENIED", "a call proposed changes beyond what the scope lets it write", {
      cause: error,
    });
  }
}

function rulesOf(mounts: readonly Mount[]): readonly Rule[] {
  return mounts.map(({ path, access }) => ({ path, access }));
}

function asGuestSees(change: Change, mounts: readonly Mount[]): FileChange {
  const { path, from, size, kind, type, diff } = change;
  return {
    path: guestPathOf(path, mounts),
    kind,
    type: type === "other" ? "file" : type,
    ...(from === undefined ? {} : { from: guestPathOf(from, mounts) }),
    ...(size === undefined ? {} : { size: Number(size) }),
    ...(diff === undefined ? {} : { diff }),
  };
}

function guestPathOf(path: string, mounts: readonly Mount[]): string {
  const mount = longestPrefix(mounts, `/${path}`, (candidate) => `/${candidate.path}`);
  if (mount === null) return `/${path}`;
  const rest = relativeTo(`/${mount.path}`, `/${path}`);
  return rest === "" ? mount.guestPath : `${mount.guestPath.replace(/\/$/, "")}/${rest}`;
}

function longestPrefix<T>(items: readonly T[], path: string, prefixOf: (item: T) => string): T | null {
  const matching = items.filter((item) => isWithin(prefixOf(item), path));
  return matching.reduce<T | null>(
    (best, item) => (best === null || prefixOf(item).length > prefixOf(best).length ? item : best),
    null,
  );
}

function isWithin(prefix: string, path: string): boolean {
  return prefix === "/" || path === prefix || path.startsWith(`${prefix}/`);
}

function relativeTo(prefix: string, path: string): string {
  return path.slice(prefix === "/" ? 1 : prefix.length + 1);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}
