// What is in a directory, and the order that it comes in.
// Knows nothing of how it is found.

import { compareCodePoints } from "../../sdk/assembly/compare";
import { stableSort } from "../../sdk/assembly/sort";
import { DescriptorType } from "../../sdk/assembly/wasi/filesystem";

/** The cases of WIT's `entry-kind`, in its order. */
export const enum EntryKind {
  File,
  Directory,
  SymbolicLink,
  Other,
}

/** WIT's record `entry`. */
export class Entry {
  constructor(
    public name: string,
    public kind: EntryKind,
    public size: u64,
  ) {}
}

/** What the host's type is to the contract. */
export function kindOf(type: DescriptorType): EntryKind {
  switch (type) {
    case DescriptorType.RegularFile:
      return EntryKind.File;
    case DescriptorType.Directory:
      return EntryKind.Directory;
    case DescriptorType.SymbolicLink:
      return EntryKind.SymbolicLink;
    default:
      return EntryKind.Other;
  }
}

/** Sorts by name. */
export function sortEntries(entries: Entry[]): void {
  stableSort(entries, (a, b) => compareCodePoints(a.name, b.name));
}
