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
  return embedManifest(component, manifest);
}
