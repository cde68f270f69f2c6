// wasi:filesystem/types, the resource descriptor: an open file or directory in a guest's hands.
// It decides what a descriptor may do; what a path may reach is the filesystem's to decide.

import type { FileSystem, Handle } from "../../../sandbox-fs/types.ts";
import { CHUNK_BYTES, InputStream, OutputStream } from "../io/streams.ts";
import { guardMethods, Resource } from "../resource.ts";
import { DirectoryEntryStream } from "./directory-entry-stream.ts";
import { appendSink, fileSink, fileSource, readAt, writeAt } from "./file-content.ts";
import { metadataHash, toDescriptorStat, toDescriptorType, toTimes } from "./metadata.ts";
import { openBelow } from "./open.ts";
import type { OpenNode } from "./open-node.ts";
import { requireUnicode } from "./path.ts";
import type * as shapes from "./shapes.ts";

type Follow = { readonly follow: boolean };

/** A file or directory. What it may do never exceeds what the descriptor that it was opened through may do. */
export class Descriptor extends Resource {
  readonly #node: OpenNode;
  readonly #flags: shapes.DescriptorFlags;

  /** Takes the node over: it is released when the descriptor is dropped. Errors: RESOURCE_LIMIT. */
  constructor(node: OpenNode, flags: shapes.DescriptorFlags) {
    super(node.setup.context.ledger);
    this.#node = node;
    this.#flags = flags;
  }

