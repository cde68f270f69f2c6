// wasi:filesystem/types, the resource directory-entry-stream: a listing, handed out entry by entry.

import type { DirectoryEntry as Listed } from "../../../sandbox-fs/types.ts";
import type { Ledger } from "../ledger.ts";
import { guardMethods, Resource } from "../resource.ts";
import { toDescriptorType } from "./metadata.ts";
import type { DirectoryEntry } from "./shapes.ts";

/** The entries that a directory had when the stream was made, in the order of their names. */
export class DirectoryEntryStream extends Resource {
  readonly #ledger: Ledger;
  #entries: readonly Listed[];
  #next = 0;

  /** Errors: RESOURCE_LIMIT, IO_LIMIT: the names count as bytes read. */
  constructor(ledger: Ledger, entries: readonly Listed[]) {
    ledger.countBytes(entries.reduce((sum, { name }) => sum + name.length, 0));
    ledger.holdEntries(entries.length);
    super(ledger);
    this.#ledger = ledger;
    this.#entries = entries;
  }

  readDirectoryEntry(): DirectoryEntry | undefined {
    const entry = this.#entries[this.#next];
    if (entry === undefined) return undefined;
    this.#next += 1;
    return { type: toDescriptorType(entry.type), name: entry.name };
  }

  override [Symbol.dispose](): void {
    this.#ledger.holdEntries(-this.#entries.length);
    this.#entries = [];
    super[Symbol.dispose]();
  }
}
guardMethods(DirectoryEntryStream);
