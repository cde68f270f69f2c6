// Whether what a commit took out for good holds only what the overlay knew of: someone else's new file must not vanish.
// It must not change anything.

import type { BaseEntry } from "../base.ts";
import { CommitError } from "../errors.ts";
import { joinPath } from "../names.ts";
import { lastName, namesOf, parentPath } from "./draft.ts";
import type { HostDirectory, HostFacts, HostFs } from "./host-fs.ts";
import type { CommitPlan } from "./plan-types.ts";

/** CONFLICT_NOT_EMPTY or CONFLICT_BASE_CHANGED when a removed directory holds anything else. */
export function checkRemoved(fs: HostFs, slots: HostDirectory, plan: CommitPlan): void {
  const gone = new Set<BaseEntry | null>();
  const takenOut = new Set(plan.steps.map((step) => (step.op === "detach" ? step.entry : null)));
  const inside = new Map<string, BaseEntry[]>();
  for (const node of plan.nodes) {
    if (node.paths.length === 0) gone.add(node.origin);
    for (const { entry, inPlace } of namesOf(node)) {
      if (inPlace || takenOut.has(entry)) continue;
      const directory = parentPath(entry.path);
      const siblings = inside.get(directory);
      if (siblings === undefined) inside.set(directory, [entry]);
      else siblings.push(entry);
    }
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
  inside: ReadonlyMap<string, readonly BaseEntry[]>,
): void {
  const directory = fs.openDirectory(parent, name);
  if (directory === null) throw conflict("CONFLICT_BASE_CHANGED", path);
  try {
    const known = new Map((inside.get(path) ?? []).map((each) => [lastName(each.path), each]));
    const { names, hidden } = fs.names(directory);
    if (hidden > 0 || names.length !== known.size) throw conflict("CONFLICT_NOT_EMPTY", path);
    for (const entry of names) {
      const before = known.get(entry)?.facts;
      if (before === undefined) throw conflict("CONFLICT_NOT_EMPTY", joinPath(path, entry));
      if (before.type === "directory") checkTree(fs, directory, entry, joinPath(path, entry), inside);
      else if (!isSame(before, fs.facts(directory, entry))) {
        throw conflict("CONFLICT_BASE_CHANGED", joinPath(path, entry));
      }
    }
  } finally {
    fs.closeDirectory(directory);
  }
}

/** The commit itself may have touched a further name of the same file, which changes its version. */
function isSame(before: BaseEntry["facts"], now: HostFacts | null): boolean {
  if (now === null || before.links < 2) return now?.version === before.version;
  return now.identity === before.identity && now.size === before.size && now.mtimeNs === before.mtimeNs;
}

function conflict(code: "CONFLICT_BASE_CHANGED" | "CONFLICT_NOT_EMPTY", path: string): CommitError {
  const message = `'${path}' was to be removed, but has changed; everything was undone`;
  return new CommitError(code, message, { path, conflicts: [{ code, path }] });
}
