// A read-only base in memory: a tree of names and contents, for tests, examples and the edge.
// It must not know the host.

import type { Base, BaseEntry, BaseFacts, BaseListing } from "../base.ts";
import type { Changeset } from "../changeset.ts";
import { FsError } from "../errors.ts";
import { byteLength, compareNames, isEntryName } from "../names.ts";

/** A file as text or bytes, a directory as an object, or either with its metadata. */
export type MemoryEntry = string | Uint8Array | MemoryFile | MemorySymlink | MemoryDirectory;

export interface MemoryFile {
  readonly content: string | Uint8Array;
  readonly mode?: number;
  readonly mtimeNs?: bigint;
}

export interface MemorySymlink {
  readonly target: string;
}

export interface MemoryDirectory {
  readonly entries: Readonly<Record<string, MemoryEntry>>;
  readonly mode?: number;
  readonly mtimeNs?: bigint;
}

interface MemoryNode {
  readonly facts: BaseFacts;
  readonly bytes: Uint8Array;
  readonly target: string;
  readonly children: ReadonlyMap<string, MemoryNode>;
}

const NO_BYTES = new Uint8Array();

/** A base that holds what `entries` says, and cannot be committed to (EROFS). Errors: EINVAL when a name cannot be one. */
export function memoryBase(entries: Readonly<Record<string, MemoryEntry>>, mtimeNs = 0n): Base {
  return new MemoryBase(directoryNode({ entries }, mtimeNs, "/"));
}

class MemoryBase implements Base {
  readonly #root: MemoryNode;

  constructor(root: MemoryNode) {
    this.#root = root;
  }

  root(): BaseFacts {
    return this.#root.facts;
  }

  stat(directory: BaseEntry, name: string): BaseFacts | null {
    return this.#find(directory.path).children.get(name)?.facts ?? null;
  }

  list(directory: BaseEntry, limit: number): BaseListing {
    const children = [...this.#find(directory.path).children].sort(([a], [b]) => compareNames(a, b));
    if (children.length > limit) throw new FsError("EDQUOT", "list", { path: directory.path, limit: "entries" });
    return { names: children.map(([name]) => name), types: children.map(([, node]) => node.facts.type), hidden: 0 };
  }

  read(file: BaseEntry, buffer: Uint8Array, offset: number, length: number, position: number): number {
    const bytes = this.#find(file.path).bytes.subarray(position, position + length);
    buffer.set(bytes, offset);
    return bytes.length;
  }

  readlink(symlink: BaseEntry): string {
    return this.#find(symlink.path).target;
  }

  commit(_changeset: Changeset): readonly string[] {
    throw new FsError("EROFS", "commit", { detail: "this base is read-only" });
  }

  close(): void {}

  #find(path: string): MemoryNode {
    let node: MemoryNode | undefined = this.#root;
    for (const name of path === "" ? [] : path.split("/")) node = node?.children.get(name);
    if (node === undefined) throw new FsError("ENOENT", "stat", { path });
    return node;
  }
}

function nodeOf(entry: MemoryEntry, mtimeNs: bigint, path: string): MemoryNode {
  if (typeof entry === "string" || entry instanceof Uint8Array) return fileNode({ content: entry }, mtimeNs, path);
  if ("entries" in entry) return directoryNode(entry, mtimeNs, path);
  if ("content" in entry) return fileNode(entry, mtimeNs, path);
  const facts = factsOf("symlink", byteLength(entry.target), 0o777, mtimeNs, path);
  return { facts, bytes: NO_BYTES, target: entry.target, children: new Map() };
}

function fileNode(file: MemoryFile, mtimeNs: bigint, path: string): MemoryNode {
  const bytes = typeof file.content === "string" ? new TextEncoder().encode(file.content) : file.content;
  const facts = factsOf("file", bytes.length, file.mode ?? 0o644, file.mtimeNs ?? mtimeNs, path);
  return { facts, bytes, target: "", children: new Map() };
}

function directoryNode(directory: MemoryDirectory, mtimeNs: bigint, path: string): MemoryNode {
  const children = new Map<string, MemoryNode>();
  for (const [name, entry] of Object.entries(directory.entries)) {
    if (!isEntryName(name)) throw new FsError("EINVAL", "memoryBase", { path: name });
    children.set(name, nodeOf(entry, mtimeNs, `${path}${name}/`));
  }
  const facts = factsOf("directory", 0, directory.mode ?? 0o755, directory.mtimeNs ?? mtimeNs, path);
  return { facts, bytes: NO_BYTES, target: "", children };
}

function factsOf(type: BaseFacts["type"], size: number, mode: number, mtimeNs: bigint, path: string): BaseFacts {
  return { type, size, mode, mtimeNs, links: 1, identity: path, version: "0" };
}
