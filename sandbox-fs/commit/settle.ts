// The end of a commit, done or undone: the private directory goes, and the root directory gets its time.
// It must not touch anything else of the tree.

import type { HostDirectory, HostFs } from "./host-fs.ts";
import { GARBAGE, parseStateName, TRANSACTION } from "./workspace.ts";

/**
 * Deletes the private directory `name` of a commit that is true or undone. In the second case the transaction first becomes
 * garbage: a recovery must not undo what is half deleted. At last the root gets the time that the name tells.
 */
export function settle(fs: HostFs, state: HostDirectory, name: string, isDurable: boolean): void {
  if (fs.facts(state, TRANSACTION) !== null && parseStateName(name)?.isFinished !== true) {
    fs.rename(state, TRANSACTION, state, GARBAGE);
    if (isDurable) fs.syncDirectory(state);
  }
  removeAll(fs, fs.root, name);
  const { mtimeNs, atimeNs } = fs.factsOf(fs.root);
  const times = { atimeNs, mtimeNs: parseStateName(name)?.rootMtimeNs ?? mtimeNs };
  fs.setMetadata(fs.root, ".", { times, exact: true, sync: isDurable });
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
