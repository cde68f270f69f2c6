// A component without its custom sections, and those of its core modules: names, debug information and the like never reach other code.
// It must not change what the component does.

import type { ComponentNode } from "./binary/model.ts";
import { type Range, Reader } from "./binary/reader.ts";
import { concatenate, leb128 } from "./binary/writer.ts";

const CUSTOM = 0;
const CORE_MODULE = 1;
const COMPONENT = 4;
const HEADER_BYTES = 8;

/** The component with every custom section left out, sizes corrected. Errors: COMPONENT_INVALID. */
export function stripComponent(bytes: Uint8Array, { range }: ComponentNode): Uint8Array {
  return stripped(bytes, range, (id, section) => {
    if (id === CORE_MODULE) return stripModule(bytes, section);
    return id === COMPONENT ? stripComponent(bytes, { range: section, items: [] }) : null;
  });
}

/** A core module with every custom section left out. Errors: COMPONENT_INVALID. */
export function stripModule(bytes: Uint8Array, range: Range): Uint8Array {
  return stripped(bytes, range, () => null);
}

/** Copies the sections of a module or component; `replace` gives a section's new content, or null to keep it. */
function stripped(
  bytes: Uint8Array,
  range: Range,
  replace: (id: number, section: Range) => Uint8Array | null,
): Uint8Array {
  const reader = new Reader(bytes, range.start, range.end);
  for (let left = HEADER_BYTES; left > 0; left--) reader.byte("the header");
  const parts: Uint8Array[] = [bytes.subarray(range.start, reader.offset)];
  while (!reader.done) {
    const start = reader.offset;
    const id = reader.byte("a section");
    const section = reader.range("a section");
    if (id === CUSTOM) continue;
    const content = replace(id, section);
    if (content === null) parts.push(bytes.subarray(start, section.end));
    else parts.push(Uint8Array.from([id, ...leb128(content.length)]), content);
  }
  return concatenate(parts);
}
