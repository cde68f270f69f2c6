// The private directory of one commit, and the directories of the tree that its steps work in, wherever those are now.
// It must not decide what is done there.

import { CommitError } from "../errors.ts";
import { STATE_DIRECTORY } from "../names.ts";
import type { HostDirectory, HostFs } from "./host-fs.ts";
import type { JournalDirectory } from "./journal.ts";

export const TRANSACTION = "tx";
export const GARBAGE = "gc";
export const JOURNAL = "journal";
export const SLOTS = "old";
export const STAGED = "new";

const OPEN_DIRECTORIES = 64;

/**
 * What the name of a private directory tells: the time that the root is to have when it has gone, and whether the commit
 * is true. The rename that makes it `done` is the moment in which the commit becomes true.
 */
export interface StateName {
  readonly rootMtimeNs: bigint;
  readonly isFinished: boolean;
}

export function stateName({ rootMtimeNs, isFinished }: StateName): string {
  return `${STATE_DIRECTORY}-${rootMtimeNs}${isFinished ? "-done" : ""}`;
}

/** Null when it is not such a name. */
export function parseStateName(name: string): StateName | null {
  const match = /^-(-?[0-9]{1,21})(-done)?$/.exec(name.slice(STATE_DIRECTORY.length));
  return match?.[1] === undefined ? null : { rootMtimeNs: BigInt(match[1]), isFinished: match[2] !== undefined };
}

export class Workspace {
  readonly fs: HostFs;
  readonly state: HostDirectory;
  readonly transaction: HostDirectory;
  readonly slots: HostDirectory;
  readonly staged: HostDirectory;
  readonly #directories: readonly JournalDirectory[];
  /** No directory lies below itself, whatever places two of them may have. */
  readonly #searching = new Set<number>();
  readonly #byStaged: ReadonlyMap<number, number>;
  readonly #open = new Map<number, HostDirectory>();

  constructor(fs: HostFs, state: HostDirectory, directories: readonly JournalDirectory[]) {
    this.fs = fs;
    this.state = state;
    this.transaction = required(fs.openDirectory(state, TRANSACTION));
    this.slots = required(fs.openDirectory(this.transaction, SLOTS));
    this.staged = required(fs.openDirectory(this.transaction, STAGED));
    this.#directories = directories;
    this.#byStaged = new Map(directories.flatMap(({ staged }, i) => (staged === null ? [] : [[staged, i]])));
  }

  /** The directory of a number, verified by identity; null when it is nowhere that we know of. */
  locate(number: number): HostDirectory | null {
    if (number === 0) return this.fs.root;
    const known = this.#open.get(number);
    if (known !== undefined) return known;
    if (this.#searching.has(number)) return null;
    this.#searching.add(number);
    const found = this.#search(number);
    this.#searching.delete(number);
    if (found !== null && this.fs.handlesFollow) this.#remember(number, found);
    return found;
  }

  /** The directory of a number, which must be there. */
  directory(number: number): HostDirectory {
    const found = this.locate(number);
    if (found === null) throw new CommitError("CONFLICT_PARENT_CHANGED", "a directory is not where it was");
    return found;
  }

  /** The number of the directory that was staged under a number; -1 when there is none. */
  numberOf(staged: number): number {
    return this.#byStaged.get(staged) ?? -1;
  }

  close(): void {
    for (const directory of this.#open.values()) this.fs.closeDirectory(directory);
    this.#open.clear();
    for (const directory of [this.staged, this.slots, this.transaction]) this.fs.closeDirectory(directory);
  }

  #search(number: number): HostDirectory | null {
    const directory = this.#directories[number];
    if (directory === undefined) return null;
    const { inode, origin, target, slot, staged } = directory;
    return (
      (origin === null ? null : this.#from(this.locate(origin.directory), origin.names, inode)) ??
      (target === null ? null : this.#from(this.locate(target.directory), [target.name], inode)) ??
      (slot === null ? null : this.#from(this.slots, [String(slot)], inode)) ??
      (staged === null ? null : this.#from(this.staged, [String(staged)], inode))
    );
  }

  #from(start: HostDirectory | null, names: readonly string[], inode: string): HostDirectory | null {
    let here = start;
    for (const name of names) {
      const next = here === null ? null : this.fs.openDirectory(here, name);
      if (here !== null && here !== start) this.fs.closeDirectory(here);
      here = next;
    }
    if (here === null || this.fs.factsOf(here).inode === inode) return here;
    this.fs.closeDirectory(here);
    return null;
  }

  #remember(number: number, directory: HostDirectory): void {
    for (const [oldest, handle] of this.#open) {
      if (this.#open.size < OPEN_DIRECTORIES) break;
      this.#open.delete(oldest);
      this.fs.closeDirectory(handle);
    }
    this.#open.set(number, directory);
  }
}

function required(directory: HostDirectory | null): HostDirectory {
  if (directory !== null) return directory;
  throw new CommitError(
    "RECOVERY_REQUIRED",
    "the private directory of an interrupted commit is incomplete; nothing was touched",
  );
}
