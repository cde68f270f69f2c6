// What is in an archive of a package, checked, under the names that it gets below the package's directory.
// Knows nothing of where it comes from or is written to.

import { Contents } from "../../formats/assembly/contents";
import { Entries, Entry } from "../../formats/assembly/entries";
import { gunzip } from "../../formats/assembly/gzip";
import { FormatProblem } from "../../formats/assembly/problem";
import { readTar } from "../../formats/assembly/tar-reader";
import { readZip } from "../../formats/assembly/zip-reader";

const MAX_BYTES: u64 = 24 * 1024 * 1024;
const MAX_ENTRIES: u32 = 20_000;
/** For the headers of a tar archive. */
const OVERHEAD: u64 = 8 * 1024 * 1024;

/** The files of a package. */
export class Unpacked {
  readonly contents: Contents;

  constructor(readonly entries: Entries) {
    this.contents = new Contents(entries);
    this.contents.check();
  }

  get problem(): FormatProblem | null {
    return this.entries.problem;
  }
}

/** The files of an npm tarball, without the directory that all of them are in. */
export function readTarball(from: usize, end: usize): Unpacked {
  const entries = new Entries(MAX_BYTES, MAX_ENTRIES);
  const tar = gunzip(from, end, MAX_BYTES + OVERHEAD);
  if (tar.isOk) readTar(tar.value.from, tar.value.end, entries);
  else entries.problem = tar.error;
  if (entries.problem === null) takeOutOfDirectory(entries);
  return new Unpacked(entries);
}

function takeOutOfDirectory(entries: Entries): void {
  const inside: Entry[] = [];
  let directory = "";
  for (let i = 0; i < entries.all.length; i++) {
    const entry = entries.all[i];
    const slash = entry.name.indexOf("/");
    if (slash < 0 && entry.isDirectory) continue;
    if (slash < 0 || (directory != "" && entry.name.substring(0, slash) != directory)) {
      return entries.unsupported(entry.name, "it is not in the one directory of the package");
    }
    directory = entry.name.substring(0, slash);
    entry.name = entry.name.substring(slash + 1);
    inside.push(entry);
  }
  entries.all = inside;
  if (inside.length == 0) entries.corrupt("there are no files in it");
}

/** The files of a wheel (PEP 427). */
export function readWheel(from: usize, end: usize): Unpacked {
  const entries = new Entries(MAX_BYTES, MAX_ENTRIES);
  readZip(from, end, entries);
  let isWheel = false;
  for (let i = 0; i < entries.all.length && entries.problem === null; i++) {
    const name = entries.all[i].name;
    const top = name.substring(0, max(name.indexOf("/"), 0));
    if (top.endsWith(".data")) entries.unsupported(name, "it belongs somewhere outside of the package");
    isWheel = isWheel || (top.endsWith(".dist-info") && name == top + "/WHEEL");
  }
  if (!isWheel) entries.corrupt("it is no wheel: it has no *.dist-info/WHEEL");
  return new Unpacked(entries);
}
