// What a commit has to make true of a base, in words that every base understands.
// It must not know layers, savepoints or how a base is changed.

import type { BaseEntry } from "./base-entry.ts";
import type { FileType } from "./types.ts";

/** New content of a file: the first `base.length` bytes of a base file, cut or grown to `size`, with `blocks` over it. */
export interface FileContent {
  readonly size: number;
  readonly base: { readonly entry: BaseEntry; readonly length: number } | null;
  blocks(): Iterable<{ readonly position: number; readonly bytes: Uint8Array }>;
}

/** A name of the base that a file has besides its origin. */
export interface FurtherName {
  readonly entry: BaseEntry;
  /** False when the file left it. */
  readonly inPlace: boolean;
}

/** One node that is new, changed, moved or gone. */
export interface ChangedNode {
  readonly type: FileType;
  /** Where the node was in the base; null when it is new. */
  readonly origin: BaseEntry | null;
  /** More names that the base gives it, as far as they were met: the same file as `origin`. */
  readonly further: readonly FurtherName[];
  /** False when the node left the name that `origin` tells; true also when only a directory above it moved. */
  readonly inPlace: boolean;
  /** Where the node is to be, sorted; more than one are hard links. Empty when it is gone. */
  readonly paths: readonly string[];
  /** Those of `paths` that the base does not give it. */
  readonly gained: readonly string[];
  /** Null when the content of `origin` stays. */
  readonly content: FileContent | null;
  /** Of a new symlink. */
  readonly target: string | null;
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly atimeNs: bigint;
  readonly modeChanged: boolean;
  readonly timesChanged: boolean;
}

/** Something that was seen in the base, and that must still hold if the commit is to be serialisable. */
export type Observation =
  | { readonly kind: "entry"; readonly entry: BaseEntry }
  | { readonly kind: "names"; readonly entry: BaseEntry; readonly names: readonly string[]; readonly hidden: number }
  | { readonly kind: "absent"; readonly directory: BaseEntry; readonly name: string };

export interface Changeset {
  /**
   * Sorted by their first path. The root is among them when anything is, and so is every directory in which an entry
   * changes, whether or not it is changed itself.
   */
  readonly nodes: readonly ChangedNode[];
  readonly durability: "full" | "fast";
  /** Empty unless the commit is to be serialisable. */
  readonly observations: readonly Observation[];
}
