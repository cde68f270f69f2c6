// Builds every new object in the private directory, whole and durable, before anything of the tree is touched.
// It must not touch the tree.

import type { ChangedNode, Changeset } from "../changeset.ts";
import { CommitError } from "../errors.ts";
import { BaseWalk } from "./base-walk.ts";
import { sameContent } from "./check.ts";
import { lastName, parentPath } from "./draft.ts";
import { commitFailure } from "./failure.ts";
import type { HostDirectory, HostFacts, HostFile, HostFs } from "./host-fs.ts";
import type { StagedPlan } from "./plan-types.ts";

/** Directories take their own mode at the end, when nothing has to be put into them any more. */
export const STAGED_DIRECTORY_MODE = 0o700;

export interface Staged {
  /** By number. */
  readonly inodes: readonly string[];
  /** What the host could not keep, in words. */
  readonly notes: readonly string[];
}

/** Builds all that is planned. CONFLICT_BASE_CHANGED when a file changes while it is copied. */
export function stage(
  fs: HostFs,
  into: HostDirectory,
  plans: readonly StagedPlan[],
  durability: Changeset["durability"],
): Staged {
  const walk = new BaseWalk(fs);
  try {
    const stager = new Stager(fs, walk, into, durability === "full");
    plans.forEach((plan, number) => {
      tryStage(stager, plan, number);
    });
    const facts = plans.map((_, number) => fs.facts(into, String(number)));
    return { inodes: facts.map((each) => each?.inode ?? ""), notes: notesOn(plans, facts) };
  } finally {
    walk.close();
  }
}

/** Times are handed over as doubles: what is less than this was rounded on the way. */
const ROUNDED_NS = 2000n;

function notesOn(plans: readonly StagedPlan[], facts: readonly (HostFacts | null)[]): readonly string[] {
  const distances = plans.map(({ node }, number) => {
    const now = facts[number]?.mtimeNs;
    return now === undefined || node.type === "directory" ? 0n : magnitude(now - node.mtimeNs);
  });
  const changed = distances.filter((distance) => distance >= ROUNDED_NS);
  if (changed.length === 0) return [];
  return [`${changed.length} modification times could not be kept exactly: this filesystem has coarser ones`];
}

function magnitude(ns: bigint): bigint {
  return ns < 0n ? -ns : ns;
}

function tryStage(stager: Stager, plan: StagedPlan, number: number): void {
  const path = plan.node.paths[0] ?? "";
  try {
    stager.stage(plan, String(number));
  } catch (cause) {
    throw commitFailure(`'${path}' cannot be written beside the tree; nothing was touched`, cause, path);
  }
}

class Stager {
  readonly #fs: HostFs;
  readonly #walk: BaseWalk;
  readonly #into: HostDirectory;
  readonly #isDurable: boolean;

  constructor(fs: HostFs, walk: BaseWalk, into: HostDirectory, isDurable: boolean) {
    this.#fs = fs;
    this.#walk = walk;
    this.#into = into;
    this.#isDurable = isDurable;
  }

  stage({ node, linkTo }: StagedPlan, name: string): void {
    if (linkTo !== null) {
      this.#fs.link(this.#into, String(linkTo), this.#into, name);
    } else if (node.type === "directory") {
      this.#fs.makeDirectory(this.#into, name, STAGED_DIRECTORY_MODE);
      this.#fs.setMetadata(this.#into, name, { exact: false, sync: this.#isDurable });
    } else if (node.type === "symlink") {
      this.#fs.symlink(node.target ?? "", this.#into, name);
      const times = { atimeNs: node.atimeNs, mtimeNs: node.mtimeNs };
      this.#fs.setMetadata(this.#into, name, { times, exact: false, sync: this.#isDurable });
    } else {
      const file = this.#fs.createFile(this.#into, name);
      try {
        this.#fill(file, node);
      } finally {
        file.close();
      }
    }
  }

  #fill(file: HostFile, node: ChangedNode): void {
    const { content, origin } = node;
    if (content !== null) {
      let end = -1;
      if (content.base !== null && origin !== null) this.#copyBase(file, origin, content.base.length);
      else end = 0;
      for (const { position, bytes } of content.blocks()) {
        file.write(bytes, position);
        if (end >= 0) end = position + bytes.length;
      }
      if (end !== content.size) file.truncate(content.size);
    }
    file.setMode(node.mode);
    file.setTimes(node.atimeNs, node.mtimeNs);
    if (this.#isDurable) file.sync();
  }

  #copyBase(file: HostFile, origin: NonNullable<ChangedNode["origin"]>, length: number): void {
    const { path, facts } = origin;
    const directory = this.#walk.directory(parentPath(path));
    const name = lastName(path);
    const isSame = (): boolean => directory !== null && sameContent(facts, this.#fs.facts(directory, name));
    if (directory !== null && isSame()) file.copyFrom(directory, name, length);
    if (isSame()) return;
    throw new CommitError("CONFLICT_BASE_CHANGED", `'${path}' changed while it was copied`, {
      path,
      conflicts: [{ code: "CONFLICT_BASE_CHANGED", path }],
    });
  }
}
