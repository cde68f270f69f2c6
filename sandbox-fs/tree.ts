// The tree of an overlay: changed nodes over a snapshot of the base. Names, content and metadata change only here.
// It must not know paths, handles or rights.

import type { Content } from "./content.ts";
import { FsError } from "./errors.ts";
import { byteLength, compareNames } from "./names.ts";
import { NodeRecord, type Place, placesOf } from "./node-record.ts";
import type { Quota } from "./quota.ts";
import { BaseNode, type Inode, namesOf, type Snapshot } from "./snapshot.ts";
import { type Owner, SortedMap } from "./sorted-map.ts";
import type { Clock, DirectoryEntry, FileType } from "./types.ts";

/** Everything that a savepoint brings back. Its parts are shared until they are written to. */
export interface TreeState {
  readonly table: SortedMap<number, NodeRecord>;
  readonly bytes: number;
  readonly created: number;
}

const NEW_INODES = 1n << 63n;
const byId = (a: number, b: number): number => a - b;

export class Tree {
  readonly snapshot: Snapshot;
  readonly clock: Clock;
  readonly quota: Required<Quota>;
  /** How many nodes were made so far: the next one's inode number follows from it. */
  created: number;
  readonly #uses = new Map<Inode, number>();
  #owner: Owner = {};
  #table: SortedMap<number, NodeRecord>;
  #bytes: number;

  constructor(snapshot: Snapshot, clock: Clock, quota: Required<Quota>, from?: TreeState) {
    this.snapshot = snapshot;
    this.clock = clock;
    this.quota = quota;
    this.#table = from === undefined ? new SortedMap(byId, this.#owner) : from.table.fork(this.#owner);
    this.#bytes = from?.bytes ?? 0;
    this.created = from?.created ?? 0;
  }

