// The synchronous calls of node:fs over a filesystem of ours.
// It must not know transactions, nor promises.

import { Buffer } from "node:buffer";
import { FsError } from "../errors.ts";
import type { FileSystem } from "../types.ts";
import { Descriptors } from "./descriptors.ts";
import { fromRoot, type PathLike, parentOf } from "./paths.ts";
import { NodeDirent, NodeStats } from "./stats.ts";

export type Encoded = string | { readonly encoding?: string | null; readonly flag?: string } | null | undefined;
export type WriteOptions =
  | string
  | { readonly encoding?: string | null; readonly flag?: string; readonly mode?: number }
  | null;
export type TimeLike = number | string | Date;

/** The name of a synchronous call. */
export type SyncName = Extract<keyof SyncFace, `${string}Sync`>;

const NO_FOLLOW = { follow: false } as const;

/** By the same names and with errors of the same codes. The calls work without their object too. */
export class SyncFace {
  readonly #fs: FileSystem;
  readonly #descriptors: Descriptors;

  constructor(fs: FileSystem) {
    this.#fs = fs;
    this.#descriptors = new Descriptors(fs);
    for (const name of syncNames(SyncFace.prototype)) {
      Object.defineProperty(this, name, { value: this[name].bind(this) });
    }
  }

  openSync(path: PathLike, flags = "r", mode = 0o666): number {
    return this.#descriptors.open(fromRoot(path), flags, mode & 0o755);
  }

  closeSync(fd: number): void {
    this.#descriptors.close(fd);
  }

  readSync(
    fd: number,
    buffer: Uint8Array,
    offset = 0,
    length: number = buffer.length - offset,
    position: number | bigint | null = null,
  ): number {
    return this.#descriptors.read(fd, buffer.subarray(offset, offset + length), position);
  }

  writeSync(
    fd: number,
    data: string | Uint8Array,
    offset = 0,
    length?: number,
    position: number | bigint | null = null,
  ): number {
    if (typeof data === "string") return this.#descriptors.write(fd, Buffer.from(data), offset === 0 ? null : offset);
    return this.#descriptors.write(fd, data.subarray(offset, offset + (length ?? data.length - offset)), position);
  }

  ftruncateSync(fd: number, size = 0): void {
    this.#fs.truncate(this.#descriptors.handle(fd, "ftruncate"), BigInt(size));
  }

  fsyncSync(fd: number): void {
    this.#descriptors.handle(fd, "fsync");
  }

