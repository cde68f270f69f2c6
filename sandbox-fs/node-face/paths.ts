// From the paths of node:fs to ours: absolute ones start at the root of the filesystem, and nothing is above it.
// It must not look anything up.

export type PathLike = string | Uint8Array | URL;

/** The path from the root. `..` at the very start stays at the root, as it does at "/". */
export function fromRoot(path: PathLike): string {
  const text = typeof path === "string" ? path : path instanceof URL ? decodeURIComponent(path.pathname) : decode(path);
  const names = text.split("/").filter((name) => name !== "" && name !== ".");
  while (names[0] === "..") names.shift();
  const joined = names.join("/");
  if (joined === "") return ".";
  return text.endsWith("/") ? `${joined}/` : joined;
}

export function parentOf(path: string): string {
  const at = path.replace(/\/+$/, "").lastIndexOf("/");
  return at < 0 ? "." : path.slice(0, at);
}

function decode(path: Uint8Array): string {
  return new TextDecoder().decode(path);
}
