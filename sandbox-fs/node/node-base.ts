// A base over a directory of the host: read lazily, never through a symlink, never a special file.
// It must not know the overlay. Node only.

import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
} from "node:fs";
import type { Base, BaseEntry, BaseFacts, BaseListing, Hash, Verify } from "../base.ts";
import type { Changeset } from "../changeset.ts";
import { commitChangeset } from "../commit/commit.ts";
import { commitFailure } from "../commit/failure.ts";
import { FsError, fromHost, hostCode } from "../errors.ts";
import { compareNames, isReserved, nameTooLong } from "../names.ts";
import type { FileType } from "../types.ts";
import { isSameObject, NodeFacts } from "./host-facts.ts";
import { hostNode } from "./host-node.ts";
import { withLock } from "./lock.ts";

const LOCK_PATIENCE_MS = 10_000;
const OPEN_FILES = 256;
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A directory that was the right one so short a time ago is not looked at again: one stat per lookup instead of two. */
const TRUST_MS = 1;

export interface NodeBaseOptions {
  /**
   * `version` (the default) trusts change times, which nobody can set back on a local filesystem. `content` is for those where
   * they lie: on networks, on FAT, on machines whose clock jumps.
   */
  readonly verify?: Verify;
}

/** A base over `directory`. Errors: ENOENT or ENOTDIR when it is not there. */
export function nodeBase(directory: string, options: NodeBaseOptions = {}): Base {
  try {
    return new NodeBase(realpathSync(directory), options.verify ?? "version");
  } catch (thrown) {
    throw fromHost(thrown, "open", directory);
  }
}

class NodeBase implements Base {
  readonly verify: Verify;
  readonly #directory: string;
  readonly #root: BaseFacts;
  /** Open files, the oldest first. */
  readonly #files = new Map<BaseEntry, number>();
  #trusted: BaseEntry | null = null;
  #trustedAt = 0;

  constructor(directory: string, verify: Verify) {
    this.verify = verify;
    this.#directory = directory;
    this.#root = new NodeFacts(lstatSync(directory, { bigint: true }));
    if (this.#root.type !== "directory") throw new FsError("ENOTDIR", "open", { path: "." });
  }

  root(): BaseFacts {
    return this.#root;
  }

  stat(directory: BaseEntry, name: string): BaseFacts | null {
    try {
      const stats = lstatSync(`${this.#at(directory)}/${name}`, { bigint: true, throwIfNoEntry: false });
      this.#verify(directory, "stat");
      return stats === undefined ? null : new NodeFacts(stats);
    } catch (thrown) {
      if (hostCode(thrown) === "ENOTDIR") return null;
      throw fromHost(thrown, "stat", directory.path === "" ? name : `${directory.path}/${name}`);
    }
  }

  list(directory: BaseEntry, limit: number): BaseListing {
    const found: { name: string; type: FileType }[] = [];
    let hidden = 0;
    try {
      const open = opendirSync(this.#at(directory), { encoding: "buffer" as BufferEncoding, bufferSize: 1024 });
      try {
        for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
          const name = decodeName(entry.name as unknown as Uint8Array);
          if (name === null) hidden += 1;
          else found.push({ name, type: typeOf(entry) });
          if (found.length + hidden > limit)
            throw new FsError("EDQUOT", "list", { path: directory.path, limit: "entries" });
        }
      } finally {
        open.closeSync();
      }
      this.#trusted = null;
      this.#verify(directory, "list");
    } catch (thrown) {
      throw fromHost(thrown, "list", directory.path);
    }
    found.sort((a, b) => compareNames(a.name, b.name));
    return { names: found.map(({ name }) => name), types: found.map(({ type }) => type), hidden };
  }

  read(file: BaseEntry, buffer: Uint8Array, offset: number, length: number, position: number): number {
    try {
      const fd = this.#files.get(file) ?? this.#open(file);
      let done = readSync(fd, buffer, offset, length, position);
      for (let count = done; done < length && count > 0; done += count) {
        count = readSync(fd, buffer, offset + done, length - done, position + done);
      }
      return done;
    } catch (thrown) {
      throw fromHost(thrown, "read", file.path);
    }
  }

  readlink(symlink: BaseEntry): string {
    try {
      const target = readlinkSync(this.#at(symlink), { encoding: "buffer" });
      const now = lstatSync(this.#at(symlink), { bigint: true });
      if (!isSameObject(symlink.facts, now)) throw new FsError("ESTALE", "readlink", { path: symlink.path });
      return decodeText(target) ?? "\0";
    } catch (thrown) {
      throw fromHost(thrown, "readlink", symlink.path);
    }
  }

  commit(changeset: Changeset): readonly string[] {
    try {
      return withLock(this.#directory, LOCK_PATIENCE_MS, () => commitOn(this.#directory, changeset));
    } catch (thrown) {
      throw commitFailure("the base cannot be opened", thrown);
    }
  }

  hash(): Hash {
    return createHash("sha256");
  }

  close(): void {
    for (const fd of this.#files.values()) closeSync(fd);
    this.#files.clear();
  }

  #at({ path }: BaseEntry): string {
    return path === "" ? this.#directory : `${this.#directory}/${path}`;
  }

  /** ESTALE unless the directory is the one of before: someone could have put a symlink there. */
  #verify(directory: BaseEntry, syscall: string): void {
    const now = performance.now();
    if (this.#trusted === directory && now - this.#trustedAt < TRUST_MS) return;
    const stats = lstatSync(this.#at(directory), { bigint: true });
    if (!isSameObject(directory.facts, stats)) throw new FsError("ESTALE", syscall, { path: directory.path });
    this.#trusted = directory;
    this.#trustedAt = now;
  }

  #open(file: BaseEntry): number {
    if (file.facts.type !== "file") throw new FsError("ENXIO", "read", { path: file.path });
    const fd = openSync(this.#at(file), OPEN_FLAGS);
    if (!isSameObject(file.facts, fstatSync(fd, { bigint: true }))) {
      closeSync(fd);
      throw new FsError("ESTALE", "read", { path: file.path });
    }
    for (const [oldest, oldFd] of this.#files) {
      if (this.#files.size < OPEN_FILES) break;
      this.#files.delete(oldest);
      closeSync(oldFd);
    }
    this.#files.set(file, fd);
    return fd;
  }
}

function commitOn(directory: string, changeset: Changeset): readonly string[] {
  const host = hostNode(directory);
  try {
    return commitChangeset(host, changeset, () => createHash("sha256"));
  } finally {
    host.close();
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** The name as a string; null when it is none of ours to show. */
function decodeName(bytes: Uint8Array): string | null {
  const name = decodeText(bytes);
  return name === null || isReserved(name) || nameTooLong(name) ? null : name;
}

function typeOf(entry: Dirent): FileType {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "other";
}
