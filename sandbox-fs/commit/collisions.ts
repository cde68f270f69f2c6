// Names that are two to us and one to the host, because it does not tell case or Unicode forms apart: the host itself is asked.
// It must not decide by rules of its own: those only say which names are worth asking about.

import type { ChangedNode } from "../changeset.ts";
import { CommitError, type Conflict } from "../errors.ts";
import { lastName, parentPath } from "./draft.ts";
import type { HostDirectory, HostFs } from "./host-fs.ts";

const PROBE = "probe";

/**
 * Makes directories of the names that new entries would have beside each other in `scratch`, where they could be the same,
 * and removes them again. CONFLICT_NAME_COLLISION when the host takes two of them for one.
 */
export function checkNewNames(fs: HostFs, scratch: HostDirectory, nodes: readonly ChangedNode[]): void {
  const conflicts: Conflict[] = [];
  for (const paths of lookalikes(nodes.flatMap(({ gained }) => gained))) {
    fs.makeDirectory(scratch, PROBE, 0o700);
    const probe = fs.openDirectory(scratch, PROBE);
    if (probe === null) throw new CommitError("COMMIT_FAILED", "the private directory has gone");
    try {
      for (const path of paths) if (!makeAlone(fs, probe, lastName(path))) conflicts.push(collision(path));
      for (const name of fs.names(probe).names) fs.removeDirectory(probe, name);
    } finally {
      fs.closeDirectory(probe);
    }
    fs.removeDirectory(scratch, PROBE);
  }
  const [first] = conflicts;
  if (first !== undefined) throw collided(first.path, conflicts);
}

/** The entry that the host finds under a name that is no entry's: the one that it takes for the same. Null when it has the name. */
export function twinOf(fs: HostFs, directory: HostDirectory, name: string): string | null {
  const { names } = fs.names(directory);
  if (names.includes(name)) return null;
  return names.find((each) => shapeOf(each) === shapeOf(name)) ?? name;
}

export function collision(path: string): Conflict {
  return { code: "CONFLICT_NAME_COLLISION", path };
}

export function collided(path: string, conflicts: readonly Conflict[]): CommitError {
  const message = `'${path}' and the name of another entry are the same to this filesystem; nothing was changed`;
  return new CommitError("CONFLICT_NAME_COLLISION", message, { path, conflicts });
}

/** Paths of one directory whose names could be the same, at least two at a time. */
function lookalikes(paths: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const key = `${parentPath(path)}/${shapeOf(lastName(path))}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [path]);
    else group.push(path);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** What is left of a name when case, accents, forms, and dots and spaces at the end do not count. */
function shapeOf(name: string): string {
  const bare = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[. ]+$/, "");
  return bare.toUpperCase().toLowerCase();
}

function makeAlone(fs: HostFs, directory: HostDirectory, name: string): boolean {
  if (fs.facts(directory, name) !== null) return false;
  fs.makeDirectory(directory, name, 0o700);
  return true;
}
