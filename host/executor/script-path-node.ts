// Where the scripts of child processes and threads lie.
// It must not know what they do. Node only.

import { fileURLToPath } from "node:url";

/** A file beside this one, with the same extension: `.ts` in the sources, `.js` when built. */
export function scriptPath(name: string): string {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return fileURLToPath(new URL(`./${name}${extension}`, import.meta.url));
}
