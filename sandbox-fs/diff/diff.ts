// A diff for people and reports: changes by path, with digests and unified text diffs.
// It must not know how nodes are stored.

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { compareNames } from "../names.ts";
import type { Inode } from "../snapshot.ts";
import type { Change, DiffOptions } from "../types.ts";
import type { Comparison, NodeChange } from "./changes.ts";
import { type FileView, ifReadable } from "./node-content.ts";

const TEXT_BYTES = 1024 * 1024;
/** Larger files get no digest in a diff: one byte in 1 GB must not cost reading 1 GB. */
const DIGEST_BYTES = 64 * 1024 * 1024;
/** More different lines than this are not lined up: hostile texts must not cost quadratic time. */
const MAX_EDITS = 2000;

interface Draft {
  readonly path: string;
  readonly kind: Change["kind"];
  readonly node: Inode;
  readonly from?: string;
  /** The file whose content was at the path before; null when there was none. */
  readonly old: FileView | null;
}

/**
 * All changes, sorted by path. A file that was replaced by another one of the same type is `modified`. What cannot be read
 * any more, because the base has changed underneath, has neither digest nor text.
 */
export function diff(comparison: Comparison, options: DiffOptions = {}): Change[] {
  const drafts = mergeReplaced([...comparison.changes()].flatMap((change) => draftsOf(comparison, change)));
  drafts.sort((a, b) => compareNames(a.path, b.path) || compareNames(a.kind, b.kind));
  return drafts.map((draft) => render(comparison, draft, options));
}

function draftsOf(comparison: Comparison, change: NodeChange): Draft[] {
  const { node } = change;
  const isFile = node.type === "file";
  const existed = change.lost.length + change.kept.length > 0;
  const old = isFile && existed ? comparison.fileBefore(node) : null;
  const drafts: Draft[] = [];
  const renames = Math.min(change.lost.length, change.gained.length);
  change.gained.forEach((path, i) => {
    const from = change.lost[i];
    if (from !== undefined) drafts.push({ path, kind: "renamed", node, from, old });
    else drafts.push({ path, kind: "added", node, old: null });
  });
  for (const path of change.lost.slice(renames)) drafts.push({ path, kind: "deleted", node, old });
  const kind = keptKind(change);
  if (kind !== null) for (const path of change.kept) drafts.push({ path, kind, node, old });
  return drafts;
}

/** The times of a directory follow from its entries, which are changes of their own. */
function keptKind(change: NodeChange): "modified" | "metadata" | null {
  if (change.contentChanged) return "modified";
  if (change.modeChanged) return "metadata";
  return change.timesChanged && change.node.type !== "directory" ? "metadata" : null;
}

function mergeReplaced(drafts: readonly Draft[]): Draft[] {
  const deleted = new Map(drafts.filter(({ kind }) => kind === "deleted").map((draft) => [draft.path, draft]));
  const merged = new Set<Draft>();
  const result = drafts.map((draft): Draft => {
    const previous = draft.kind === "added" ? deleted.get(draft.path) : undefined;
    if (previous === undefined || previous.node.type !== draft.node.type || draft.node.type === "directory")
      return draft;
    merged.add(previous);
    return { ...draft, kind: "modified", old: previous.old };
  });
  return result.filter((draft) => !merged.has(draft));
}

function render(comparison: Comparison, draft: Draft, options: DiffOptions): Change {
  const { path, kind, node, from, old } = draft;
  const common: Change = { path, kind, type: node.type, ...(from === undefined ? {} : { from }) };
  if (node.type !== "file" || kind === "metadata") return common;
  const now = kind === "deleted" ? null : comparison.fileAfter(node);
  const textBytes = options.textBytes ?? TEXT_BYTES;
  const text = options.text === true ? ifReadable(() => textDiff(draft, old, now, textBytes)) : undefined;
  const withText: Change = text === undefined ? common : { ...common, diff: text };
  if (now === null) return withText;
  const sized: Change = { ...withText, size: BigInt(now.size) };
  const digest = now.size > DIGEST_BYTES ? undefined : ifReadable(() => now.digest());
  return digest === undefined ? sized : { ...sized, digest };
}

function textDiff(draft: Draft, old: FileView | null, now: FileView | null, limit: number): string | undefined {
  const before = old === null ? "" : textOf(old, limit);
  const after = now === null ? "" : textOf(now, limit);
  if (before === null || after === null || before === after) return undefined;
  const oldName = old === null ? "/dev/null" : `a/${draft.from ?? draft.path}`;
  const newName = now === null ? "/dev/null" : `b/${draft.path}`;
  return createTwoFilesPatch(oldName, newName, before, after, "", "", {
    maxEditLength: MAX_EDITS,
    headerOptions: FILE_HEADERS_ONLY,
  });
}

function textOf(file: FileView, limit: number): string | null {
  if (file.size > limit) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file.bytes());
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}
