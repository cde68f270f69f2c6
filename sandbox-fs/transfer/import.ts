// Puts the changes of an export onto a tree. They may come from an enemy: everything that the tree relies on is checked.
// It must not know how the bytes are written.

import { Cursor } from "../access.ts";
import { depthOf } from "../ancestry.ts";
import type { Observation } from "../changeset.ts";
import { Comparison } from "../diff/changes.ts";
import { FsError } from "../errors.ts";
import { type NodeRecord, placesOf } from "../node-record.ts";
import { BaseNode, type Inode, namesOf } from "../snapshot.ts";
import { heldBy, Tree } from "../tree.ts";
import type { Rule } from "../types.ts";
import { refOf } from "./export.ts";
import { decode, type Exported, type ExportedNode, type ExportedRead, malformed, type NodeRef } from "./format.ts";
import { checkRules } from "./rules.ts";

/** All or nothing. EINVAL, ESTALE, EPERM as `Overlay.apply` says; EDQUOT, ENOSPC, EFBIG, EMLINK with the limit. */
export function applyChanges(tree: Tree, bytes: Uint8Array, rules: readonly Rule[] | undefined): void {
  const exported = decode(bytes);
  const state = tree.freeze();
  try {
    new Import(tree, exported).run();
    if (rules === undefined) return;
    const before = new Tree(tree.snapshot, tree.clock, tree.quota, state);
    checkRules(new Comparison(before, tree), Cursor.of(rules, Cursor.all));
  } catch (thrown) {
    tree.restore(state);
    throw thrown;
  }
}

class Import {
  readonly #tree: Tree;
  readonly #exported: Exported;
  readonly #nodes = new Map<NodeRef, Inode>();

  constructor(tree: Tree, exported: Exported) {
    this.#tree = tree;
    this.#exported = exported;
    for (const { node } of tree.records()) if (!(node instanceof BaseNode)) this.#nodes.set(refOf(node), node);
  }

