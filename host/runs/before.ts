// What a commit is about to replace or remove, so that the files can be had again as they were: for a replay, over a view of them.
// It must not change any file itself.

import type { FileSystem, Handle } from "../../sandbox-fs/portable.ts";
import { fromBase64, toBase64 } from "../contract/base64.ts";
import type { Before, BeforeEntry, CommittedChange } from "../journal/entries.ts";
import { entryAt } from "./entry-at.ts";

const MOST_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** What is at the paths of these changes before they are made; null when that is more than 16 MiB. Errors: FsError. */
export function beforeOf(files: FileSystem, changes: readonly CommittedChange[]): Before | null {
  const reader = new Reader(files);
  for (const { path, from, kind, type } of changes) {
    // Of a directory that stays one, what changes below it are changes of their own.
    reader.add(path, !(type === "directory" && (kind === "metadata" || kind === "modified")));
    if (from !== undefined) reader.add(from, true);
  }
  return reader.before();
}

class Reader {
  readonly #files: FileSystem;
  readonly #entries = new Map<string, BeforeEntry>();
  readonly #absent = new Set<string>();
  #bytes = 0;

  constructor(files: FileSystem) {
    this.#files = files;
  }

  /** Adds an entry, and all below it where it is `whole`. */
  add(path: string, whole: boolean): void {
    if (this.#entries.has(path) || this.#absent.has(path) || this.#bytes > MOST_BYTES) return;
    const stats = entryAt(this.#files, path);
    if (stats === null) {
      this.#absent.add(path);
      return;
    }
    const { type, mode, mtimeNs } = stats;
    if (type === "other") return;
    const facts = { path, type, mode, mtime_ns: String(mtimeNs) };
    this.#entries.set(path, { ...facts, ...this.#content(path, type) });
    this.#bytes += path.length;
    if (type !== "directory" || !whole) return;
    const directory = this.#files.open(this.#files.root, path, { directory: true, follow: false });
    for (const { name } of this.#files.list(directory)) this.add(`${path}/${name}`, true);
    this.#files.close(directory);
  }

  before(): Before | null {
    if (this.#bytes > MOST_BYTES) return null;
    const entries = [...this.#entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return { entries, absent: [...this.#absent].sort() };
  }

  #content(path: string, type: "file" | "directory" | "symlink"): Pick<BeforeEntry, "content" | "target"> {
    if (type === "directory") return {};
    if (type === "symlink") return { target: this.#files.readlink(this.#files.root, path) };
    const handle = this.#files.open(this.#files.root, path, { follow: false });
    try {
      const { size } = this.#files.stat(handle);
      this.#bytes += Number(size);
      if (this.#bytes > MOST_BYTES) return {};
      const bytes = new Uint8Array(Number(size));
      for (let at = 0; at < bytes.length; ) {
        const count = this.#files.read(handle, bytes.subarray(at, at + CHUNK_BYTES), BigInt(at));
        if (count === 0) break;
        at += count;
      }
      return { content: toBase64(bytes) };
    } finally {
      this.#files.close(handle);
    }
  }
}

/** Makes a view of files what it was before: what was not there goes, what was there comes back. Errors: FsError. */
export function restore(files: FileSystem, { entries, absent }: Before): void {
  for (const path of absent.toReversed()) remove(files, path);
  for (const entry of entries) putBack(files, entry);
  for (const { path, type, mode, mtime_ns } of entries.toReversed()) {
    if (type === "symlink") continue;
    const handle = files.open(files.root, path, { directory: type === "directory", follow: false });
    files.setMode(handle, mode);
    files.setTimes(handle, { atimeNs: BigInt(mtime_ns), mtimeNs: BigInt(mtime_ns) });
    files.close(handle);
  }
}

function putBack(files: FileSystem, { path, type, content = "", target = "" }: BeforeEntry): void {
  const there = entryAt(files, path);
  if (there?.type === "directory" && type === "directory") return;
  if (there !== null) remove(files, path);
  if (type === "directory") files.makeDirectory(files.root, path);
  else if (type === "symlink") files.symlink(target, files.root, path);
  else write(files, files.open(files.root, path, { write: true, create: true, exclusive: true }), fromBase64(content));
}

function write(files: FileSystem, handle: Handle, bytes: Uint8Array): void {
  if (bytes.length > 0) files.write(handle, bytes, 0n);
  files.close(handle);
}

function remove(files: FileSystem, path: string): void {
  const there = entryAt(files, path);
  if (there === null) return;
  if (there.type !== "directory") {
    files.unlink(files.root, path);
    return;
  }
  const directory = files.open(files.root, path, { directory: true, follow: false });
  const names = files.list(directory).map(({ name }) => name);
  files.close(directory);
  for (const name of names) remove(files, `${path}/${name}`);
  files.removeDirectory(files.root, path);
}
