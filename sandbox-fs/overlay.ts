// The overlay: a view of everything, with savepoints, forks, diffs, exports, and one end: commit or discard.
// It must not know how a base is changed, nor how changes are found.

import type { Base } from "./base.ts";
import type { Changeset } from "./changeset.ts";
import { changesetOf } from "./changeset-of.ts";
import { Context } from "./context.ts";
import { Comparison } from "./diff/changes.ts";
import { diff } from "./diff/diff.ts";
import { FsError } from "./errors.ts";
import { mergeChanges } from "./merge.ts";
import { DEFAULT_QUOTA, type Quota } from "./quota.ts";
import { Snapshot } from "./snapshot.ts";
import { exportChanges } from "./transfer/export.ts";
import { applyChanges } from "./transfer/import.ts";
import { Tree, type TreeState } from "./tree.ts";
import type {
  Change,
  Clock,
  CommitOptions,
  CommitReport,
  DiffOptions,
  ExportOptions,
  Overlay,
  Rule,
  Savepoint,
} from "./types.ts";
import { View } from "./view.ts";

export interface OverlayOptions {
  /** The time that changes get. */
  readonly clock: Clock;
  readonly quota?: Quota;
}

/**
 * A copy-on-write view of `base`: nothing of the base is read before it is asked for, nothing is written before `commit`.
 * Errors: ENOTDIR when the root of the base is no directory, and what the base says of its root.
 */
export function createOverlay(base: Base, options: OverlayOptions): Overlay {
  const quota = { ...DEFAULT_QUOTA, ...options.quota };
  return new LayeredOverlay(new Tree(new Snapshot(base, quota.entries), options.clock, quota));
}

class LayeredOverlay extends View implements Overlay {
  readonly #savepoints: Layer[] = [];
  #isCommitting = false;

  /** What it was forked from; null for the first overlay. */
  readonly #origin: TreeState | null;

  constructor(tree: Tree, origin: TreeState | null = null) {
    super(new Context(tree));
    this.#origin = origin;
  }

  get writtenBytes(): number {
    return this.context.tree.bytes;
  }

  savepoint(): Savepoint {
    this.#requireLive("savepoint");
    const layer = new Layer(this, this.context.tree.freeze());
    this.#savepoints.push(layer);
    return layer;
  }

  fork(firstNumber: number = 0): Overlay {
    this.#requireLive("fork");
    const { snapshot, clock, quota } = this.context.tree;
    const origin = this.context.tree.freeze();
    const tree = new Tree(snapshot, clock, quota, origin);
    tree.created = Math.max(origin.created, firstNumber);
    return new LayeredOverlay(tree, origin);
  }

  merge(fork: Overlay): readonly string[] {
    this.#requireLive("merge");
    if (!(fork instanceof LayeredOverlay) || fork.#origin === null)
      throw new FsError("EINVAL", "merge", { detail: "it is no fork" });
    return mergeChanges(this.context.tree, fork.context.tree, fork.#origin);
  }

  diff(options?: DiffOptions): readonly Change[] {
    this.#requireLive("diff");
    return diff(this.comparison(), options);
  }

  export(options: ExportOptions = {}): Uint8Array {
    this.#requireLive("export");
    return exportChanges(this.comparison(), options.reads === true ? 0 : null);
  }

  apply(exported: Uint8Array, rules?: readonly Rule[]): void {
    this.#requireLive("apply");
    applyChanges(this.context.tree, exported, rules);
  }

  commit(options: CommitOptions = {}): CommitReport {
    this.#requireLive("commit");
    if (this.#savepoints.length > 0) throw new FsError("EBUSY", "commit", { detail: "a savepoint is open" });
    const { base } = this.context.tree.snapshot;
    const comparison = this.comparison();
    const changes = diff(comparison);
    const changeset = changesetOf(comparison, options);
    const notes = changeset.nodes.length + changeset.observations.length === 0 ? [] : this.#commit(base, changeset);
    this.context.end("committed");
    base.close();
    return { changes, notes };
  }

  discard(): void {
    if (this.context.ended !== null) return;
    this.#requireLive("discard");
    this.context.end("discarded");
    this.context.tree.snapshot.base.close();
  }

  /** Now, and `then`: the base when left out. */
  comparison(then?: TreeState): Comparison {
    const { tree } = this.context;
    return new Comparison(new Tree(tree.snapshot, tree.clock, tree.quota, then), tree);
  }

  /** Ends a savepoint. EINVAL unless it is the innermost one; after the overlay's own end, nothing happens. */
  end(layer: Layer, back: TreeState | null): void {
    if (this.context.ended !== null) return;
    if (this.#savepoints.at(-1) !== layer)
      throw new FsError("EINVAL", "savepoint", { detail: "not the innermost one" });
    this.#savepoints.pop();
    if (back !== null) this.context.tree.restore(back);
  }

  /** Whoever the base calls meanwhile cannot commit a second time, nor discard what is being committed. */
  #commit(base: Base, changeset: Changeset): readonly string[] {
    this.#isCommitting = true;
    try {
      return base.commit(changeset);
    } finally {
      this.#isCommitting = false;
    }
  }

  #requireLive(syscall: string): void {
    const { ended } = this.context;
    if (ended !== null) throw new FsError("EBADF", syscall, { detail: ended });
    if (this.#isCommitting) throw new FsError("EBUSY", syscall, { detail: "it is being committed" });
  }
}

class Layer implements Savepoint {
  readonly #overlay: LayeredOverlay;
  readonly #state: TreeState;
  readonly #seen: number;

  constructor(overlay: LayeredOverlay, state: TreeState) {
    this.#overlay = overlay;
    this.#state = state;
    this.#seen = overlay.context.tree.snapshot.seen;
  }

  diff(options?: DiffOptions): readonly Change[] {
    return diff(this.#overlay.comparison(this.#state), options);
  }

  export(options: ExportOptions = {}): Uint8Array {
    return exportChanges(this.#overlay.comparison(this.#state), options.reads === true ? this.#seen : null);
  }

  release(): void {
    this.#overlay.end(this, null);
  }

  rollback(): void {
    this.#overlay.end(this, this.#state);
  }
}
