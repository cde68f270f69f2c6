// What a commit is going to do: directories, steps and the waves between which everything is made durable.
// It must not do or decide anything.

import type { BaseEntry } from "../base.ts";
import type { ChangedNode } from "../changeset.ts";
import type { FileType } from "../types.ts";

/** Where an entry is: a directory by its number, and a name. "." is the directory itself. */
export interface EntryPlace {
  readonly directory: number;
  readonly name: string;
}

/**
 * A directory that steps work in. It is found by identity at one of the places where it can be: staged, in its slot, at
 * its target, or below another directory by the names that it had in the base. The root is number 0 and has no place.
 */
export interface DirectoryPlan {
  readonly node: ChangedNode;
  readonly origin: { readonly directory: number; readonly names: readonly string[] } | null;
  readonly slot: number | null;
  readonly staged: number | null;
  readonly target: EntryPlace | null;
}

/** A new object, built in the private directory before anything else happens. */
export interface StagedPlan {
  readonly node: ChangedNode;
  /** Its place in the base, when it takes content from there. */
  readonly source: EntryPlace | null;
  /** The staged object that this one is a hard link to. */
  readonly linkTo: number | null;
}

/**
 * `save` keeps a second name of what `replace` will replace. `detach` takes an entry out of its place into a slot, `move`
 * puts it from there into its new place. `create` and `directory` bring in staged objects, `link` gives one more name to an
 * object of the base, `meta` sets modes and times.
 */
export type PlannedStep = { readonly wave: number; readonly at: EntryPlace } & (
  | { readonly op: "save" | "detach" | "move"; readonly slot: number; readonly entry: BaseEntry }
  | { readonly op: "replace"; readonly slot: number; readonly staged: number; readonly entry: BaseEntry }
  | { readonly op: "create" | "directory"; readonly staged: number; readonly type: FileType }
  | { readonly op: "link"; readonly from: EntryPlace; readonly entry: BaseEntry }
  | { readonly op: "meta"; readonly node: ChangedNode; readonly staged: number | null }
);

export interface CommitPlan {
  readonly directories: readonly DirectoryPlan[];
  readonly staged: readonly StagedPlan[];
  /** In order of their waves. */
  readonly steps: readonly PlannedStep[];
  readonly nodes: readonly ChangedNode[];
  /** What the root directory's modification time is to be; null when it stays. */
  readonly rootMtimeNs: bigint | null;
  readonly notes: readonly string[];
}
