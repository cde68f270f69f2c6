// What an interrupted commit left is finished or undone, so that the tree is as after it or as before it.
// It must not know any particular host.

import type { Hash } from "../base.ts";
import { CommitError } from "../errors.ts";
import { isReserved } from "../names.ts";
import type { HostDirectory, HostFs } from "./host-fs.ts";
import { decodeJournal } from "./journal.ts";
import { type Finished, settle } from "./settle.ts";
import { undoSteps } from "./undo.ts";
import { COMMITTED, JOURNAL, parseStateName, TRANSACTION, Workspace } from "./workspace.ts";

/** `nothing`: no commit was interrupted. `finished`: it had become true. `undone`: it had not. */
export type Recovery = "nothing" | "finished" | "undone";

const JOURNAL_BYTES = 1024 * 1024 * 1024;

/** Recovers a directory whose lock the caller holds. RECOVERY_REQUIRED when a person has to look; nothing is touched then. */
export function recoverTree(fs: HostFs, hash: () => Hash): Recovery {
  const found = fs.names(fs.root).names.filter(isReserved);
  const [name] = found;
  if (name === undefined) return "nothing";
  const parsed = found.length === 1 ? parseStateName(name) : null;
  const state = parsed === null ? null : fs.openDirectory(fs.root, name);
  if (parsed === null || state === null) throw refused("traces of an interrupted commit are not as one leaves them");
  try {
    const finished = parsed.isFinished ? { rootMtimeNs: null } : recoverState(fs, state, hash);
    settle(fs, state, name, finished, true);
    return finished === null ? "undone" : "finished";
  } finally {
    fs.closeDirectory(state);
  }
}

/** Undoes what has to be; returns how the commit ended otherwise. */
function recoverState(fs: HostFs, state: HostDirectory, hash: () => Hash): Finished | null {
  const transaction = fs.openDirectory(state, TRANSACTION);
  if (transaction === null) return null;
  try {
    const bytes = fs.readFile(transaction, JOURNAL, JOURNAL_BYTES);
    if (bytes === null) return null;
    const journal = decodeJournal(bytes, hash());
    if (journal.rootInode !== fs.factsOf(fs.root).inode)
      throw refused("the interrupted commit was to another directory");
    if (fs.facts(transaction, COMMITTED) !== null) return { rootMtimeNs: journal.rootMtimeNs };
    const workspace = new Workspace(fs, state, journal.directories);
    try {
      undoSteps(workspace, journal, true);
      return null;
    } finally {
      workspace.close();
    }
  } finally {
    fs.closeDirectory(transaction);
  }
}

function refused(why: string): CommitError {
  return new CommitError("RECOVERY_REQUIRED", `${why}; nothing was touched`);
}
