// Whether the base still is what the overlay was made over: every conflict is found before anything is changed.
// It must not change anything.

import type { BaseEntry, BaseFacts, Hash } from "../base.ts";
import type { ChangedNode, Changeset, Observation } from "../changeset.ts";
import { CommitError, type CommitErrorCode, type Conflict } from "../errors.ts";
import { isReserved, joinPath } from "../names.ts";
import { BaseWalk } from "./base-walk.ts";
import { collision, twinOf } from "./collisions.ts";
import { isRoot, lastName, namesOf, parentPath } from "./draft.ts";
import type { HostFacts, HostFs } from "./host-fs.ts";

/** Throws a CommitError with all conflicts, its code being that of the first; or CROSS_DEVICE, which is nobody's change. */
export function checkBase(fs: HostFs, changeset: Changeset, hash: () => Hash): void {
  const walk = new BaseWalk(fs);
  try {
    const check = new Check(fs, walk, changeset.nodes, hash);
    const conflicts = [...check.nodes(), ...changeset.observations.flatMap((seen) => check.observation(seen))];
    const mounted = conflicts.find(({ code }) => code === "CROSS_DEVICE");
    if (mounted !== undefined) throw crossesDevices(mounted);
    const [first] = conflicts;
    if (first === undefined) return;
    const others = conflicts.length === 1 ? "" : ` (and ${conflicts.length - 1} more)`;
    const message = `the base has changed underneath: '${first.path}'${others}; nothing was applied`;
    throw new CommitError(first.code, message, { path: first.path, conflicts });
  } finally {
    walk.close();
  }
}

function crossesDevices({ path }: Conflict): CommitError {
  const message = `something else is mounted at or above '${path}', and a commit changes one filesystem; nothing was applied`;
  return new CommitError("CROSS_DEVICE", message, { path });
}

class Check {
  readonly #fs: HostFs;
  readonly #walk: BaseWalk;
  readonly #hash: () => Hash;
  readonly #nodes: readonly ChangedNode[];
  readonly #device: string;
  readonly #mounts: readonly string[];
  /** The base paths that are free once everything that leaves its place has left. */
  readonly #freed: ReadonlySet<string>;

  constructor(fs: HostFs, walk: BaseWalk, nodes: readonly ChangedNode[], hash: () => Hash) {
    this.#fs = fs;
    this.#walk = walk;
    this.#hash = hash;
    this.#nodes = nodes;
    this.#device = fs.factsOf(fs.root).device;
    this.#mounts = fs.mounts?.() ?? [];
    const leaving = nodes.flatMap(namesOf).filter(({ inPlace }) => !inPlace);
    this.#freed = new Set(leaving.map(({ entry }) => entry.path).filter((path) => path !== ""));
  }

