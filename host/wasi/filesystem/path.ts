// What can be said of a path without looking at any file.

/** Linux's PATH_MAX, with its terminating NUL. No path may have as many UTF-16 units, which are never more than its bytes. */
const PATH_MAX = 4096;

/** Throws an error code for a path that no filesystem is asked about: too long, not Unicode, with a NUL. */
export function checkPath(path: string): void {
  if (path.length >= PATH_MAX) throw "name-too-long";
  if (path.includes("\0")) throw "invalid";
  if (!path.isWellFormed()) throw "illegal-byte-sequence";
}
