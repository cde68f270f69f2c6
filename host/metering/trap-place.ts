// Tells where a trap happened, from the stack that the engine prints, in the author's terms.
// It must not know what ended the call.

import type { TracedModule } from "./metered-module.ts";
import { findPlace, OFFSETS_SECTION } from "./offset-map.ts";
import { Reader } from "./reader.ts";

/** Where a call ended, as far as the engine tells. */
export interface TrapPlace {
  /** The label of the module, where it has one. */
  readonly module: string | undefined;
  readonly function: { readonly index: number; readonly name: string | undefined };
  /**
   * The byte in the author's file: the operator that trapped; for fuel and depth, where their function begins. Only for modules
   * metered with `offsets`, on engines that print bytes (V8 and SpiderMonkey do; JavaScriptCore does not).
   */
  readonly offset: number | undefined;
}

interface Frame {
  readonly label: string | undefined;
  readonly index: number;
  /** The byte of the metered module. */
  readonly at: number | undefined;
}

// the ends of lines: what stands before them may hold names that the guest chose
const FRAMES: readonly RegExp[] = [
  /wasm:\/\/wasm\/(?:(?<label>[\w.-]*)-)?[0-9a-f]{8}:wasm-function\[(?<index>\d{1,7})\]:0x(?<at>[0-9a-f]{1,8})\)?$/, // V8
  /:wasm-function\[(?<index>\d{1,7})\]:0x(?<at>[0-9a-f]{1,8})$/, // SpiderMonkey
  /^(?:<\?>|(?<label>[\w.-]+))\.wasm-function\[(?<index>\d{1,7})\](?:@.*)?$/, // JavaScriptCore
  /wasm-function\[(?<index>\d{1,7})\]/,
];
const MAX_FRAMES = 50;

/** The innermost frame that belongs to a function of the author; nothing where the engine does not tell. */
export function trapPlace(thrown: unknown, modules: readonly TracedModule[]): TrapPlace | undefined {
  if (!(thrown instanceof Error) || typeof thrown.stack !== "string") return undefined;
  for (const line of thrown.stack.split("\n", MAX_FRAMES)) {
    const frame = readFrame(line);
    const place = frame === undefined ? undefined : placeOf(frame, modules);
    if (place !== undefined) return place;
  }
  return undefined;
}

function readFrame(line: string): Frame | undefined {
  for (const pattern of FRAMES) {
    const groups = pattern.exec(line)?.groups;
    if (groups === undefined) continue;
    const at = groups.at === undefined ? undefined : Number.parseInt(groups.at, 16);
    return { label: groups.label, index: Number(groups.index), at };
  }
  return undefined;
}

function placeOf({ label, index, at }: Frame, modules: readonly TracedModule[]): TrapPlace | undefined {
  const labelled = modules.filter((module) => module.label !== undefined && module.label === label);
  const [module, ...others] = modules.length === 1 ? modules : labelled;
  if (module !== undefined && others.length === 0) return placeIn(module, index, at);
  // code that stands between the labelled modules, or may; without labels the number alone is told
  if (modules.some((one) => one.label !== undefined)) return undefined;
  return { module: undefined, function: { index, name: undefined }, offset: undefined };
}

function placeIn(module: TracedModule, index: number, at: number | undefined): TrapPlace | undefined {
  const section = at === undefined ? undefined : offsetsOf(module.bytes);
  if (section === undefined || at === undefined) {
    if (index >= module.functions) return undefined;
    return { module: module.label, function: { index, name: module.names.get(index) }, offset: undefined };
  }
  const found = findPlace(section, at);
  if (found === undefined) return undefined;
  // Deno prints a wrong index for outer frames; the byte is right
  const own = module.importedFunctions + found.ordinal;
  return { module: module.label, function: { index: own, name: module.names.get(own) }, offset: found.offset };
}

function offsetsOf(bytes: TracedModule["bytes"]): Uint8Array | undefined {
  if (bytes instanceof Uint8Array) return lastSection(bytes);
  const [section] = WebAssembly.Module.customSections(bytes, OFFSETS_SECTION);
  return section === undefined ? undefined : new Uint8Array(section);
}

// our own section stands behind all others
function lastSection(bytes: Uint8Array): Uint8Array | undefined {
  const reader = new Reader(bytes, 0, 8);
  let last: Reader | undefined;
  try {
    while (reader.pos < reader.end) {
      const id = reader.u8();
      const size = reader.u32();
      last = id === 0 ? reader.slice(reader.pos, reader.pos + size) : undefined;
      reader.skip(size);
    }
    if (last === undefined) return undefined;
    const length = last.u32();
    const name = new TextDecoder().decode(bytes.subarray(last.pos, last.pos + length));
    return name === OFFSETS_SECTION ? bytes.subarray(last.pos + length, last.end) : undefined;
  } catch {
    return undefined;
  }
}
