// The entries of the ledger of trust: how they are chained, and written as lines. It must not know where they are kept,
// or what an entry makes of an agent.

import { z } from "zod";
import { GloveboxError } from "../errors.ts";

/** What is recorded of one run. */
export interface TrustRecord {
  /** ISO 8601. */
  readonly at: string;
  readonly agent: string;
  /** The name of the scope; levels are earned in each by itself. */
  readonly scope: string;
  readonly plan_id: string;
  /** All went well; it failed; or it tried what it may not do. */
  readonly outcome: "clean" | "failed" | "violation";
  /** For people: what happened, and what it did to the level. */
  readonly why: string;
  /** The level that the run had, and the one that the next will have. */
  readonly from: string;
  readonly to: string;
  /** Clean runs in a row at `to`. */
  readonly streak: number;
}

/** A record in its place. */
export interface TrustEntry extends TrustRecord {
  /** From 1. */
  readonly sequence: number;
  /** The sha256 of the line before, in hex; empty for the first. */
  readonly previous: string;
}

type Sha256 = (text: string) => string;

const entrySchema: z.ZodType<TrustEntry> = z.strictObject({
  sequence: z.int().min(1),
  previous: z.string(),
  at: z.string(),
  agent: z.string(),
  scope: z.string(),
  plan_id: z.string(),
  outcome: z.enum(["clean", "failed", "violation"]),
  why: z.string(),
  from: z.string(),
  to: z.string(),
  streak: z.int().min(0),
});

/** The line that records something after the last one. Errors: TRUST_LEDGER_INVALID when that is none. */
export function nextLine(
  record: TrustRecord,
  last: string | null,
  sha256: Sha256,
): { readonly sequence: number; readonly line: string } {
  const sequence = last === null ? 1 : entryIn(last).sequence + 1;
  const entry: TrustEntry = { sequence, previous: last === null ? "" : sha256(last), ...record };
  return { sequence, line: JSON.stringify(entry) };
}

/** The entry in a line. Errors: TRUST_LEDGER_INVALID. */
export function entryIn(line: string): TrustEntry {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch (cause) {
    throw broken("an entry of the trust ledger cannot be read", cause);
  }
}

/** The entries of a whole ledger. Errors: TRUST_LEDGER_INVALID where one does not follow from the one before. */
export function verifiedChain(lines: readonly string[], sha256: Sha256): readonly TrustEntry[] {
  let previous = "";
  return lines.map((line, index) => {
    const entry = entryIn(line);
    const follows = entry.sequence === index + 1 && entry.previous === previous;
    if (!follows) throw broken(`entry ${index + 1} of the trust ledger does not follow from the one before it`);
    previous = sha256(line);
    return entry;
  });
}

function broken(message: string, cause?: unknown): GloveboxError {
  const hint = "someone changed the file: restore it, or move it away, and every agent begins at the lowest level";
  return new GloveboxError("TRUST_LEDGER_INVALID", message, { hint, cause });
}
