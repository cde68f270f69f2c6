// A plan in the making: the numbers of directories, slots and staged objects, and where everything is.
// It must not decide which steps there are.

import type { BaseEntry } from "../base.ts";
import type { ChangedNode, FurtherName } from "../changeset.ts";
import type { DirectoryPlan, EntryPlace, PlannedStep, StagedPlan } from "./plan-types.ts";

export class Draft {
  readonly nodes: readonly ChangedNode[];
  readonly steps: PlannedStep[] = [];
  readonly staged: StagedPlan[] = [];
  /** The slots of what leaves its place or is replaced, by the names of the base. */
  readonly slots: Map<BaseEntry, number> = new Map();
  /** The first staged object of each node that has one. */
  readonly stagedOf: Map<ChangedNode, number> = new Map();
  readonly #byOrigin = new Map<string, ChangedNode>();
  readonly #byPath = new Map<string, ChangedNode>();
  readonly #numbers = new Map<ChangedNode, number>();

  constructor(nodes: readonly ChangedNode[]) {
    this.nodes = nodes;
    const directories = nodes.filter(({ type }) => type === "directory");
    for (const node of directories) {
      if (node.origin !== null) this.#byOrigin.set(node.origin.path, node);
      if (node.paths[0] !== undefined) this.#byPath.set(node.paths[0], node);
    }
    directories.sort((a, b) => Number(isRoot(b)) - Number(isRoot(a)));
    directories.forEach((node, index) => {
      this.#numbers.set(node, index);
    });
  }

  slotFor(name: BaseEntry): number {
    const known = this.slots.get(name);
    if (known !== undefined) return known;
    this.slots.set(name, this.slots.size);
    return this.slots.size - 1;
  }

  /** A staged object for one place of a node; those of further places are hard links to the first. */
  stage(node: ChangedNode): number {
    const linkTo = this.stagedOf.get(node) ?? null;
    const takesFromBase = linkTo === null && node.origin !== null && (node.content?.base ?? null) !== null;
    const source = takesFromBase && node.origin !== null ? this.basePlace(node.origin.path) : null;
    const number = this.staged.push({ node, source, linkTo }) - 1;
    if (linkTo === null) this.stagedOf.set(node, number);
    return number;
  }

  /** The directory of the base that is among the nodes, by its path there. */
  baseDirectory(path: string): ChangedNode | undefined {
    return this.#byOrigin.get(path);
  }

  /** The directory among the nodes that is at a path in the end. */
  finalDirectory(path: string): ChangedNode | undefined {
    return this.#byPath.get(path);
  }

  finalPlace(path: string): EntryPlace {
    return { directory: this.#numberOf(this.#byPath.get(parentPath(path))), name: lastName(path) };
  }

  basePlace(path: string): EntryPlace {
    if (path === "") return { directory: 0, name: "." };
    return { directory: this.#numberOf(this.#byOrigin.get(parentPath(path))), name: lastName(path) };
  }

  directories(): DirectoryPlan[] {
    return [...this.#numbers.keys()].map((node) => ({
      node,
      origin: this.#originOf(node),
      slot: (node.origin === null ? undefined : this.slots.get(node.origin)) ?? null,
      staged: this.stagedOf.get(node) ?? null,
      target: node.gained[0] === undefined ? null : this.finalPlace(node.gained[0]),
    }));
  }

  /** From the nearest directory above that leaves its place, else from the root. */
  #originOf(node: ChangedNode): DirectoryPlan["origin"] {
    if (node.origin === null || isRoot(node)) return null;
    const names = node.origin.path.split("/");
    for (let count = names.length - 1; count > 0; count -= 1) {
      const above = this.#byOrigin.get(names.slice(0, count).join("/"));
      if (above !== undefined && !above.inPlace) return { directory: this.#numberOf(above), names: names.slice(count) };
    }
    return { directory: 0, names };
  }

  #numberOf(node: ChangedNode | undefined): number {
    const number = node === undefined ? undefined : this.#numbers.get(node);
    if (number === undefined) throw new Error("a changeset lacks a directory that its steps work in");
    return number;
  }
}

/** The names that the base gives a node, its origin first. */
export function namesOf({ origin, inPlace, further }: ChangedNode): readonly FurtherName[] {
  return origin === null ? [] : [{ entry: origin, inPlace }, ...further];
}

export function isRoot({ origin }: ChangedNode): boolean {
  return origin !== null && origin.path === "";
}

export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

export function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
