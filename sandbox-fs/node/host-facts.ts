// The facts of a host's files, from node:fs.
// It must not open or change anything.

import type { BigIntStats } from "node:fs";
import type { BaseFacts } from "../base.ts";
import type { FileType } from "../types.ts";

/** Identity is device and inode; the version changes with the change time, which nobody can set back. */
export function factsOf(stats: BigIntStats): BaseFacts {
  const type = typeOf(stats);
  return {
    type,
    size: Number(stats.size),
    mode: type === "symlink" ? 0o777 : Number(stats.mode) & 0o7777,
    mtimeNs: stats.mtimeNs,
    links: Number(stats.nlink),
    identity: identityOf(stats),
    version: `${stats.ctimeNs}:${stats.size}`,
  };
}

export function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function typeOf(stats: BigIntStats): FileType {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : "other";
}
