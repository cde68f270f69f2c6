// Trees as data: written to bases of every kind, and read back to be compared.

import * as nodeFs from "node:fs";
import { tmpdir } from "node:os";
import { Volume } from "memfs";
import {
  type Base,
  createOverlay,
  type FileSystem,
  type Handle,
  type MemoryEntry,
  memfsBase,
  memoryBase,
  nodeBase,
  type Overlay,
  type Volume as VolumeCalls,
} from "../../../sandbox-fs/index.ts";

/** A file's text, a symlink's target, one more name of a file that comes before, or what a directory holds. */
export type Tree = { readonly [name: string]: string | { readonly link: string } | { readonly hard: string } | Tree };

export const MTIME_SECONDS = 1_600_000_000;

export function isLink(entry: Tree[string]): entry is { readonly link: string } {
  return typeof entry === "object" && "link" in entry && typeof entry.link === "string";
}

/** The path of the file that this is one more name of; null when it is none. Not every kind of base has them. */
export function hardOf(entry: Tree[string] | Tree): string | null {
  return typeof entry === "object" && "hard" in entry && typeof entry.hard === "string" ? entry.hard : null;
}

/** A clock that moves by one second with each call: every run sees the same times. */
export function testClock(): () => bigint {
  let seconds = 1_700_000_000n;
  return () => {
    seconds += 1n;
    return seconds * 1_000_000_000n;
  };
}

export function overlayOver(base: Base): Overlay {
  return createOverlay(base, { clock: testClock() });
}

export function memoryOf(tree: Tree): Record<string, MemoryEntry> {
  return Object.fromEntries(
    Object.entries(tree).map(([name, entry]): [string, MemoryEntry] => {
      if (typeof entry === "string") return [name, entry];
      if (hardOf(entry) !== null) throw new Error("a base in memory has no hard links");
      return isLink(entry) ? [name, { target: entry.link }] : [name, { entries: memoryOf(entry) }];
    }),
  );
}

interface Writer {
  mkdirSync(path: string): unknown;
  writeFileSync(path: string, text: string): void;
  symlinkSync(target: string, path: string): void;
  linkSync(from: string, to: string): void;
  chmodSync(path: string, mode: number): void;
  lutimesSync(path: string, atime: number, mtime: number): void;
}

export function writeTree(fs: Writer, directory: string, tree: Tree, root: string = directory): void {
  for (const [name, entry] of Object.entries(tree)) {
    const path = `${directory}/${name}`;
    const hard = hardOf(entry);
    if (hard !== null) {
      fs.linkSync(`${root}/${hard}`, path);
      continue;
    }
    if (typeof entry === "string") fs.writeFileSync(path, entry);
    else if (isLink(entry)) fs.symlinkSync(entry.link, path);
    else {
      fs.mkdirSync(path);
      writeTree(fs, path, entry as Tree, root);
    }
    if (!(typeof entry === "object" && isLink(entry))) fs.chmodSync(path, typeof entry === "string" ? 0o644 : 0o755);
    fs.lutimesSync(path, MTIME_SECONDS, MTIME_SECONDS);
  }
}

/** A directory below the system's temporary one, removed with `dispose`. */
export function temporaryDirectory(
  tree: Tree = {},
  below: string = tmpdir(),
): { readonly path: string; dispose(): void } {
  const path = nodeFs.mkdtempSync(`${below}/glovebox-fs-`);
  nodeFs.chmodSync(path, 0o755);
  writeTree(nodeFs, path, tree);
  nodeFs.utimesSync(path, MTIME_SECONDS, MTIME_SECONDS);
  return { path, dispose: () => nodeFs.rmSync(path, { recursive: true, force: true }) };
}

/** The same in memory, where there is such a place: for tests that make thousands. */
export function fastDirectory(tree: Tree = {}): ReturnType<typeof temporaryDirectory> {
  return temporaryDirectory(tree, nodeFs.existsSync("/dev/shm") ? "/dev/shm" : tmpdir());
}

/** A kind of base, and how to look at what was committed to it. */
export interface BaseKind {
  readonly name: string;
  readonly takesCommits: boolean;
  make(tree: Tree): { readonly base: Base; reopen(): Base; dispose(): void };
}

