// How a message shows a value that someone else wrote: cut, on one line, with nothing in it that a terminal or a model could take for more than text.

const SHOWN = 80;
const LONGEST = 1000;

/** A value as it is shown in a message: JSON, at most 80 characters, everything unprintable escaped. */
export function quote(value: unknown): string {
  const short = typeof value === "string" ? value.slice(0, SHOWN + 1) : value;
  const text = describeShortly(short);
  const shown = printable(text);
  if (shown.length <= SHOWN) return shown;
  return typeof value === "string" ? `${shown.slice(0, SHOWN - 2)}…"` : `${shown.slice(0, SHOWN - 1)}…`;
}

/** A whole message as it may be shown: on one line, everything unprintable escaped, cut at 1000 characters. */
export function printable(message: string): string {
  const short = message.length <= LONGEST ? message : `${message.slice(0, LONGEST - 1)}…`;
  return short.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

function describeShortly(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return JSON.stringify(value) ?? "nothing";
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
