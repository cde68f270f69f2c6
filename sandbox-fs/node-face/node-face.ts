// node:fs over a filesystem of ours, so that ordinary JavaScript can work inside a transaction.
// It must not know transactions.

import type { FileSystem } from "../types.ts";
import { SyncFace, type SyncName, syncNames } from "./sync-face.ts";

type PromiseName<Name extends string> = Name extends `${infer Plain}Sync` ? Plain : never;

/** As `fs.promises`: each is the synchronous call, done at once. */
export type NodePromises = {
  readonly [Name in SyncName as PromiseName<Name>]: (
    ...args: Parameters<SyncFace[Name]>
  ) => Promise<ReturnType<SyncFace[Name]>>;
};

/** The synchronous calls of node:fs, and `promises`. */
export type NodeFace = SyncFace & { readonly promises: NodePromises };

/**
 * `node:fs` over `fs`: the synchronous calls and `promises`, by the same names and with errors of the same codes. "/" and
 * relative paths both start at the root of `fs`. There are no watchers, streams, users or access rights.
 */
export function nodeFace(fs: FileSystem): NodeFace {
  const sync = new SyncFace(fs);
  const calls = syncNames(SyncFace.prototype).map((name) => {
    const call = sync[name] as (...args: unknown[]) => unknown;
    return [name.slice(0, -"Sync".length), async (...args: unknown[]) => call(...args)];
  });
  return Object.assign(sync, { promises: Object.fromEntries(calls) as NodePromises });
}
