// Where a manifest lies in a component, and how it is put there.
// It must not know what a manifest says.

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

/** An unsigned integer in LEB128. */
export function leb128(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  do {
    const low = left % 128;
    left = Math.floor(left / 128);
    bytes.push(left > 0 ? low + 128 : low);
  } while (left > 0);
  return bytes;
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
