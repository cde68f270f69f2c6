// From the changes of an overlay to the changeset that a base commits.
// It must not know how a base does that.

import { pathOf } from "./ancestry.ts";
import type { ChangedNode, Changeset } from "./changeset.ts";
import { Content } from "./content.ts";
import type { Comparison, NodeChange } from "./diff/changes.ts";
import { compareNames } from "./names.ts";
import { BaseNode, type Inode } from "./snapshot.ts";
import type { CommitOptions } from "./types.ts";

/** `comparison` must be with the base. */
export function changesetOf(comparison: Comparison, options: CommitOptions): Changeset {
  const nodes = new Map<Inode, ChangedNode>();
  for (const change of comparison.changes()) nodes.set(change.node, changedNode(comparison, change));
  for (const node of [...nodes.values()]) {
    if (node.origin instanceof BaseNode) addDirectory(comparison, nodes, node.origin.parent);
  }
  if (nodes.size > 0) addDirectory(comparison, nodes, comparison.after.root);
  const sorted = [...nodes.values()].sort((a, b) => compareNames(sortKey(a), sortKey(b)));
  const observations = options.isolation === "serializable" ? comparison.after.snapshot.observations() : [];
  return { nodes: sorted, durability: options.durability ?? "full", observations };
}

function changedNode(comparison: Comparison, change: NodeChange): ChangedNode {
  const { node, lost, gained, kept, contentChanged, modeChanged, timesChanged } = change;
  const { after } = comparison;
  const record = after.recordOf(node) ?? after.pristine(node);
  const origin = node instanceof BaseNode ? node : null;
  const hasNewContent = node.type === "file" && (contentChanged || origin === null);
  return {
    type: node.type,
    origin,
    inPlace: origin !== null && lost.length === 0,
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

/** A directory that is not changed, but in which an entry is; and those above it. */
function addDirectory(comparison: Comparison, nodes: Map<Inode, ChangedNode>, node: BaseNode | null): void {
  if (node === null) return;
  addDirectory(comparison, nodes, node.parent);
  if (nodes.has(node)) return;
  const { after } = comparison;
  const { mode, mtimeNs } = node.facts;
  const place = after.places(node)[0];
  const paths = node === after.root ? [""] : place === undefined ? [] : [pathOf(after, place)];
  const same = { gained: [], content: null, target: null, modeChanged: false, timesChanged: false };
  nodes.set(node, { ...same, type: "directory", origin: node, inPlace: true, paths, mode, mtimeNs, atimeNs: mtimeNs });
}

function sortKey({ paths, origin }: ChangedNode): string {
  return paths[0] ?? origin?.path ?? "";
}
