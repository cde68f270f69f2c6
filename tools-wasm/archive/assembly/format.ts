// The formats of archives, and how much may be in one.
// Knows nothing of how they are read or written.

import { Format } from "./bindings/archive";

/** The most bytes that an archive may have. */
export const MAX_ARCHIVE: u64 = 8 * 1024 * 1024;
/** The most bytes that the files in it may have together. */
export const MAX_BYTES: u64 = 24 * 1024 * 1024;
export const MAX_ENTRIES: u32 = 20_000;

/** No case of WIT's `format`. */
export const UNKNOWN: i32 = -1;

/** The case of WIT's `format` that the name of an archive tells, or `UNKNOWN`. */
export function formatOf(path: string): i32 {
  if (path.endsWith(".tar.gz") || path.endsWith(".tgz")) return Format.TarGz;
  if (path.endsWith(".tar")) return Format.Tar;
  return path.endsWith(".zip") ? Format.Zip : UNKNOWN;
}
