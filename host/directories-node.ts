// Where things lie on this machine: the cache, our own code, the standard tools. Node only.
// It must not know what is in them.

import { homedir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Where compiled tools are kept: `$XDG_CACHE_HOME/glovebox`, or `~/.cache/glovebox`. */
export function defaultCacheDirectory(): string {
  const { XDG_CACHE_HOME } = process.env;
  return join(
    XDG_CACHE_HOME !== undefined && XDG_CACHE_HOME !== "" ? XDG_CACHE_HOME : join(homedir(), ".cache"),
    "glovebox",
  );
}

/** Where runs and the ledger of trust are kept: `$XDG_STATE_HOME/glovebox`, or `~/.local/state/glovebox`. */
export function defaultStateDirectory(): string {
  const { XDG_STATE_HOME } = process.env;
  const home = XDG_STATE_HOME !== undefined && XDG_STATE_HOME !== "" ? XDG_STATE_HOME : join(homedir(), ".local/state");
  return join(home, "glovebox");
}

/** The directory that holds `host/` and `sandbox-fs/`: `dist` where it is built, else the checkout. */
function codeRoot(): string {
  return dirname(dirname(fileURLToPath(import.meta.url)));
}

/** The package itself. */
function packageRoot(): string {
  const root = codeRoot();
  return root.endsWith(`${sep}dist`) ? dirname(root) : root;
}

/** The directory of the standard tools, as the build leaves them. */
export function standardToolsDirectory(): string {
  return join(packageRoot(), "dist", "tools");
}

/** What a process that runs our code must be able to read: the code, its dependencies, and the package.json files that say it is ESM. */
export function codeDirectories(): readonly string[] {
  const zod = fileURLToPath(import.meta.resolve("zod"));
  const marker = `${sep}node_modules${sep}`;
  const dependencies = zod.slice(0, zod.lastIndexOf(marker) + marker.length);
  const root = packageRoot();
  return [join(codeRoot(), "host"), join(codeRoot(), "sandbox-fs"), join(root, "package.json"), dependencies];
}
