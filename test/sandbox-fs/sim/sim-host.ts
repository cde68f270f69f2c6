// The calls of a commit on a simulated disk. Before each change, `onCall` may look, fail it, or end everything.

import type {
  HostDirectory,
  HostFacts,
  HostFile,
  HostFs,
  HostNames,
  MetadataChange,
} from "../../../sandbox-fs/commit/host-fs.ts";
import { type Change, type Disk, ROOT, type SimInode } from "./sim-disk.ts";

export interface Call {
  readonly call: string;
  readonly name: string;
}

class SimDirectory implements HostDirectory {
  readonly isHostDirectory = true;
  readonly inode: number;

  constructor(inode: number) {
    this.inode = inode;
  }
}

export class SimError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

type Unticked = Change extends infer C ? (C extends Change ? Omit<C, "waits" | "tick"> : never) : never;

export class SimHost implements HostFs {
  readonly handlesFollow = true;
  readonly root: HostDirectory = new SimDirectory(ROOT);
  readonly disk: Disk;
  readonly #onCall: (call: Call) => void;

  constructor(disk: Disk, onCall: (call: Call) => void = () => undefined) {
    this.disk = disk;
    this.#onCall = onCall;
  }

  openDirectory(parent: HostDirectory, name: string): HostDirectory | null {
    const number = name === "." ? numberOf(parent) : this.#directory(parent).entries.get(name);
    const isDirectory = number !== undefined && this.#inode(number).type === "directory";
    return isDirectory ? new SimDirectory(number) : null;
  }

  closeDirectory(): void {}

  facts(directory: HostDirectory, name: string): HostFacts | null {
    const number = this.#directory(directory).entries.get(name);
    return number === undefined ? null : this.#facts(number);
  }

  factsOf(directory: HostDirectory): HostFacts {
    return this.#facts(numberOf(directory));
  }

