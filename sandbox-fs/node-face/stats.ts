// What node:fs says of files, from what we say.
// It must not look anything up.

import type { DirectoryEntry, FileType, Stats } from "../types.ts";

const TYPE_BITS: Readonly<Record<FileType, number>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  other: 0o010000,
};

const BLOCK_BYTES = 4096;

/** The type of something, asked as node:fs has it asked. */
class Typed {
  readonly #type: FileType;

  constructor(type: FileType) {
    this.#type = type;
  }

  isFile(): boolean {
    return this.#type === "file";
  }

  isDirectory(): boolean {
    return this.#type === "directory";
  }

  isSymbolicLink(): boolean {
    return this.#type === "symlink";
  }

  isFIFO(): boolean {
    return this.#type === "other";
  }

  isSocket(): boolean {
    return false;
  }

  isBlockDevice(): boolean {
    return false;
  }

  isCharacterDevice(): boolean {
    return false;
  }
}

/** As `fs.Stats`. Numbers of users, groups and devices are 0. */
export class NodeStats extends Typed {
  readonly dev = 0;
  readonly uid = 0;
  readonly gid = 0;
  readonly rdev = 0;
  readonly blksize: number = BLOCK_BYTES;
  readonly ino: number;
  readonly mode: number;
  readonly nlink: number;
  readonly size: number;
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  readonly atime: Date;
  readonly mtime: Date;
  readonly ctime: Date;
  readonly birthtime: Date;

  constructor(stats: Stats) {
    super(stats.type);
    this.ino = Number(BigInt.asUintN(53, stats.inode));
    this.mode = TYPE_BITS[stats.type] | stats.mode;
    this.nlink = stats.links;
    this.size = Number(stats.size);
    this.blocks = Math.ceil(this.size / 512);
    this.atimeMs = milliseconds(stats.atimeNs);
    this.mtimeMs = milliseconds(stats.mtimeNs);
    this.ctimeMs = milliseconds(stats.ctimeNs);
    this.birthtimeMs = this.ctimeMs;
    this.atime = new Date(this.atimeMs);
    this.mtime = new Date(this.mtimeMs);
    this.ctime = new Date(this.ctimeMs);
    this.birthtime = new Date(this.birthtimeMs);
  }
}

/** As `fs.Dirent`. */
export class NodeDirent extends Typed {
  readonly name: string;
  readonly parentPath: string;

  constructor(entry: DirectoryEntry, parentPath: string) {
    super(entry.type);
    this.name = entry.name;
    this.parentPath = parentPath;
  }
}

function milliseconds(ns: bigint): number {
  return Number(ns / 1_000_000n) + Number(ns % 1_000_000n) / 1e6;
}
