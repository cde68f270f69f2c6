// From a plan to a journal: the numbers that the host knows everything by, and the metadata of before.
// It must not change anything.

import type { BaseEntry } from "../base.ts";
import type { ChangedNode } from "../changeset.ts";
import { CommitError } from "../errors.ts";
import type { FileType } from "../types.ts";
import { BaseWalk } from "./base-walk.ts";
import type { HostFacts, HostFs } from "./host-fs.ts";
import type { Journal, JournalDirectory, JournalStep, Metadata } from "./journal.ts";
import type { CommitPlan, DirectoryPlan, PlannedStep } from "./plan-types.ts";
import { STAGED_DIRECTORY_MODE } from "./stage.ts";

/** `staged` are the inodes of the staged objects, by number. CONFLICT_BASE_CHANGED when something has just gone. */
export function journalOf(fs: HostFs, plan: CommitPlan, staged: readonly string[]): Journal {
  const walk = new BaseWalk(fs);
  try {
    const inodes = new Inodes(walk, staged);
    const directories = plan.directories.map((directory) => journalDirectory(directory, inodes));
    const steps = plan.steps.map((step) => journalStep(step, inodes));
    return { rootInode: fs.factsOf(fs.root).inode, directories, steps };
  } finally {
    walk.close();
  }
}

class Inodes {
  readonly #walk: BaseWalk;
  readonly #staged: readonly string[];

  constructor(walk: BaseWalk, staged: readonly string[]) {
    this.#walk = walk;
    this.#staged = staged;
  }

  staged(number: number): string {
    return this.#staged[number] ?? "";
  }

  base(path: string): HostFacts {
    const facts = this.#walk.facts(path);
    if (facts !== null) return facts;
    const conflicts = [{ code: "CONFLICT_BASE_CHANGED", path } as const];
    throw new CommitError("CONFLICT_BASE_CHANGED", `'${path}' has gone`, { path, conflicts });
  }

  identity({ path, facts }: BaseEntry): { readonly inode: string; readonly type: FileType } {
    return { inode: this.base(path).inode, type: facts.type };
  }

  of(node: ChangedNode, staged: number | null): string {
    return node.origin === null || staged !== null ? this.staged(staged ?? -1) : this.base(node.origin.path).inode;
  }
}

function journalDirectory({ node, origin, slot, staged, target }: DirectoryPlan, inodes: Inodes): JournalDirectory {
  return { inode: inodes.of(node, staged), origin, slot, staged, target };
}

function journalStep(step: PlannedStep, inodes: Inodes): JournalStep {
  const { wave, at } = step;
  switch (step.op) {
    case "save":
    case "detach":
    case "move":
      return { op: step.op, wave, at, slot: step.slot, ...inodes.identity(step.entry) };
    case "replace": {
      const { slot, staged } = step;
      const oldInode = inodes.base(step.entry.path).inode;
      return { op: "replace", wave, at, slot, staged, oldInode, inode: inodes.staged(staged), type: "file" };
    }
    case "create":
    case "directory":
      return { op: step.op, wave, at, staged: step.staged, inode: inodes.staged(step.staged), type: step.type };
    case "link":
      return { op: "link", wave, at, from: step.from, ...inodes.identity(step.entry) };
    case "meta": {
      const { node, staged } = step;
      const before = metadataBefore(node, inodes);
      const after = metadataAfter(node, before);
      return { op: "meta", wave, at, before, after, inode: inodes.of(node, staged), type: node.type };
    }
  }
}

function metadataBefore({ origin }: ChangedNode, inodes: Inodes): Metadata {
  if (origin === null) return { mode: STAGED_DIRECTORY_MODE, atimeNs: 0n, mtimeNs: 0n };
  const { mode, atimeNs, mtimeNs } = inodes.base(origin.path);
  return { mode, atimeNs, mtimeNs };
}

function metadataAfter(node: ChangedNode, before: Metadata): Metadata {
  const { origin, modeChanged, timesChanged } = node;
  const mode = modeChanged || origin === null ? node.mode : before.mode;
  const isNewTime = timesChanged || origin === null;
  return {
    mode,
    atimeNs: isNewTime ? node.atimeNs : before.atimeNs,
    mtimeNs: isNewTime ? node.mtimeNs : before.mtimeNs,
  };
}
