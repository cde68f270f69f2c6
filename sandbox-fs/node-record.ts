// What an overlay knows of one changed node.
// It must not know the tree: whoever edits a record keeps its directory's entries in step.

import { Content } from "./content.ts";
import { compareNames } from "./names.ts";
import { BaseNode, type Inode, namesOf } from "./snapshot.ts";
import { type Owner, SortedMap } from "./sorted-map.ts";

/** A name that a node has. */
export interface Place {
  readonly parent: Inode;
  readonly name: string;
}

const NOWHERE: readonly Place[] = [];
const NO_NAMES: readonly BaseNode[] = [];

/** The changed state of a node. It may be written to by `owner` only; others take a `fork`. */
export class NodeRecord {
  readonly owner: Owner;
  readonly node: Inode;
  mode: number;
  atimeNs: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
  /** The names that the overlay gave it, in places where the base has another one or none. */
  given: readonly Place[];
  /** The names of the base that it lost. */
  taken: readonly BaseNode[];
  /**
   * Of a file with several names in the base, once it is changed: the names that share the change, or had been taken by then.
   * All others keep what they had, whether or not they were met before. Null while nothing sets them apart.
   */
  sharers: readonly BaseNode[] | null;
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
    this.given = from === null ? NOWHERE : from.given;
    this.taken = from === null ? NO_NAMES : from.taken;
    this.sharers = from === null ? null : from.sharers;
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

  /** Its names; none when it is gone. A directory has one. */
  places(): readonly Place[] {
    if (!(this.node instanceof BaseNode)) return this.given;
    const own = this.ownNames().filter((name) => !this.taken.includes(name));
    return placesOf(own).concat(this.given);
  }

  /** The names of the base that are or were its own. */
  ownNames(): readonly BaseNode[] {
    if (!(this.node instanceof BaseNode)) return NO_NAMES;
    return this.sharers ?? namesOf(this.node);
  }

  addPlace(parent: Inode, name: string): void {
    const origin = this.originAt(parent, name);
    if (origin === null) this.given = [...this.given, { parent, name }];
    else this.taken = this.taken.filter((each) => each !== origin);
  }

  removePlace(parent: Inode, name: string): void {
    const origin = this.originAt(parent, name);
    if (origin === null) this.given = this.given.filter((place) => place.parent !== parent || place.name !== name);
    else this.taken = [...this.taken, origin];
  }

  /** The name of the base that is or was its own there; null when there is none. */
  originAt(parent: Inode, name: string): BaseNode | null {
    return this.ownNames().find((each) => each.parent === parent && each.name === name) ?? null;
  }
}

/** Where names of the base are. */
export function placesOf(names: readonly BaseNode[]): Place[] {
  return names.flatMap(({ parent, name }) => (parent === null ? [] : [{ parent, name }]));
}
