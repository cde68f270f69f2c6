// The order of text that does not depend on a language.
// Knows nothing of what is sorted.

/** By code point, which is the order of the UTF-8 bytes, and not that of UTF-16 units. */
export function compareCodePoints(a: string, b: string): i32 {
  const length = min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = rank(a.charCodeAt(i));
    const y = rank(b.charCodeAt(i));
    if (x != y) return x - y;
  }
  return a.length - b.length;
}

/** Moves surrogates behind the rest of the plane, where the code points that they make belong. */
function rank(unit: i32): i32 {
  return (unit & 0xf800) == 0xd800 ? unit + 0x10000 : unit;
}
