// The calls that a commit makes on the host, each as small as a system call, so that a test can stop between any two.
// It must not know what they are for.

import type { BaseFacts } from "../base.ts";

/** An open directory of the host. Where `handlesFollow` holds, it stays the same directory when its name changes. */
export interface HostDirectory {
  readonly isHostDirectory: true;
}

export interface HostFacts extends BaseFacts {
  readonly device: string;
  /** Which object of its device it is. Devices may be numbered anew when a machine starts. */
  readonly inode: string;
  readonly atimeNs: bigint;
}

/** A file that is being written. */
export interface HostFile {
  write(bytes: Uint8Array, position: number): void;
  truncate(size: number): void;
  /**
   * Fills the file with the first `length` bytes of another one, never through a symlink. Holes stay holes: where the last
   * bytes are zeros, the file may end before them.
   */
  copyFrom(directory: HostDirectory, name: string, length: number): void;
  setMode(mode: number): void;
  setTimes(atimeNs: bigint, mtimeNs: bigint): void;
  sync(): void;
  close(): void;
}

export interface HostNames {
  readonly names: readonly string[];
  /** Entries whose names are not UTF-8. */
  readonly hidden: number;
}

/**
 * One directory tree of the host. Names are single components and never followed when they are symlinks. Everything
 * throws what the host throws; `null` stands for ENOENT where a result says so.
 */
export interface HostFs {
  readonly handlesFollow: boolean;
  readonly root: HostDirectory;
  /** Paths below the root at which something else is mounted, of the same device or another; where the host can tell. */
  mounts?(): readonly string[];
  /** Null when there is no such directory, or it is not one. */
  openDirectory(parent: HostDirectory, name: string): HostDirectory | null;
  closeDirectory(directory: HostDirectory): void;
  facts(directory: HostDirectory, name: string): HostFacts | null;
  factsOf(directory: HostDirectory): HostFacts;
  names(directory: HostDirectory): HostNames;
  /** EEXIST when there is one. */
  createFile(directory: HostDirectory, name: string): HostFile;
  /** Null when it does not exist or is not a file. */
  readFile(directory: HostDirectory, name: string, limit: number): Uint8Array | null;
  readlink(directory: HostDirectory, name: string): string;
  makeDirectory(directory: HostDirectory, name: string, mode: number): void;
  removeDirectory(directory: HostDirectory, name: string): void;
  symlink(target: string, directory: HostDirectory, name: string): void;
  link(from: HostDirectory, fromName: string, to: HostDirectory, toName: string): void;
  rename(from: HostDirectory, fromName: string, to: HostDirectory, toName: string): void;
  unlink(directory: HostDirectory, name: string): void;
  /** Changes metadata of an entry, or of the directory itself for "."; then makes it durable, if asked to. */
  setMetadata(directory: HostDirectory, name: string, change: MetadataChange): void;
  /** Makes what happened to the entries of a directory durable. */
  syncDirectory(directory: HostDirectory): void;
}

export interface MetadataChange {
  /** Left out for symlinks, which have none. */
  readonly mode?: number;
  readonly times?: { readonly atimeNs: bigint; readonly mtimeNs: bigint };
  /** To the nanosecond where there is any way, even a slow one. */
  readonly exact: boolean;
  readonly sync: boolean;
}
