// From the changes of an overlay to the changeset that a base commits.
// It must not know how a base does that.

import type { ChangedNode, Changeset } from "./changeset.ts";
import { Content } from "./content.ts";
import type { Comparison, NodeChange } from "./diff/changes.ts";
import { compareNames } from "./names.ts";
import { BaseNode } from "./snapshot.ts";
import type { CommitOptions } from "./types.ts";

/** `comparison` must be with the base. Nodes are sorted by their first path, or where they were. */
export function changesetOf(comparison: Comparison, options: CommitOptions): Changeset {
  const nodes = [...comparison.changes()].map((change) => changedNode(comparison, change)).filter(isReal);
  nodes.sort((a, b) => compareNames(sortKey(a), sortKey(b)));
  const observations = options.isolation === "serializable" ? comparison.after.snapshot.observations() : [];
  return { nodes, durability: options.durability ?? "full", observations };
}

function changedNode(comparison: Comparison, change: NodeChange): ChangedNode {
  const { node, lost, gained, kept, contentChanged, modeChanged, timesChanged } = change;
  const { after } = comparison;
  const record = after.recordOf(node) ?? after.pristine(node);
  const origin = node instanceof BaseNode ? node : null;
  return {
    type: node.type,
    origin,
    inPlace: origin !== null && lost.length === 0,
    paths: node === after.root ? [""] : [...gained, ...kept].sort(compareNames),
    content: node.type === "file" && (contentChanged || origin === null) ? (record.content ?? Content.empty({})) : null,
    target: origin === null ? record.target : null,
    mode: record.mode,
    mtimeNs: record.mtimeNs,
    atimeNs: record.atimeNs,
    modeChanged,
    timesChanged,
  };
}

function isReal(node: ChangedNode): boolean {
  return !node.inPlace || node.paths.length > 1 || node.content !== null || node.modeChanged || node.timesChanged;
}

function sortKey({ paths, origin }: ChangedNode): string {
  return paths[0] ?? origin?.path ?? "";
}
