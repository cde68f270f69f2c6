// Whether a commit that was interrupted took place, read from the files: it is all or nothing, so that each change tells of all.
// It must not change anything.

import type { FileSystem, Hash } from "../../sandbox-fs/portable.ts";
import type { CommittedChange } from "../journal/entries.ts";
import { entryAt } from "./entry-at.ts";

/** `unclear` when the files are neither as before nor as after: somebody changed them since. `silent` when no change can tell. */
export type Applied = "yes" | "no" | "unclear" | "silent";

/** Looks for what a commit was to change. Errors: FsError for files that cannot be read. */
export function isApplied(files: FileSystem, changes: readonly CommittedChange[], sha256: () => Hash): Applied {
  const votes = new Set(changes.map((change) => vote(files, change, sha256)));
  votes.delete("silent");
  const [first = "silent", ...others] = votes;
  return others.length === 0 ? first : "unclear";
}

function vote(files: FileSystem, change: CommittedChange, sha256: () => Hash): Applied {
  const there = typeAt(files, change.path);
  switch (change.kind) {
    case "metadata":
      return "silent";
    case "deleted":
      return there === null ? "yes" : "no";
    case "renamed":
      return renamed(files, change, there);
    case "added":
      if (there === null) return "no";
      return there === change.type && hasContent(files, change, sha256) ? "yes" : "unclear";
    case "modified":
      if (there !== change.type) return "unclear";
      return change.digest === undefined ? "silent" : hasContent(files, change, sha256) ? "yes" : "no";
  }
}

/** Where names change places, both are there before and after. */
function renamed(files: FileSystem, { from }: CommittedChange, there: string | null): Applied {
  const left = from === undefined ? null : typeAt(files, from);
  if (left === null) return there === null ? "unclear" : "yes";
  return there === null ? "no" : "silent";
}

function typeAt(files: FileSystem, path: string): string | null {
  return entryAt(files, path)?.type ?? null;
}

function hasContent(files: FileSystem, { path, type, digest }: CommittedChange, sha256: () => Hash): boolean {
  if (type !== "file" || digest === undefined) return true;
  const handle = files.open(files.root, path, { follow: false });
  try {
    const hash = sha256();
    const buffer = new Uint8Array(64 * 1024);
    for (let at = 0n; ; ) {
      const count = files.read(handle, buffer, at);
      if (count === 0) break;
      hash.update(buffer.slice(0, count));
      at += BigInt(count);
    }
    return `sha256:${hash.digest("hex")}` === digest;
  } finally {
    files.close(handle);
  }
}
