// A disk that remembers what is durable: a tree of inodes, and the changes that a power cut may still lose.
// Harsher than any real filesystem: unsynced changes survive in any subset, each whole; unsynced bytes also torn or as garbage.

export interface SimInode {
  readonly type: "file" | "directory" | "symlink";
  mode: number;
  mtimeNs: bigint;
  atimeNs: bigint;
  /** Stands for the change time: counts every change. */
  version: number;
  bytes: Uint8Array;
  target: string;
  readonly entries: Map<string, number>;
}

export type Inodes = Map<number, SimInode>;

/** One change. `waits` are the inodes that must be synced before it is durable. */
export type Change = { readonly waits: Set<number>; readonly tick: number } & (
  | { readonly kind: "add" | "remove"; readonly directory: number; readonly name: string; readonly inode: number }
  | {
      readonly kind: "move";
      readonly directory: number;
      readonly name: string;
      readonly toDirectory: number;
      readonly toName: string;
      readonly inode: number;
    }
  | { readonly kind: "write"; readonly inode: number; readonly bytes: Uint8Array; readonly position: number }
  | { readonly kind: "truncate"; readonly inode: number; readonly size: number }
  | {
      readonly kind: "meta";
      readonly inode: number;
      readonly mode?: number;
      readonly times?: readonly [bigint, bigint];
    }
);

/** What becomes of a pending change in a power cut. */
export type Fate = "lost" | "kept" | "torn" | "garbage";

export const ROOT = 1;
export const START_NS = 1_700_000_000_000_000_000n;

export class Disk {
  readonly durable: Inodes;
  pending: Change[] = [];
  live: Inodes;
  nextInode: number;
  #tick: number;

  constructor(inodes: Inodes, nextInode: number, tick = 0) {
    this.durable = inodes;
    this.live = cloneInodes(inodes);
    this.nextInode = nextInode;
    this.#tick = tick;
  }

  /** Time passes with each change, so that every unwanted one shows in a modification time. */
  tick(): number {
    this.#tick += 1;
    return this.#tick;
  }

  change(change: Change): void {
    applyChange(this.live, change, "kept");
    this.pending.push(change);
  }

  create(type: SimInode["type"], mode: number, target = ""): number {
    const number = this.nextInode;
    this.nextInode += 1;
    for (const inodes of [this.live, this.durable]) inodes.set(number, newInode(type, mode, target));
    return number;
  }

  sync(inode: number): void {
    for (const change of this.pending) change.waits.delete(inode);
    while (this.pending[0]?.waits.size === 0) {
      const [first] = this.pending.splice(0, 1);
      if (first !== undefined) applyChange(this.durable, first, "kept");
    }
  }

  /** The changes that a power cut now could lose. */
  losable(): readonly Change[] {
    return this.pending.filter(({ waits }) => waits.size > 0);
  }

  /** A copy of the disk as it is now; nothing is cut. */
  copy(): Disk {
    const copy = new Disk(cloneInodes(this.durable), this.nextInode, this.#tick);
    copy.live = cloneInodes(this.live);
    copy.pending = this.pending.map((change) => ({ ...change, waits: new Set(change.waits) }));
    return copy;
  }

  /** The disk after a power cut: `fates` are those of the losable changes, in order. */
  cut(fates: readonly Fate[]): Disk {
    const inodes = cloneInodes(this.durable);
    let next = 0;
    for (const change of this.pending) {
      let fate: Fate = "kept";
      if (change.waits.size > 0) {
        fate = fates[next] ?? "lost";
        next += 1;
      }
      applyChange(inodes, change, fate);
    }
    return new Disk(inodes, this.nextInode, this.#tick + 1000);
  }

  /** The disk as it is when only the process dies: nothing is lost, nothing more is durable. */
  killed(): Disk {
    return this.copy();
  }
}

function newInode(type: SimInode["type"], mode: number, target: string): SimInode {
  const bytes = new Uint8Array();
  return { type, mode, mtimeNs: START_NS, atimeNs: START_NS, version: 0, bytes, target, entries: new Map() };
}

export function cloneInodes(inodes: Inodes): Inodes {
  const copy: Inodes = new Map();
  for (const [number, inode] of inodes) copy.set(number, { ...inode, entries: new Map(inode.entries) });
  return copy;
}

/** A change that no longer fits what is there is lost: its directory's update was never written. */
function applyChange(inodes: Inodes, change: Change, fate: Fate): void {
  if (fate === "lost") return;
  switch (change.kind) {
    case "add": {
      const directory = inodes.get(change.directory);
      if (directory === undefined || directory.entries.has(change.name)) return;
      directory.entries.set(change.name, change.inode);
      touch(inodes, change.directory, change.tick);
      bump(inodes, change.inode);
      return;
    }
    case "remove": {
      const directory = inodes.get(change.directory);
      const inode = inodes.get(change.inode);
      if (directory?.entries.get(change.name) !== change.inode || (inode?.entries.size ?? 0) > 0) return;
      directory.entries.delete(change.name);
      touch(inodes, change.directory, change.tick);
      bump(inodes, change.inode);
      return;
    }
    case "move":
      move(inodes, change);
      return;
    case "write":
      write(inodes, change, fate);
      return;
    case "truncate": {
      const inode = inodes.get(change.inode);
      if (inode === undefined) return;
      const bytes = new Uint8Array(change.size);
      bytes.set(inode.bytes.subarray(0, change.size));
      inode.bytes = bytes;
      touch(inodes, change.inode, change.tick);
      return;
    }
    case "meta": {
      const inode = inodes.get(change.inode);
      if (inode === undefined) return;
      if (change.mode !== undefined) inode.mode = change.mode;
      if (change.times !== undefined) [inode.atimeNs, inode.mtimeNs] = change.times;
      inode.version += 1;
    }
  }
}

function move(inodes: Inodes, change: Change & { kind: "move" }): void {
  const from = inodes.get(change.directory);
  const to = inodes.get(change.toDirectory);
  if (from === undefined || to === undefined || from.entries.get(change.name) !== change.inode) return;
  const replaced = to.entries.get(change.toName);
  if (replaced !== undefined && (inodes.get(replaced)?.entries.size ?? 0) > 0) return;
  from.entries.delete(change.name);
  to.entries.set(change.toName, change.inode);
  touch(inodes, change.directory, change.tick);
  touch(inodes, change.toDirectory, change.tick);
  bump(inodes, change.inode);
}

function write(inodes: Inodes, { inode: number, bytes, position, tick }: Change & { kind: "write" }, fate: Fate): void {
  const inode = inodes.get(number);
  if (inode === undefined) return;
  const grown = new Uint8Array(Math.max(inode.bytes.length, position + bytes.length));
  grown.set(inode.bytes);
  if (fate === "garbage") grown.fill(0x23, position, position + bytes.length);
  else grown.set(fate === "torn" ? bytes.subarray(0, bytes.length >> 1) : bytes, position);
  inode.bytes = grown;
  touch(inodes, number, tick);
}

function touch(inodes: Inodes, number: number, tick: number): void {
  const inode = inodes.get(number);
  if (inode === undefined) return;
  inode.mtimeNs = START_NS + 1_000_000_000_000n + BigInt(tick);
  inode.version += 1;
}

function bump(inodes: Inodes, number: number): void {
  const inode = inodes.get(number);
  if (inode !== undefined) inode.version += 1;
}
