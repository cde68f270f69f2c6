// What a base says of its entries, and how a found entry is named again.
// It must not know what is done with either.

import type { FileType } from "./types.ts";

/** What a base says about one of its entries. It is what a commit compares with, to find conflicts. */
export interface BaseFacts {
  readonly type: FileType;
  readonly size: number;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly links: number;
  /** Which object it is: differs when the entry was replaced by another one. */
  readonly identity: string;
  /** Differs whenever content or metadata was changed. */
  readonly version: string;
}

/** An entry that was found before: where, and what it was then. The same object is passed each time. */
export interface BaseEntry {
  /** Relative to the root, with `/`; "" for the root itself. */
  readonly path: string;
  readonly facts: BaseFacts;
  /** The sha256, in hex, of its content when it was first read or changed; where the base asks for that. */
  readonly digest?: string | null;
}
