// The facts of a host's files, from node:fs.
// It must not open or change anything.

import type { BigIntStats } from "node:fs";
import type { HostFacts } from "../commit/host-fs.ts";
import type { FileType } from "../types.ts";

const TYPE_BITS = 0o170000n;
const TYPES: ReadonlyMap<bigint, FileType> = new Map([
  [0o100000n, "file"],
  [0o040000n, "directory"],
  [0o120000n, "symlink"],
]);

/**
 * Identity is device and inode; the version changes with the change time, which nobody can set back. Both are put into
 * words when they are asked for: most entries are looked at and never changed.
 */
export class NodeFacts implements HostFacts {
  readonly type: FileType;
  readonly size: number;
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly atimeNs: bigint;
  readonly links: number;
  readonly #dev: bigint;
  readonly #ino: bigint;
  readonly #ctimeNs: bigint;

  constructor(stats: BigIntStats) {
    this.type = TYPES.get(stats.mode & TYPE_BITS) ?? "other";
    this.size = Number(stats.size);
    this.mode = this.type === "symlink" ? 0o777 : Number(stats.mode) & 0o7777;
    this.mtimeNs = stats.mtimeNs;
    this.atimeNs = stats.atimeNs;
    this.links = Number(stats.nlink);
    this.#dev = stats.dev;
    this.#ino = stats.ino;
    this.#ctimeNs = stats.ctimeNs;
  }

  get identity(): string {
    return `${this.#dev}:${this.#ino}`;
  }

  get version(): string {
    return `${this.#ctimeNs}:${this.size}`;
  }

  get device(): string {
    return String(this.#dev);
  }

  get inode(): string {
    return String(this.#ino);
  }

  /** True when `stats` are of the same object, whatever else of it has changed. */
  isSame({ dev, ino }: BigIntStats): boolean {
    return this.#ino === ino && this.#dev === dev;
  }
}

/** True when `facts`, of whichever origin, and `stats` are of the same object. */
export function isSameObject(facts: { readonly identity: string }, stats: BigIntStats): boolean {
  return facts instanceof NodeFacts ? facts.isSame(stats) : facts.identity === `${stats.dev}:${stats.ino}`;
}
