// Brings what a fork changed into a tree that went a way of its own since then.
// It must not know who went which way.

import { Comparison, type NodeChange } from "./diff/changes.ts";
import { FsError } from "./errors.ts";
import { compareNames } from "./names.ts";
import type { NodeRecord, Place } from "./node-record.ts";
import type { Inode } from "./snapshot.ts";
import { heldBy, Tree, type TreeState } from "./tree.ts";

/**
 * Puts what `fork` changed since `origin` onto `target`, which must hold all that `origin` holds. Gives the paths, sorted, that were
 * changed both by the fork and by the target since `origin`; when there are any, nothing is put. What was set to what it was is no change.
 * Errors: EINVAL when the two have no base in common; EDQUOT, ENOSPC with the limit; nothing is put then.
 */
export function mergeChanges(target: Tree, fork: Tree, origin: TreeState): readonly string[] {
  if (target.snapshot !== fork.snapshot) throw new FsError("EINVAL", "merge", { detail: "no fork of this overlay" });
  const state = target.freeze();
  fork.freeze(); // what it holds is shared from now on
  const before = new Tree(target.snapshot, target.clock, target.quota, origin);
  const conflicts = conflictsOf(new Comparison(before, fork), new Comparison(before, target));
  if (conflicts.length > 0) return conflicts;
  try {
    new Merge(target, fork, before).run(origin);
    return [];
  } catch (thrown) {
    target.restore(state);
    throw thrown;
  }
}

class Merge {
  readonly #target: Tree;
  readonly #fork: Tree;
  readonly #before: Tree;

  constructor(target: Tree, fork: Tree, before: Tree) {
    this.#target = target;
    this.#fork = fork;
    this.#before = before;
  }

  run(origin: TreeState): void {
    const changed = [...this.#fork.changedSince(origin)].flatMap(({ before, after }) => {
      const node = (after ?? before)?.node;
      return node === undefined || this.#wasPassing(node) ? [] : [{ node, after: after ?? null }];
    });
    for (const { node, after } of changed) this.#fill(node, after);
    for (const { node } of changed) {
      for (const { parent, name } of this.#placesOnly(node, this.#before, this.#fork))
        this.#target.unplace(parent, name, node, "merge");
    }
    for (const { node } of changed) {
      for (const { parent, name } of this.#placesOnly(node, this.#fork, this.#before))
        this.#target.place(parent, name, node, "merge");
    }
    for (const { node } of changed) this.#target.collect(node);
    this.#target.created = Math.max(this.#target.created, this.#fork.created);
  }

  /** Made by the fork, and gone again. */
  #wasPassing(node: Inode): boolean {
    return !this.#before.knows(node) && this.#fork.isGone(node);
  }

  #fill(node: Inode, after: NodeRecord | null): void {
    if (after === null) return; // it is gone, and takes its content with it
    const before = this.#before.recordOf(node) ?? this.#before.pristine(node);
    const isNew = !this.#before.knows(node);
    const record = this.#target.edit(node, "merge");
    const held = heldBy(record);
    if (after.sharers !== before.sharers) record.sharers = after.sharers;
    if (isNew || after.mode !== before.mode) record.mode = after.mode;
    if (isNew || after.content !== before.content) record.content = after.content;
    record.target = after.target;
    mergeTimes(record, before, after, isNew);
    this.#target.account(heldBy(record) - held, "merge");
  }

  #placesOnly(node: Inode, here: Tree, there: Tree): readonly Place[] {
    const others = there.knows(node) ? there.places(node) : [];
    const own = here.knows(node) ? here.places(node) : [];
    return own.filter(({ parent, name }) => !others.some((one) => one.parent === parent && one.name === name));
  }
}

/** Of a directory that both sides filled, the later time: so the order of merging does not matter. */
function mergeTimes(record: NodeRecord, before: NodeRecord, after: NodeRecord, isNew: boolean): void {
  for (const time of ["atimeNs", "mtimeNs", "ctimeNs"] as const) {
    if (!isNew && after[time] === before[time]) continue;
    const others = !isNew && record[time] !== before[time];
    record[time] = others && record[time] > after[time] ? record[time] : after[time];
  }
}

/** A path that a change is about, and whether all below it is, too. */
interface Touched {
  readonly path: string;
  readonly deep: boolean;
}

function conflictsOf(theirs: Comparison, ours: Comparison): readonly string[] {
  const own = [...ours.changes()].flatMap((change) => touchedBy(change, ours));
  if (own.length === 0) return [];
  const deep = new Set(own.filter((one) => one.deep).map(({ path }) => path));
  const all = new Set(own.map(({ path }) => path));
  const above = new Set(own.flatMap(({ path }) => ancestorsOf(path)));
  const found = [...theirs.changes()]
    .flatMap((change) => touchedBy(change, theirs))
    .filter(
      (one) =>
        all.has(one.path) || ancestorsOf(one.path).some((path) => deep.has(path)) || (one.deep && above.has(one.path)),
    );
  return [...new Set(found.map(({ path }) => path))].sort(compareNames);
}

/** The times of a directory follow from its entries, which are changes of their own. */
function touchedBy(change: NodeChange, { after }: Comparison): readonly Touched[] {
  const { node, lost, gained, contentChanged, modeChanged, timesChanged } = change;
  const isDirectory = node.type === "directory";
  const kept = node === after.root ? [""] : change.kept;
  const changed = contentChanged || modeChanged || (timesChanged && !isDirectory) || lost.length + gained.length > 0;
  return [
    ...[...lost, ...gained].map((path) => ({ path, deep: isDirectory })),
    ...(changed ? kept.map((path) => ({ path, deep: false })) : []),
  ];
}

function ancestorsOf(path: string): readonly string[] {
  const names = path.split("/");
  return names.slice(0, -1).map((_, index) => names.slice(0, index + 1).join("/"));
}
