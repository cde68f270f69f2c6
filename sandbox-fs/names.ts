// What a name and a path may be, and the one order that names have.
// It must not know what they name.

/** The directory in which a commit keeps its state: no name that starts so, in any case, exists for anyone. */
export const STATE_DIRECTORY: string = ".glovebox-commit";

const NAME_BYTES = 255;
/** Longer paths lead nowhere, as on Linux. */
export const PATH_BYTES: number = 4096;

/** Orders strings as their UTF-8 bytes are ordered. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others, but are numbered below U+E000. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** Why a path cannot be one at all, as the POSIX code; null when it can. */
export function pathProblem(path: string): "ENOENT" | "EINVAL" | "EPERM" | "ENAMETOOLONG" | null {
  if (path.length === 0) return "ENOENT";
  if (path.length > PATH_BYTES || (path.length * 3 > PATH_BYTES && byteLength(path) >= PATH_BYTES))
    return "ENAMETOOLONG";
  if (path.includes("\0") || !path.isWellFormed()) return "EINVAL";
  return path.startsWith("/") ? "EPERM" : null;
}

/** True when a single name is longer than a directory can hold. */
export function nameTooLong(name: string): boolean {
  if (name.length * 3 <= NAME_BYTES) return false;
  return name.length > NAME_BYTES || byteLength(name) > NAME_BYTES;
}

/** True when a string can be the name of an entry: one component, well-formed, not reserved. */
export function isEntryName(name: string): boolean {
  if (name.length === 0 || name === "." || name === ".." || nameTooLong(name)) return false;
  return !name.includes("/") && !name.includes("\0") && name.isWellFormed() && !isReserved(name);
}

/** True for the names that belong to the commit. */
export function isReserved(name: string): boolean {
  return name.charCodeAt(0) === 0x2e && name.slice(0, STATE_DIRECTORY.length).toLowerCase() === STATE_DIRECTORY;
}

/** The bytes that a string takes as UTF-8. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    bytes += 1;
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 1;
  }
  return bytes;
}

/** Joins a directory's path and a name; the root's path is "". */
export function joinPath(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
