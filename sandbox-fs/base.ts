// What an overlay needs from the thing that it lies over: to be read lazily, and to take a commit.
// It must not know the overlay, or any particular base.

import type { BaseEntry, BaseFacts } from "./base-entry.ts";
import type { Changeset } from "./changeset.ts";
import type { FileType } from "./types.ts";

export type { BaseEntry, BaseFacts } from "./base-entry.ts";

export interface BaseListing {
  /** Sorted by the UTF-8 bytes of the names; only names that a string can hold, and none that is reserved. */
  readonly names: readonly string[];
  readonly types: readonly FileType[];
  /** Entries that are there but have no place in `names`. A directory that has any is not empty. */
  readonly hidden: number;
}

/**
 * A tree that an overlay lies over. Calls never follow a symlink, and never leave the tree; they fail with FsError:
 * ESTALE when the entry is not the one of before, EIO and what the host says otherwise.
 */
export interface Base {
  /** The facts of the root directory. */
  root(): BaseFacts;
  /** The facts of a name in a directory, or null when there is none. */
  stat(directory: BaseEntry, name: string): BaseFacts | null;
  /** All names of a directory. EDQUOT with limit "entries" when there are more than `limit`. */
  list(directory: BaseEntry, limit: number): BaseListing;
  /** Reads into `buffer` at `offset`, as far as the file goes; returns the bytes read. */
  read(file: BaseEntry, buffer: Uint8Array, offset: number, length: number, position: number): number;
  readlink(symlink: BaseEntry): string;
  /** Applies all of a changeset or nothing of it; returns notes on what could not be kept. EROFS when this base cannot be changed. */
  commit(changeset: Changeset): readonly string[];
  /**
   * `content` where facts may lie, because versions are too coarse or can be set back: what is read or changed is then known
   * by its sha256 as well, up to 64 MiB a file. `version` when left out.
   */
  readonly verify?: Verify;
  /** A fresh sha256, when the platform has a fast one. */
  hash?(): Hash;
  /** Gives back what the base holds open. It may be used again afterwards. */
  close(): void;
}

/** What tells that a file of the base has changed: its version alone, or its content as well. */
export type Verify = "version" | "content";

export interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(encoding: "hex"): string;
}
