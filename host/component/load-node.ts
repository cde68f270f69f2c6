// Paths and bytes -> tools: digest, cache, and compilation in a child process when the cache has nothing.
// It must not know what a run or a scope is. Node only.

import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { SupportedInterface } from "../contract/imports.ts";
import { GloveboxError } from "../errors.ts";
import { ADMISSION_LIMITS, type AdmissionLimits } from "../limits.ts";
import { readEntry } from "./cache-entry-node.ts";
import { cacheKey, digestOf, writeEntry } from "./cache-node.ts";
import { buildEntryInChild } from "./compile-node.ts";
import type { ToolDescription } from "./tool.ts";
import { type BuildOptions, describeEntry, type ToolEntry } from "./tool-entry.ts";

export interface LoaderOptions {
  /** Where compiled tools are kept; it is made when it is not there, for the owner alone. */
  readonly cacheDirectory: string;
  readonly supportedImports: readonly SupportedInterface[];
  readonly limits?: AdmissionLimits;
  /** Compiles what the cache does not have; by default in a child process. */
  readonly build?: (component: Uint8Array, options: BuildOptions) => Promise<ToolEntry>;
}

/** Each compilation is a process, and may take as much memory as the limits allow. */
const MOST_AT_ONCE = 4;

/** A tool that is ready to be prepared, in this process or another. */
export interface LoadedTool extends ToolDescription {
  /** The directory of its compiled form: what `prepareFromDisk` takes. */
  readonly directory: string;
}

export interface ToolLoader {
  /** Loads a component. `name` is the tool's when it has no manifest. Errors: those of `buildEntryInChild`, TOOL_CHANGED when it is not the pinned one. */
  load(component: Uint8Array, name: string, pinnedDigest?: string): Promise<LoadedTool>;
  /** Loads a component file; its name without `.wasm` stands in where there is no manifest. Errors: those of `load`, FILE_UNREADABLE, COMPONENT_TOO_COMPLEX before it is read. */
  loadFile(path: string, pinnedDigest?: string): Promise<LoadedTool>;
}

/** Makes a loader over one cache directory. Components that are asked for twice at once are compiled once. */
export function createToolLoader(options: LoaderOptions): ToolLoader {
  const { limits = ADMISSION_LIMITS, supportedImports } = options;
  const building = new Map<string, Promise<ToolEntry>>();
  const slots = new Slots(MOST_AT_ONCE);
  const load: ToolLoader["load"] = async (component, name, pinnedDigest) => {
    const digest = digestOf(component);
    if (pinnedDigest !== undefined && pinnedDigest !== digest) throw toolChanged(name, pinnedDigest, digest);
    const key = cacheKey(digest, limits);
    const directory = join(options.cacheDirectory, key);
    const entry = (await readEntry(directory)) ?? (await once(building, key, () => build(component, digest, key)));
    return { ...describeEntry(entry, name, supportedImports), directory };
  };
  const build = async (component: Uint8Array, digest: string, key: string): Promise<ToolEntry> => {
    const make = options.build ?? buildEntryInChild;
    const entry = await slots.run(() => make(component, { digest, limits, supportedImports }));
    await writeEntry(options.cacheDirectory, key, entry);
    return entry;
  };
  const loadFile: ToolLoader["loadFile"] = async (path, pinnedDigest) => {
    const component = await readComponent(path, limits);
    return load(component, toolName(path), pinnedDigest).catch((error: unknown) => {
      throw inFile(path, error);
    });
  };
  return { load, loadFile };
}

/** Lets so many run at once; the others wait for their turn. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

async function once<T>(running: Map<string, Promise<T>>, key: string, start: () => Promise<T>): Promise<T> {
  const known = running.get(key);
  if (known !== undefined) return known;
  const started = start().finally(() => running.delete(key));
  running.set(key, started);
  return started;
}

async function readComponent(path: string, { componentBytes }: AdmissionLimits): Promise<Uint8Array> {
  const unreadable = (reason: string, cause?: unknown): GloveboxError =>
    new GloveboxError("FILE_UNREADABLE", `the tool ${path} cannot be read (${reason})`, { cause });
  try {
    const found = await stat(path);
    if (!found.isFile()) throw unreadable("it is not a file");
    if (found.size > componentBytes) throw tooLarge(path, found.size, componentBytes);
    return await readFile(path);
  } catch (thrown) {
    if (thrown instanceof GloveboxError) throw thrown;
    throw unreadable(thrown instanceof Error && "code" in thrown ? String(thrown.code) : "no reason given", thrown);
  }
}

function tooLarge(path: string, found: number, allowed: number): GloveboxError {
  const message = `the tool ${path} has ${found} bytes; at most ${allowed} are allowed`;
  return new GloveboxError("COMPONENT_TOO_COMPLEX", message, { data: { limit: "componentBytes", found, allowed } });
}

/** Says which file it is: a person may have named several, or a directory of them. */
function inFile(path: string, error: unknown): unknown {
  if (!(error instanceof GloveboxError)) return error;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return new GloveboxError(error.code, `${path}: ${error.message}`, { ...hint, data: error.data, cause: error });
}

function toolName(path: string): string {
  const words =
    basename(path, ".wasm")
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const name = words.join("-").slice(0, 64);
  return /^[a-z]/.test(name) ? name : `tool-${name}`;
}

function toolChanged(name: string, pinned: string, found: string): GloveboxError {
  return new GloveboxError("TOOL_CHANGED", `the tool ${name} is not the one that was pinned`, {
    hint: "Look at what changed with `glovebox tool inspect`, and pin the new digest if that is what you want.",
    data: { pinned, found },
  });
}