  run(): void {
    const { from, to } = this.#exported;
    if (from !== this.#tree.created) throw malformed("made over other changes than these");
    this.#tree.created = to;
    const sharedFirst = [...this.#exported.nodes].sort((a, b) => Number(isShared(b)) - Number(isShared(a)));
    const admitted = new Map(sharedFirst.map((node) => [node, this.#admit(node)]));
    const listed = this.#exported.nodes.map((node) => [node, admitted.get(node) as Inode] as const);
    if (new Set(listed.map(([, node]) => node)).size !== listed.length) throw malformed("a node comes twice");
    let block = 0;
    for (const [exported, node] of listed) block = this.#fill(exported, node, block);
    for (const [exported, node] of listed) this.#unplace(exported, node);
    for (const [exported, node] of listed) this.#place(exported, node);
    for (const [, node] of listed) this.#check(node);
    for (const [, node] of listed) this.#tree.collect(node);
    this.#tree.snapshot.observe(this.#exported.reads.map(observationOf), this.#tree.quota.reads);
  }

  /** The node that an exported one stands for; new ones are made. */
  #admit(exported: ExportedNode): Inode {
    const node = this.#find(exported.ref) ?? this.#adopt(exported);
    if (node.type !== exported.type || (node.type === "other" && !(node instanceof BaseNode)))
      throw malformed("the type is another one");
    if (node instanceof BaseNode) {
      this.#tree.snapshot.remember(node);
      checkFacts(node, exported);
    }
    if (!(node instanceof BaseNode) && exported.facts !== undefined) throw malformed("facts of a new node");
    if (exported.sharers !== undefined) this.#setApart(node, exported.sharers);
    const isName = node instanceof BaseNode && node.shared !== null;
    if (isName && !this.#tree.isSetApart(node)) throw malformed("a name that is not set apart");
    return node;
  }

  /** A change that is shared stays with those who shared it first. */
  #setApart(node: Inode, paths: readonly string[]): void {
    if (!(node instanceof BaseNode) || node.names === null) throw malformed("sharers of a file with one name");
    const sharers = paths.map((path) => this.#nameOf(node, path));
    if (new Set(sharers).size !== sharers.length) throw malformed("a sharer comes twice");
    this.#tree.setApart(node, sharers, "apply");
    const own = this.#tree.recordOf(node)?.ownNames() ?? [];
    if (sharers.some((name) => !own.includes(name))) throw malformed("a sharer that is set apart");
  }

  #adopt({ ref, type }: ExportedNode): Inode {
    const number = Number(ref.slice(2));
    const { from, to } = this.#exported;
    if (number < from || number >= to) throw malformed("a new node is numbered as an old one");
    const { node } = this.#tree.adopt(type, number);
    this.#nodes.set(ref, node);
    return node;
  }

  /** ESTALE when the base has no such node. Null for a new node that is not known yet. */
  #find(ref: NodeRef): Inode | null {
    const known = this.#nodes.get(ref);
    if (known !== undefined) return known;
    if (ref.startsWith("n:")) return null;
    const name = this.#meet(ref.slice(2));
    const node = ref.startsWith("s:") ? name.shared : name;
    if (node === null) throw new FsError("ESTALE", "apply", { path: name.path });
    this.#nodes.set(ref, node);
    return node;
  }

  /** A name of the base. ESTALE when the base has none such. */
  #meet(path: string): BaseNode {
    let name: BaseNode = this.#tree.root;
    for (const each of path === "" ? [] : path.split("/")) {
      const child = name.type === "directory" ? this.#tree.snapshot.child(name, each) : null;
      if (child === null) throw new FsError("ESTALE", "apply", { path });
      name = child;
    }
    return name;
  }

  /** One of the names that the base gives a node. */
  #nameOf(node: Inode, path: string): BaseNode {
    const name = this.#meet(path);
    if (node instanceof BaseNode && namesOf(node).includes(name)) return name;
    throw malformed("a name of another node");
  }

  #fill(exported: ExportedNode, node: Inode, firstBlock: number): number {
    const record = this.#tree.edit(node, "apply");
    const before = { ...record };
    const [access, modification, change] = exported.times;
    record.mode = exported.mode;
    record.atimeNs = BigInt(access);
    record.mtimeNs = BigInt(modification);
    record.ctimeNs = BigInt(change);
    const isChanged = exported.content !== undefined || !hasSameMetadata(before, record);
    if (node instanceof BaseNode && node.names !== null && record.sharers === null && isChanged)
      throw malformed("a change that nobody shares");
    if (
      (exported.content !== undefined && node.type !== "file") ||
      (exported.target !== undefined && node.type !== "symlink")
    ) {
      throw malformed("content of another type");
    }
    const held = heldBy(record);
    const isNewLink = node.type === "symlink" && !(node instanceof BaseNode);
    if (isNewLink && record.target === null && exported.target === undefined)
      throw malformed("a symlink without a target");
    if (exported.target !== undefined && !isNewLink) throw malformed("a target of the base");
    if (exported.target !== undefined) record.target = exported.target;
    const next = this.#fillContent(exported, record, firstBlock);
    this.#tree.account(heldBy(record) - held, "apply");
    return next;
  }

