// The entries of an archive, checked for where they lead before any of them is read or written.
// Knows nothing of formats.

import { FormatProblem } from "./problem";

const MAX_NAME: i32 = 1024;

/** A file or directory in an archive; `address` is where its bytes are, compressed or not. */
export class Entry {
  /** For an entry of a zip archive: how many bytes it has there (-2 when it is not compressed), and what they must add up to. */
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
  problem: FormatProblem | null = null;
  all: Entry[] = [];
  private seen: Map<string, bool> = new Map<string, bool>();
  private bytes: u64 = 0;

  constructor(
    /** What all files together may have. */
    readonly maxBytes: u64,
    readonly maxEntries: u32,
  ) {}

  /** Adds an entry whose name is as the archive has it. */
  add(entry: Entry): void {
    if (this.problem !== null) return;
    const name = normal(entry.name);
    const reason = name == "" ? "its name is empty" : unsafe(entry.name);
    if (name == "" && entry.isDirectory && reason != "") return;
    if (reason != "") {
      this.problem = FormatProblem.unsafeEntry(entry.name, reason);
      return;
    }
    this.bytes += <u64>entry.size;
    if (this.bytes > this.maxBytes) this.problem = FormatProblem.tooLarge(this.maxBytes);
    else if (<u32>this.all.length >= this.maxEntries) this.problem = FormatProblem.tooMany(this.maxEntries);
    else if (!entry.isDirectory && this.seen.has(name)) {
      this.problem = FormatProblem.unsafeEntry(entry.name, "it is there twice");
    }
    if (this.problem !== null) return;
    if (!this.seen.has(name)) this.seen.set(name, true);
    entry.name = name;
    this.all.push(entry);
  }

  corrupt(reason: string): void {
    if (this.problem === null) this.problem = FormatProblem.corrupt(reason);
  }

  unsupported(name: string, reason: string): void {
    if (this.problem === null) this.problem = FormatProblem.unsupported(name, reason);
  }

  tooLarge(): void {
    if (this.problem === null) this.problem = FormatProblem.tooLarge(this.maxBytes);
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

/** Why a name is not used; empty for a good one. */
function unsafe(name: string): string {
  if (name.length > MAX_NAME) return "its name is longer than 1024 characters";
  if (name.startsWith("/")) return "its name is absolute";
  if (name.includes("\\") || name.includes(":") || name.includes("\0")) return "its name has a backslash, a colon or a NUL in it";
  return ("/" + name + "/").includes("/../") ? "its name leads upwards" : "";
}
