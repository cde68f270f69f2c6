// From a directory and a path to a node: component by component, symlinks at use, never above the start.
// It must not know what is done with what it finds.

import type { Cursor } from "./access.ts";
import type { Context, OpenNode } from "./context.ts";
import { FsError, type FsErrorCode } from "./errors.ts";
import { nameTooLong, pathProblem } from "./names.ts";
import { BaseNode, type Inode } from "./snapshot.ts";

const MAX_SYMLINKS = 40;

/** Where a path leads: an entry of a directory that exists. */
export interface Spot {
  readonly parent: Inode;
  /** "." when the path ends in a dot component: it names a directory, but no entry of one. */
  readonly name: string;
  /** Null when there is nothing of that name. */
  readonly node: Inode | null;
  readonly cursor: Cursor;
  /** True when the path ends in a slash. */
  readonly slash: boolean;
}

/**
 * How the last component is taken: `follow` a symlink, `stay` on it unless a slash follows (as lstat does), or as an
 * `entry`, which is never followed (as unlink does). With `create`, a symlink is followed, and a slash after a file is for
 * the caller to refuse, as it is with `entry`.
 */
export type LastComponent = "follow" | "stay" | "entry" | "create";

interface Step {
  readonly node: Inode;
  readonly cursor: Cursor;
}

/** ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EINVAL as POSIX says; EPERM for what would leave the start. */
export function resolve(context: Context, start: OpenNode, path: string, last: LastComponent, syscall: string): Spot {
  return new Walk(context, start, path, syscall).run(last);
}

class Walk {
  readonly #context: Context;
  readonly #path: string;
  readonly #syscall: string;
  /** The directories from the start to where the walk is. */
  readonly #stack: Step[];
  /** Components that are still to come, the next one last. */
  readonly #todo: string[];
  #slash: boolean;
  #symlinks = 0;
  /** The name that led to the top of the stack; "." after a dot component, or at the start. */
  #lastName = ".";

  constructor(context: Context, start: OpenNode, path: string, syscall: string) {
    this.#context = context;
    this.#path = path;
    this.#syscall = syscall;
    const problem = pathProblem(path);
    if (problem !== null) throw this.#error(problem);
    this.#stack = [{ node: start.node, cursor: start.cursor }];
    this.#slash = path.endsWith("/");
    this.#todo = components(path);
  }

  run(last: LastComponent): Spot {
    for (let name = this.#todo.pop(); name !== undefined; name = this.#todo.pop()) {
      if (name === "." || name === "..") {
        this.#dot(name);
        continue;
      }
      const spot = this.#enter(name, last);
      if (spot !== null) return spot;
    }
    const here = this.#top();
    const parent = this.#stack.at(-2);
    const name = parent === undefined ? "." : this.#lastName;
    return { parent: parent?.node ?? here.node, name, node: here.node, cursor: here.cursor, slash: this.#slash };
  }

  #dot(name: string): void {
    this.#lastName = ".";
    if (name === ".") return;
    if (this.#stack.length === 1) throw this.#error("EPERM", "the path leaves its directory");
    this.#stack.pop();
  }

  /** Goes into a directory or a symlink (null), or ends at an entry. */
  #enter(name: string, last: LastComponent): Spot | null {
    if (nameTooLong(name)) throw this.#error("ENAMETOOLONG");
    const here = this.#top();
    const isLast = this.#todo.length === 0;
    const seen = here.cursor.descend(name);
    const found = seen === null ? null : this.#context.tree.child(here.node, name);
    const cursor = seen ?? here.cursor;
    const node = found !== null && (cursor.access !== null || found.type === "directory") ? found : null;
    const spot: Spot = { parent: here.node, name, node, cursor, slash: this.#slash };
    if (node === null) {
      if (!isLast || seen === null) throw this.#error("ENOENT");
      return spot;
    }
    if (node.type === "directory") {
      this.#stack.push({ node, cursor });
      this.#lastName = name;
      return null;
    }
    if (node.type === "symlink" && !(isLast && staysOnSymlink(last, this.#slash))) {
      this.#expand(node, isLast);
      return null;
    }
    if (!isLast || (this.#slash && last !== "entry" && last !== "create")) throw this.#error("ENOTDIR");
    return spot;
  }

  #expand(node: Inode, isLast: boolean): void {
    this.#symlinks += 1;
    if (this.#symlinks > MAX_SYMLINKS) throw this.#error("ELOOP");
    const target = readTarget(this.#context, node);
    const problem = pathProblem(target);
    if (problem !== null) throw this.#error(problem, problem === "EPERM" ? "the symlink is absolute" : undefined);
    if (isLast && target.endsWith("/")) this.#slash = true;
    for (const name of components(target)) this.#todo.push(name);
  }

  #top(): Step {
    return this.#stack.at(-1) as Step;
  }

  #error(code: FsErrorCode, detail?: string): FsError {
    return new FsError(code, this.#syscall, { path: this.#path, ...(detail === undefined ? {} : { detail }) });
  }
}

/** The text of a symlink. */
export function readTarget(context: Context, node: Inode): string {
  const target = context.tree.recordOf(node)?.target;
  if (target !== undefined && target !== null) return target;
  return node instanceof BaseNode ? context.tree.snapshot.readlink(node) : "";
}

function staysOnSymlink(last: LastComponent, slash: boolean): boolean {
  return last === "entry" || (last === "stay" && !slash);
}

/** The components of a path, the first one last. */
function components(path: string): string[] {
  if (!path.includes("/")) return [path];
  return path
    .split("/")
    .filter((name) => name !== "")
    .reverse();
}
