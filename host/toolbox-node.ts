// The tools of one runtime: the standard ones and those that were named, with every action under one name. Node only.
// It must not know how tools are compiled or called.

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LoadedTool, ToolLoader } from "./component/load-node.ts";
import type { Action } from "./contract/types.ts";
import { standardToolsDirectory } from "./directories-node.ts";
import { GloveboxError } from "./errors.ts";
import { checkToolLock, lockOf, parseToolLock, type ToolLock } from "./tool-lock.ts";
import { checkToolNames, published } from "./tool-names.ts";

/** A component file, a directory of them, or the bytes of one with the name that it goes by. */
export type ToolSource = string | { readonly name: string; readonly bytes: Uint8Array };

export interface Toolbox {
  /** Sorted by name. */
  readonly actions: readonly Action[];
  /** Where each tool lies compiled, by digest. */
  readonly directories: Readonly<Record<string, string>>;
  /** What the added tools are now. */
  readonly lock: ToolLock;
}

/**
 * Loads the standard tools and `sources`, which must be those of `lock` when there is one. Errors: those of loading a tool,
 * TOOL_NOT_FOUND for an empty directory, TOOL_DUPLICATE, TOOL_NAME_REFUSED, TOOL_CHANGED.
 */
export async function openToolbox(
  loader: ToolLoader,
  sources: readonly ToolSource[],
  lock: ToolLock | null = null,
): Promise<Toolbox> {
  const [standard, ...others] = await Promise.all(
    [standardToolsDirectory(), ...sources].map(async (source) => {
      return Promise.all((await expand(source)).map((one) => load(loader, one)));
    }),
  );
  const ours = distinct(standard ?? []);
  const known = new Set(ours.map(({ identity }) => identity.digest));
  const added = distinct(others.flat()).filter(({ identity }) => !known.has(identity.digest));
  if (lock !== null) checkToolLock(parseToolLock(lock), added);
  checkToolNames(actionsOf(ours), actionsOf(added));
  const tools = [...ours, ...added];
  return {
    actions: actionsOf(tools).sort((a, b) => (a.name < b.name ? -1 : 1)),
    directories: Object.fromEntries(tools.map((tool) => [tool.identity.digest, tool.directory])),
    lock: lockOf(added),
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

async function load(loader: ToolLoader, source: ToolSource): Promise<LoadedTool> {
  return published(
    typeof source === "string" ? await loader.loadFile(source) : await loader.load(source.bytes, source.name),
  );
}

/** A tool that is named twice is one tool: its digest says so. */
function distinct(tools: readonly LoadedTool[]): readonly LoadedTool[] {
  return [...new Map(tools.map((tool) => [tool.identity.digest, tool])).values()];
}

function actionsOf(tools: readonly LoadedTool[]): Action[] {
  return tools.flatMap((tool) => tool.actions);
}
