// What changed between two moments of a tree, node by node: the source of diffs, exports and commits.
// It must not render anything.

import { pathOf } from "../ancestry.ts";
import type { NodeRecord, Place } from "../node-record.ts";
import { BaseNode, type Inode } from "../snapshot.ts";
import type { Tree, TreeState } from "../tree.ts";
import { FileView, ifReadable } from "./node-content.ts";

/** One node that is not what it was. */
export interface NodeChange {
  readonly node: Inode;
  readonly before: NodeRecord | undefined;
  readonly after: NodeRecord | undefined;
  /** Names that it lost and gained, as paths of the moment before and of the moment after. */
  readonly lost: readonly string[];
  readonly gained: readonly string[];
  /** Names that it kept, as paths of the moment after. */
  readonly kept: readonly string[];
  readonly contentChanged: boolean;
  readonly modeChanged: boolean;
  readonly timesChanged: boolean;
}

/** Two moments of one tree. */
export class Comparison {
  readonly before: Tree;
  readonly after: Tree;
  readonly #state: TreeState;

  constructor(before: Tree, after: Tree) {
    this.before = before;
    this.after = after;
    this.#state = before.freeze();
  }

  *changes(): Iterable<NodeChange> {
    for (const { before, after } of this.after.changedSince(this.#state)) {
      const node = (after ?? before)?.node;
      if (node === undefined) continue;
      const change = this.#compare(node, before, after);
      if (change !== null) yield change;
    }
  }

  fileBefore(node: Inode): FileView {
    return new FileView(this.before, node, this.before.recordOf(node));
  }

  fileAfter(node: Inode): FileView {
    return new FileView(this.after, node, this.after.recordOf(node));
  }

  #compare(node: Inode, before: NodeRecord | undefined, after: NodeRecord | undefined): NodeChange | null {
    const old = this.before.places(node).filter((place) => !this.#isSetApart(node, place));
    const now = this.after.places(node);
    if (old.length === 0 && now.length === 0 && node !== this.after.root) return null;
    const previous = metadataOf(this.before, node);
    const current = metadataOf(this.after, node);
    return {
      node,
      before,
      after,
      lost: old.filter((place) => !hasPlace(now, place)).map((place) => pathOf(this.before, place)),
      gained: now.filter((place) => !hasPlace(old, place)).map((place) => pathOf(this.after, place)),
      kept: now.filter((place) => hasPlace(old, place)).map((place) => pathOf(this.after, place)),
      contentChanged: node.type === "file" && now.length > 0 && this.#contentDiffers(node),
      modeChanged: previous.mode !== current.mode,
      timesChanged: previous.mtimeNs !== current.mtimeNs || previous.atimeNs !== current.atimeNs,
    };
  }

  /** True for a name that now stands for a file of its own: it is none that the node lost. */
  #isSetApart(node: Inode, { parent, name }: Place): boolean {
    if (!(node instanceof BaseNode) || node.names === null) return false;
    const found = node.names.find((each) => each.parent === parent && each.name === name);
    return found !== undefined && this.after.isSetApart(found);
  }

  #contentDiffers(node: Inode): boolean {
    return ifReadable(() => this.fileAfter(node).equals(this.fileBefore(node))) !== true;
  }
}

function hasPlace(places: readonly Place[], { parent, name }: Place): boolean {
  return places.some((place) => place.parent === parent && place.name === name);
}

function metadataOf(tree: Tree, node: Inode): { mode: number; mtimeNs: bigint; atimeNs: bigint } {
  return tree.recordOf(node) ?? tree.pristine(node);
}
