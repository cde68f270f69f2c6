// Letters of ASCII, without the tables that all of Unicode's need.
// Knows nothing of what the text is.

/** The text with A to Z as a to z. */
export function lowerCase(text: string): string {
  let result = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x41 || unit > 0x5a) continue;
    result += text.substring(from, i) + String.fromCharCode(unit | 0x20);
    from = i + 1;
  }
  return from == 0 ? text : result + text.substring(from);
}

/** The number that a text of up to nine digits is; -1 for anything else. */
export function decimal(text: string): i32 {
  if (text.length == 0 || text.length > 9) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
