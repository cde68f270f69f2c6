// A tool's manifest: from `tool.yaml` to the custom section of the component that carries it.
// Knows nothing of what a manifest may say; whoever loads the tool checks that.

import { LineCounter, parseDocument } from "yaml";
import { type Problem, ToolSourceError } from "./failure.ts";

const SECTION = "glovebox:manifest";

/** The component with its manifest in a custom section `glovebox:manifest`: canonical JSON, UTF-8. Errors: `ToolSourceError`. */
export function embedManifest(component: Uint8Array, yaml: string): Uint8Array {
  // Examples are for `tool test`; whoever loads the component has no use for them.
  const { examples: _, ...manifest } = parseManifest(yaml);
  const name = new TextEncoder().encode(SECTION);
  const json = new TextEncoder().encode(JSON.stringify(sortKeys(manifest)));
  const content = [...leb128(name.length), ...name, ...json];
  return Uint8Array.from([...component, 0, ...leb128(content.length), ...content]);
}

/** The value of a `tool.yaml`. Errors: `ToolSourceError` with the place. */
export function parseManifest(yaml: string): Readonly<Record<string, unknown>> {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(({ message, pos }): Problem => {
    const { line, col } = lines.linePos(pos[0]);
    return { message, place: { file: "tool.yaml", line, column: col } };
  });
  if (problems.length > 0) throw new ToolSourceError("the manifest cannot be read:", problems);
  const value: unknown = document.toJS();
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new ToolSourceError("the manifest cannot be read:", [
    { message: "it is not a mapping of keys to values", place: { file: "tool.yaml", line: 1, column: 1 } },
  ]);
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