  fstatSync(fd: number): NodeStats {
    return new NodeStats(this.#fs.stat(this.#descriptors.handle(fd, "fstat")));
  }

  fchmodSync(fd: number, mode: number): void {
    this.#fs.setMode(this.#descriptors.handle(fd, "fchmod"), mode);
  }

  futimesSync(fd: number, atime: TimeLike, mtime: TimeLike): void {
    this.#fs.setTimes(this.#descriptors.handle(fd, "futimes"), {
      atimeNs: nanoseconds(atime),
      mtimeNs: nanoseconds(mtime),
    });
  }

  readFileSync(path: PathLike | number, options: Encoded = null): string | Buffer {
    return this.#withFile(path, flagOf(options, "r"), 0o666, (fd) => {
      const bytes = Buffer.alloc(this.fstatSync(fd).size);
      const read = bytes.subarray(0, this.readSync(fd, bytes));
      const encoding = encodingOf(options);
      return encoding === null ? read : read.toString(encoding);
    });
  }

  writeFileSync(path: PathLike | number, data: string | Uint8Array, options: WriteOptions = null): void {
    const mode = typeof options === "object" ? options?.mode : undefined;
    this.#withFile(path, flagOf(options, "w"), mode ?? 0o666, (fd) => {
      this.writeSync(fd, typeof data === "string" ? Buffer.from(data, encodingOf(options) ?? "utf8") : data);
    });
  }

  appendFileSync(path: PathLike | number, data: string | Uint8Array, options: WriteOptions = null): void {
    this.writeFileSync(path, data, { ...(typeof options === "object" ? options : { encoding: options }), flag: "a" });
  }

  copyFileSync(from: PathLike, to: PathLike, flags = 0): void {
    const { mode } = this.statSync(from);
    this.writeFileSync(to, this.readFileSync(from), { flag: (flags & 1) === 1 ? "wx" : "w", mode: mode & 0o7777 });
  }

  truncateSync(path: PathLike, size = 0): void {
    this.#withFile(path, "r+", 0o666, (fd) => this.ftruncateSync(fd, size));
  }

  statSync(path: PathLike, options: { readonly throwIfNoEntry: false }): NodeStats | undefined;
  statSync(path: PathLike, options?: { readonly throwIfNoEntry?: boolean }): NodeStats;
  statSync(path: PathLike, options: { readonly throwIfNoEntry?: boolean } = {}): NodeStats | undefined {
    return this.#stat(path, true, options.throwIfNoEntry !== false);
  }

  lstatSync(path: PathLike, options: { readonly throwIfNoEntry: false }): NodeStats | undefined;
  lstatSync(path: PathLike, options?: { readonly throwIfNoEntry?: boolean }): NodeStats;
  lstatSync(path: PathLike, options: { readonly throwIfNoEntry?: boolean } = {}): NodeStats | undefined {
    return this.#stat(path, false, options.throwIfNoEntry !== false);
  }

  existsSync(path: PathLike): boolean {
    return this.#stat(path, true, false) !== undefined;
  }

  /** Whoever may look may do everything: rights are those of the view. */
  accessSync(path: PathLike): void {
    this.statSync(path);
  }

  readdirSync(path: PathLike, options: { readonly withFileTypes: true; readonly recursive?: boolean }): NodeDirent[];
  readdirSync(
    path: PathLike,
    options?: string | null | { readonly recursive?: boolean; readonly withFileTypes?: boolean },
  ): string[];
  readdirSync(
    path: PathLike,
    options: string | null | { readonly recursive?: boolean; readonly withFileTypes?: boolean } = null,
  ): unknown {
    const { recursive = false, withFileTypes = false } = typeof options === "object" && options !== null ? options : {};
    const found = this.#list(fromRoot(path), "", recursive);
    return withFileTypes ? found.map(({ dirent }) => dirent) : found.map(({ name }) => name);
  }

  mkdirSync(
    path: PathLike,
    options: number | { readonly recursive?: boolean; readonly mode?: number } = {},
  ): string | undefined {
    const { recursive = false, mode = 0o777 } = typeof options === "number" ? { mode: options } : options;
    const at = fromRoot(path);
    if (!recursive) {
      this.#fs.makeDirectory(this.#fs.root, at, mode & 0o755);
      return undefined;
    }
    if (this.#stat(at, true, false)?.isDirectory() === true) return undefined;
    const above = parentOf(at);
    const first = above === "." ? undefined : this.mkdirSync(above, options);
    this.#fs.makeDirectory(this.#fs.root, at, mode & 0o755);
    return first ?? `/${at}`;
  }

  rmdirSync(path: PathLike): void {
    this.#fs.removeDirectory(this.#fs.root, fromRoot(path));
  }

  unlinkSync(path: PathLike): void {
    this.#fs.unlink(this.#fs.root, fromRoot(path));
  }

  rmSync(path: PathLike, options: { readonly recursive?: boolean; readonly force?: boolean } = {}): void {
    const at = fromRoot(path);
    const stats = this.#stat(at, false, options.force !== true);
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      this.unlinkSync(at);
      return;
    }
    if (options.recursive !== true) throw new FsError("EISDIR", "rm", { path: at });
    for (const name of this.readdirSync(at)) this.rmSync(`${at}/${name}`, options);
    this.rmdirSync(at);
  }

  renameSync(from: PathLike, to: PathLike): void {
    this.#fs.rename(this.#fs.root, fromRoot(from), this.#fs.root, fromRoot(to));
  }

  linkSync(from: PathLike, to: PathLike): void {
    this.#fs.link(this.#fs.root, fromRoot(from), this.#fs.root, fromRoot(to));
  }

  symlinkSync(target: PathLike, path: PathLike): void {
    this.#fs.symlink(String(target), this.#fs.root, fromRoot(path));
  }

  readlinkSync(path: PathLike, _options: Encoded = null): string {
    return this.#fs.readlink(this.#fs.root, fromRoot(path));
  }

  chmodSync(path: PathLike, mode: number): void {
    this.#withFile(path, "r", 0, (fd) => this.fchmodSync(fd, mode));
  }

  utimesSync(path: PathLike, atime: TimeLike, mtime: TimeLike): void {
    const times = { atimeNs: nanoseconds(atime), mtimeNs: nanoseconds(mtime) };
    this.#fs.setTimesAt(this.#fs.root, fromRoot(path), times);
  }

  #stat(path: PathLike, follow: boolean, mustExist: boolean): NodeStats | undefined {
    try {
      return new NodeStats(this.#fs.statAt(this.#fs.root, fromRoot(path), follow ? {} : NO_FOLLOW));
    } catch (thrown) {
      const isMissing = thrown instanceof FsError && (thrown.code === "ENOENT" || thrown.code === "ENOTDIR");
      if (isMissing && !mustExist) return undefined;
      throw thrown;
    }
  }

  #list(at: string, prefix: string, recursive: boolean): { readonly name: string; readonly dirent: NodeDirent }[] {
    const handle = this.#fs.open(this.#fs.root, at, { directory: true });
    const entries = this.#fs.list(handle);
    this.#fs.close(handle);
    return entries.flatMap((entry) => {
      const name = prefix + entry.name;
      const here = { name, dirent: new NodeDirent(entry, at === "." ? "/" : `/${at}`) };
      const goesOn = recursive && entry.type === "directory";
      return goesOn ? [here, ...this.#list(`${at}/${entry.name}`, `${name}/`, true)] : [here];
    });
  }

  #withFile<T>(path: PathLike | number, flags: string, mode: number, use: (fd: number) => T): T {
    if (typeof path === "number") return use(path);
    const fd = this.openSync(path, flags, mode);
    try {
      return use(fd);
    } finally {
      this.closeSync(fd);
    }
  }
}

/** The names of the calls, which work without their object too, as those of node:fs do. */
export function syncNames(prototype: SyncFace): SyncName[] {
  return Object.getOwnPropertyNames(prototype).filter((name) => name.endsWith("Sync")) as SyncName[];
}

function encodingOf(options: Encoded | WriteOptions): BufferEncoding | null {
  const encoding = typeof options === "string" ? options : options?.encoding;
  return (encoding ?? null) as BufferEncoding | null;
}

function flagOf(options: Encoded | WriteOptions, fallback: string): string {
  return typeof options === "object" ? (options?.flag ?? fallback) : fallback;
}

/** Seconds, or a date, as node:fs takes them. */
function nanoseconds(time: TimeLike): bigint {
  const ms = time instanceof Date ? time.getTime() : Number(time) * 1000;
  return BigInt(Math.round(ms * 1000)) * 1000n;
}
