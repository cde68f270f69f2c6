// The package wasi:filesystem.

import type { Interfaces } from "../resource.ts";
import type { Preopen } from "../setup.ts";
import type { FileContext } from "./open-node.ts";
import { preopens } from "./preopens.ts";
import { filesystemTypes } from "./types.ts";

/** Its interfaces, by name. */
export function filesystem(context: FileContext, directories: readonly Preopen[]): Interfaces {
  return {
    "wasi:filesystem/types": filesystemTypes(context.ledger),
    "wasi:filesystem/preopens": preopens(context, directories),
  };
}
