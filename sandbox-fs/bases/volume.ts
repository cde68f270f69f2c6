// The part of a memfs volume that a base needs.
// It must not be more than memfs has.

export interface VolumeStats {
  readonly size: bigint | number;
  readonly mode: bigint | number;
  readonly nlink: bigint | number;
  readonly ino: bigint | number;
  readonly atimeNs: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** A volume of memfs, by its synchronous calls. */
export interface Volume {
  lstatSync(path: string, options: { bigint: true }): VolumeStats;
  readdirSync(path: string): readonly unknown[];
  openSync(path: string, flags: string, mode?: number): number;
  closeSync(fd: number): void;
  readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  ftruncateSync(fd: number, size: number): void;
  readlinkSync(path: string): unknown;
  mkdirSync(path: string, options: { mode: number }): unknown;
  rmdirSync(path: string): void;
  unlinkSync(path: string): void;
  renameSync(from: string, to: string): void;
  linkSync(from: string, to: string): void;
  symlinkSync(target: string, path: string): void;
  chmodSync(path: string, mode: number): void;
  lutimesSync(path: string, atime: number, mtime: number): void;
}
