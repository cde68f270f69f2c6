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
    const { node, lost, gained } = change;
    const kept = node === comparison.after.root ? [""] : change.kept;
    const isMoved = node.type === "directory" && lost.length + gained.length > 0;
    for (const path of [...lost, ...gained]) requireGrant(rules, path, isMoved);
    if (changesItself(change, filled.has(kept[0] ?? ""))) for (const path of kept) requireGrant(rules, path, false);
  }
}

/** A further name counts: it gives rights to what the others are names of. The times of a directory follow from its entries. */
function changesItself(change: NodeChange, isFilled: boolean): boolean {
  const { node, gained, contentChanged, modeChanged, timesChanged } = change;
  if (contentChanged || modeChanged || gained.length > 0) return true;
  return timesChanged && !(node.type === "directory" && isFilled);
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
