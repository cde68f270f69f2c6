// One tool written in AssemblyScript, from its folder to its component.
// Knows nothing of which tools there are, nor where the component goes.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { compileAssemblyScript } from "./assemblyscript.ts";
import { makeComponent } from "./component.ts";
import { witText } from "./wit.ts";

/** Where a tool in AssemblyScript is, and what it refers to. */
export interface ToolSource {
  /** A folder above everything that the sources import. */
  readonly root: string;
  /** Holds `tool.yaml` and `assembly/exports.ts`. */
  readonly folder: string;
  readonly world: string;
  /** The folder with the WIT package of the world. */
  readonly wit: string;
  /** Folders with the packages that it refers to, one file each. */
  readonly dependencies: readonly string[];
}

/**
 * The component of a tool in AssemblyScript: the same bytes for the same sources.
 * Errors: a plain `Error` that holds what the compiler, or the check of the world, had to say.
 */
export async function buildTool(source: ToolSource): Promise<Uint8Array> {
  const { root, folder, world } = source;
  const [core, wit, manifest] = await Promise.all([
    compileAssemblyScript(root, join(folder, "assembly", "exports.ts")),
    witText(source.wit, source.dependencies),
    readFile(join(folder, "tool.yaml"), "utf8"),
  ]);
  return makeComponent({ core, wit, world, manifest, stringEncoding: "utf16" });
}
