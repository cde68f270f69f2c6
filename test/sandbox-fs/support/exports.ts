// Exports as an enemy would change them: the header is JSON, whatever comes of it.

export interface Header {
  from: number;
  to: number;
  nodes: { ref: string; type: string; given: [string, string][]; taken: string[]; [key: string]: unknown }[];
  reads: { kind: string; path: string; [key: string]: unknown }[];
}

/** An export with its header changed. */
export function withHeader(bytes: Uint8Array, change: (header: Header) => void): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint32(8);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(12, 12 + length))) as Header;
  change(header);
  const text = new TextEncoder().encode(JSON.stringify(header));
  const result = new Uint8Array(12 + text.length + bytes.length - 12 - length);
  result.set(bytes.subarray(0, 8));
  new DataView(result.buffer).setUint32(8, text.length);
  result.set(text, 12);
  result.set(bytes.subarray(12 + length), 12 + text.length);
  return result;
}

export function node(header: Header, ref: string): Header["nodes"][number] {
  const found = header.nodes.find((each) => each.ref === ref);
  if (found === undefined) throw new Error(`no ${ref}`);
  return found;
}
