// Finds entries of an unchanged tree by their paths, from the root, never through a symlink.
// It must not change anything.

import { joinPath } from "../names.ts";
import { lastName, parentPath } from "./draft.ts";
import type { HostDirectory, HostFacts, HostFs } from "./host-fs.ts";

const OPEN_DIRECTORIES = 64;

export class BaseWalk {
  readonly #fs: HostFs;
  readonly #open = new Map<string, HostDirectory>();

  constructor(fs: HostFs) {
    this.#fs = fs;
  }

  /** Null when there is no such directory. Good until the next call but a few. */
  directory(path: string): HostDirectory | null {
    if (path === "") return this.#fs.root;
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const names = path.split("/");
    let at = "";
    let here: HostDirectory | null = this.#fs.root;
    for (const name of names) {
      at = joinPath(at, name);
      here = this.#open.get(at) ?? (here === null ? null : this.#enter(here, at, name));
    }
    return here;
  }

  facts(path: string): HostFacts | null {
    if (path === "") return this.#fs.factsOf(this.#fs.root);
    const directory = this.directory(parentPath(path));
    return directory === null ? null : this.#fs.facts(directory, lastName(path));
  }

  close(): void {
    for (const directory of this.#open.values()) this.#fs.closeDirectory(directory);
    this.#open.clear();
  }

  #enter(parent: HostDirectory, path: string, name: string): HostDirectory | null {
    const directory = this.#fs.openDirectory(parent, name);
    if (directory === null) return null;
    for (const [oldest, handle] of this.#open) {
      if (this.#open.size < OPEN_DIRECTORIES || handle === parent) break;
      this.#open.delete(oldest);
      this.#fs.closeDirectory(handle);
    }
    this.#open.set(path, directory);
    return directory;
  }
}
