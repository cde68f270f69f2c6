// Runs operations on a real directory, through node:fs.

import * as fs from "node:fs";
import type { Operation, Outcome } from "./operations.ts";

const READ_BYTES = 100_000;
const { O_CREAT, O_DIRECTORY, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC } = fs.constants;

export class RealRunner {
  readonly #root: string;
  readonly #slots = new Map<number, number>();

  constructor(root: string) {
    this.#root = root;
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
    for (const fd of this.#slots.values()) fs.closeSync(fd);
    this.#slots.clear();
  }

  #do(o: Operation): unknown {
    const at = (path: string): string => `${this.#root}/${path}`;
    switch (o.op) {
      case "mkdir":
        return void fs.mkdirSync(at(o.path), { mode: 0o755 });
      case "rmdir":
        return fs.rmdirSync(at(o.path));
      case "unlink":
        return fs.unlinkSync(at(o.path));
      case "rename":
        return fs.renameSync(at(o.path), at(o.to));
      case "link":
        return fs.linkSync(at(o.path), at(o.to));
      case "symlink":
        return fs.symlinkSync(o.target, at(o.path));
      case "readlink":
        return fs.readlinkSync(at(o.path));
      case "list":
        return this.#with(at(o.path), O_RDONLY | O_DIRECTORY, () => listOf(at(o.path)));
      case "stat":
        return statOf(fs.statSync(at(o.path)));
      case "lstat":
        return statOf(fs.lstatSync(at(o.path)));
      case "read":
        return this.#with(at(o.path), O_RDONLY, readAll);
      case "write":
        return this.#with(at(o.path), O_RDWR | O_CREAT, (fd) => fs.writeSync(fd, o.text, o.position));
      case "create": {
        const flags = O_RDWR | O_CREAT | (o.exclusive ? O_EXCL : 0) | (o.truncate ? O_TRUNC : 0);
        return this.#with(at(o.path), flags, () => null);
      }
      case "truncate":
        return this.#with(at(o.path), O_RDWR, (fd) => fs.ftruncateSync(fd, o.size));
      case "chmod":
        return this.#with(at(o.path), O_RDONLY, (fd) => fs.fchmodSync(fd, o.mode));
      case "utimes":
        return fs.utimesSync(at(o.path), o.seconds, o.seconds);
      default:
        return this.#slot(o);
    }
  }

  #slot(o: Operation & { slot: number }): unknown {
    const known = this.#slots.get(o.slot);
    if (o.op === "open") {
      const fd = fs.openSync(`${this.#root}/${o.path}`, o.write ? O_RDWR : O_RDONLY);
      if (known !== undefined) fs.closeSync(known);
      this.#slots.set(o.slot, fd);
      return typeOf(fs.fstatSync(fd));
    }
    if (known === undefined) return "no slot";
    if (o.op === "slotWrite") return fs.writeSync(known, o.text, o.position);
    if (o.op === "slotRead") return readAll(known);
    fs.closeSync(known);
    this.#slots.delete(o.slot);
    return null;
  }

  #with<T>(path: string, flags: number, use: (fd: number) => T): T {
    const fd = fs.openSync(path, flags, 0o644);
    try {
      return use(fd);
    } finally {
      fs.closeSync(fd);
    }
  }
}

function readAll(fd: number): string {
  const buffer = Buffer.alloc(READ_BYTES);
  return buffer.subarray(0, fs.readSync(fd, buffer, 0, READ_BYTES, 0)).toString("hex");
}

function listOf(path: string): unknown {
  const entries = fs.readdirSync(path, { withFileTypes: true });
  return entries.map((entry): [string, string] => [entry.name, typeOf(entry)]).sort(([a], [b]) => (a < b ? -1 : 1));
}

function statOf(stats: fs.Stats): unknown {
  const type = typeOf(stats);
  const isDirectory = type === "directory";
  return { type, size: isDirectory ? 0 : stats.size, links: isDirectory ? 1 : stats.nlink, mode: stats.mode & 0o7777 };
}

function typeOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): string {
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "directory" : "symlink";
}
