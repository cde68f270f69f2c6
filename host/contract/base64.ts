// Bytes as base64 text and back, without Node.
// A leaf.

const CHUNK = 32_766;

/** Bytes as standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    // Spreading or iterating bytes takes many times as long.
    text += btoa(Reflect.apply(String.fromCharCode, null, bytes.subarray(start, start + CHUNK)));
  }
  return text;
}

/** The bytes of a text that has been checked to be base64. */
export function fromBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}
