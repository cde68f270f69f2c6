// The calls of a commit on a real directory, through node:fs.
// It must not know what they are for. Node only.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import type { HostDirectory, HostFacts, HostFile, HostFs, HostNames, MetadataChange } from "../commit/host-fs.ts";
import { hostCode } from "../errors.ts";
import { copyContent } from "./copy-content.ts";
import { NodeFacts } from "./host-facts.ts";
import { mountsBelow } from "./mounts.ts";

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/**
 * The directory tree at `path`. On Linux all names are looked up from open directories through /proc/self/fd, which is
 * what openat does: a symlink that someone puts into a path meanwhile is never followed. Elsewhere names are looked up by
 * path, which does not protect from another process that does so at the same time.
 */
export function hostNode(path: string, anchored: boolean = canAnchor()): HostFs & { close(): void } {
  return new NodeHost(path, anchored);
}

/** True where /proc/self/fd leads into open directories. */
export function canAnchor(): boolean {
  if (process.platform !== "linux") return false;
  try {
    fs.accessSync("/proc/self/fd");
    return true;
  } catch {
    return false;
  }
}

class OpenDirectory implements HostDirectory {
  readonly isHostDirectory = true;
  readonly fd: number;
  readonly prefix: string;

  constructor(fd: number, prefix: string) {
    this.fd = fd;
    this.prefix = prefix;
  }

  at(name: string): string {
    return `${this.prefix}/${name}`;
  }
}

class NodeHost implements HostFs {
  readonly handlesFollow: boolean;
  readonly root: OpenDirectory;
  readonly #path: string;

  constructor(path: string, anchored: boolean) {
    this.handlesFollow = anchored;
    this.#path = fs.realpathSync(path);
    this.root = this.#open(this.#path);
  }

