// The tools of one runtime: the standard ones and those that were named, with every action under one name. Node only.
// It must not know how tools are compiled or called.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedTool, ToolLoader } from "./component/load-node.ts";
import type { Action } from "./contract/types.ts";
import { standardToolsDirectory } from "./directories-node.ts";
import { GloveboxError } from "./errors.ts";

/** A component file, a directory of them, or the bytes of one with the name that it goes by. */
export type ToolSource = string | { readonly name: string; readonly bytes: Uint8Array };

export interface Toolbox {
  /** Sorted by name. */
  readonly actions: readonly Action[];
  /** Where each tool lies compiled, by digest. */
  readonly directories: Readonly<Record<string, string>>;
}

/** Loads the standard tools and `sources`. Errors: those of loading a tool, TOOL_NOT_FOUND for an empty directory, TOOL_DUPLICATE for two tools with the same action. */
export async function openToolbox(loader: ToolLoader, sources: readonly ToolSource[]): Promise<Toolbox> {
  const files = await Promise.all([standardToolsDirectory(), ...sources].map(expand));
  const tools = await Promise.all(files.flat().map((source) => load(loader, source)));
  return {
    actions: actionsOf(distinct(tools)),
    directories: Object.fromEntries(tools.map((tool) => [tool.identity.digest, tool.directory])),
  };
}

async function expand(source: ToolSource): Promise<readonly ToolSource[]> {
  if (typeof source !== "string") return [source];
  try {
    if (!(await stat(source)).isDirectory()) return [source];
    const names = (await readdir(source)).filter((name) => name.endsWith(".wasm")).sort();
    if (names.length > 0) return names.map((name) => join(source, name));
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "it cannot be read";
    throw new GloveboxError("FILE_UNREADABLE", `the tools in ${source} cannot be read (${reason})`, {
      cause,
      hint: "name a component file (.wasm), or a directory of them",
    });
  }
  throw new GloveboxError("TOOL_NOT_FOUND", `there is no .wasm file in ${source}`, {
    hint: "name a component file, or a directory of them; in a checkout, run npm run build first",
  });
}

function load(loader: ToolLoader, source: ToolSource): Promise<LoadedTool> {
  return typeof source === "string" ? loader.loadFile(source) : loader.load(source.bytes, source.name);
}

/** A tool that is named twice is one tool: its digest says so. */
function distinct(tools: readonly LoadedTool[]): readonly LoadedTool[] {
  return [...new Map(tools.map((tool) => [tool.identity.digest, tool])).values()];
}

function actionsOf(tools: readonly LoadedTool[]): readonly Action[] {
  const actions = new Map<string, Action>();
  for (const action of tools.flatMap((tool) => tool.actions)) {
    const other = actions.get(action.name);
    if (other !== undefined) throw duplicate(action, other);
    actions.set(action.name, action);
  }
  return [...actions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function duplicate(action: Action, other: Action): GloveboxError {
  const message = `two tools offer the action ${action.name}: ${other.tool.name} (${other.tool.digest}) and ${action.tool.name} (${action.tool.digest})`;
  return new GloveboxError("TOOL_DUPLICATE", message, {
    hint: "load only one of them; the names of the standard tools are taken",
    data: { action: action.name },
  });
}
