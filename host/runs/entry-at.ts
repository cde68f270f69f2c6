// What is at a path by its names alone: no symlink is followed, on the way neither.

import { type FileSystem, FsError, type Stats } from "../../sandbox-fs/portable.ts";

/** The entry at a path, or null when there is none, or a part of the path is no directory. Errors: FsError for what cannot be read. */
export function entryAt(files: FileSystem, path: string): Stats | null {
  const names = path.split("/");
  for (let length = 1; length < names.length; length++) {
    if (statOf(files, names.slice(0, length).join("/"))?.type !== "directory") return null;
  }
  return statOf(files, path);
}

function statOf(files: FileSystem, path: string): Stats | null {
  try {
    return files.statAt(files.root, path, { follow: false });
  } catch (error) {
    if (error instanceof FsError && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  }
}
