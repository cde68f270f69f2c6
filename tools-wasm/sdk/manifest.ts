// A tool's manifest: from `tool.yaml` to the custom section of the component that carries it.
// Knows nothing of what a manifest may say; whoever loads the tool checks that.

import { parse } from "yaml";

const SECTION = "glovebox:manifest";

/** The component with its manifest in a custom section `glovebox:manifest`: canonical JSON, UTF-8. */
export function embedManifest(component: Uint8Array, yaml: string): Uint8Array {
  const name = new TextEncoder().encode(SECTION);
  const json = new TextEncoder().encode(JSON.stringify(sortKeys(parse(yaml))));
  const content = [...leb128(name.length), ...name, ...json];
  return Uint8Array.from([...component, 0, ...leb128(content.length), ...content]);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}

function leb128(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...leb128(value >>> 7)];
}
