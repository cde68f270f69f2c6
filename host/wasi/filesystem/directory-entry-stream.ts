// wasi:filesystem/types, the resource directory-entry-stream: a listing, handed out entry by entry.

import type { DirectoryEntry as Listed } from "../../../sandbox-fs/types.ts";
import type { Ledger } from "../ledger.ts";
import { guardMethods, Resource } from "../resource.ts";
import { toDescriptorType } from "./metadata.ts";
import type { DirectoryEntry } from "./shapes.ts";

/** The entries that a directory had when the stream was made, in the order of their names. */
export class DirectoryEntryStream extends Resource {
  #entries: readonly Listed[];
  #next = 0;

  /** Errors: RESOURCE_LIMIT. */
  constructor(ledger: Ledger, entries: readonly Listed[]) {
    super(ledger);
    this.#entries = entries;
  }

  readDirectoryEntry(): DirectoryEntry | undefined {
    const entry = this.#entries[this.#next];
    if (entry === undefined) return undefined;
    this.#next += 1;
    return { type: toDescriptorType(entry.type), name: entry.name };
  }

  override [Symbol.dispose](): void {
    this.#entries = [];
    super[Symbol.dispose]();
  }
}
guardMethods(DirectoryEntryStream);
