// A core module, the WIT of its world and its manifest -> one component, which is the whole tool.
// Knows nothing of the language that the module was written in.

import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { embedManifest } from "./manifest.ts";

/** What a component is made of. */
export interface ComponentParts {
  readonly core: Uint8Array;
  /** The text of the WIT packages, the root one first. */
  readonly wit: string;
  readonly world: string;
  /** The manifest, in YAML. */
  readonly manifest: string;
  readonly stringEncoding: "utf8" | "utf16";
  /** Modules that implement what `core` imports besides its world, by import name. */
  readonly adapters?: readonly (readonly [string, Uint8Array])[];
}

/** The component that `parts` make, with the manifest embedded. */
export async function makeComponent(parts: ComponentParts): Promise<Uint8Array> {
  const { core, wit, world, manifest, stringEncoding, adapters = [] } = parts;
  const embedded = await componentEmbed({ binary: core, witSource: wit, world, stringEncoding });
  const component = await componentNew(
    embedded,
    adapters.map(([name, bytes]) => [name, bytes]),
  );
  return embedManifest(withoutNames(component), manifest);
}

const PREAMBLE = 8;
const CUSTOM = 0;
const NAMES = "component-name";

/** A component without the names that its own parts have: nobody reads them, and they can be a tenth of it. */
function withoutNames(component: Uint8Array): Uint8Array {
  const kept = [component.subarray(0, PREAMBLE)];
  for (let at = PREAMBLE; at < component.length; ) {
    const [size, content] = leb128At(component, at + 1);
    const [nameLength, name] = leb128At(component, content);
    const isNames = component[at] === CUSTOM && textOf(component.subarray(name, name + nameLength)) === NAMES;
    if (!isNames) kept.push(component.subarray(at, content + size));
    at = content + size;
  }
  return Buffer.concat(kept);
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The number at `at`, and where it ends. */
function leb128At(bytes: Uint8Array, at: number): readonly [value: number, end: number] {
  const byte = bytes[at] ?? 0;
  if (byte < 0x80) return [byte, at + 1];
  const [rest, end] = leb128At(bytes, at + 1);
  return [(byte & 0x7f) + rest * 128, end];
}