  names(directory: HostDirectory): HostNames {
    return { names: [...this.#directory(directory).entries.keys()], hidden: 0 };
  }

  createFile(directory: HostDirectory, name: string): HostFile {
    this.#begin("create", name);
    this.#expectFree(directory, name);
    const inode = this.disk.create("file", 0o600);
    this.#change([numberOf(directory)], { kind: "add", directory: numberOf(directory), name, inode });
    return this.#file(inode, name);
  }

  readFile(directory: HostDirectory, name: string): Uint8Array | null {
    const number = this.#directory(directory).entries.get(name);
    return number === undefined ? null : this.#inode(number).bytes;
  }

  readlink(directory: HostDirectory, name: string): string {
    return this.#inode(this.#entry(directory, name)).target;
  }

  makeDirectory(directory: HostDirectory, name: string, mode: number): void {
    this.#begin("mkdir", name);
    this.#expectFree(directory, name);
    const inode = this.disk.create("directory", mode);
    this.#change([numberOf(directory)], { kind: "add", directory: numberOf(directory), name, inode });
  }

  removeDirectory(directory: HostDirectory, name: string): void {
    this.#begin("rmdir", name);
    const inode = this.#entry(directory, name);
    if (this.#inode(inode).entries.size > 0) throw new SimError("ENOTEMPTY");
    this.#change([numberOf(directory)], { kind: "remove", directory: numberOf(directory), name, inode });
  }

  symlink(target: string, directory: HostDirectory, name: string): void {
    this.#begin("symlink", name);
    this.#expectFree(directory, name);
    const inode = this.disk.create("symlink", 0o777, target);
    this.#change([numberOf(directory)], { kind: "add", directory: numberOf(directory), name, inode });
  }

  link(from: HostDirectory, fromName: string, to: HostDirectory, toName: string): void {
    this.#begin("link", toName);
    this.#expectFree(to, toName);
    const inode = this.#entry(from, fromName);
    this.#change([numberOf(to)], { kind: "add", directory: numberOf(to), name: toName, inode });
  }

  rename(from: HostDirectory, fromName: string, to: HostDirectory, toName: string): void {
    this.#begin("rename", toName);
    const inode = this.#entry(from, fromName);
    const replaced = this.#directory(to).entries.get(toName);
    if (replaced === inode) return;
    if (replaced !== undefined && this.#inode(replaced).entries.size > 0) throw new SimError("ENOTEMPTY");
    const [directory, toDirectory] = [numberOf(from), numberOf(to)];
    this.#change([directory, toDirectory], { kind: "move", directory, name: fromName, toDirectory, toName, inode });
  }

  unlink(directory: HostDirectory, name: string): void {
    this.#begin("unlink", name);
    const inode = this.#entry(directory, name);
    this.#change([numberOf(directory)], { kind: "remove", directory: numberOf(directory), name, inode });
  }

  setMetadata(directory: HostDirectory, name: string, { mode, times, sync }: MetadataChange): void {
    const inode = name === "." ? numberOf(directory) : this.#entry(directory, name);
    if (mode !== undefined) {
      this.#begin("chmod", name);
      this.#change([inode], { kind: "meta", inode, mode });
    }
    if (times !== undefined) {
      this.#begin("utimes", name);
      this.#change([inode], { kind: "meta", inode, times: [times.atimeNs, times.mtimeNs] });
    }
    if (!sync) return;
    this.#begin("fsync", name);
    this.disk.sync(inode);
  }

  syncDirectory(directory: HostDirectory): void {
    this.#begin("fsync", `directory ${numberOf(directory)}`);
    this.disk.sync(numberOf(directory));
  }

  #file(inode: number, name: string): HostFile {
    const change = (what: Unticked, call: string): void => {
      this.#begin(call, name);
      this.#change([inode], what);
    };
    return {
      write: (bytes, position) => change({ kind: "write", inode, bytes: bytes.slice(), position }, "write"),
      truncate: (size) => change({ kind: "truncate", inode, size }, "truncate"),
      copyFrom: (directory, source, length) => {
        const bytes = this.#inode(this.#entry(directory, source)).bytes.slice(0, length);
        change({ kind: "write", inode, bytes, position: 0 }, "write");
      },
      setMode: (mode) => change({ kind: "meta", inode, mode }, "chmod"),
      setTimes: (atimeNs, mtimeNs) => change({ kind: "meta", inode, times: [atimeNs, mtimeNs] }, "utimes"),
      sync: () => {
        this.#begin("fsync", name);
        this.disk.sync(inode);
      },
      close: () => undefined,
    };
  }

  #begin(call: string, name: string): void {
    this.#onCall({ call, name });
  }

  #change(waits: readonly number[], change: Unticked): void {
    this.disk.change({ ...change, waits: new Set(waits), tick: this.disk.tick() } as Change);
  }

  #facts(number: number): HostFacts {
    const { type, bytes, mode, mtimeNs, atimeNs, version, target } = this.#inode(number);
    const size = type === "symlink" ? target.length : bytes.length;
    const inode = String(number);
    const links = type === "directory" ? 1 : this.#linksOf(number);
    return {
      type,
      size,
      mode,
      mtimeNs,
      atimeNs,
      links,
      identity: inode,
      inode,
      device: "sim",
      version: String(version),
    };
  }

  #linksOf(number: number): number {
    const names = [...this.disk.live.values()].flatMap(({ entries }) => [...entries.values()]);
    return names.filter((each) => each === number).length;
  }

  #directory(directory: HostDirectory): SimInode {
    return this.#inode(numberOf(directory));
  }

  #inode(number: number): SimInode {
    const inode = this.disk.live.get(number);
    if (inode === undefined) throw new SimError("ESTALE");
    return inode;
  }

  #entry(directory: HostDirectory, name: string): number {
    const number = this.#directory(directory).entries.get(name);
    if (number === undefined) throw new SimError("ENOENT");
    return number;
  }

  #expectFree(directory: HostDirectory, name: string): void {
    if (this.#directory(directory).entries.has(name)) throw new SimError("EEXIST");
  }
}

function numberOf(directory: HostDirectory): number {
  if (directory instanceof SimDirectory) return directory.inode;
  throw new TypeError("a directory of another host");
}
