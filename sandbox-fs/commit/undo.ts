// Undoes the steps of a journal, whichever of them happened, told by identity and never by existence.
// It must not finish anything.

import { CommitError } from "../errors.ts";
import { factsAt, syncWave, wavesOf } from "./apply.ts";
import type { HostDirectory, HostFacts } from "./host-fs.ts";
import type { Journal, JournalStep } from "./journal.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Puts everything back as it was before the journal. May be cut off and run again. RECOVERY_REQUIRED, before anything
 * but modes is touched, when something is where nobody but someone else could have put it.
 */
export function undoSteps(workspace: Workspace, journal: Journal, isDurable: boolean): void {
  const undo = new Undo(workspace, journal.steps, isDurable);
  const waves = wavesOf(journal.steps).reverse();
  undo.modes();
  undo.preflight();
  for (const wave of waves) {
    for (const step of wave.toReversed()) undo.step(step);
    if (isDurable) syncWave(workspace, wave);
  }
  undo.times();
}

class Undo {
  readonly #workspace: Workspace;
  readonly #steps: readonly JournalStep[];
  readonly #isDurable: boolean;
  /** By the slots that they empty. */
  readonly #moves: ReadonlyMap<number, JournalStep>;

  constructor(workspace: Workspace, steps: readonly JournalStep[], isDurable: boolean) {
    this.#workspace = workspace;
    this.#steps = steps;
    this.#isDurable = isDurable;
    this.#moves = new Map(steps.flatMap((step) => (step.op === "move" ? [[step.slot, step]] : [])));
  }

  /** Every object of the base must be where we could have put it, and its old place free, its own, or ours. */
  preflight(): void {
    const ours = new Map<string, Set<string>>();
    for (const { at, inode } of this.#steps) mapSet(ours, `${at.directory}/${at.name}`).add(inode);
    for (const step of this.#steps) {
      if (step.op === "detach" || step.op === "replace") this.#checkOldPlace(step, ours);
      if (step.op === "directory") this.#checkOwnDirectory(step, step.staged, ours);
    }
  }

  step(step: JournalStep): void {
    if (step.op === "save" || isOfDirectory(step)) return;
    const directory = this.#workspace.locate(step.at.directory);
    if (directory === null) {
      this.#undoneOrLost(step);
      return;
    }
    const now = factsAt(this.#workspace.fs, directory, step.at.name);
    if (step.op === "meta") this.#restore(step, directory, now);
    else if (step.op === "replace") this.#putBack(step, directory, now, step.oldInode);
    else if (step.op === "detach") this.#putBack(step, directory, now, step.inode);
    else if (now?.inode === step.inode) this.#takeOut(step, directory);
  }

  /** The modes that directories had, from above: without them, nothing below may be reachable. */
  modes(): void {
    this.#eachDirectory((step, directory, now) => {
      const { mode } = step.before;
      if (now.mode === mode) return;
      this.#workspace.fs.setMetadata(directory, ".", { mode, exact: false, sync: this.#isDurable });
    });
  }

