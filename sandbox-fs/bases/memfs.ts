// A base over a memfs volume (or anything with the same synchronous calls): read lazily, committed to as a whole.
// It must not import memfs, nor the host: the volume is handed in.

import type { Base, BaseEntry, BaseFacts, BaseListing } from "../base.ts";
import type { Changeset } from "../changeset.ts";
import { commitChangeset } from "../commit/commit.ts";
import { FsError, fromHost, hostCode } from "../errors.ts";
import { byteLength, compareNames, isEntryName, joinPath } from "../names.ts";
import { sha256 } from "../sha256.ts";
import type { FileType } from "../types.ts";
import { VolumeHost, volumeFacts } from "./memfs-host.ts";
import type { Volume } from "./volume.ts";

/** A base over the directory `root` of a memfs volume; its parents must not be symlinks. */
export function memfsBase(volume: Volume, root = "/"): Base {
  return new MemfsBase(volume, root === "/" ? "" : root.replace(/\/+$/, ""));
}

class MemfsBase implements Base {
  /** Its times are whole milliseconds: two changes may have the same ones. */
  readonly verify = "content";
  readonly #volume: Volume;
  readonly #root: string;

  constructor(volume: Volume, root: string) {
    this.#volume = volume;
    this.#root = root;
  }

  root(): BaseFacts {
    return this.#try("stat", "", () => volumeFacts(this.#volume.lstatSync(this.#at(""), { bigint: true })));
  }

  stat(directory: BaseEntry, name: string): BaseFacts | null {
    const path = joinPath(directory.path, name);
    try {
      const facts = volumeFacts(this.#volume.lstatSync(this.#at(path), { bigint: true }));
      if (facts.type !== "symlink") return facts;
      return { ...facts, size: byteLength(String(this.#volume.readlinkSync(this.#at(path)))) };
    } catch (thrown) {
      const code = hostCode(thrown);
      if (code === "ENOENT" || code === "ENOTDIR") return null;
      throw fromHost(thrown, "stat", path);
    }
  }

  list(directory: BaseEntry, limit: number): BaseListing {
    const { path } = directory;
    const all = this.#try("list", path, () => this.#volume.readdirSync(this.#at(path))).map(String);
    if (all.length > limit) throw new FsError("EDQUOT", "list", { path, limit: "entries" });
    const names = all.filter(isEntryName).sort(compareNames);
    const types = names.map((name): FileType => this.stat(directory, name)?.type ?? "other");
    return { names, types, hidden: all.length - names.length };
  }

  read(file: BaseEntry, buffer: Uint8Array, offset: number, length: number, position: number): number {
    return this.#try("read", file.path, () => {
      const fd = this.#volume.openSync(this.#at(file.path), "r");
      try {
        return this.#volume.readSync(fd, buffer, offset, length, position);
      } finally {
        this.#volume.closeSync(fd);
      }
    });
  }

  readlink(symlink: BaseEntry): string {
    return this.#try("readlink", symlink.path, () => String(this.#volume.readlinkSync(this.#at(symlink.path))));
  }

  commit(changeset: Changeset): readonly string[] {
    return commitChangeset(new VolumeHost(this.#volume, this.#root), changeset, sha256);
  }

  close(): void {}

  #at(path: string): string {
    return path === "" ? this.#root || "/" : `${this.#root}/${path}`;
  }

  #try<T>(syscall: string, path: string, call: () => T): T {
    try {
      return call();
    } catch (thrown) {
      throw fromHost(thrown, syscall, path);
    }
  }
}
