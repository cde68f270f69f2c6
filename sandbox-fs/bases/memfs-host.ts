// The calls of a commit on a memfs volume, so that it is all or nothing there too.
// It must not know what they are for, nor import memfs.

import type { HostDirectory, HostFacts, HostFile, HostFs, HostNames, MetadataChange } from "../commit/host-fs.ts";
import { hostCode } from "../errors.ts";
import type { FileType } from "../types.ts";
import type { Volume, VolumeStats } from "./volume.ts";

const CHUNK_BYTES = 1024 * 1024;

class VolumeDirectory implements HostDirectory {
  readonly isHostDirectory = true;
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  at(name: string): string {
    if (name === ".") return this.path === "" ? "/" : this.path;
    return `${this.path}/${name}`;
  }
}

/** The tree below `root` ("" for all) of a volume. Its directories are paths: they do not follow when a name moves. */
export class VolumeHost implements HostFs {
  readonly handlesFollow = false;
  readonly root: HostDirectory;
  readonly #volume: Volume;

  constructor(volume: Volume, root: string) {
    this.#volume = volume;
    this.root = new VolumeDirectory(root);
  }

  openDirectory(parent: HostDirectory, name: string): HostDirectory | null {
    return this.facts(parent, name)?.type === "directory" ? new VolumeDirectory(pathAt(parent, name)) : null;
  }

  closeDirectory(): void {}

  facts(directory: HostDirectory, name: string): HostFacts | null {
    try {
      return volumeFacts(this.#volume.lstatSync(pathAt(directory, name), { bigint: true }));
    } catch (thrown) {
      const code = hostCode(thrown);
      if (code === "ENOENT" || code === "ENOTDIR") return null;
      throw thrown;
    }
  }

  factsOf(directory: HostDirectory): HostFacts {
    return volumeFacts(this.#volume.lstatSync(pathAt(directory, "."), { bigint: true }));
  }

  names(directory: HostDirectory): HostNames {
    return { names: this.#volume.readdirSync(pathAt(directory, ".")).map(String), hidden: 0 };
  }

  createFile(directory: HostDirectory, name: string): HostFile {
    return new VolumeFile(this.#volume, pathAt(directory, name));
  }

  readFile(directory: HostDirectory, name: string, limit: number): Uint8Array | null {
    const facts = this.facts(directory, name);
    if (facts?.type !== "file" || facts.size > limit) return null;
    const bytes = new Uint8Array(facts.size);
    const fd = this.#volume.openSync(pathAt(directory, name), "r");
    this.#volume.readSync(fd, bytes, 0, bytes.length, 0);
    this.#volume.closeSync(fd);
    return bytes;
  }

  readlink(directory: HostDirectory, name: string): string {
    return String(this.#volume.readlinkSync(pathAt(directory, name)));
  }

  makeDirectory(directory: HostDirectory, name: string, mode: number): void {
    this.#volume.mkdirSync(pathAt(directory, name), { mode });
  }

  removeDirectory(directory: HostDirectory, name: string): void {
    this.#volume.rmdirSync(pathAt(directory, name));
  }

  symlink(target: string, directory: HostDirectory, name: string): void {
    this.#volume.symlinkSync(target, pathAt(directory, name));
  }

  link(from: HostDirectory, fromName: string, to: HostDirectory, toName: string): void {
    this.#volume.linkSync(pathAt(from, fromName), pathAt(to, toName));
  }

  /** memfs renames what a symlink points to, and not the symlink: that goes by one more link. */
  rename(from: HostDirectory, fromName: string, to: HostDirectory, toName: string): void {
    if (this.facts(from, fromName)?.type !== "symlink") {
      this.#volume.renameSync(pathAt(from, fromName), pathAt(to, toName));
      return;
    }
    if (this.facts(to, toName) !== null) this.unlink(to, toName);
    this.link(from, fromName, to, toName);
    this.unlink(from, fromName);
  }

  unlink(directory: HostDirectory, name: string): void {
    this.#volume.unlinkSync(pathAt(directory, name));
  }

  setMetadata(directory: HostDirectory, name: string, { mode, times }: MetadataChange): void {
    const path = pathAt(directory, name);
    if (mode !== undefined) this.#volume.chmodSync(path, mode);
    if (times !== undefined) this.#volume.lutimesSync(path, seconds(times.atimeNs), seconds(times.mtimeNs));
  }

  syncDirectory(): void {}
}

class VolumeFile implements HostFile {
  readonly #volume: Volume;
  readonly #path: string;
  readonly #fd: number;

  constructor(volume: Volume, path: string) {
    this.#volume = volume;
    this.#path = path;
    this.#fd = volume.openSync(path, "wx+", 0o600);
  }

  write(bytes: Uint8Array, position: number): void {
    this.#volume.writeSync(this.#fd, bytes, 0, bytes.length, position);
  }

  truncate(size: number): void {
    this.#volume.ftruncateSync(this.#fd, size);
  }

  copyFrom(directory: HostDirectory, name: string, length: number): void {
    const source = this.#volume.openSync(pathAt(directory, name), "r");
    const buffer = new Uint8Array(Math.min(CHUNK_BYTES, length));
    for (let at = 0; at < length; ) {
      const count = this.#volume.readSync(source, buffer, 0, Math.min(buffer.length, length - at), at);
      if (count === 0) break;
      this.write(buffer.subarray(0, count), at);
      at += count;
    }
    this.#volume.closeSync(source);
  }

  setMode(mode: number): void {
    this.#volume.chmodSync(this.#path, mode);
  }

  setTimes(atimeNs: bigint, mtimeNs: bigint): void {
    this.#volume.lutimesSync(this.#path, seconds(atimeNs), seconds(mtimeNs));
  }

  sync(): void {}

  close(): void {
    this.#volume.closeSync(this.#fd);
  }
}

/** What a volume says of an entry, as facts. */
export function volumeFacts(stats: VolumeStats): HostFacts {
  const { size, mtimeNs, atimeNs, ctimeNs } = stats;
  const inode = String(stats.ino);
  const type = typeOf(stats);
  return {
    type,
    size: Number(size),
    mode: type === "symlink" ? 0o777 : Number(stats.mode) & 0o7777,
    mtimeNs,
    atimeNs,
    links: Number(stats.nlink),
    identity: inode,
    inode,
    device: "volume",
    version: `${ctimeNs}:${mtimeNs}:${size}`,
  };
}

function typeOf(stats: VolumeStats): FileType {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : "other";
}

function pathAt(directory: HostDirectory, name: string): string {
  if (!(directory instanceof VolumeDirectory)) throw new TypeError("a directory of another host");
  return directory.at(name);
}

/** memfs keeps milliseconds, and cuts off the rest: a little more keeps a whole one whole. */
function seconds(ns: bigint): number {
  return Number(ns / 1_000_000n) / 1000 + 0.00001;
}
