// A base over a simulated disk, so that an overlay makes the changesets that are committed to it; and trees to compare.

import type { Changeset } from "../../../sandbox-fs/changeset.ts";
import type { HostDirectory, HostFs } from "../../../sandbox-fs/commit/host-fs.ts";
import type { Base, BaseEntry, BaseListing } from "../../../sandbox-fs/index.ts";
import { hardOf, isLink, type Tree } from "../support/trees.ts";
import { Disk, type Inodes, ROOT, START_NS } from "./sim-disk.ts";

export function diskOf(tree: Tree): Disk {
  const inodes: Inodes = new Map();
  let next = ROOT;
  const add = (entry: Tree[string] | Tree): number => {
    const hard = typeof entry === "object" ? hardOf(entry) : null;
    if (hard !== null) return find(hard);
    const number = next;
    next += 1;
    const isFile = typeof entry === "string";
    const link = !isFile && isLink(entry as Tree[string]) ? (entry as { link: string }).link : null;
    const type = isFile ? "file" : link === null ? "directory" : "symlink";
    const mode = type === "file" ? 0o644 : type === "directory" ? 0o755 : 0o777;
    const bytes = new TextEncoder().encode(isFile ? entry : "");
    const times = { mtimeNs: START_NS + BigInt(number), atimeNs: START_NS };
    const entries = new Map<string, number>();
    inodes.set(number, { type, mode, ...times, version: number, bytes, target: link ?? "", entries });
    if (type === "directory") for (const [name, child] of Object.entries(entry as Tree)) entries.set(name, add(child));
    return number;
  };
  const find = (path: string): number =>
    path.split("/").reduce((at, name) => inodes.get(at)?.entries.get(name) ?? missing(), ROOT);
  add(tree);
  return new Disk(inodes, next);
}

/** Reads a host; keeps the changeset of a commit instead of applying it. */
export class HostBase implements Base {
  readonly #host: HostFs;
  changeset: Changeset | null = null;

  constructor(host: HostFs) {
    this.#host = host;
  }

  root(): ReturnType<Base["root"]> {
    return this.#host.factsOf(this.#host.root);
  }

  stat(directory: BaseEntry, name: string): ReturnType<Base["stat"]> {
    return this.#host.facts(this.#directory(directory.path), name);
  }

  list(directory: BaseEntry): BaseListing {
    const at = this.#directory(directory.path);
    const names = [...this.#host.names(at).names].sort();
    return { names, types: names.map((name) => this.#host.facts(at, name)?.type ?? "other"), hidden: 0 };
  }

  read(file: BaseEntry, buffer: Uint8Array, offset: number, length: number, position: number): number {
    const bytes = this.#host.readFile(this.#parent(file.path), nameOf(file.path), Number.MAX_SAFE_INTEGER);
    const part = bytes?.subarray(position, position + length) ?? new Uint8Array();
    buffer.set(part, offset);
    return part.length;
  }

  readlink(symlink: BaseEntry): string {
    return this.#host.readlink(this.#parent(symlink.path), nameOf(symlink.path));
  }

  commit(changeset: Changeset): readonly string[] {
    this.changeset = changeset;
    return [];
  }

  close(): void {}

  #parent(path: string): HostDirectory {
    return this.#directory(path.split("/").slice(0, -1).join("/"));
  }

  #directory(path: string): HostDirectory {
    let at = this.#host.root;
    for (const name of path === "" ? [] : path.split("/")) {
      const next = this.#host.openDirectory(at, name);
      if (next === null) throw new Error(`no directory ${path}`);
      at = next;
    }
    return at;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A tree as text, for comparison: types, modes, times, contents, and which names are one file. `root` is its own time. */
export function picture(inodes: Inodes): { readonly tree: string; readonly root: string } {
  const lines: string[] = [];
  const first = new Map<number, string>();
  const visit = (number: number, prefix: string): void => {
    const inode = inodes.get(number);
    for (const name of [...(inode?.entries.keys() ?? [])].sort()) {
      const child = inode?.entries.get(name) ?? 0;
      const { type, mode, mtimeNs, bytes, target } = inodes.get(child) ?? missing();
      const same = first.get(child) ?? prefix + name;
      first.set(child, same);
      const content = `${Buffer.from(bytes).toString("latin1")}${target}`;
      lines.push(`${prefix}${name} =${same} ${type} ${mode.toString(8)} ${mtimeNs} ${content}`);
      if (type === "directory") visit(child, `${prefix}${name}/`);
    }
  };
  visit(ROOT, "");
  const root = inodes.get(ROOT) ?? missing();
  return { tree: lines.join("\n"), root: `${root.mode.toString(8)} ${root.mtimeNs}` };
}

function missing(): never {
  throw new Error("an entry without an inode");
}
