// The entries of an archive, checked for where they lead before any of them is written.
// Knows nothing of formats.

import { ArchiveError } from "./archive-error";

const MAX_ENTRIES: i32 = 20_000;
const MAX_NAME: i32 = 1024;
/** The most bytes that an archive may hold. */
export const MAX_BYTES: u64 = 24 * 1024 * 1024;

/** A file or directory in an archive; `address` is where its bytes are, compressed or not. */
export class Entry {
  /** For a compressed entry: how many bytes it has there, and what they must add up to. */
  compressed: i32 = -1;
  crc: u32 = 0;

  constructor(
    public name: string,
    public isDirectory: bool,
    public address: usize,
    public size: i32,
  ) {}
}

/** All entries; after the first problem none is added. */
export class Entries {
  problem: ArchiveError | null = null;
  all: Entry[] = [];
  private seen: Map<string, bool> = new Map<string, bool>();
  private bytes: u64 = 0;

  /** Adds an entry whose name is as the archive has it. */
  add(entry: Entry): void {
    if (this.problem !== null) return;
    const name = normal(entry.name);
    const reason = name == "" ? "its name is empty" : unsafe(entry.name);
    if (name == "" && entry.isDirectory && reason != "") return;
    if (reason != "") {
      this.problem = ArchiveError.unsafeEntry(entry.name, reason);
      return;
    }
    this.bytes += <u64>entry.size;
    if (this.bytes > MAX_BYTES) this.problem = ArchiveError.tooLarge(MAX_BYTES);
    else if (this.all.length >= MAX_ENTRIES) this.problem = ArchiveError.tooMany(MAX_ENTRIES);
    else if (!entry.isDirectory && this.seen.has(name)) {
      this.problem = ArchiveError.unsafeEntry(entry.name, "it is there twice");
    }
    if (this.problem !== null) return;
    if (!this.seen.has(name)) this.seen.set(name, true);
    entry.name = name;
    this.all.push(entry);
  }
}

/** A name without `./`, doubled and trailing slashes. */
function normal(name: string): string {
  const parts = name.split("/");
  let result = "";
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] == "" || parts[i] == ".") continue;
    result += result == "" ? parts[i] : "/" + parts[i];
  }
  return result;
}

/** Why a name is not written anywhere; empty for a good one. */
function unsafe(name: string): string {
  if (name.length > MAX_NAME) return "its name is longer than 1024 characters";
  if (name.startsWith("/")) return "its name is absolute";
  if (name.includes("\\") || name.includes(":") || name.includes("\0")) return "its name has a backslash, a colon or a NUL in it";
  return ("/" + name + "/").includes("/../") ? "its name leads upwards" : "";
}
