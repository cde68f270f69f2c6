// stat: what a node is. Only what is the same on every machine: no host numbers, no reading history.
// It must not know paths.

import type { Context } from "../context.ts";
import { byteLength } from "../names.ts";
import type { NodeRecord } from "../node-record.ts";
import { readTarget } from "../resolve.ts";
import { BaseNode, type Inode } from "../snapshot.ts";
import type { Stats } from "../types.ts";

/** Directories have size 0 and one link; the access time of what nobody changed is its modification time. */
export function statNode(context: Context, node: Inode): Stats {
  const record = context.tree.recordOf(node);
  if (record !== undefined) return fromRecord(context, node, record);
  const { facts } = node as BaseNode;
  const { mtimeNs } = facts;
  return {
    type: node.type,
    inode: node.inode,
    size: node.type === "directory" ? 0n : BigInt(facts.size),
    links: context.tree.links(node),
    mode: facts.mode,
    atimeNs: mtimeNs,
    mtimeNs,
    ctimeNs: mtimeNs,
  };
}

function fromRecord(context: Context, node: Inode, record: NodeRecord): Stats {
  const { mode, atimeNs, mtimeNs, ctimeNs } = record;
  return {
    type: node.type,
    inode: node.inode,
    size: sizeOf(context, node, record),
    links: context.tree.links(node),
    mode,
    atimeNs,
    mtimeNs,
    ctimeNs,
  };
}

function sizeOf(context: Context, node: Inode, record: NodeRecord): bigint {
  if (node.type === "directory") return 0n;
  if (record.content !== null) return BigInt(record.content.size);
  if (node.type === "symlink") return BigInt(byteLength(readTarget(context, node)));
  return node instanceof BaseNode ? BigInt(node.facts.size) : 0n;
}