  #fillContent({ content }: ExportedNode, record: NodeRecord, firstBlock: number): number {
    if (content === undefined) return firstBlock;
    const { node } = record;
    if (content.size > this.#tree.quota.fileBytes) throw new FsError("EFBIG", "apply", { limit: "fileBytes" });
    const now = record.writableContent();
    if (content.baseLength > (now.base?.length ?? 0)) throw malformed("more of the base than there is");
    if (!(node instanceof BaseNode) && content.baseLength > 0) throw malformed("a new node has no base");
    now.truncate(content.size, this.#tree.snapshot.read);
    now.reshape(content.size, content.baseLength);
    let block = firstBlock;
    for (const [index, length] of content.blocks) {
      const bytes = length < 0 ? undefined : this.#exported.blocks[block]?.slice();
      if (length >= 0) block += 1;
      now.replaceBlock(index, bytes);
    }
    return block;
  }

  /** Takes the names from a node that it is not to keep. */
  #unplace({ given, taken }: ExportedNode, node: Inode): void {
    const names = taken.map((path) => this.#nameOf(node, path));
    if (new Set(names).size !== names.length) throw malformed("a name is taken twice");
    const kept = new Set(given.map(([ref, name]) => this.#placeKey(ref, name)));
    if (kept.size !== given.length) throw malformed("a place comes twice");
    const record = this.#tree.recordOf(node);
    const losing = placesOf(names.filter((name) => record?.taken.includes(name) !== true));
    const leaving = record?.given.filter(({ parent, name }) => !kept.has(`${parent.id}/${name}`)) ?? [];
    for (const { parent, name } of losing.concat(leaving)) {
      if (this.#tree.child(parent, name) !== node) throw malformed("a name of another node");
      this.#tree.unplace(parent, name, node, "apply");
    }
  }

  #place({ given, taken }: ExportedNode, node: Inode): void {
    if (node === this.#tree.root && given.length > 0) throw malformed("the root has no name");
    const before = this.#tree.recordOf(node)?.taken ?? [];
    for (const name of before.filter(({ path }) => !taken.includes(path))) {
      if (name.parent !== null) this.#give(name.parent, name.name, node);
    }
    for (const [ref, name] of given) {
      const parent = this.#find(ref);
      if (parent === null || parent.type !== "directory") throw malformed("a place in nothing");
      const isThere = this.#tree.recordOf(node)?.given.some((place) => place.parent === parent && place.name === name);
      if (isThere !== true) this.#give(parent, name, node);
    }
    const limit = node.type === "directory" ? 1 : this.#tree.quota.links;
    if (this.#tree.places(node).length > limit) throw new FsError("EMLINK", "apply", { limit: "links" });
  }

  #give(parent: Inode, name: string, node: Inode): void {
    if (this.#tree.child(parent, name) !== null) throw malformed("a place is taken");
    this.#tree.place(parent, name, node, "apply");
  }

  #placeKey(ref: NodeRef, name: string): string {
    const parent = this.#find(ref);
    if (parent === null) throw malformed("a place in nothing");
    return `${parent.id}/${name}`;
  }

  /** What must hold of a tree: every place leads up to the root, not too deep; a directory that is gone holds nothing. */
  #check(node: Inode): void {
    const tree = this.#tree;
    if (node === tree.root) return;
    const places = tree.places(node);
    if (places.length === 0 && node.type === "directory" && !tree.isEmpty(node))
      throw malformed("a directory went with entries");
    for (const { parent } of places) {
      if (depthOf(tree, parent, tree.quota.depth) === null)
        throw malformed("a place does not lead to the root, or is too deep");
    }
  }
}

type Metadata = Pick<NodeRecord, "mode" | "atimeNs" | "mtimeNs">;

function hasSameMetadata(a: Metadata, b: Metadata): boolean {
  return a.mode === b.mode && a.atimeNs === b.atimeNs && a.mtimeNs === b.mtimeNs;
}

/** Of such a file, one must know who shares it before any of its names can stand for itself. */
function isShared({ ref }: ExportedNode): boolean {
  return ref.startsWith("s:");
}

/** ESTALE unless the exporter saw what we see. A directory may have got other entries since. */
function checkFacts(node: BaseNode, { facts }: ExportedNode): void {
  if (facts === undefined) throw malformed("facts are missing");
  const isSame = facts.identity === node.facts.identity && facts.mode === node.facts.mode;
  const isUnchanged =
    facts.version === node.facts.version &&
    facts.size === node.facts.size &&
    facts.digest === (node.digest ?? undefined);
  if (!isSame || (node.type !== "directory" && !isUnchanged)) throw new FsError("ESTALE", "apply", { path: node.path });
}

function observationOf({ kind, path, facts, names = [], hidden = 0 }: ExportedRead): Observation {
  const { digest = null, ...rest } = facts;
  const entry = { path, facts: { ...rest, mtimeNs: BigInt(facts.mtimeNs) }, digest };
  if (kind === "absent") return { kind, directory: entry, name: names[0] ?? "" };
  return kind === "names" ? { kind, entry, names, hidden } : { kind, entry };
}
