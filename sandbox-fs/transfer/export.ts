// From changes to the bytes of an export.
// It must not know how they are applied.

import type { BaseFacts } from "../base-entry.ts";
import type { Observation } from "../changeset.ts";
import type { Comparison } from "../diff/changes.ts";
import { compareNames } from "../names.ts";
import type { NodeRecord, Place } from "../node-record.ts";
import { BaseNode, type Inode } from "../snapshot.ts";
import {
  type ExportedContent,
  type ExportedFacts,
  type ExportedNode,
  type ExportedRead,
  encode,
  type NodeRef,
} from "./format.ts";

const NUMBER_MASK = (1n << 63n) - 1n;

/**
 * The changes of `comparison` as bytes: those of a savepoint are relative to what was there before it. The same changes
 * give the same bytes, in whatever order they were made. With them goes what was looked at since `since`; nothing, when null.
 */
export function exportChanges(comparison: Comparison, since: number | null = null): Uint8Array {
  const nodes: ExportedNode[] = [];
  const blocks: Uint8Array[] = [];
  const changes = [...comparison.changes()].sort((a, b) => compareNames(refOf(a.node), refOf(b.node)));
  for (const { node, before, after } of changes) {
    const record = after ?? comparison.after.pristine(node);
    const content = contentOf(before, after, blocks);
    const isPlain = node.type !== "symlink" || record.target === null;
    nodes.push({
      ref: refOf(node),
      type: node.type,
      mode: record.mode,
      times: [String(record.atimeNs), String(record.mtimeNs), String(record.ctimeNs)],
      given: record.given.map(placeOf).sort(byPlace),
      taken: pathsOf(record.taken),
      ...(record.sharers === null ? {} : { sharers: pathsOf(record.sharers) }),
      ...(node instanceof BaseNode ? { facts: exportedFacts(node.facts, node.digest) } : {}),
      ...(content === null ? {} : { content }),
      ...(isPlain || record.target === null ? {} : { target: record.target }),
    });
  }
  const { snapshot } = comparison.after;
  const reads = since === null ? [] : snapshot.observations(since).map(exportedRead).sort(byPath);
  return encode({ from: comparison.before.created, to: comparison.after.created, nodes, reads, blocks });
}

function exportedRead(seen: Observation): ExportedRead {
  const { path, facts, digest = null } = seen.kind === "absent" ? seen.directory : seen.entry;
  const common = { kind: seen.kind, path, facts: exportedFacts(facts, digest) };
  if (seen.kind === "entry") return common;
  return seen.kind === "absent"
    ? { ...common, names: [seen.name] }
    : { ...common, names: seen.names, hidden: seen.hidden };
}

function byPath(a: ExportedRead, b: ExportedRead): number {
  return (
    compareNames(a.path, b.path) || compareNames(a.kind, b.kind) || compareNames(a.names?.[0] ?? "", b.names?.[0] ?? "")
  );
}

export function refOf(node: Inode): NodeRef {
  if (!(node instanceof BaseNode)) return `n:${node.inode & NUMBER_MASK}`;
  return node.names === null ? `b:${node.path}` : `s:${node.path}`;
}

function pathsOf(names: readonly BaseNode[]): readonly string[] {
  return names.map(({ path }) => path).sort(compareNames);
}

function placeOf({ parent, name }: Place): readonly [NodeRef, string] {
  return [refOf(parent), name];
}

function byPlace([refA, nameA]: readonly [NodeRef, string], [refB, nameB]: readonly [NodeRef, string]): number {
  return compareNames(nameA, nameB) || compareNames(refA, refB);
}

function exportedFacts(facts: BaseFacts, digest: string | null): ExportedFacts {
  const { type, size, mode, mtimeNs, links, identity, version } = facts;
  const common = { type, size, mode, mtimeNs: String(mtimeNs), links, identity, version };
  return digest === null ? common : { ...common, digest };
}

function contentOf(
  before: NodeRecord | undefined,
  after: NodeRecord | undefined,
  out: Uint8Array[],
): ExportedContent | null {
  const content = after?.content ?? null;
  if (content === null || content === before?.content) return null;
  const blocks: [number, number][] = [];
  for (const { index, bytes } of content.blocksSince(before?.content ?? null)) {
    blocks.push([index, bytes === undefined ? -1 : bytes.length]);
    if (bytes !== undefined) out.push(bytes);
  }
  return { size: content.size, baseLength: content.base?.length ?? 0, blocks };
}
