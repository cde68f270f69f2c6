// The formats of archives, and how much may be in one.
// Knows nothing of how they are read or written.

/** The most bytes that an archive may have. */
export const MAX_ARCHIVE: u64 = 8 * 1024 * 1024;
/** The most bytes that the files in it may have together. */
export const MAX_BYTES: u64 = 24 * 1024 * 1024;
export const MAX_ENTRIES: u32 = 20_000;

/** The cases of WIT's `format`, in its order, and that none was given. */
export const enum Format {
  TarGz,
  Tar,
  Zip,
  Unknown,
}

/** The format that was given, or that the name of the archive tells. */
export function formatOf(path: string, given: Format): Format {
  if (given != Format.Unknown) return given;
  if (path.endsWith(".tar.gz") || path.endsWith(".tgz")) return Format.TarGz;
  if (path.endsWith(".tar")) return Format.Tar;
  return path.endsWith(".zip") ? Format.Zip : Format.Unknown;
}