  /** The times that directories had, once nothing disturbs them any more. */
  times(): void {
    this.#eachDirectory((step, directory, now) => {
      const { atimeNs, mtimeNs } = step.before;
      if (now.mtimeNs === mtimeNs) return;
      const times = { atimeNs, mtimeNs };
      this.#workspace.fs.setMetadata(directory, ".", { times, exact: true, sync: this.#isDurable });
    });
  }

  #eachDirectory(change: (step: JournalStep & { op: "meta" }, directory: HostDirectory, now: HostFacts) => void): void {
    for (const step of this.#steps.toReversed()) {
      if (step.op !== "meta" || !isOfDirectory(step)) continue;
      const directory = this.#workspace.locate(step.at.directory);
      if (directory !== null) change(step, directory, this.#workspace.fs.factsOf(directory));
    }
  }

  /** Mode and times of a file, while it still is where the step found it. */
  #restore(step: JournalStep & { op: "meta" }, directory: HostDirectory, now: HostFacts | null): void {
    const { type, before, inode } = step;
    if (now?.inode !== inode) return;
    const times = { atimeNs: before.atimeNs, mtimeNs: before.mtimeNs };
    const mode = type === "symlink" || now.mode === before.mode ? {} : { mode: before.mode };
    this.#workspace.fs.setMetadata(directory, step.at.name, { ...mode, times, exact: true, sync: this.#isDurable });
  }

  /** The object in the slot goes back to its place; when it is there already, there is nothing to do. */
  #putBack(step: JournalStep & { slot: number }, directory: HostDirectory, now: HostFacts | null, inode: string): void {
    if (now?.inode === inode) return;
    const { fs, slots } = this.#workspace;
    const slot = String(step.slot);
    if (fs.facts(slots, slot)?.inode !== inode) throw doubtful(step.at.name);
    const isFree = now === null || (step.op === "replace" && now.inode === step.inode);
    if (!isFree) throw doubtful(step.at.name);
    fs.rename(slots, slot, directory, step.at.name);
  }

  /** Something of ours leaves the place that it was given. */
  #takeOut(step: JournalStep, directory: HostDirectory): void {
    const { fs, slots, staged } = this.#workspace;
    const { name } = step.at;
    if (step.op === "directory") {
      const { names, hidden } = this.#namesIn(directory, name);
      if (names.length + hidden > 0) throw doubtful(name);
      fs.rename(directory, name, staged, String(step.staged));
    } else if (step.op === "move") {
      fs.rename(directory, name, slots, String(step.slot));
    } else {
      fs.unlink(directory, name);
    }
  }

  #checkOldPlace(step: JournalStep & { slot: number }, ours: ReadonlyMap<string, ReadonlySet<string>>): void {
    const { fs, slots } = this.#workspace;
    const inode = step.op === "replace" ? step.oldInode : step.inode;
    const directory = this.#workspace.locate(step.at.directory);
    const now = directory === null ? null : factsAt(fs, directory, step.at.name);
    if (directory === null) throw doubtful(step.at.name);
    if (now?.inode === inode) return;
    const isOurs = now === null || ours.get(`${step.at.directory}/${step.at.name}`)?.has(now.inode) === true;
    const isHeld = fs.facts(slots, String(step.slot))?.inode === inode || this.#isMoved(step, inode);
    if (!isOurs || !isHeld) throw doubtful(step.at.name);
  }

  /** True when the object has been put into its new place. */
  #isMoved({ slot }: JournalStep & { slot: number }, inode: string): boolean {
    const move = this.#moves.get(slot);
    const directory = move === undefined ? null : this.#workspace.locate(move.at.directory);
    return (
      move !== undefined && directory !== null && factsAt(this.#workspace.fs, directory, move.at.name)?.inode === inode
    );
  }

  /** A directory that we made must hold nothing but what we put there. */
  #checkOwnDirectory(step: JournalStep, staged: number, ours: ReadonlyMap<string, ReadonlySet<string>>): void {
    const { fs } = this.#workspace;
    const directory = this.#workspace.locate(step.at.directory);
    if (directory === null || factsAt(fs, directory, step.at.name)?.inode !== step.inode) return;
    const number = this.#workspace.numberOf(staged);
    const { names, hidden } = this.#namesIn(directory, step.at.name);
    if (hidden > 0 || names.some((name) => !ours.has(`${number}/${name}`))) throw doubtful(step.at.name);
  }

  #namesIn(parent: HostDirectory, name: string): { readonly names: readonly string[]; readonly hidden: number } {
    const { fs } = this.#workspace;
    const directory = fs.openDirectory(parent, name);
    if (directory === null) return { names: [], hidden: 0 };
    try {
      return fs.names(directory);
    } finally {
      fs.closeDirectory(directory);
    }
  }

  /** A directory that cannot be found: fine for what was never put there, not for what must go back there. */
  #undoneOrLost(step: JournalStep): void {
    if (step.op === "detach" || step.op === "replace") throw doubtful(step.at.name);
  }
}

function isOfDirectory({ op, at }: JournalStep): boolean {
  return op === "meta" && at.name === ".";
}

function doubtful(name: string): CommitError {
  const message = `'${name}' is not what an interrupted commit left: put it right by hand, then recover again`;
  return new CommitError("RECOVERY_REQUIRED", message, { path: name });
}

function mapSet<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = new Set<V>();
  map.set(key, fresh);
  return fresh;
}
