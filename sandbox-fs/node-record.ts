// What an overlay knows of one changed node.
// It must not know the tree: whoever edits a record keeps its directory's entries in step.

import { Content } from "./content.ts";
import { compareNames } from "./names.ts";
import { BaseNode, type Inode } from "./snapshot.ts";
import { type Owner, SortedMap } from "./sorted-map.ts";

/** A name that a node has. */
export interface Place {
  readonly parent: Inode;
  readonly name: string;
}

const NOWHERE: readonly Place[] = [];

/** The changed state of a node. It may be written to by `owner` only; others take a `fork`. */
export class NodeRecord {
  readonly owner: Owner;
  readonly node: Inode;
  mode: number;
  atimeNs: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
  /** Its names; none when it is gone. A directory has one. */
  places: readonly Place[];
  /** True while the name that the base gives it is still its own. */
  inPlace: boolean;
  /** Of a directory: the names that the overlay put there. Those of the base come on top, unless their node moved or went. */
  entries: SortedMap<string, Inode> | null;
  /** Of a file: its content, once that differs from the base's. */
  content: Content | null;
  /** Of a symlink that the overlay made. */
  target: string | null;

  private constructor(owner: Owner, node: Inode, from: NodeRecord | null) {
    this.owner = owner;
    this.node = node;
    this.mode = from === null ? 0 : from.mode;
    this.atimeNs = from === null ? 0n : from.atimeNs;
    this.mtimeNs = from === null ? 0n : from.mtimeNs;
    this.ctimeNs = from === null ? 0n : from.ctimeNs;
    this.places = from === null ? NOWHERE : from.places;
    this.inPlace = from?.inPlace ?? false;
    this.content = from?.content ?? null;
    this.target = from === null ? null : from.target;
    this.entries = from === null || from.entries === null ? null : from.entries.fork(owner);
    if (from === null && node.type === "directory") this.entries = new SortedMap(compareNames, owner);
  }

  /** The record of a node that nobody has changed yet, or that is new and has no name yet. */
  static of(owner: Owner, node: Inode): NodeRecord {
    const record = new NodeRecord(owner, node, null);
    if (!(node instanceof BaseNode)) return record;
    record.mode = node.facts.mode;
    record.atimeNs = node.facts.mtimeNs;
    record.mtimeNs = node.facts.mtimeNs;
    record.ctimeNs = node.facts.mtimeNs;
    record.inPlace = true;
    if (node.parent !== null) record.places = [{ parent: node.parent, name: node.name }];
    return record;
  }

  fork(owner: Owner): NodeRecord {
    return new NodeRecord(owner, this.node, this);
  }

  /** Content that may be written to now. */
  writableContent(): Content {
    if (this.content === null) {
      const { node } = this;
      this.content = node instanceof BaseNode ? Content.over(this.owner, node) : Content.empty(this.owner);
    } else if (this.content.owner !== this.owner) {
      this.content = this.content.fork(this.owner);
    }
    return this.content;
  }

  addPlace(parent: Inode, name: string): void {
    this.places = [...this.places, { parent, name }];
    if (isOrigin(this.node, parent, name)) this.inPlace = true;
  }

  removePlace(parent: Inode, name: string): void {
    this.places = this.places.filter((place) => place.parent !== parent || place.name !== name);
    if (isOrigin(this.node, parent, name)) this.inPlace = false;
  }
}

/** True when this is the name that the base itself gives the node. */
export function isOrigin(node: Inode, parent: Inode, name: string): boolean {
  return node instanceof BaseNode && node.parent === parent && node.name === name;
}
