// What the operations of one view work on: the tree, the rights at its root, and the open handles.
// It must not know the operations.

import { Cursor } from "./access.ts";
import { FsError } from "./errors.ts";
import type { Inode } from "./snapshot.ts";
import type { Tree } from "./tree.ts";
import type { FileType, Handle } from "./types.ts";

/** A handle of ours: a node, and what may be done through it. */
export class OpenNode implements Handle {
  readonly context: Context;
  readonly node: Inode;
  readonly cursor: Cursor;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  isOpen = true;

  constructor(context: Context, node: Inode, cursor: Cursor, canRead: boolean, canWrite: boolean) {
    this.context = context;
    this.node = node;
    this.cursor = cursor;
    this.canRead = canRead;
    this.canWrite = canWrite;
  }

  get type(): FileType {
    return this.node.type;
  }
}

/** Counts handles for all views of one overlay. */
export interface HandleCount {
  open: number;
}

export class Context {
  readonly tree: Tree;
  readonly root: OpenNode;
  readonly handles: HandleCount;
  #ended: string | null = null;
  readonly #outer: Context | null;

  constructor(tree: Tree, cursor: Cursor = Cursor.all, outer: Context | null = null) {
    this.tree = tree;
    this.handles = outer?.handles ?? { open: 0 };
    this.root = new OpenNode(this, tree.root, cursor, true, false);
    this.#outer = outer;
  }

  /** From now on every call fails with EBADF. */
  end(why: string): void {
    this.#ended ??= why;
  }

  get ended(): string | null {
    return this.#ended ?? this.#outer?.ended ?? null;
  }

  /** EMFILE with limit "descriptors" when there are too many. */
  open(node: Inode, cursor: Cursor, canRead: boolean, canWrite: boolean): OpenNode {
    if (this.handles.open >= this.tree.quota.descriptors) throw new FsError("EMFILE", "open", { limit: "descriptors" });
    this.handles.open += 1;
    this.tree.use(node, 1);
    return new OpenNode(this, node, cursor, canRead, canWrite);
  }

  close(node: OpenNode): void {
    if (node === this.root) return;
    node.isOpen = false;
    this.handles.open -= 1;
    this.tree.use(node.node, -1);
  }

  /** The handle as ours. EBADF when it is closed, of another filesystem, or everything has ended. */
  handle(handle: Handle, syscall: string): OpenNode {
    const { ended } = this;
    if (ended !== null) throw new FsError("EBADF", syscall, { detail: ended });
    if (!(handle instanceof OpenNode) || handle.context !== this || !handle.isOpen) throw new FsError("EBADF", syscall);
    return handle;
  }

  /** The handle, when its node is still there. ESTALE when that was rolled back. */
  node(handle: Handle, syscall: string): OpenNode {
    const open = this.handle(handle, syscall);
    if (!this.tree.knows(open.node)) throw new FsError("ESTALE", syscall, { detail: "rolled back" });
    return open;
  }

  /** The handle as a directory. ENOTDIR when it is none. */
  directory(handle: Handle, syscall: string, path?: string): OpenNode {
    const node = this.node(handle, syscall);
    if (node.type !== "directory") throw new FsError("ENOTDIR", syscall, { path });
    return node;
  }
}