export const BASES: readonly BaseKind[] = [
  {
    name: "memory",
    takesCommits: false,
    make: (tree) => {
      const make = (): Base => memoryBase(memoryOf(tree), BigInt(MTIME_SECONDS) * 1_000_000_000n);
      return { base: make(), reopen: make, dispose: () => undefined };
    },
  },
  {
    name: "memfs",
    takesCommits: true,
    make: (tree) => {
      const volume = new Volume();
      volume.mkdirSync("/root", { mode: 0o755 });
      writeTree(volume as unknown as Writer, "/root", tree);
      const make = (): Base => memfsBase(volume as unknown as VolumeCalls, "/root");
      return { base: make(), reopen: make, dispose: () => undefined };
    },
  },
  {
    name: "host",
    takesCommits: true,
    make: (tree) => {
      const { path, dispose } = fastDirectory(tree);
      return { base: nodeBase(path), reopen: () => nodeBase(path), dispose };
    },
  },
];

export interface DumpOptions {
  readonly times: boolean;
  readonly links: boolean;
}

const EVERYTHING: DumpOptions = { times: true, links: true };

/** Everything of a tree that a commit has to keep: types, contents, targets, modes, which names are one file, and times. */
export function dump(fs: FileSystem, options: DumpOptions = EVERYTHING): Record<string, string> {
  const result: Record<string, string> = {};
  const first = new Map<bigint, string>();
  const visit = (directory: Handle, prefix: string): void => {
    for (const { name, type } of fs.list(directory)) {
      const path = prefix + name;
      const stats = fs.statAt(directory, name, { follow: false });
      const same = first.get(stats.inode) ?? path;
      first.set(stats.inode, same);
      const times = options.times ? ` ${stats.mtimeNs / 1_000_000_000n}` : "";
      const links = !options.links || type === "directory" || stats.links === 1 ? "" : ` =${same}`;
      result[path] = `${type} ${stats.mode.toString(8)}${times}${links} ${contentOf(fs, directory, name, type)}`;
      if (type !== "directory") continue;
      const inside = fs.open(directory, name, { directory: true, follow: false });
      visit(inside, `${path}/`);
      fs.close(inside);
    }
  };
  visit(fs.root, "");
  return result;
}

function contentOf(fs: FileSystem, directory: Handle, name: string, type: string): string {
  if (type === "symlink") return fs.readlink(directory, name);
  if (type !== "file") return "";
  const handle = fs.open(directory, name);
  const bytes = new Uint8Array(Number(fs.stat(handle).size));
  fs.read(handle, bytes, 0n);
  fs.close(handle);
  return Buffer.from(bytes).toString("latin1");
}

/** The same of a real directory, hard links included. */
export function dumpReal(root: string, options: DumpOptions = EVERYTHING): Record<string, string> {
  const result: Record<string, string> = {};
  const first = new Map<bigint, string>();
  const visit = (directory: string, prefix: string): void => {
    for (const name of nodeFs.readdirSync(directory).sort()) {
      const path = `${directory}/${name}`;
      const stats = nodeFs.lstatSync(path, { bigint: true });
      const same = first.get(stats.ino) ?? prefix + name;
      first.set(stats.ino, same);
      const type = stats.isFile()
        ? "file"
        : stats.isDirectory()
          ? "directory"
          : stats.isSymbolicLink()
            ? "symlink"
            : "other";
      const times = options.times ? ` ${stats.mtimeNs / 1_000_000_000n}` : "";
      const links = !options.links || type === "directory" || stats.nlink === 1n ? "" : ` =${same}`;
      const mode = (Number(stats.mode) & 0o7777).toString(8);
      const content =
        type === "symlink" ? nodeFs.readlinkSync(path) : type === "file" ? nodeFs.readFileSync(path, "latin1") : "";
      result[prefix + name] = `${type} ${mode}${times}${links} ${content}`;
      if (type === "directory") visit(path, `${prefix}${name}/`);
    }
  };
  visit(root, "");
  return result;
}
