// Whether what a commit took out for good holds only what the overlay knew of: someone else's new file must not vanish.
// It must not change anything.

import type { BaseEntry } from "../base.ts";
import type { ChangedNode } from "../changeset.ts";
import { CommitError } from "../errors.ts";
import { joinPath } from "../names.ts";
import { lastName, parentPath } from "./draft.ts";
import type { HostDirectory, HostFs } from "./host-fs.ts";
import type { CommitPlan } from "./plan-types.ts";

/** CONFLICT_NOT_EMPTY or CONFLICT_BASE_CHANGED when a removed directory holds anything else. */
export function checkRemoved(fs: HostFs, slots: HostDirectory, plan: CommitPlan): void {
  const gone = new Set<BaseEntry>();
  const inside = new Map<string, ChangedNode[]>();
  for (const node of plan.nodes) {
    const { origin, paths } = node;
    if (origin === null || paths.length > 0) continue;
    gone.add(origin);
    const directory = parentPath(origin.path);
    const siblings = inside.get(directory);
    if (siblings === undefined) inside.set(directory, [node]);
    else siblings.push(node);
  }
  for (const step of plan.steps) {
    if (step.op !== "detach" || step.entry.facts.type !== "directory" || !gone.has(step.entry)) continue;
    checkTree(fs, slots, String(step.slot), step.entry.path, inside);
  }
}

function checkTree(
  fs: HostFs,
  parent: HostDirectory,
  name: string,
  path: string,
  inside: ReadonlyMap<string, readonly ChangedNode[]>,
): void {
  const directory = fs.openDirectory(parent, name);
  if (directory === null) throw conflict("CONFLICT_BASE_CHANGED", path);
  try {
    const known = new Map((inside.get(path) ?? []).map((node) => [lastName(node.origin?.path ?? ""), node]));
    const { names, hidden } = fs.names(directory);
    if (hidden > 0 || names.length !== known.size) throw conflict("CONFLICT_NOT_EMPTY", path);
    for (const entry of names) {
      const node = known.get(entry);
      if (node === undefined) throw conflict("CONFLICT_NOT_EMPTY", joinPath(path, entry));
      if (node.type === "directory") checkTree(fs, directory, entry, joinPath(path, entry), inside);
      else if (fs.facts(directory, entry)?.version !== node.origin?.facts.version) {
        throw conflict("CONFLICT_BASE_CHANGED", joinPath(path, entry));
      }
    }
  } finally {
    fs.closeDirectory(directory);
  }
}

function conflict(code: "CONFLICT_BASE_CHANGED" | "CONFLICT_NOT_EMPTY", path: string): CommitError {
  const message = `'${path}' was to be removed, but has changed; everything was undone`;
  return new CommitError(code, message, { path, conflicts: [{ code, path }] });
}
