// Which guest paths a scope grants, by their text alone. Symlinks are the filesystem's matter: it decides again, at use.

import type { Access, FileGrant, Scope } from "./types.ts";

/**
 * A guest path as the absolute path that it names: relative ones start at `/`; `.`, `..`, doubled and trailing slashes are resolved.
 * Null when it is empty, holds a NUL, or climbs above `/`.
 */
export function normalisePath(path: string): string | null {
  if (path === "" || path.includes("\0")) return null;
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return null;
  }
  return `/${names.join("/")}`;
}

/** Whether `path` is `folder` or below it; both normalised. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** The grant that decides about a normalised path: the one with the longest path that contains it. */
export function grantFor(grants: readonly FileGrant[], path: string): FileGrant | null {
  let nearest: FileGrant | null = null;
  for (const grant of grants) {
    if (isWithin(path, grant.path) && (nearest === null || grant.path.length > nearest.path.length)) nearest = grant;
  }
  return nearest;
}

/** What a plan may do with a path; null for nothing. A narrower grant wins over the wider one that it lies in. */
export function pathAccess(scope: Scope, guestPath: string): Access | null {
  const path = normalisePath(guestPath);
  return path === null ? null : (grantFor(scope.filesystem, path)?.access ?? null);
}
