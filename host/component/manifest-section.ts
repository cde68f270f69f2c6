// Where a manifest lies in a component, and how it is put there.
// It must not know what a manifest says.

import { concatenate, leb128 } from "./binary/writer.ts";

/** The custom section of a component that holds its manifest as UTF-8 JSON. */
export const MANIFEST_SECTION = "glovebox:manifest";

/** Appends a manifest to a component that has none, as a custom section. */
export function embedManifest(component: Uint8Array, manifest: unknown): Uint8Array {
  const encoder = new TextEncoder();
  const name = encoder.encode(MANIFEST_SECTION);
  const payload = encoder.encode(JSON.stringify(manifest));
  const size = leb128(name.length).length + name.length + payload.length;
  const section = [0, ...leb128(size), ...leb128(name.length)];
  return concatenate([component, Uint8Array.from(section), name, payload]);
}
