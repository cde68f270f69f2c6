// What must hold of a path before a filesystem is asked about it. The rest is the filesystem's own to check.

/** Throws an error code for a path that is no Unicode text: guests with UTF-16 strings can hand over half a character. */
export function requireUnicode(path: string): void {
  if (!path.isWellFormed()) throw "illegal-byte-sequence";
}
