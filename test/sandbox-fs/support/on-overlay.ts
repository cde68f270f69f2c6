// Runs operations on a filesystem of ours.

import type { FileSystem, Handle } from "../../../sandbox-fs/index.ts";
import type { Operation, Outcome } from "./operations.ts";

const READ_BYTES = 100_000;

export class OverlayRunner {
  readonly #fs: FileSystem;
  readonly #slots = new Map<number, Handle>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  run(operation: Operation): Outcome {
    try {
      return { value: this.#do(operation) ?? undefined };
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === undefined) throw error;
      return { error: code };
    }
  }

  close(): void {
    for (const handle of this.#slots.values()) this.#fs.close(handle);
    this.#slots.clear();
  }

  #do(o: Operation): unknown {
    const fs = this.#fs;
    const { root } = fs;
    switch (o.op) {
      case "mkdir":
        return fs.makeDirectory(root, o.path);
      case "rmdir":
        return fs.removeDirectory(root, o.path);
      case "unlink":
        return fs.unlink(root, o.path);
      case "rename":
        return fs.rename(root, o.path, root, o.to);
      case "link":
        return fs.link(root, o.path, root, o.to);
      case "symlink":
        return fs.symlink(o.target, root, o.path);
      case "readlink":
        return fs.readlink(root, o.path);
      case "list":
        return this.#with(o.path, { directory: true }, (handle) =>
          fs.list(handle).map(({ name, type }) => [name, type]),
        );
      case "stat":
      case "lstat":
        return this.#stat(o.path, o.op === "stat");
      case "read":
        return this.#with(o.path, {}, (handle) => this.#readAll(handle));
      case "write":
        return this.#with(o.path, { write: true, create: true }, (handle) => this.#write(handle, o.position, o.text));
      case "create":
        return this.#with(
          o.path,
          { write: true, create: true, exclusive: o.exclusive, truncate: o.truncate },
          () => null,
        );
      case "truncate":
        return this.#with(o.path, { write: true }, (handle) => fs.truncate(handle, BigInt(o.size)));
      case "chmod":
        return this.#with(o.path, {}, (handle) => fs.setMode(handle, o.mode));
      case "utimes":
        return fs.setTimesAt(root, o.path, {
          atimeNs: BigInt(o.seconds) * 10n ** 9n,
          mtimeNs: BigInt(o.seconds) * 10n ** 9n,
        });
      default:
        return this.#slot(o);
    }
  }

  #slot(o: Operation & { slot: number }): unknown {
    const known = this.#slots.get(o.slot);
    if (o.op === "open") {
      const handle = this.#fs.open(this.#fs.root, o.path, { write: o.write });
      if (known !== undefined) this.#fs.close(known);
      this.#slots.set(o.slot, handle);
      return handle.type;
    }
    if (known === undefined) return "no slot";
    if (o.op === "slotWrite") return this.#write(known, o.position, o.text);
    if (o.op === "slotRead") return this.#readAll(known);
    this.#fs.close(known);
    this.#slots.delete(o.slot);
    return null;
  }

  #with<T>(path: string, options: Parameters<FileSystem["open"]>[2], use: (handle: Handle) => T): T {
    const handle = this.#fs.open(this.#fs.root, path, options);
    try {
      return use(handle);
    } finally {
      this.#fs.close(handle);
    }
  }

  #readAll(handle: Handle): string {
    const buffer = new Uint8Array(READ_BYTES);
    return Buffer.from(buffer.subarray(0, this.#fs.read(handle, buffer, 0n))).toString("hex");
  }

  #write(handle: Handle, position: number, text: string): number {
    return this.#fs.write(handle, new TextEncoder().encode(text), BigInt(position));
  }

  #stat(path: string, follow: boolean): unknown {
    const { type, size, links, mode } = this.#fs.statAt(this.#fs.root, path, { follow });
    return { type, size: type === "directory" ? 0 : Number(size), links: type === "directory" ? 1 : links, mode };
  }
}
