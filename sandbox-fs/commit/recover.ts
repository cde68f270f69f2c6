// What an interrupted commit left is finished or undone, so that the tree is as after it or as before it.
// It must not know any particular host.

import type { Hash } from "../base.ts";
import { CommitError } from "../errors.ts";
import { isReserved } from "../names.ts";
import type { HostDirectory, HostFs } from "./host-fs.ts";
import { decodeJournal } from "./journal.ts";
import { settle } from "./settle.ts";
import { undoSteps } from "./undo.ts";
import { JOURNAL, parseStateName, TRANSACTION, Workspace } from "./workspace.ts";

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
    if (parsed.isFinished) fs.syncDirectory(fs.root);
    else undo(fs, state, hash);
    settle(fs, state, name, true);
    return parsed.isFinished ? "finished" : "undone";
  } finally {
    fs.closeDirectory(state);
  }
}

/** Without a journal, nothing had been applied. */
function undo(fs: HostFs, state: HostDirectory, hash: () => Hash): void {
  const transaction = fs.openDirectory(state, TRANSACTION);
  if (transaction === null) return;
  try {
    const bytes = fs.readFile(transaction, JOURNAL, JOURNAL_BYTES);
    if (bytes === null) return;
    const journal = decodeJournal(bytes, hash());
    if (journal.rootInode !== fs.factsOf(fs.root).inode)
      throw refused("the interrupted commit was to another directory");
    const workspace = new Workspace(fs, state, journal.directories);
    try {
      undoSteps(workspace, journal, true);
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
