// What an overlay has seen of its base, each entry once: the facts that a commit is checked against.
// It must not know what was changed over it. Forks share one snapshot.

import type { Base, BaseEntry, BaseFacts, BaseListing } from "./base.ts";
import type { Observation } from "./changeset.ts";
import { FsError } from "./errors.ts";
import { compareNames, isReserved, joinPath, PATH_BYTES } from "./names.ts";
import { sha256 } from "./sha256.ts";
import type { FileType } from "./types.ts";

/** A node, by identity: `id` is for us, `inode` is what callers see. */
export interface Inode {
  readonly id: number;
  readonly type: FileType;
  readonly inode: bigint;
}

/**
 * A name that the base has, and the node that it stands for by itself. Names of one file stand for a further node, `shared`,
 * as long as nothing sets them apart: that one has no name of its own, but knows `names`.
 */
export class BaseNode implements Inode, BaseEntry {
  readonly id: number;
  readonly parent: BaseNode | null;
  readonly name: string;
  readonly path: string;
  readonly facts: BaseFacts;
  /** The names that were asked for so far; null for a name that is not there. */
  children: Map<string, BaseNode | null> | null = null;
  absent = 0;
  listing: BaseListing | null = null;
  /** Of a name of a file that has more of them: what all of them are names of. */
  shared: BaseNode | null = null;
  /** Of a shared node: its names, as far as they were met. */
  names: readonly BaseNode[] | null = null;
  readonly #seed: number;
  #digest: string | null = null;
  #inode: bigint | undefined;

  constructor(id: number, parent: BaseNode | null, name: string, facts: BaseFacts) {
    this.id = id;
    this.parent = parent;
    this.name = name;
    this.path = parent === null ? "" : joinPath(parent.path, name);
    this.facts = facts;
    this.#seed = parent === null ? ROOT_SEED : mix(parent.#seed, name);
  }

  get type(): FileType {
    return this.facts.type;
  }

  get inode(): bigint {
    this.#inode ??= this.parent === null ? 1n : inodeOf(this.parent.#seed, this.name);
    return this.#inode;
  }

  get digest(): string | null {
    return this.shared === null ? this.#digest : this.shared.digest;
  }

  set digest(digest: string) {
    this.#digest = digest;
  }

  /** The inode number of a child, without looking at it. */
  childInode(name: string): bigint {
    return inodeOf(this.#seed, name);
  }
}

/** The names of the base that lead to a node, as far as they were met. */
export function namesOf(node: BaseNode): readonly BaseNode[] {
  return node.names ?? (node.parent === null ? [] : [node]);
}

const ROOT_SEED = 0x9e3779b9;

/** After so many names that a directory does not have, its listing answers: a guest must not fill memory with guesses. */
const ABSENT_LIMIT = 256;

/** One step of a 32-bit hash over a name and its directory's hash; the constants are those of MurmurHash3's finalizer. */
function mix(seed: number, name: string): number {
  let hash = seed ^ name.length;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x85ebca6b) ^ (hash >>> 15);
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) | 0;
}

/** 63 bits of the path: the same in every run, whatever the host's numbers are and in whatever order nodes are met. */
function inodeOf(seed: number, name: string): bigint {
  const low = mix(seed, name) >>> 0;
  const high = mix(~seed ^ low, name) & 0x7fff_ffff;
  return (BigInt(high) << 32n) | BigInt(low);
}

/** Counts ids for a snapshot and everything over it. */
export class Snapshot {
  readonly base: Base;
  readonly root: BaseNode;
  readonly #entryLimit: number;
  /** By identity and version: files that have more than one name. */
  readonly #shared = new Map<string, BaseNode>();
  /** What was looked at, in that order. */
  readonly #seen: Seen[] = [];
  /** What others looked at, whose changes were brought in. */
  readonly #foreign = new Map<string, Observation>();
  #lastId = 0;

