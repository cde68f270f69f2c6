// Whether changes stay within what rules grant for writing: the same answer as if each had been made through the grant.
// It must not change anything.

import type { Cursor } from "../access.ts";
import type { Comparison, NodeChange } from "../diff/changes.ts";
import { FsError } from "../errors.ts";

/** EPERM, with the path, for the first change that the rules do not allow. */
export function checkRules(comparison: Comparison, rules: Cursor): void {
  const changes = [...comparison.changes()];
  const filled = new Set(changes.flatMap(({ lost, gained }) => [...lost, ...gained]).map(parentOf));
  for (const change of changes) {
    const moves = change.node.type === "directory" && change.lost.length + change.gained.length > 0;
    for (const path of [...change.lost, ...change.gained]) requireGrant(rules, path, moves);
    if (!changesInPlace(change, filled)) continue;
    for (const path of change.node === comparison.after.root ? [""] : change.kept) requireGrant(rules, path, false);
  }
}

/** The times of a directory change with its entries. */
function changesInPlace(
  { node, contentChanged, modeChanged, timesChanged, kept }: NodeChange,
  filled: ReadonlySet<string>,
): boolean {
  if (contentChanged || modeChanged) return true;
  return timesChanged && !(node.type === "directory" && (kept[0] === undefined ? filled.has("") : filled.has(kept[0])));
}

function requireGrant(rules: Cursor, path: string, moves: boolean): void {
  let cursor: Cursor | null = rules;
  for (const name of path === "" ? [] : path.split("/")) cursor = cursor?.descend(name) ?? null;
  if (cursor?.access === "write" && !(moves && cursor.hasRulesBelow)) return;
  throw new FsError("EPERM", "apply", { path, detail: "not granted for writing" });
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