  get root(): BaseNode {
    return this.snapshot.root;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Freezes what is there and returns it, in O(1). */
  freeze(): TreeState {
    const state: TreeState = { table: this.#table, bytes: this.#bytes, created: this.created };
    this.restore(state);
    return state;
  }

  /** Goes back to a frozen state, in O(1). Nodes that it does not know are gone. */
  restore(state: TreeState): void {
    this.#owner = {};
    this.#table = state.table.fork(this.#owner);
    this.#bytes = state.bytes;
    this.created = state.created;
  }

  records(): Iterable<NodeRecord> {
    return this.#table.values();
  }

  changedSince(before: TreeState): ReturnType<SortedMap<number, NodeRecord>["changedSince"]> {
    return this.#table.changedSince(before.table);
  }

  recordOf(node: Inode): NodeRecord | undefined {
    return this.#table.get(node.id);
  }

  /** The metadata of a node that nobody has changed. */
  pristine(node: Inode): NodeRecord {
    return NodeRecord.of(this.#owner, node);
  }

  /** True unless the node was made in a layer that has been rolled back. */
  knows(node: Inode): boolean {
    return node instanceof BaseNode || this.#table.get(node.id) !== undefined;
  }

  /** True when the node has lost its last name. */
  isGone(node: Inode): boolean {
    if (node === this.root) return false;
    const record = this.#table.get(node.id);
    return record === undefined ? !(node instanceof BaseNode) : record.places().length === 0;
  }

  places(node: Inode): readonly Place[] {
    const record = this.#table.get(node.id);
    if (record !== undefined) return record.places();
    return node instanceof BaseNode ? placesOf(namesOf(node)) : [];
  }

  /** How many names a file has. Those in the base that nobody has met count too, while they share what it is. */
  links(node: Inode): number {
    if (node === this.root) return 1;
    const record = this.#table.get(node.id);
    const isShared = node instanceof BaseNode && node.names !== null && (record?.sharers ?? null) === null;
    if (!isShared) return record === undefined ? 1 : record.places().length;
    return node.facts.links - (record?.taken.length ?? 0) + (record?.given.length ?? 0);
  }

  /**
   * Sets a file of the base that is going to be changed apart from those of its names that are not to share the change.
   * It happens once: what shares one change shares all that follow.
   */
  setApart(node: BaseNode, sharers: readonly BaseNode[], syscall: string): void {
    if (node.names === null || (this.#table.get(node.id)?.sharers ?? null) !== null) return;
    this.edit(node, syscall).sharers = sharers;
  }

  /** True when a name of a file that has more of them stands for a file of its own. */
  isSetApart(name: BaseNode): boolean {
    return name.shared !== null && this.#standsFor(name) === name;
  }

  /** The record of a node, to be written to. EDQUOT with limit "files". */
  edit(node: Inode, syscall: string): NodeRecord {
    const record = this.#table.get(node.id);
    if (record !== undefined && record.owner === this.#owner) return record;
    if (record === undefined && this.#table.size >= this.quota.files) {
      throw new FsError("EDQUOT", syscall, { limit: "files" });
    }
    if (record === undefined && node instanceof BaseNode) this.snapshot.remember(node);
    const own = record === undefined ? NodeRecord.of(this.#owner, node) : record.fork(this.#owner);
    this.#table.set(node.id, own);
    return own;
  }

  /** A new node without a name. */
  create(type: FileType, mode: number, syscall: string): NodeRecord {
    const node: Inode = { id: this.snapshot.nextId(), type, inode: NEW_INODES | BigInt(this.created) };
    const record = this.edit(node, syscall);
    this.created += 1;
    record.mode = mode;
    const now = this.clock();
    record.atimeNs = now;
    record.mtimeNs = now;
    record.ctimeNs = now;
    return record;
  }

  /** Brings in a node that another overlay made, under its number. */
  adopt(type: FileType, number: number): NodeRecord {
    const node: Inode = { id: this.snapshot.nextId(), type, inode: NEW_INODES | BigInt(number) };
    return this.edit(node, "apply");
  }

  child(directory: Inode, name: string): Inode | null {
    const record = this.#table.get(directory.id);
    const placed = record?.entries?.get(name);
    if (placed !== undefined) return placed;
    if (!(directory instanceof BaseNode)) return null;
    const found = this.snapshot.child(directory, name);
    return found === null ? null : this.#standing(found);
  }

  /** The entries of a directory, sorted. */
  list(directory: Inode): DirectoryEntry[] {
    const placed = this.#table.get(directory.id)?.entries?.entries() ?? [];
    const found: DirectoryEntry[] = [];
    for (const [name, node] of placed) found.push({ name, type: node.type, inode: node.inode });
    if (!(directory instanceof BaseNode) || this.isGone(directory)) return found;
    const own = this.#baseEntries(directory);
    if (found.length === 0) return own;
    return own.concat(found).sort((a, b) => compareNames(a.name, b.name));
  }

  isEmpty(directory: Inode): boolean {
    const entries = this.#table.get(directory.id)?.entries;
    if (entries !== null && entries !== undefined && entries.size > 0) return false;
    if (!(directory instanceof BaseNode)) return true;
    const { names, hidden } = this.snapshot.listing(directory);
    return hidden === 0 && names.every((name) => !this.#baseNameStays(directory, name));
  }

  /** Gives a node a name that is free. */
  attach(directory: Inode, name: string, node: Inode, syscall: string): void {
    this.#touch(directory, syscall);
    this.place(directory, name, node, syscall);
    this.edit(node, syscall).ctimeNs = this.clock();
  }

  /** Takes a name from a node. */
  detach(directory: Inode, name: string, node: Inode, syscall: string): void {
    this.#touch(directory, syscall);
    this.unplace(directory, name, node, syscall);
    this.edit(node, syscall).ctimeNs = this.clock();
  }

  /** Gives a name without a trace in any times, as an import does. */
  place(directory: Inode, name: string, node: Inode, syscall: string): void {
    const parent = this.edit(directory, syscall);
    const record = this.edit(node, syscall);
    if (record.originAt(directory, name) === null) parent.entries?.set(name, node);
    record.addPlace(directory, name);
  }

  /** Takes a name without a trace in any times. */
  unplace(directory: Inode, name: string, node: Inode, syscall: string): void {
    const parent = this.edit(directory, syscall);
    const record = this.edit(node, syscall);
    if (record.originAt(directory, name) === null) parent.entries?.delete(name);
    record.removePlace(directory, name);
  }

  /** Counts bytes that were brought in. ENOSPC with limit "bytes". */
  account(bytes: number, syscall: string): void {
    this.reserve(bytes, syscall);
    this.#bytes += bytes;
  }

  /** Forgets what a node holds, when it has neither a name nor a user. */
  collect(node: Inode): void {
    if ((this.#uses.get(node) ?? 0) > 0 || !this.isGone(node)) return;
    const record = this.#table.get(node.id);
    if (record === undefined) return;
    this.#bytes -= heldBy(record);
    if (!(node instanceof BaseNode)) {
      this.#table.delete(node.id);
    } else if (record.content !== null) {
      this.edit(node, "close").content = null;
    }
  }

  /** A handle was opened (1) or closed (-1) on a node. */
  use(node: Inode, change: 1 | -1): void {
    const uses = (this.#uses.get(node) ?? 0) + change;
    if (uses > 0) this.#uses.set(node, uses);
    else this.#uses.delete(node);
    if (uses === 0) this.collect(node);
  }

  /** Changes content and keeps count of what it holds. `grow` is what it may grow by: ENOSPC with limit "bytes". */
  changeContent(
    node: Inode,
    syscall: string,
    growth: (content: Content) => number,
    change: (c: Content) => void,
  ): void {
    const record = this.edit(node, syscall);
    const content = record.writableContent();
    this.reserve(growth(content), syscall);
    const before = content.held;
    try {
      change(content);
    } finally {
      this.#bytes += content.held - before;
    }
    record.mtimeNs = this.clock();
    record.ctimeNs = record.mtimeNs;
  }

  setTarget(record: NodeRecord, target: string, syscall: string): void {
    const bytes = byteLength(target);
    this.reserve(bytes, syscall);
    record.target = target;
    this.#bytes += bytes;
  }

  /** ENOSPC with limit "bytes" when so many more cannot be held. */
  reserve(bytes: number, syscall: string): void {
    if (bytes > 0 && this.#bytes + bytes > this.quota.bytes) throw new FsError("ENOSPC", syscall, { limit: "bytes" });
  }

  /** The directories in a directory that were made there, or looked at. */
  knownDirectories(directory: Inode): Inode[] {
    const placed = [...(this.#table.get(directory.id)?.entries?.values() ?? [])];
    const seen = directory instanceof BaseNode ? [...(directory.children?.values() ?? [])] : [];
    const stayed = seen.filter((name) => name !== null && this.#standing(name) !== null) as Inode[];
    return placed.concat(stayed).filter((node) => node.type === "directory");
  }

  #touch(directory: Inode, syscall: string): NodeRecord {
    const record = this.edit(directory, syscall);
    record.mtimeNs = this.clock();
    record.ctimeNs = record.mtimeNs;
    return record;
  }

  /** The node at a name of the base; null when the name was taken from it. */
  #standing(name: BaseNode): BaseNode | null {
    const node = this.#standsFor(name);
    return this.#table.get(node.id)?.taken.includes(name) === true ? null : node;
  }

  /** The file that a name shares with others, or the node of the name alone. */
  #standsFor(name: BaseNode): BaseNode {
    if (name.shared === null) return name;
    const record = this.#table.get(name.shared.id);
    const isShared = record === undefined || record.sharers === null || record.ownNames().includes(name);
    return isShared ? name.shared : name;
  }

  #baseNameStays(directory: BaseNode, name: string): boolean {
    const found = directory.children?.get(name);
    return found === undefined || (found !== null && this.#standing(found) !== null);
  }

  #baseEntries(directory: BaseNode): DirectoryEntry[] {
    const { names, types } = this.snapshot.listing(directory);
    const entries: DirectoryEntry[] = [];
    names.forEach((name, index) => {
      if (!this.#baseNameStays(directory, name)) return;
      const met = directory.children?.get(name) ?? null;
      const inode = met === null ? directory.childInode(name) : this.#standsFor(met).inode;
      entries.push({ name, type: types[index] as FileType, inode });
    });
    return entries;
  }
}

/** What a record counts for against the quota of bytes. */
export function heldBy(record: NodeRecord): number {
  return (record.content?.held ?? 0) + (record.target === null ? 0 : byteLength(record.target));
}
