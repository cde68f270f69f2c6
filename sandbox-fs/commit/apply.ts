// Does the steps of a journal, wave by wave, each checked on the spot.
// It must not undo anything.

import { CommitError } from "../errors.ts";
import { collided, collision, twinOf } from "./collisions.ts";
import { commitFailure } from "./failure.ts";
import type { HostDirectory, HostFacts, HostFs, MetadataChange } from "./host-fs.ts";
import type { JournalStep } from "./journal.ts";
import type { EntryPlace } from "./plan-types.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Runs all steps. After each wave everything that it touched is made durable, if `isDurable`. Throws at the first that
 * fails, and tells which entry it was about: `pathOf` knows that of each step by its number.
 */
export function applySteps(
  workspace: Workspace,
  steps: readonly JournalStep[],
  isDurable: boolean,
  pathOf: (step: number) => string,
): void {
  let number = 0;
  for (const wave of wavesOf(steps)) {
    for (const step of wave) {
      tryStep(workspace, step, isDurable, pathOf(number));
      number += 1;
    }
    if (isDurable) syncWave(workspace, wave);
  }
}

function tryStep(workspace: Workspace, step: JournalStep, isDurable: boolean, path: string): void {
  try {
    applyStep(workspace, step, isDurable, path);
  } catch (cause) {
    throw commitFailure(`the step '${step.op}' of '${path}' failed, and everything was undone`, cause, path);
  }
}

/** The steps grouped by wave, in order. */
export function wavesOf(steps: readonly JournalStep[]): JournalStep[][] {
  const waves: JournalStep[][] = [];
  let last = -1;
  for (const step of steps) {
    if (step.wave !== last) waves.push([]);
    last = step.wave;
    waves.at(-1)?.push(step);
  }
  return waves;
}

/** Makes durable all entries that a wave could have touched, whether or not it did. */
export function syncWave(workspace: Workspace, wave: readonly JournalStep[]): void {
  const { fs } = workspace;
  for (const number of new Set(wave.filter(({ op }) => op !== "meta").map(({ at }) => at.directory))) {
    const directory = workspace.locate(number);
    if (directory !== null) fs.syncDirectory(directory);
  }
  if (wave.some((step) => "slot" in step)) fs.syncDirectory(workspace.slots);
  if (wave.some((step) => "staged" in step)) fs.syncDirectory(workspace.staged);
}

function applyStep(workspace: Workspace, step: JournalStep, isDurable: boolean, path: string): void {
  const { fs, slots, staged } = workspace;
  const { at } = step;
  const directory = workspace.directory(at.directory);
  switch (step.op) {
    case "save":
      expectInode(fs, directory, at, step.inode, path);
      fs.link(directory, at.name, slots, String(step.slot));
      break;
    case "detach":
      expectInode(fs, directory, at, step.inode, path);
      fs.rename(directory, at.name, slots, String(step.slot));
      break;
    case "replace":
      expectInode(fs, directory, at, step.oldInode, path);
      fs.rename(staged, String(step.staged), directory, at.name);
      break;
    case "create":
      expectFree(fs, directory, at, path);
      fs.link(staged, String(step.staged), directory, at.name);
      break;
    case "directory":
      expectFree(fs, directory, at, path);
      fs.rename(staged, String(step.staged), directory, at.name);
      break;
    case "move":
      expectFree(fs, directory, at, path);
      fs.rename(slots, String(step.slot), directory, at.name);
      break;
    case "link":
      expectFree(fs, directory, at, path);
      fs.link(workspace.directory(step.from.directory), step.from.name, directory, at.name);
      break;
    case "meta":
      expectInode(fs, directory, at, step.inode, path);
      fs.setMetadata(directory, at.name, metadataChange(step, isDurable));
  }
}

/** Times that were there before come back as closely as the host sets them fast; an undo takes the slow way. */
function metadataChange({ type, before, after }: JournalStep & { op: "meta" }, sync: boolean): MetadataChange {
  const { mode, atimeNs, mtimeNs } = after;
  const times = { atimeNs, mtimeNs };
  const common = { times, exact: false, sync };
  return type === "symlink" || mode === before.mode ? common : { ...common, mode };
}

/** The facts of a name, or of the directory itself. */
export function factsAt(fs: HostFs, directory: HostDirectory, name: string): HostFacts | null {
  return name === "." ? fs.factsOf(directory) : fs.facts(directory, name);
}

function expectInode(fs: HostFs, directory: HostDirectory, { name }: EntryPlace, inode: string, path: string): void {
  if (factsAt(fs, directory, name)?.inode === inode) return;
  throw conflict("CONFLICT_BASE_CHANGED", path);
}

/** Nothing may be there: a rename would replace it. */
function expectFree(fs: HostFs, directory: HostDirectory, { name }: EntryPlace, path: string): void {
  if (fs.facts(directory, name) === null) return;
  if (twinOf(fs, directory, name) !== null) throw collided(path, [collision(path)]);
  throw conflict("CONFLICT_EXISTS", path);
}

function conflict(code: "CONFLICT_BASE_CHANGED" | "CONFLICT_EXISTS", path: string): CommitError {
  return new CommitError(code, `'${path}' changed during the commit; everything was undone`, {
    path,
    conflicts: [{ code, path }],
  });
}