  *nodes(): Iterable<Conflict> {
    const expected = namesByDirectory(this.#nodes);
    const byFinalPath = new Map(this.#nodes.filter(isDirectory).map((node) => [node.paths[0], node]));
    for (const node of this.#nodes) {
      const code = this.#originConflict(node, expected);
      if (code !== null) yield { code, path: node.origin?.path ?? "" };
      for (const { entry } of node.further) {
        if (!this.#isSame(entry, this.#walk.facts(entry.path)))
          yield { code: "CONFLICT_BASE_CHANGED", path: entry.path };
      }
      for (const path of node.gained) {
        const basePath = basePathOf(byFinalPath.get(parentPath(path)), path);
        if (basePath === null || this.#freed.has(basePath)) continue;
        if (this.#walk.facts(basePath) !== null) yield* this.#taken(path, basePath);
      }
    }
  }

  /** Something is at the place of a new entry: one of the same name, or one that the host takes for the same and that stays. */
  *#taken(path: string, basePath: string): Iterable<Conflict> {
    const directory = this.#walk.directory(parentPath(basePath));
    const twin = directory === null ? null : twinOf(this.#fs, directory, lastName(basePath));
    if (twin === null) yield { code: "CONFLICT_EXISTS", path };
    else if (!this.#freed.has(joinPath(parentPath(basePath), twin))) yield collision(path);
  }

  observation(seen: Observation): Conflict[] {
    const path = seen.kind === "absent" ? joinPath(seen.directory.path, seen.name) : seen.entry.path;
    return this.#stillHolds(seen, path) ? [] : [{ code: "CONFLICT_READ_CHANGED", path }];
  }

  #stillHolds(seen: Observation, path: string): boolean {
    const facts = this.#walk.facts(path);
    if (seen.kind === "absent") return facts === null;
    if (seen.kind === "entry") return this.#isSame(seen.entry, facts);
    if (facts === null || facts.identity !== seen.entry.facts.identity) return false;
    return this.#hasNames(path, new Set(seen.names), seen.hidden);
  }

  #originConflict(node: ChangedNode, expected: ReadonlyMap<string, Set<string>>): CommitErrorCode | null {
    const { origin } = node;
    if (origin === null) return null;
    const facts = this.#walk.facts(origin.path);
    if ((facts !== null && facts.device !== this.#device) || this.#isMounted(origin.path)) return "CROSS_DEVICE";
    if (node.type !== "directory") return this.#isSame(origin, facts) ? null : "CONFLICT_BASE_CHANGED";
    if (facts?.type !== "directory" || facts.identity !== origin.facts.identity) return "CONFLICT_PARENT_CHANGED";
    if (node.modeChanged && facts.mode !== origin.facts.mode) return "CONFLICT_BASE_CHANGED";
    if (node.paths.length > 0 || isRoot(node)) return null;
    return this.#hasNames(origin.path, expected.get(origin.path) ?? new Set(), 0) ? null : "CONFLICT_NOT_EMPTY";
  }

  /** By its version, and by its content where that was asked for. */
  #isSame({ path, facts, digest = null }: BaseEntry, now: HostFacts | null): boolean {
    if (!sameContent(facts, now)) return false;
    const directory = digest === null ? null : this.#walk.directory(parentPath(path));
    if (digest === null || directory === null) return true;
    const bytes = this.#fs.readFile(directory, lastName(path), facts.size);
    if (bytes === null) return false;
    const hash = this.#hash();
    hash.update(bytes);
    return hash.digest("hex") === digest;
  }

  /** Also a directory of the same device that is mounted here: nothing can be linked or moved across. */
  #isMounted(path: string): boolean {
    return this.#mounts.some((mount) => path === mount || path.startsWith(`${mount}/`));
  }

  #hasNames(path: string, expected: ReadonlySet<string>, expectedHidden: number): boolean {
    const directory = this.#walk.directory(path);
    if (directory === null) return false;
    const { names, hidden } = this.#fs.names(directory);
    const visible = names.filter((name) => !isReserved(name));
    if (visible.length !== expected.size || names.length + hidden !== expected.size + expectedHidden) return false;
    return visible.every((name) => expected.has(name));
  }
}

/** True when the object is the same and nobody has changed it. */
export function sameContent(before: BaseFacts, now: HostFacts | null): boolean {
  return now !== null && now.type === before.type && now.identity === before.identity && now.version === before.version;
}

/** The names of all base entries that leave their place, by the path of their directory. */
function namesByDirectory(nodes: readonly ChangedNode[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { entry, inPlace } of nodes.flatMap(namesOf)) {
    if (inPlace) continue;
    const directory = parentPath(entry.path);
    const known = names.get(directory);
    if (known === undefined) names.set(directory, new Set([lastName(entry.path)]));
    else known.add(lastName(entry.path));
  }
  return names;
}

/** Where a new place is in the base: null when its directory is new, and so nothing can be there. */
function basePathOf(directory: ChangedNode | undefined, path: string): string | null {
  return directory?.origin === undefined || directory.origin === null
    ? null
    : joinPath(directory.origin.path, lastName(path));
}

function isDirectory({ type }: ChangedNode): boolean {
  return type === "directory";
}
