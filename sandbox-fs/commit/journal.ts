// The journal of a commit: what its steps need to be undone by whoever comes after, as lines of JSON under one digest.
// It must not touch the host.

import type { Hash } from "../base.ts";
import { CommitError } from "../errors.ts";
import { isEntryName } from "../names.ts";
import type { FileType } from "../types.ts";
import type { EntryPlace } from "./plan-types.ts";

const MAGIC = "glovebox-commit";
const VERSION = 1;

export interface Metadata {
  readonly mode: number;
  readonly atimeNs: bigint;
  readonly mtimeNs: bigint;
}

/** As in a plan, with the number that the host knows the directory by. */
export interface JournalDirectory {
  readonly inode: string;
  readonly origin: { readonly directory: number; readonly names: readonly string[] } | null;
  readonly slot: number | null;
  readonly staged: number | null;
  readonly target: EntryPlace | null;
}

/** As in a plan. `inode` is the object that the step gives a name to, takes it from, or sets the metadata of. */
export type JournalStep = {
  readonly wave: number;
  readonly at: EntryPlace;
  readonly inode: string;
  readonly type: FileType;
} & (
  | { readonly op: "save" | "detach" | "move"; readonly slot: number }
  | { readonly op: "replace"; readonly slot: number; readonly staged: number; readonly oldInode: string }
  | { readonly op: "create" | "directory"; readonly staged: number }
  | { readonly op: "link"; readonly from: EntryPlace }
  | { readonly op: "meta"; readonly before: Metadata; readonly after: Metadata }
);

export interface Journal {
  readonly rootInode: string;
  readonly directories: readonly JournalDirectory[];
  /** In order of their waves. */
  readonly steps: readonly JournalStep[];
}

export function encodeJournal(journal: Journal, hash: Hash): Uint8Array {
  const { rootInode, directories, steps } = journal;
  const counts = { directories: directories.length, steps: steps.length };
  const header = { magic: MAGIC, version: VERSION, rootInode, ...counts };
  const lines = [header, ...directories, ...steps].map((line) => JSON.stringify(line, decimalBigints));
  const body = new TextEncoder().encode(`${lines.join("\n")}\n`);
  hash.update(body);
  const footer = new TextEncoder().encode(`${hash.digest("hex")}\n`);
  const bytes = new Uint8Array(body.length + footer.length);
  bytes.set(body);
  bytes.set(footer, body.length);
  return bytes;
}

/** RECOVERY_REQUIRED for anything that `encodeJournal` did not make. */
export function decodeJournal(bytes: Uint8Array, hash: Hash): Journal {
  const footerAt = bytes.length - 65;
  if (footerAt < 0) throw unreadable("it is cut off");
  const body = bytes.subarray(0, footerAt);
  hash.update(body);
  const footer = new TextDecoder().decode(bytes.subarray(footerAt));
  if (footer !== `${hash.digest("hex")}\n`) throw unreadable("its digest is wrong");
  const lines = new TextDecoder().decode(body).split("\n").slice(0, -1);
  const [header, ...rest] = lines.map((line): Json => parse(line));
  if (header?.magic !== MAGIC || header.version !== VERSION) throw unreadable("it is of another version");
  const count = integer(header.directories);
  if (rest.length !== count + integer(header.steps)) throw unreadable("lines are missing");
  const directories = rest.slice(0, count).map((line) => directoryOf(line, count));
  const steps = rest.slice(count).map((line) => stepOf(line, count));
  if (steps.some(({ wave }, i) => wave < (steps[i - 1]?.wave ?? 0))) throw unreadable("its waves are out of order");
  return { rootInode: text(header.rootInode), directories, steps };
}

type Json = Readonly<Record<string, unknown>>;

function unreadable(why: string): CommitError {
  return new CommitError(
    "RECOVERY_REQUIRED",
    `the journal of an interrupted commit cannot be read: ${why}; nothing was touched`,
  );
}

function decimalBigints(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function parse(line: string): Json {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Json;
  } catch {
    throw unreadable("a line is not JSON");
  }
  throw unreadable("a line is not an object");
}

function directoryOf(line: Json, count: number): JournalDirectory {
  const origin = line.origin === null ? null : object(line.origin);
  return {
    inode: text(line.inode),
    origin: origin === null ? null : { directory: below(origin.directory, count), names: namesOf(origin.names) },
    slot: line.slot === null ? null : integer(line.slot),
    staged: line.staged === null ? null : integer(line.staged),
    target: line.target === null ? null : placeOf(line.target, count, false),
  };
}

function stepOf(line: Json, count: number): JournalStep {
  const { op } = line;
  const at = placeOf(line.at, count, op === "meta");
  const common = { wave: integer(line.wave), at, inode: text(line.inode), type: typeOf(line.type) };
  switch (op) {
    case "save":
    case "detach":
    case "move":
      return { ...common, op, slot: integer(line.slot) };
    case "replace":
      return { ...common, op, slot: integer(line.slot), staged: integer(line.staged), oldInode: text(line.oldInode) };
    case "create":
    case "directory":
      return { ...common, op, staged: integer(line.staged) };
    case "link":
      return { ...common, op, from: placeOf(line.from, count, false) };
    case "meta":
      return { ...common, op, before: metadataOf(line.before), after: metadataOf(line.after) };
    default:
      throw unreadable("it has an unknown step");
  }
}

function placeOf(value: unknown, count: number, mayBeDot: boolean): EntryPlace {
  const { directory, name } = object(value);
  const isDot = mayBeDot && name === ".";
  if (typeof name !== "string" || !(isDot || isEntryName(name))) throw unreadable("a name is not one");
  return { directory: below(directory, count), name };
}

function namesOf(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) throw unreadable("names are missing");
  for (const name of value) if (typeof name !== "string" || !isEntryName(name)) throw unreadable("a name is not one");
  return value as readonly string[];
}

function metadataOf(value: unknown): Metadata {
  const { mode, atimeNs, mtimeNs } = object(value);
  return { mode: below(mode, 0o10000), atimeNs: bigint(atimeNs), mtimeNs: bigint(mtimeNs) };
}

function object(value: unknown): Json {
  if (typeof value !== "object" || value === null) throw unreadable("an object is missing");
  return value as Json;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw unreadable("a text is missing");
  return value;
}

function integer(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw unreadable("a number is missing");
  return value;
}

function below(value: unknown, limit: number): number {
  const number = integer(value);
  if (number >= limit) throw unreadable("a number is out of range");
  return number;
}

function bigint(value: unknown): bigint {
  const decimal = text(value);
  if (!/^-?[0-9]{1,21}$/.test(decimal)) throw unreadable("a time is missing");
  return BigInt(decimal);
}

function typeOf(value: unknown): FileType {
  if (value === "file" || value === "directory" || value === "symlink" || value === "other") return value;
  throw unreadable("a type is unknown");
}
