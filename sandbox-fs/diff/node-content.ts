// The content of a node at one moment, in pieces and compared with that of another moment.
// It must not know names.

import { BLOCK_BYTES, type Content } from "../content.ts";
import { FsError } from "../errors.ts";
import type { NodeRecord } from "../node-record.ts";
import { sha256 } from "../sha256.ts";
import { BaseNode, type Inode } from "../snapshot.ts";
import type { Tree } from "../tree.ts";

const CHUNK_BYTES = 256 * 1024;
const COMPARED_BYTES = 64 * 1024 * 1024;

/** What `read` gives, or undefined when the base has changed underneath and cannot be read any more. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof FsError && thrown.code === "ESTALE") return undefined;
    throw thrown;
  }
}

/** A file as it is in one tree. */
export class FileView {
  readonly #tree: Tree;
  readonly #base: BaseNode | null;
  readonly content: Content | null;

  constructor(tree: Tree, node: Inode, record: NodeRecord | undefined) {
    this.#tree = tree;
    this.#base = node instanceof BaseNode ? node : null;
    this.content = record?.content ?? null;
  }

  get size(): number {
    return this.content?.size ?? this.#base?.facts.size ?? 0;
  }

  /** Fills `buffer` from `position` as far as the file goes. */
  read(buffer: Uint8Array, position: number): number {
    const { snapshot } = this.#tree;
    if (this.content !== null) return this.content.read(buffer, position, snapshot.read);
    const length = Math.max(0, Math.min(buffer.length, this.size - position));
    if (this.#base !== null && length > 0) snapshot.read(this.#base, buffer, 0, length, position);
    return length;
  }

  /** All of it; only for files that are known to be small. */
  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.size);
    this.read(bytes, 0);
    return bytes;
  }

  /** `sha256:` and hex. */
  digest(): string {
    const hash = this.#tree.snapshot.base.hash?.() ?? sha256();
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, this.size));
    for (let at = 0; at < this.size; at += buffer.length) hash.update(buffer.subarray(0, this.read(buffer, at)));
    return `sha256:${hash.digest("hex")}`;
  }

  /** True when both hold the same bytes. Only what can differ is compared, and not more than 64 MiB of that. */
  equals(before: FileView): boolean {
    if (this.content === before.content) return true;
    if (this.content === null || this.size !== before.size) return false;
    const [low, high] = [this.#baseLength, before.#baseLength].sort((a, b) => a - b) as [number, number];
    if (high - low > COMPARED_BYTES) return false;
    const differing = new Set([...this.content.blocksSince(before.content)].map(({ index }) => index));
    for (let at = low; at < high; at += BLOCK_BYTES) differing.add(Math.floor(at / BLOCK_BYTES));
    if (high > low) differing.add(Math.floor((high - 1) / BLOCK_BYTES));
    const a = new Uint8Array(Math.min(BLOCK_BYTES, this.size));
    const b = new Uint8Array(a.length);
    for (const index of differing) {
      const count = this.read(a, index * BLOCK_BYTES);
      before.read(b, index * BLOCK_BYTES);
      for (let i = 0; i < count; i += 1) if (a[i] !== b[i]) return false;
    }
    return true;
  }

  /** How much of the base shows through: after a cut, what lies beyond is zeros. */
  get #baseLength(): number {
    return this.content === null ? this.size : (this.content.base?.length ?? 0);
  }
}
