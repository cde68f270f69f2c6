// A filesystem as callers see it: checks the handle, then calls the operation.
// It must not know transactions.

import { Cursor } from "./access.ts";
import { Context } from "./context.ts";
import { FsError } from "./errors.ts";
import { read, write } from "./operations/content.ts";
import { makeDirectory, removeDirectory } from "./operations/directory.ts";
import { link, readlink, symlink } from "./operations/link.ts";
import { list } from "./operations/list.ts";
import { setMode, setTimes } from "./operations/metadata.ts";
import { open } from "./operations/open.ts";
import { rename } from "./operations/rename.ts";
import { existing, requireWrite } from "./operations/rights.ts";
import { statNode } from "./operations/stat.ts";
import { truncate } from "./operations/truncate.ts";
import { unlink } from "./operations/unlink.ts";
import { resolve } from "./resolve.ts";
import type { DirectoryEntry, FileSystem, Handle, OpenOptions, Rule, Stats, Times } from "./types.ts";

interface Follow {
  readonly follow?: boolean;
}

/** One view of a tree, with rights of its own. Each call's errors are listed at its operation. */
export class View implements FileSystem {
  /** For those inside this package. */
  readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  get root(): Handle {
    return this.context.root;
  }

  open(directory: Handle, path: string, options: OpenOptions = {}): Handle {
    return open(this.context, this.context.directory(directory, "open", path), path, options);
  }

  close(handle: Handle): void {
    this.context.close(this.context.handle(handle, "close"));
  }

  stat(handle: Handle): Stats {
    return statNode(this.context, this.context.node(handle, "stat").node);
  }

  statAt(directory: Handle, path: string, options: Follow = {}): Stats {
    const last = options.follow === false ? "stay" : "follow";
    const spot = resolve(this.context, this.context.directory(directory, "stat", path), path, last, "stat");
    return statNode(this.context, existing(spot, "stat", path));
  }

  read(handle: Handle, buffer: Uint8Array, position: bigint): number {
    return read(this.context, this.context.node(handle, "read"), buffer, position);
  }

  write(handle: Handle, bytes: Uint8Array, position: bigint): number {
    return write(this.context, this.context.node(handle, "write"), bytes, position);
  }

  truncate(handle: Handle, size: bigint): void {
    truncate(this.context, this.context.node(handle, "truncate"), size);
  }

  list(directory: Handle): readonly DirectoryEntry[] {
    return list(this.context, this.context.directory(directory, "list"));
  }

  makeDirectory(directory: Handle, path: string, mode = 0o755): void {
    makeDirectory(this.context, this.context.directory(directory, "mkdir", path), path, mode);
  }

  removeDirectory(directory: Handle, path: string): void {
    removeDirectory(this.context, this.context.directory(directory, "rmdir", path), path);
  }

  unlink(directory: Handle, path: string): void {
    unlink(this.context, this.context.directory(directory, "unlink", path), path);
  }

  rename(fromDirectory: Handle, from: string, toDirectory: Handle, to: string): void {
    const source = this.context.directory(fromDirectory, "rename", from);
    rename(this.context, source, from, this.context.directory(toDirectory, "rename", to), to);
  }

  link(fromDirectory: Handle, from: string, toDirectory: Handle, to: string, options: Follow = {}): void {
    const source = this.context.directory(fromDirectory, "link", from);
    const target = this.context.directory(toDirectory, "link", to);
    link(this.context, source, from, target, to, options.follow === true);
  }

  symlink(target: string, directory: Handle, path: string): void {
    symlink(this.context, target, this.context.directory(directory, "symlink", path), path);
  }

  readlink(directory: Handle, path: string): string {
    return readlink(this.context, this.context.directory(directory, "readlink", path), path);
  }

  setTimes(handle: Handle, times: Times): void {
    const { node, cursor } = this.context.node(handle, "utimes");
    requireWrite(cursor, "utimes");
    setTimes(this.context, node, times, "utimes");
  }

  setTimesAt(directory: Handle, path: string, times: Times, options: Follow = {}): void {
    const last = options.follow === false ? "stay" : "follow";
    const spot = resolve(this.context, this.context.directory(directory, "utimes", path), path, last, "utimes");
    const node = existing(spot, "utimes", path);
    requireWrite(spot.cursor, "utimes", path);
    setTimes(this.context, node, times, "utimes");
  }

  setMode(handle: Handle, mode: number): void {
    const { node, cursor } = this.context.node(handle, "chmod");
    requireWrite(cursor, "chmod");
    setMode(this.context, node, mode);
  }
}

/**
 * A view of `fs` in which only what the rules grant exists: a path and all below it, the nearest rule counting. What lies
 * above a grant is visible as directories that list only the way to it. Writing where a rule says "read" is EPERM;
 * a directory that has other rules below it keeps its place (EBUSY); a rule for writing may name what is not there yet.
 * Rules can only narrow what `fs` allows. Errors: EINVAL when a rule's path is not relative and normal, or `fs` is not of this package.
 */
export function grant(fs: FileSystem, rules: readonly Rule[]): FileSystem {
  if (!(fs instanceof View)) throw new FsError("EINVAL", "grant", { detail: "not a filesystem of this package" });
  const { tree, root } = fs.context;
  return new View(new Context(tree, Cursor.of(rules, root.cursor), fs.context));
}

/** A view of `fs` in which nothing can be changed: every call that would is EPERM. Errors: EINVAL when `fs` is not of this package. */
export function readOnly(fs: FileSystem): FileSystem {
  return grant(fs, [{ path: "", access: "read" }]);
}
