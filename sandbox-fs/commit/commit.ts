// A commit from end to end: check, stage, journal, apply, make true, settle. What fails before it is true is undone.
// It must not know any particular host.

import type { Hash } from "../base.ts";
import type { Changeset } from "../changeset.ts";
import { CommitError, hostCode } from "../errors.ts";
import { isReserved } from "../names.ts";
import { applySteps } from "./apply.ts";
import { checkBase } from "./check.ts";
import { checkNewNames } from "./collisions.ts";
import { commitFailure } from "./failure.ts";
import type { HostDirectory, HostFs } from "./host-fs.ts";
import { encodeJournal, type Journal } from "./journal.ts";
import { planOf, stepPath } from "./plan.ts";
import type { CommitPlan } from "./plan-types.ts";
import { journalOf } from "./prepare.ts";
import { checkRemoved } from "./removed.ts";
import { settle } from "./settle.ts";
import { type Staged, stage } from "./stage.ts";
import { undoSteps } from "./undo.ts";
import { JOURNAL, SLOTS, STAGED, stateName, TRANSACTION, Workspace } from "./workspace.ts";

/**
 * Applies a changeset to a directory of the host: all of it, or nothing. Whoever calls holds the lock of that directory.
 * Returns notes on what the host could not keep. CommitError as its code says.
 */
export function commitChangeset(fs: HostFs, changeset: Changeset, hash: () => Hash): readonly string[] {
  check(fs, changeset, hash);
  if (changeset.nodes.length === 0) return [];
  const plan = planOf(changeset);
  return [...plan.notes, ...new Commit(fs, plan, changeset.durability, hash).run()];
}

function check(fs: HostFs, changeset: Changeset, hash: () => Hash): void {
  try {
    if (fs.names(fs.root).names.some(isReserved)) {
      throw new CommitError(
        "RECOVERY_REQUIRED",
        "an earlier commit to this directory was interrupted: recover it first",
      );
    }
    checkBase(fs, changeset, hash);
  } catch (cause) {
    throw commitFailure("the base cannot be looked at", cause);
  }
}

class Commit {
  readonly #fs: HostFs;
  readonly #plan: CommitPlan;
  readonly #durability: Changeset["durability"];
  readonly #hash: () => Hash;
  readonly #name: string;
  readonly #finalName: string;
  readonly #notes: string[] = [];

  constructor(fs: HostFs, plan: CommitPlan, durability: Changeset["durability"], hash: () => Hash) {
    this.#fs = fs;
    this.#plan = plan;
    this.#durability = durability;
    this.#hash = hash;
    const { mtimeNs } = fs.factsOf(fs.root);
    this.#name = stateName({ rootMtimeNs: mtimeNs, isFinished: false });
    this.#finalName = stateName({ rootMtimeNs: plan.rootMtimeNs ?? mtimeNs, isFinished: true });
  }

  run(): string[] {
    const state = this.#begin();
    try {
      const journal = this.#prepare(state);
      const workspace = new Workspace(this.#fs, state, journal.directories);
      try {
        this.#apply(workspace, journal);
      } finally {
        workspace.close();
      }
      return this.#notes.concat(this.#settle(state));
    } finally {
      this.#fs.closeDirectory(state);
    }
  }

  get #isDurable(): boolean {
    return this.#durability === "full";
  }

