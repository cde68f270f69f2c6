// What a journal says of its run: what was called and what came of it, and where the run stands.
// It must not do anything about it.

import type { JsonValue } from "../contract/types.ts";
import { GloveboxError } from "../errors.ts";
import type { ApprovalRequest } from "../plan/approval.ts";
import type {
  ApprovalEntry,
  Before,
  CallEnd,
  CallIntent,
  CallName,
  CommittedChange,
  JournalEntry,
  RunHeader,
} from "./entries.ts";

/** A call that was about to be made, and its end where that was recorded. */
export interface PastCall {
  readonly intent: CallIntent;
  readonly end: CallEnd | null;
}

/**
 * Where a run stands. `kept`: it waits for a decision. `committing`: its commit had begun, and nobody wrote down how that ended. `committed`:
 * only its end is missing. `interrupted`: it did not come to an end. `ended`.
 */
export type Standing = "kept" | "committing" | "committed" | "interrupted" | "ended";

export interface Past {
  readonly header: RunHeader;
  readonly calls: ReadonlyMap<string, PastCall>;
  /** Answers about files, by `sizeKey`, in order. */
  readonly sizes: ReadonlyMap<string, readonly (number | null)[]>;
  /** Answers about calls that needed approval, by hash, in order. */
  readonly approvals: ReadonlyMap<string, readonly PastApproval[]>;
  /** The calls that wait for an answer. */
  readonly requests: readonly ApprovalRequest[];
  readonly network: readonly JsonValue[];
  readonly standing: Standing;
  /** It was kept, and nothing was begun since that is more than what was kept. */
  readonly stillKept: boolean;
  /** The digest of the changes that were kept; null when there were none. */
  readonly layer: string | null;
  /** What the commit that had begun would change. */
  readonly committing: readonly CommittedChange[];
  /** What the commit replaced; null when that was not recorded. */
  readonly before: Before | null;
  readonly ended: Extract<JournalEntry, { type: "ended" }> | null;
}

/** An answer, and whether a call was made because of it. */
export interface PastApproval extends ApprovalEntry {
  readonly used: boolean;
}

/** The name of a call as a key. */
export function keyOf({ purpose, step, number }: CallName): string {
  return `${purpose} ${step} ${number}`;
}

/** Who asked for the size of which file, as a key. */
export function sizeKey({ path, at }: { readonly path: string; readonly at: number }): string {
  return `${at} ${path}`;
}

/** Reads the entries of a run. Errors: JOURNAL_FAILED when they do not begin with its header, or tell of two. */
export function pastOf(entries: readonly JournalEntry[]): Past {
  const [header, ...all] = entries;
  if (header?.type !== "run" || all.some(({ type }) => type === "run")) {
    throw new GloveboxError("JOURNAL_FAILED", "the journal does not begin with the description of one run");
  }
  const stands = standingOf(all);
  // What was called after the changes were kept is not among them, and is called again.
  const lastKept = all.findLastIndex(({ type }) => type === "kept");
  const rest = stands.standing === "kept" ? all.slice(0, lastKept + 1) : all;
  return {
    header,
    calls: callsOf(rest),
    sizes: grouped(rest, "stat", sizeKey, ({ size }) => size),
    approvals: approvalsOf(all),
    requests: requestsOf(all),
    network: rest.flatMap((entry) => (entry.type === "network" ? [entry.entry] : [])),
    ...stands,
    layer: last(rest, "kept")?.layer ?? null,
    committing: last(rest, "committing")?.changes ?? [],
    before: last(rest, "before") ?? null,
    ended: last(rest, "ended") ?? null,
  };
}

/** Whether steps have begun anything outside of the workspace: a failure alone does not say that nothing of it happened. */
export function hasEffects({ calls }: Past): boolean {
  return [...calls.values()].some(({ intent }) => intent.external && intent.purpose === "step");
}

function callsOf(entries: readonly JournalEntry[]): Map<string, PastCall> {
  const calls = new Map<string, PastCall>();
  for (const entry of entries) {
    if (entry.type === "call.intent") calls.set(keyOf(entry), { intent: entry, end: null });
    if (entry.type !== "call.reply") continue;
    const call = calls.get(keyOf(entry));
    if (call === undefined)
      throw new GloveboxError("JOURNAL_FAILED", `the journal has a reply to no call (${keyOf(entry)})`);
    calls.set(keyOf(entry), { ...call, end: entry });
  }
  return calls;
}

function approvalsOf(entries: readonly JournalEntry[]): Map<string, PastApproval[]> {
  const used = new Set(
    entries.flatMap((entry) => (entry.type === "approval.used" ? [`${entry.hash} ${entry.number}`] : [])),
  );
  const answers = grouped(
    entries,
    "approval",
    ({ hash }) => hash,
    (answer): PastApproval => ({ ...answer, used: answer.until === undefined }),
  );
  for (const [hash, known] of answers) {
    answers.set(
      hash,
      known.map((answer, number) => ({ ...answer, used: answer.used || used.has(`${hash} ${number}`) })),
    );
  }
  return answers;
}

/** What was asked and not answered since, each once. */
function requestsOf(entries: readonly JournalEntry[]): readonly ApprovalRequest[] {
  const requests = new Map<string, ApprovalRequest>();
  for (const entry of entries) {
    if (entry.type === "approval.requested") requests.set(entry.request.hash, entry.request);
    if (entry.type === "approval") requests.delete(entry.hash);
  }
  return [...requests.values()];
}

type EntryOf<Type extends JournalEntry["type"]> = Extract<JournalEntry, { type: Type }>;

/** What all entries of a type say, in order, by a key. */
function grouped<Type extends JournalEntry["type"], Value>(
  entries: readonly JournalEntry[],
  type: Type,
  keyOfEntry: (entry: EntryOf<Type>) => string,
  say: (entry: EntryOf<Type>) => Value,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const entry of entries) {
    if (entry.type !== type) continue;
    const one = entry as EntryOf<Type>;
    const group = groups.get(keyOfEntry(one)) ?? [];
    group.push(say(one));
    groups.set(keyOfEntry(one), group);
  }
  return groups;
}

function last<Type extends JournalEntry["type"]>(
  entries: readonly JournalEntry[],
  type: Type,
): EntryOf<Type> | undefined {
  return entries.findLast((entry) => entry.type === type) as EntryOf<Type> | undefined;
}

function standingOf(entries: readonly JournalEntry[]): Pick<Past, "standing" | "stillKept"> {
  let standing: Standing = "interrupted";
  let kept = false;
  for (const entry of entries) {
    switch (entry.type) {
      case "kept":
        kept = true;
        standing = "kept";
        break;
      case "resumed":
        kept &&= entry.to === "commit";
        if (!kept && standing !== "committing" && standing !== "committed") standing = "interrupted";
        break;
      case "call.intent":
        // from here on, it has done more than discarding can undo
        if (entry.external || entry.purpose === "compensation") kept = false;
        if (!kept) standing = "interrupted";
        break;
      case "committing":
      case "committed":
      case "ended":
        standing = entry.type;
        break;
      case "commit.failed":
        standing = kept ? "kept" : "interrupted";
        break;
    }
  }
  return { standing, stillKept: kept };
}
