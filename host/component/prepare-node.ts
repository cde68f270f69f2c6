// What a loader has left on disk -> a tool that can be instantiated, in this process or another.
// It must not know how a tool is compiled; a process that runs calls loads no compiler. Node only.

import { pathToFileURL } from "node:url";
import { GloveboxError } from "../errors.ts";
import { javascriptOf, readEntry } from "./cache-entry-node.ts";
import { type PreparedTool, prepare } from "./instantiate.ts";

/** Makes ready what a loader has left on disk. Errors: STATE_INVALID when it is gone or not as it was written. */
export async function prepareFromDisk(directory: string): Promise<PreparedTool> {
  const entry = await readEntry(directory);
  if (entry === null) {
    throw new GloveboxError("STATE_INVALID", "the compiled form of a tool is gone from the cache, or was changed", {
      hint: "Load the tool again.",
    });
  }
  return prepare(entry.compiled, () => import(pathToFileURL(javascriptOf(directory)).href));
}
