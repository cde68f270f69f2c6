// The compilers that building tools takes, and running them does not: loaded when they are needed, missed with one clear line.
// Knows nothing of what they compile.

import { ToolSourceError } from "./failure.ts";

/** Loads a package that may not be installed. Errors: `ToolSourceError` that says how to install it. */
export async function optionalPackage<Loaded>(name: string, load: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await load();
  } catch (thrown) {
    const missing = thrown instanceof Error && "code" in thrown && thrown.code === "ERR_MODULE_NOT_FOUND";
    if (!missing) throw thrown;
    const message = `${name} is not installed: run \`npm install --save-dev ${name}\``;
    throw new ToolSourceError("a compiler is missing:", [{ message, place: null }]);
  }
}
