// Puts the changes of an export onto a tree. They may come from an enemy: everything that the tree relies on is checked.
// It must not know how the bytes are written.

import { Cursor } from "../access.ts";
import { depthOf } from "../ancestry.ts";
import { Comparison } from "../diff/changes.ts";
import { FsError } from "../errors.ts";
import type { NodeRecord } from "../node-record.ts";
import { BaseNode, type Inode } from "../snapshot.ts";
import { heldBy, Tree } from "../tree.ts";
import type { Rule } from "../types.ts";
import { refOf } from "./export.ts";
import { decode, type Exported, type ExportedNode, malformed, type NodeRef } from "./format.ts";
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
    const listed = this.#exported.nodes.map((node): [ExportedNode, Inode] => [node, this.#admit(node)]);
    if (new Set(listed.map(([, node]) => node)).size !== listed.length) throw malformed("a node comes twice");
    let block = 0;
    for (const [exported, node] of listed) block = this.#fill(exported, node, block);
    for (const [exported, node] of listed) this.#unplace(exported, node);
    for (const [exported, node] of listed) this.#place(exported, node);
    for (const [, node] of listed) this.#check(node);
    for (const [, node] of listed) this.#tree.collect(node);
  }

  /** The node that an exported one stands for; new ones are made. */
  #admit(exported: ExportedNode): Inode {
    const known = this.#find(exported.ref);
    const node = known ?? this.#adopt(exported);
    if (node.type !== exported.type || (node.type === "other" && !(node instanceof BaseNode)))
      throw malformed("the type is another one");
    if (node instanceof BaseNode) checkFacts(node, exported);
    else if (exported.facts !== undefined) throw malformed("facts of a new node");
    return node;
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
    let node: BaseNode = this.#tree.root;
    for (const name of ref === "b:" ? [] : ref.slice(2).split("/")) {
      const child = node.type === "directory" ? this.#tree.snapshot.child(node, name) : null;
      if (child === null) throw new FsError("ESTALE", "apply", { path: ref.slice(2) });
      node = child;
    }
    this.#nodes.set(ref, node);
    return node;
  }

  #fill(exported: ExportedNode, node: Inode, firstBlock: number): number {
    const record = this.#tree.edit(node, "apply");
    const [access, modification, change] = exported.times;
    record.mode = exported.mode;
    record.atimeNs = BigInt(access);
    record.mtimeNs = BigInt(modification);
    record.ctimeNs = BigInt(change);
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
  #unplace({ places }: ExportedNode, node: Inode): void {
    for (const { parent, name } of this.#tree.places(node)) {
      const isKept = places.some(([ref, other]) => other === name && this.#find(ref) === parent);
      if (!isKept) this.#tree.unplace(parent, name, node, "apply");
    }
  }

  #place({ places }: ExportedNode, node: Inode): void {
    const limit = node.type === "directory" ? 1 : this.#tree.quota.links;
    if (places.length > limit) throw new FsError("EMLINK", "apply", { limit: "links" });
    if (node === this.#tree.root && places.length > 0) throw malformed("the root has no name");
    const names = new Set(places.map(([ref, name]) => `${ref}/${name}`));
    if (names.size !== places.length) throw malformed("a place comes twice");
    for (const [ref, name] of places) {
      const parent = this.#find(ref);
      if (parent === null || parent.type !== "directory") throw malformed("a place in nothing");
      const there = this.#tree.child(parent, name);
      if (there === node) continue;
      if (there !== null) throw malformed("a place is taken");
      this.#tree.place(parent, name, node, "apply");
    }
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

/** ESTALE unless the exporter saw what we see. A directory may have got other entries since. */
function checkFacts(node: BaseNode, { facts }: ExportedNode): void {
  if (facts === undefined) throw malformed("facts are missing");
  const isSame = facts.identity === node.facts.identity && facts.mode === node.facts.mode;
  const isUnchanged = facts.version === node.facts.version && facts.size === node.facts.size;
  if (!isSame || (node.type !== "directory" && !isUnchanged)) throw new FsError("ESTALE", "apply", { path: node.path });
}
