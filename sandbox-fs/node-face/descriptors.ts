// Numbers for open handles, each with a position of its own, as node:fs has them.
// It must not know paths.

import { FsError } from "../errors.ts";
import type { FileSystem, Handle, OpenOptions } from "../types.ts";

interface Descriptor {
  readonly handle: Handle;
  readonly appends: boolean;
  position: bigint;
}

const FLAGS: Readonly<Record<string, OpenOptions & { append?: boolean }>> = {
  r: {},
  "r+": { write: true },
  w: { write: true, read: false, create: true, truncate: true },
  wx: { write: true, read: false, create: true, exclusive: true },
  "w+": { write: true, create: true, truncate: true },
  "wx+": { write: true, create: true, exclusive: true },
  a: { write: true, read: false, create: true, append: true },
  ax: { write: true, read: false, create: true, exclusive: true, append: true },
  "a+": { write: true, create: true, append: true },
  "ax+": { write: true, create: true, exclusive: true, append: true },
};

export class Descriptors {
  readonly #fs: FileSystem;
  readonly #open = new Map<number, Descriptor>();
  #next = 3;

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** EINVAL for flags that node:fs does not have; otherwise as `FileSystem.open`. */
  open(path: string, flags: string, mode: number): number {
    const options = Object.hasOwn(FLAGS, flags) ? FLAGS[flags] : undefined;
    if (options === undefined) throw new FsError("EINVAL", "open", { path, detail: `flags '${flags}'` });
    const handle = this.#fs.open(this.#fs.root, path, { ...options, mode });
    const fd = this.#next;
    this.#next += 1;
    this.#open.set(fd, { handle, appends: options.append === true, position: 0n });
    return fd;
  }

  handle(fd: number, syscall: string): Handle {
    return this.#get(fd, syscall).handle;
  }

  close(fd: number): void {
    this.#fs.close(this.handle(fd, "close"));
    this.#open.delete(fd);
  }

  /** From `position`, or where the last call ended. */
  read(fd: number, buffer: Uint8Array, position: number | bigint | null): number {
    const descriptor = this.#get(fd, "read");
    const count = this.#fs.read(descriptor.handle, buffer, position === null ? descriptor.position : BigInt(position));
    if (position === null) descriptor.position += BigInt(count);
    return count;
  }

  write(fd: number, bytes: Uint8Array, position: number | bigint | null): number {
    const descriptor = this.#get(fd, "write");
    const { handle, appends } = descriptor;
    const at = appends ? this.#fs.stat(handle).size : position === null ? descriptor.position : BigInt(position);
    const count = this.#fs.write(handle, bytes, at);
    if (position === null || appends) descriptor.position = at + BigInt(count);
    return count;
  }

  #get(fd: number, syscall: string): Descriptor {
    const descriptor = this.#open.get(fd);
    if (descriptor === undefined) throw new FsError("EBADF", syscall);
    return descriptor;
  }
}
