// One tool written in AssemblyScript, from its folder to its component.
// Knows nothing of which tools there are, nor where the component goes.

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { compileAssemblyScript } from "./assemblyscript.ts";
import { compileBound, type ToolSource } from "./bound.ts";
import { makeComponent } from "./component.ts";
import { witText } from "./wit.ts";

export type { ToolSource } from "./bound.ts";

const EXPORTS = "assembly/exports.ts";

/**
 * The component of a tool in AssemblyScript: the same bytes for the same sources.
 * Errors: a plain `Error` that holds what the compiler, or the check of the world, had to say.
 */
export async function buildTool(source: ToolSource): Promise<Uint8Array> {
  const { root, folder, world } = source;
  const [core, wit, manifest] = await Promise.all([
    existsSync(join(folder, EXPORTS)) ? compileAssemblyScript(root, join(folder, EXPORTS)) : compileBound(source),
    witText(source.wit, source.dependencies),
    readFile(join(folder, "tool.yaml"), "utf8"),
  ]);
  return makeComponent({ core, wit, world, manifest, stringEncoding: "utf16" });
}