  /** The private directory; whoever finds another one beside it steps back. */
  #begin(): HostDirectory {
    const fs = this.#fs;
    try {
      fs.makeDirectory(fs.root, this.#name, 0o700);
    } catch (cause) {
      throw commitFailure("the private directory cannot be made", cause);
    }
    const state = fs.openDirectory(fs.root, this.#name);
    const isAlone = fs.names(fs.root).names.filter(isReserved).length === 1;
    if (state !== null && isAlone) return state;
    if (state !== null) {
      this.#clear(state);
      fs.closeDirectory(state);
    }
    throw new CommitError("LOCKED", "another process is committing to this directory");
  }

  /** Everything that can fail for lack of room happens here, before the tree is touched. */
  #prepare(state: HostDirectory): Journal {
    const fs = this.#fs;
    let transaction: HostDirectory | null = null;
    try {
      fs.makeDirectory(state, TRANSACTION, 0o700);
      transaction = fs.openDirectory(state, TRANSACTION);
      if (transaction === null) throw new CommitError("COMMIT_FAILED", "the private directory has gone");
      fs.makeDirectory(transaction, SLOTS, 0o700);
      fs.makeDirectory(transaction, STAGED, 0o700);
      checkNewNames(fs, transaction, this.#plan.nodes);
      const { inodes, notes } = this.#stage(transaction);
      this.#notes.push(...notes);
      const journal = journalOf(fs, this.#plan, inodes);
      this.#writeJournal(state, transaction, encodeJournal(journal, this.#hash()));
      return journal;
    } catch (cause) {
      this.#clear(state);
      throw commitFailure("the changes cannot be prepared", cause);
    } finally {
      if (transaction !== null) fs.closeDirectory(transaction);
    }
  }

  #stage(transaction: HostDirectory): Staged {
    const staged = this.#fs.openDirectory(transaction, STAGED);
    if (staged === null) throw new CommitError("COMMIT_FAILED", "the private directory has gone");
    try {
      return stage(this.#fs, staged, this.#plan.staged, this.#durability);
    } finally {
      this.#fs.closeDirectory(staged);
    }
  }

  /** From the last sync here on, a recovery knows what to undo. */
  #writeJournal(state: HostDirectory, transaction: HostDirectory, bytes: Uint8Array): void {
    const fs = this.#fs;
    writeFile(fs, transaction, `${JOURNAL}.tmp`, bytes, this.#isDurable);
    if (this.#isDurable) fs.syncDirectory(transaction);
    nameJournal(fs, transaction);
    if (!this.#isDurable) return;
    for (const directory of [transaction, state, fs.root]) fs.syncDirectory(directory);
  }

  #apply(workspace: Workspace, journal: Journal): void {
    try {
      applySteps(workspace, journal.steps, this.#isDurable, (step) => stepPath(this.#plan, step));
      checkRemoved(this.#fs, workspace.slots, this.#plan);
      this.#fs.rename(this.#fs.root, this.#name, this.#fs.root, this.#finalName);
    } catch (cause) {
      this.#undo(workspace, journal);
      throw commitFailure("a step failed, and everything was undone", cause);
    }
    try {
      if (this.#isDurable) this.#fs.syncDirectory(this.#fs.root);
    } catch (cause) {
      const message = "the last sync failed: recover, to know whether it is committed";
      throw new CommitError("COMMIT_OUTCOME_UNKNOWN", message, { cause });
    }
  }

  #undo(workspace: Workspace, journal: Journal): void {
    try {
      undoSteps(workspace, journal, this.#isDurable);
      settle(this.#fs, workspace.state, this.#name, this.#isDurable);
    } catch (cause) {
      throw new CommitError("RECOVERY_REQUIRED", "a step failed, and undoing it too: recover this directory", {
        cause,
      });
    }
  }

  /** Nothing was applied: what cannot be cleared away is left to the next recovery. */
  #clear(state: HostDirectory): void {
    try {
      settle(this.#fs, state, this.#name, this.#isDurable);
    } catch {
      return;
    }
  }

  /** The commit is true already: what fails here is left to the next recovery. */
  #settle(state: HostDirectory): string[] {
    try {
      settle(this.#fs, state, this.#finalName, this.#isDurable);
      return [];
    } catch {
      return ["the private directory of the commit could not be removed: the next recovery will"];
    }
  }
}

function writeFile(fs: HostFs, directory: HostDirectory, name: string, bytes: Uint8Array, isDurable: boolean): void {
  const file = fs.createFile(directory, name);
  try {
    file.write(bytes, 0);
    if (isDurable) file.sync();
  } finally {
    file.close();
  }
}

const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** By a hard link, which tells before anything is touched whether there are any here. */
function nameJournal(fs: HostFs, transaction: HostDirectory): void {
  try {
    fs.link(transaction, `${JOURNAL}.tmp`, transaction, JOURNAL);
  } catch (cause) {
    if (!NO_LINKS.has(hostCode(cause) ?? "")) throw cause;
    throw new CommitError("UNSUPPORTED_FS", "a commit needs hard links, which this filesystem does not have", {
      cause,
    });
  }
}
