// The end of a commit, done or undone: the private directory goes, and the root directory gets its time.
// It must not touch anything else of the tree.

import type { HostDirectory, HostFs } from "./host-fs.ts";
import { GARBAGE, parseStateName, stateName, TRANSACTION } from "./workspace.ts";

/**
 * Deletes the private directory. What is left tells enough at any point: first its name says how the commit ended, then
 * the transaction becomes garbage, and only then is anything deleted. `finished` is null when the commit was undone, else
 * the time that the root is to have.
 */
export function settle(
  fs: HostFs,
  state: HostDirectory,
  name: string,
  finished: Finished | null,
  isDurable: boolean,
): void {
  const before = parseStateName(name);
  const rootMtimeNs = finished?.rootMtimeNs ?? before?.rootMtimeNs ?? 0n;
  const finalName = finished === null ? name : stateName({ rootMtimeNs, isFinished: true });
  if (finalName !== name) fs.rename(fs.root, name, fs.root, finalName);
  if (isDurable) fs.syncDirectory(fs.root);
  if (fs.facts(state, TRANSACTION) !== null) fs.rename(state, TRANSACTION, state, GARBAGE);
  if (isDurable) fs.syncDirectory(state);
  removeAll(fs, state, GARBAGE);
  removeAll(fs, fs.root, finalName);
  setRootTime(fs, rootMtimeNs, (finished?.rootMtimeNs ?? null) === null, isDurable);
  if (isDurable) fs.syncDirectory(fs.root);
}

/** A commit that is true; the time is null when the root keeps its own. */
export interface Finished {
  readonly rootMtimeNs: bigint | null;
}

/** The root's time as it is to be; a time that it had before is kept to the nanosecond. */
export function setRootTime(fs: HostFs, mtimeNs: bigint, exact: boolean, sync: boolean): void {
  const { atimeNs } = fs.factsOf(fs.root);
  fs.setMetadata(fs.root, ".", { times: { atimeNs, mtimeNs }, exact, sync });
}

/** Removes an entry of the private directory with all that is in it, if it is there. */
function removeAll(fs: HostFs, parent: HostDirectory, name: string): void {
  const facts = fs.facts(parent, name);
  if (facts === null) return;
  if (facts.type !== "directory") {
    fs.unlink(parent, name);
    return;
  }
  if ((facts.mode & 0o700) !== 0o700) fs.setMetadata(parent, name, { mode: 0o700, exact: false, sync: false });
  const directory = fs.openDirectory(parent, name);
  if (directory === null) return;
  try {
    for (const entry of fs.names(directory).names) removeAll(fs, directory, entry);
  } finally {
    fs.closeDirectory(directory);
  }
  fs.removeDirectory(parent, name);
}