  constructor(base: Base, entryLimit: number) {
    this.base = base;
    this.#entryLimit = entryLimit;
    this.root = new BaseNode(this.nextId(), null, "", base.root());
    if (this.root.type !== "directory") throw new FsError("ENOTDIR", "open", { path: "." });
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** A name in a base directory, or null; asked of the base once. ENAMETOOLONG where the base is deeper than a path can say. */
  child(directory: BaseNode, name: string): BaseNode | null {
    const known = directory.children?.get(name);
    if (known !== undefined) return known;
    if (directory.path.length + name.length >= PATH_BYTES) throw new FsError("ENAMETOOLONG", "open", { path: name });
    if (directory.absent > ABSENT_LIMIT) this.listing(directory);
    if (directory.listing !== null && !isSortedIn(directory.listing.names, name)) return null;
    const facts = isReserved(name) ? null : this.base.stat(directory, name);
    const node = facts === null ? null : this.#meet(directory, name, facts);
    directory.children ??= new Map();
    directory.children.set(name, node);
    this.#seen.push(node ?? { directory, name });
    if (node === null) directory.absent += 1;
    return node;
  }

  #meet(directory: BaseNode, name: string, facts: BaseFacts): BaseNode {
    if (facts.type === "directory" || facts.links < 2) return new BaseNode(this.nextId(), directory, name, facts);
    const key = `${facts.identity} ${facts.version}`;
    const shared = this.#shared.get(key) ?? new BaseNode(this.nextId(), directory, name, facts);
    this.#shared.set(key, shared);
    const node = new BaseNode(this.nextId(), directory, name, facts);
    node.shared = shared;
    shared.names = [...(shared.names ?? []), node];
    return node;
  }

  listing(directory: BaseNode): BaseListing {
    if (directory.listing === null) {
      directory.listing = this.base.list(directory, this.#entryLimit);
      this.#seen.push({ directory, name: null });
    }
    return directory.listing;
  }

  /** Reads bytes that a file must have. ESTALE when it has them no more. */
  readonly read = (entry: BaseEntry, buffer: Uint8Array, offset: number, length: number, position: number): void => {
    if (entry instanceof BaseNode) this.remember(entry);
    const count = this.base.read(entry, buffer, offset, length, position);
    if (count < length) throw new FsError("ESTALE", "read", { path: entry.path });
  };

  readlink(symlink: BaseNode): string {
    return this.base.readlink(symlink);
  }

  /** Keeps the digest of a file that is about to be read or changed, where the base asks for that. */
  remember(file: BaseNode): void {
    if (this.base.verify !== "content" || file.type !== "file" || file.digest !== null) return;
    const { size } = file.facts;
    if (size > DIGEST_BYTES) return;
    const hash = this.base.hash?.() ?? sha256();
    const buffer = new Uint8Array(Math.min(size, CHUNK_BYTES));
    for (let at = 0; at < size; at += buffer.length) {
      const count = this.base.read(file, buffer, 0, Math.min(buffer.length, size - at), at);
      hash.update(buffer.subarray(0, count));
    }
    (file.shared ?? file).digest = hash.digest("hex");
  }

  /** How much was looked at so far: what `observations` takes. */
  get seen(): number {
    return this.#seen.length;
  }

  /** What was looked at since then: what a serialisable commit depends on. */
  observations(since = 0): Observation[] {
    const own = this.#seen.slice(since).flatMap(observationsOf);
    if (since > 0 || this.#foreign.size === 0) return own;
    const known = new Set(own.map(keyOf));
    return own.concat([...this.#foreign].filter(([key]) => !known.has(key)).map(([, seen]) => seen));
  }

  /** Adds what another overlay over the same base looked at. EDQUOT with limit "reads". */
  observe(observations: readonly Observation[], limit: number): void {
    for (const seen of observations) {
      const key = keyOf(seen);
      if (this.#foreign.has(key)) continue;
      if (this.#foreign.size >= limit) throw new FsError("EDQUOT", "apply", { limit: "reads" });
      this.#foreign.set(key, seen);
    }
  }
}

/** Larger files are known by their version only. */
const DIGEST_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/** A name that was found, one that was not, or a directory that was listed. */
type Seen = BaseNode | { readonly directory: BaseNode; readonly name: string | null };

function observationsOf(seen: Seen): Observation[] {
  if (seen instanceof BaseNode) return seen.type === "directory" ? [] : [{ kind: "entry", entry: seen }];
  const { directory, name } = seen;
  if (name !== null) return [{ kind: "absent", directory, name }];
  const { listing } = directory;
  if (listing === null) return [];
  return [{ kind: "names", entry: directory, names: listing.names, hidden: listing.hidden }];
}

/** The same for what holds or fails together. */
function keyOf(seen: Observation): string {
  if (seen.kind === "absent") return `absent ${joinPath(seen.directory.path, seen.name)}`;
  const { path, facts, digest } = seen.entry;
  return `${seen.kind} ${facts.identity} ${facts.version} ${digest ?? ""} ${path}`;
}

function isSortedIn(names: readonly string[], name: string): boolean {
  let low = 0;
  let high = names.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compareNames(names[middle] as string, name);
    if (order === 0) return true;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
