// From the changes of an overlay to the changeset that a base commits.
// It must not know how a base does that.

import { pathOf } from "./ancestry.ts";
import type { ChangedNode, Changeset } from "./changeset.ts";
import { Content } from "./content.ts";
import type { Comparison, NodeChange } from "./diff/changes.ts";
import { compareNames } from "./names.ts";
import type { NodeRecord } from "./node-record.ts";
import { BaseNode, type Inode } from "./snapshot.ts";
import type { CommitOptions } from "./types.ts";

/** `comparison` must be with the base. */
export function changesetOf(comparison: Comparison, options: CommitOptions): Changeset {
  const nodes = new Map<Inode, ChangedNode>();
  for (const change of comparison.changes()) nodes.set(change.node, changedNode(comparison, change));
  for (const node of [...nodes.values()]) {
    for (const name of [node.origin, ...node.further.map(({ entry }) => entry)]) {
      if (name instanceof BaseNode) addDirectory(comparison, nodes, name.parent);
    }
  }
  if (nodes.size > 0) addDirectory(comparison, nodes, comparison.after.root);
  const sorted = [...nodes.values()].sort((a, b) => compareNames(sortKey(a), sortKey(b)));
  const observations = options.isolation === "serializable" ? comparison.after.snapshot.observations() : [];
  return { nodes: sorted, durability: options.durability ?? "full", observations };
}

function changedNode(comparison: Comparison, change: NodeChange): ChangedNode {
  const { node, gained, kept, contentChanged, modeChanged, timesChanged } = change;
  const { after } = comparison;
  const record = after.recordOf(node) ?? after.pristine(node);
  const [origin = null, ...others] = originsOf(node, record);
  const isTaken = (name: BaseNode): boolean => record.taken.includes(name);
  const hasNewContent = node.type === "file" && (contentChanged || origin === null);
  return {
    type: node.type,
    origin,
    inPlace: origin !== null && !isTaken(origin),
    further: others.map((entry) => ({ entry, inPlace: !isTaken(entry) })),
    paths: node === after.root ? [""] : [...gained, ...kept].sort(compareNames),
    gained: [...gained].sort(compareNames),
    content: hasNewContent ? (record.content ?? Content.empty({})) : null,
    target: origin === null ? record.target : null,
    mode: record.mode,
    mtimeNs: record.mtimeNs,
    atimeNs: record.atimeNs,
    modeChanged,
    timesChanged,
  };
}

/** The names that the base gives a node, those that it still has first; the root has only itself. */
function originsOf(node: Inode, record: NodeRecord): readonly BaseNode[] {
  if (!(node instanceof BaseNode)) return [];
  if (node.parent === null) return [node];
  const names = record.ownNames();
  return names.filter((name) => !record.taken.includes(name)).concat(record.taken);
}

/** A directory that is not changed, but in which an entry is; and those above it. */
function addDirectory(comparison: Comparison, nodes: Map<Inode, ChangedNode>, directory: BaseNode | null): void {
  const { after } = comparison;
  for (let node = directory; node !== null && !nodes.has(node); node = node.parent) {
    const { mode, mtimeNs } = node.facts;
    const place = after.places(node)[0];
    const paths = node === after.root ? [""] : place === undefined ? [] : [pathOf(after, place)];
    const same = { further: [], gained: [], content: null, target: null, modeChanged: false, timesChanged: false };
    nodes.set(node, {
      ...same,
      type: "directory",
      origin: node,
      inPlace: true,
      paths,
      mode,
      mtimeNs,
      atimeNs: mtimeNs,
    });
  }
}

function sortKey({ paths, origin }: ChangedNode): string {
  return paths[0] ?? origin?.path ?? "";
}