  mounts(): readonly string[] {
    return mountsBelow(this.#path);
  }

  close(): void {
    fs.closeSync(this.root.fd);
  }

  openDirectory(parent: HostDirectory, name: string): HostDirectory | null {
    const path = own(parent).at(name);
    try {
      return this.#open(path);
    } catch (thrown) {
      const code = hostCode(thrown);
      if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return null;
      throw thrown;
    }
  }

  closeDirectory(directory: HostDirectory): void {
    fs.closeSync(own(directory).fd);
  }

  facts(directory: HostDirectory, name: string): HostFacts | null {
    const stats = fs.lstatSync(own(directory).at(name), { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? null : new NodeFacts(stats);
  }

  factsOf(directory: HostDirectory): HostFacts {
    return new NodeFacts(fs.fstatSync(own(directory).fd, { bigint: true }));
  }

  names(directory: HostDirectory): HostNames {
    const all = fs.readdirSync(own(directory).prefix, { encoding: "buffer" });
    const names = all.map((name) => name.toString("utf8")).filter((name, i) => all[i]?.equals(Buffer.from(name)));
    return { names, hidden: all.length - names.length };
  }

  createFile(directory: HostDirectory, name: string): HostFile {
    return new NodeFile(fs.openSync(own(directory).at(name), "wx+", 0o600));
  }

  readFile(directory: HostDirectory, name: string, limit: number): Uint8Array | null {
    const facts = this.facts(directory, name);
    if (facts?.type !== "file" || facts.size > limit) return null;
    const fd = fs.openSync(own(directory).at(name), O_RDONLY | O_NOFOLLOW);
    try {
      return fs.readFileSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  }

  readlink(directory: HostDirectory, name: string): string {
    return fs.readlinkSync(own(directory).at(name));
  }

  makeDirectory(directory: HostDirectory, name: string, mode: number): void {
    fs.mkdirSync(own(directory).at(name), { mode });
  }

  removeDirectory(directory: HostDirectory, name: string): void {
    fs.rmdirSync(own(directory).at(name));
  }

  symlink(target: string, directory: HostDirectory, name: string): void {
    fs.symlinkSync(target, own(directory).at(name));
  }

  link(from: HostDirectory, fromName: string, to: HostDirectory, toName: string): void {
    fs.linkSync(own(from).at(fromName), own(to).at(toName));
  }

  rename(from: HostDirectory, fromName: string, to: HostDirectory, toName: string): void {
    fs.renameSync(own(from).at(fromName), own(to).at(toName));
  }

  unlink(directory: HostDirectory, name: string): void {
    fs.unlinkSync(own(directory).at(name));
  }

  setMetadata(directory: HostDirectory, name: string, change: MetadataChange): void {
    const { fd: self } = own(directory);
    const fd = name === "." ? self : openForMetadata(own(directory).at(name), change);
    if (fd === null) {
      setByPath(own(directory).at(name), change);
      return;
    }
    try {
      if (change.mode !== undefined) fs.fchmodSync(fd, change.mode);
      if (change.times !== undefined) setTimes(fd, change.times, change.exact);
      if (change.sync) fs.fsyncSync(fd);
    } finally {
      if (fd !== self) fs.closeSync(fd);
    }
  }

  syncDirectory(directory: HostDirectory): void {
    fs.fsyncSync(own(directory).fd);
  }

  #open(path: string): OpenDirectory {
    const fd = fs.openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    return new OpenDirectory(fd, this.handlesFollow ? `/proc/self/fd/${fd}` : path);
  }
}

class NodeFile implements HostFile {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; ) {
      done += fs.writeSync(this.#fd, bytes, done, bytes.length - done, position + done);
    }
  }

  truncate(size: number): void {
    fs.ftruncateSync(this.#fd, size);
  }

  copyFrom(directory: HostDirectory, name: string, length: number): void {
    const source = fs.openSync(own(directory).at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      copyContent(source, this.#fd, length);
    } finally {
      fs.closeSync(source);
    }
  }

  setMode(mode: number): void {
    fs.fchmodSync(this.#fd, mode);
  }

  setTimes(atimeNs: bigint, mtimeNs: bigint): void {
    setTimes(this.#fd, { atimeNs, mtimeNs }, false);
  }

  sync(): void {
    fs.fsyncSync(this.#fd);
  }

  close(): void {
    fs.closeSync(this.#fd);
  }
}

function own(directory: HostDirectory): OpenDirectory {
  if (directory instanceof OpenDirectory) return directory;
  throw new TypeError("a directory of another host");
}

/** Null for what cannot be opened: symlinks, special files, and files that their owner may not read. */
function openForMetadata(path: string, change: MetadataChange): number | null {
  const stats = fs.lstatSync(path);
  if (!stats.isFile() && !stats.isDirectory()) return null;
  try {
    return fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (thrown) {
    if (hostCode(thrown) !== "EACCES" || (change.mode === undefined && change.times === undefined)) throw thrown;
    return null;
  }
}

function setByPath(path: string, { mode, times }: MetadataChange): void {
  if (mode !== undefined) fs.chmodSync(path, mode);
  if (times !== undefined) fs.lutimesSync(path, seconds(times.atimeNs), seconds(times.mtimeNs));
}

/** Node passes times as doubles, which are good to some 100 ns; `touch`, where there is one, to the nanosecond. */
function setTimes(fd: number, { atimeNs, mtimeNs }: { atimeNs: bigint; mtimeNs: bigint }, exact: boolean): void {
  fs.futimesSync(fd, seconds(atimeNs), seconds(mtimeNs));
  if (!exact || process.platform !== "linux" || fs.fstatSync(fd, { bigint: true }).mtimeNs === mtimeNs) return;
  spawnSync("/usr/bin/touch", ["-c", "-m", "-d", `@${decimalSeconds(mtimeNs)}`, `/proc/${process.pid}/fd/${fd}`], {
    stdio: "ignore",
  });
}

function seconds(ns: bigint): number {
  const whole = ns / 1_000_000_000n;
  return Number(whole) + Number(ns - whole * 1_000_000_000n) / 1e9;
}

function decimalSeconds(ns: bigint): string {
  const sign = ns < 0n ? "-" : "";
  const digits = String(ns < 0n ? -ns : ns).padStart(10, "0");
  return `${sign}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