  readViaStream(offset: bigint): InputStream {
    if (this.#node.isDirectory) throw "is-directory";
    if (!this.#node.setup.readable) throw "bad-descriptor";
    const { ledger } = this.#node.setup.context;
    ledger.reserveHandle();
    return new InputStream(ledger, fileSource(this.#node.retain(), offset));
  }

  writeViaStream(offset: bigint): OutputStream {
    const { ledger } = this.#writableFile().setup.context;
    ledger.reserveHandle();
    return new OutputStream(ledger, fileSink(this.#node.retain(), offset));
  }

  appendViaStream(): OutputStream {
    const { ledger } = this.#writableFile().setup.context;
    ledger.reserveHandle();
    return new OutputStream(ledger, appendSink(this.#node.retain()));
  }

  /** There is nothing to read ahead. */
  advise(): void {
    this.#file().operate("advise", "", nothing);
  }

  /** Nothing is durable before the commit, and everything is after it. */
  syncData(): void {
    this.#node.operate("sync", "", nothing);
  }

  sync(): void {
    this.#node.operate("sync", "", nothing);
  }

  getFlags(): shapes.DescriptorFlags {
    return this.#flags;
  }

  getType(): shapes.DescriptorType {
    return toDescriptorType(this.#node.handle.type);
  }

  setSize(size: bigint): void {
    const node = this.#file();
    if (!node.setup.mutable) throw node.refuse("set-size", "");
    if (!node.setup.writable || size >= 2n ** 63n) throw "invalid";
    node.operate("set-size", "", (fs, handle) => fs.truncate(handle, size));
  }

  setTimes(access: shapes.NewTimestamp, modification: shapes.NewTimestamp): void {
    const node = this.#node;
    if (!node.setup.mutable) throw node.refuse("set-times", "");
    const times = toTimes(access, modification, node.setup.context.clock.wall());
    node.operate("set-times", "", (fs, handle) => fs.setTimes(handle, times));
  }

  read(length: bigint, offset: bigint): readonly [Uint8Array, boolean] {
    const max = length < BigInt(CHUNK_BYTES) ? Number(length) : CHUNK_BYTES;
    const bytes = readAt(this.#file(), offset, max);
    return [bytes, bytes.length === 0];
  }

  write(contents: Uint8Array, offset: bigint): bigint {
    const bytes = contents.subarray(0, CHUNK_BYTES);
    writeAt(this.#file(), offset, bytes);
    return BigInt(bytes.length);
  }

  readDirectory(): DirectoryEntryStream {
    const { ledger } = this.#directory().setup.context;
    ledger.reserveHandle();
    const entries = this.#node.operate("read-directory", "", (fs, handle) => fs.list(handle));
    return new DirectoryEntryStream(ledger, entries);
  }

  createDirectoryAt(path: string): void {
    this.#change("create-directory", path, (fs, handle) => fs.makeDirectory(handle, path));
  }

  stat(): shapes.DescriptorStat {
    return toDescriptorStat(this.#node.operate("stat", "", (fs, handle) => fs.stat(handle)));
  }

  statAt(flags: shapes.PathFlags, path: string): shapes.DescriptorStat {
    return toDescriptorStat(this.#at("stat", path, (fs, handle) => fs.statAt(handle, path, follow(flags))));
  }

  setTimesAt(
    flags: shapes.PathFlags,
    path: string,
    access: shapes.NewTimestamp,
    modification: shapes.NewTimestamp,
  ): void {
    const times = toTimes(access, modification, this.#node.setup.context.clock.wall());
    this.#change("set-times", path, (fs, handle) => fs.setTimesAt(handle, path, times, follow(flags)));
  }

  linkAt(flags: shapes.PathFlags, oldPath: string, newDirectory: Descriptor, newPath: string): void {
    if (flags.symlinkFollow) throw "invalid";
    const target = this.#changeTarget("link", newDirectory, newPath);
    this.#change("link", oldPath, (fs, handle) => {
      // POSIX has the same error for this as for what is not granted; it is no violation of the scope.
      if (fs.statAt(handle, oldPath, { follow: false }).type === "directory") throw "not-permitted";
      fs.link(handle, oldPath, target, newPath, { follow: false });
    });
  }

  openAt(
    pathFlags: shapes.PathFlags,
    path: string,
    openFlags: shapes.OpenFlags,
    flags: shapes.DescriptorFlags,
  ): Descriptor {
    const opened = openBelow(this.#directory(), path, { pathFlags, openFlags, flags });
    return new Descriptor(opened.node, opened.flags);
  }

  readlinkAt(path: string): string {
    const target = this.#at("readlink", path, (fs, handle) => fs.readlink(handle, path));
    if (target.startsWith("/")) throw this.#node.refuse("readlink", path);
    return target;
  }

  removeDirectoryAt(path: string): void {
    this.#change("remove-directory", path, (fs, handle) => fs.removeDirectory(handle, path));
  }

  renameAt(oldPath: string, newDirectory: Descriptor, newPath: string): void {
    const target = this.#changeTarget("rename", newDirectory, newPath);
    this.#change("rename", oldPath, (fs, handle) => fs.rename(handle, oldPath, target, newPath));
  }

  symlinkAt(target: string, path: string): void {
    if (target.startsWith("/")) throw this.#directory().refuse("symlink", path);
    requireUnicode(target);
    this.#change("symlink", path, (fs, handle) => fs.symlink(target, handle, path));
  }

  unlinkFileAt(path: string): void {
    this.#change("unlink", path, (fs, handle) => fs.unlink(handle, path));
  }

  isSameObject(other: Descriptor): boolean {
    return this.#node.setup.device === other.#node.setup.device && this.#inode() === other.#inode();
  }

  metadataHash(): shapes.MetadataHash {
    const stats = this.#node.operate("stat", "", (fs, handle) => fs.stat(handle));
    return metadataHash(stats, this.#node.setup.device);
  }

  metadataHashAt(flags: shapes.PathFlags, path: string): shapes.MetadataHash {
    const stats = this.#at("stat", path, (fs, handle) => fs.statAt(handle, path, follow(flags)));
    return metadataHash(stats, this.#node.setup.device);
  }

  override [Symbol.dispose](): void {
    this.#node.release();
    super[Symbol.dispose]();
  }

  #file(): OpenNode {
    if (this.#node.isDirectory) throw "bad-descriptor";
    return this.#node;
  }

  #writableFile(): OpenNode {
    const node = this.#file();
    if (!node.setup.mutable) throw node.refuse("write", "");
    if (!node.setup.writable) throw "bad-descriptor";
    return node;
  }

  #directory(): OpenNode {
    if (!this.#node.isDirectory) throw "not-directory";
    return this.#node;
  }

  /** An operation below this directory that changes nothing. */
  #at<T>(operation: string, path: string, body: (fs: FileSystem, handle: Handle) => T): T {
    requireUnicode(path);
    return this.#directory().operate(operation, path, body);
  }

  /** One that does. */
  #change(operation: string, path: string, body: (fs: FileSystem, handle: Handle) => void): void {
    const node = this.#directory();
    if (!node.setup.mutable) throw node.refuse(operation, path);
    this.#at(operation, path, body);
  }

  /** The directory that a link or rename leads to. */
  #changeTarget(operation: string, directory: Descriptor, path: string): Handle {
    const node = directory.#directory();
    if (!node.setup.mutable) throw node.refuse(operation, path);
    if (node.setup.fs !== this.#directory().setup.fs) throw "cross-device";
    requireUnicode(path);
    return node.handle;
  }

  #inode(): bigint {
    return this.#node.operate("stat", "", (fs, handle) => fs.stat(handle)).inode;
  }
}
guardMethods(Descriptor);

function nothing(): void {}

function follow(flags: shapes.PathFlags): Follow {
  return { follow: flags.symlinkFollow === true };
}
