// The lines of a journal: each holds the hash of the line before it, so that nothing in the middle can be changed unseen.
// It must not know what entries mean, nor where lines are kept.

import { GloveboxError } from "../errors.ts";
import { type JournalEntry, readEntry } from "./entries.ts";

/** The sha256 of a text's UTF-8 bytes, as 64 hex digits. */
export type Sha256 = (text: string) => string;

/** What the first line says was before it. */
export const CHAIN_START: string = "0".repeat(64);

/** Entries, and the end of the chain that they make. */
export interface Chain {
  readonly entries: readonly JournalEntry[];
  /** The hash of the last line. */
  readonly hash: string;
  /** Bytes of whole lines; what comes after them was never completed. */
  readonly bytes: number;
}

/** The line of an entry, with its line feed. */
export function lineOf(previous: string, entry: JournalEntry): string {
  return `${JSON.stringify({ previous, entry })}\n`;
}

/** The hash that the next line holds. */
export function hashOf(line: string, sha256: Sha256): string {
  return sha256(line.slice(0, -1));
}

/** Reads a journal; a last line that is not whole does not count. Errors: JOURNAL_FAILED for damage anywhere else. */
export function readChain(text: string, sha256: Sha256): Chain {
  const lines = text.split("\n");
  lines.pop(); // what follows the last line feed: nothing, or a line that was never completed
  const entries: JournalEntry[] = [];
  let hash = CHAIN_START;
  let length = 0;
  for (const [index, line] of lines.entries()) {
    const isTorn = index === lines.length - 1 && index > 0 && !isJson(line);
    if (isTorn) break;
    const entry = readLine(line, hash);
    if (typeof entry === "string") throw damaged(index + 1, entry);
    entries.push(entry);
    hash = sha256(line);
    length += line.length + 1;
  }
  return { entries, hash, bytes: new TextEncoder().encode(text.slice(0, length)).length };
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function readLine(line: string, previous: string): JournalEntry | string {
  if (!isJson(line)) return "it is not JSON";
  const value = JSON.parse(line) as { readonly previous?: unknown; readonly entry?: unknown } | null;
  return value?.previous === previous ? readEntry(value.entry) : "it does not follow the line before it";
}

function damaged(line: number, why: string): GloveboxError {
  return new GloveboxError("JOURNAL_FAILED", `the journal is damaged at line ${line}: ${why}`, {
    data: { line },
    hint: "It was changed, or written by another version of Glovebox; nothing was done with it.",
  });
}
