// The bytes of exported changes: a magic word, a JSON header, and the blocks it counts. Parsed without trust.
// It must not know any tree: whether the header makes sense is for the import to say.

import { BLOCK_BYTES } from "../content.ts";
import { FsError } from "../errors.ts";
import { isEntryName } from "../names.ts";
import { LIMIT_NS } from "../times.ts";
import type { FileType } from "../types.ts";

const MAGIC = new TextEncoder().encode("GLVBXFS2");
const HEADER_BYTES = 64 * 1024 * 1024;
const MAX_CREATED = 2 ** 48;

/**
 * `b:` and a path of the base, `s:` and one of the names of a file that has several in the base, for all of them, or `n:` and
 * the number of a node that an overlay made.
 */
export type NodeRef = string;

export interface ExportedFacts {
  readonly type: FileType;
  readonly size: number;
  readonly mode: number;
  readonly mtimeNs: string;
  readonly links: number;
  readonly identity: string;
  readonly version: string;
  /** The sha256 of a file's content, where the base asks for it. */
  readonly digest?: string;
}

/** Something that the exporter looked at: an entry, the names in a directory, or one name that is not there. */
export interface ExportedRead {
  readonly kind: "entry" | "names" | "absent";
  readonly path: string;
  readonly facts: ExportedFacts;
  readonly names?: readonly string[];
  readonly hidden?: number;
}

/** Blocks are pairs of index and length, in the order of their bytes; length -1 says that the block is no more. */
export interface ExportedContent {
  readonly size: number;
  readonly baseLength: number;
  readonly blocks: readonly (readonly [number, number])[];
}

export interface ExportedNode {
  readonly ref: NodeRef;
  readonly type: FileType;
  readonly mode: number;
  /** Access, modification and change time, decimal nanoseconds. */
  readonly times: readonly [string, string, string];
  /** The names that the overlay gave it: directory and name. */
  readonly given: readonly (readonly [NodeRef, string])[];
  /** The names of the base that it lost, as paths. */
  readonly taken: readonly string[];
  /** Of a file with several names in the base, once it is changed: the names that share the change. */
  readonly sharers?: readonly string[];
  /** What the base said when the exporter first looked; not for a new node. */
  readonly facts?: ExportedFacts;
  readonly content?: ExportedContent;
  readonly target?: string;
}

export interface Exported {
  /** How many nodes the overlay had made before and after: numbers of new nodes lie between. */
  readonly from: number;
  readonly to: number;
  readonly nodes: readonly ExportedNode[];
  readonly reads: readonly ExportedRead[];
  readonly blocks: readonly Uint8Array[];
}

export function encode({ from, to, nodes, reads, blocks }: Exported): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify({ from, to, nodes, reads }));
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  const bytes = new Uint8Array(MAGIC.length + 4 + header.length + length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, header.length);
  bytes.set(header, MAGIC.length + 4);
  let at = MAGIC.length + 4 + header.length;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}

/** EINVAL for anything that `encode` could not have made. Blocks are views into `bytes`. */
export function decode(bytes: Uint8Array): Exported {
  if (bytes.length < MAGIC.length + 4) throw malformed("too short");
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw malformed("not an export of this version");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length);
  const start = MAGIC.length + 4;
  if (length > HEADER_BYTES || length > bytes.length - start) throw malformed("the header is cut off");
  const header = object(parse(bytes.subarray(start, start + length)), ["from", "to", "nodes", "reads"], []);
  const to = integer(header.to, MAX_CREATED);
  const nodes = nodesOf(header.nodes);
  const reads = array(header.reads).map(read);
  return { from: integer(header.from, to), to, nodes, reads, blocks: cutBlocks(nodes, bytes.subarray(start + length)) };
}

export function malformed(detail: string): FsError {
  return new FsError("EINVAL", "apply", { detail });
}

function parse(header: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(header));
  } catch (cause) {
    throw new FsError("EINVAL", "apply", { detail: "the header is not JSON", cause });
  }
}

function cutBlocks(nodes: readonly ExportedNode[], bytes: Uint8Array): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  let at = 0;
  for (const [, length] of nodes.flatMap((node) => node.content?.blocks ?? [])) {
    if (length < 0) continue;
    if (length > bytes.length - at) throw malformed("blocks are cut off");
    blocks.push(bytes.subarray(at, at + length));
    at += length;
  }
  if (at !== bytes.length) throw malformed("bytes are left over");
  return blocks;
}

function nodesOf(nodes: unknown): ExportedNode[] {
  return array(nodes).map((node): ExportedNode => {
    const raw = object(
      node,
      ["ref", "type", "mode", "times", "given", "taken"],
      ["sharers", "facts", "content", "target"],
    );
    return {
      ref: ref(raw.ref),
      type: type(raw.type),
      mode: integer(raw.mode, 0o7777),
      times: times(raw.times),
      given: array(raw.given).map(place),
      taken: array(raw.taken).map(basePath),
      ...(raw.sharers === undefined ? {} : { sharers: array(raw.sharers).map(basePath) }),
      ...(raw.facts === undefined ? {} : { facts: facts(raw.facts) }),
      ...(raw.content === undefined ? {} : { content: content(raw.content) }),
      ...(raw.target === undefined ? {} : { target: target(raw.target) }),
    };
  });
}

function place(value: unknown): readonly [NodeRef, string] {
  const [parent, name, ...rest] = array(value);
  if (rest.length > 0 || typeof name !== "string" || !isEntryName(name)) throw malformed("a place is not one");
  return [ref(parent), name];
}

function facts(value: unknown): ExportedFacts {
  const raw = object(value, ["type", "size", "mode", "mtimeNs", "links", "identity", "version"], ["digest"]);
  return {
    type: type(raw.type),
    size: integer(raw.size, Number.MAX_SAFE_INTEGER),
    mode: integer(raw.mode, 0o7777),
    mtimeNs: time(raw.mtimeNs),
    links: integer(raw.links, Number.MAX_SAFE_INTEGER),
    identity: text(raw.identity, 4096),
    version: text(raw.version, 256),
    ...(raw.digest === undefined ? {} : { digest: text(raw.digest, 64) }),
  };
}

function read(value: unknown): ExportedRead {
  const raw = object(value, ["kind", "path", "facts"], ["names", "hidden"]);
  const { kind } = raw;
  if (kind !== "entry" && kind !== "names" && kind !== "absent") throw malformed("unknown kind of read");
  const common: ExportedRead = { kind, path: raw.path === "" ? "" : basePath(raw.path), facts: facts(raw.facts) };
  if (kind === "entry") return common;
  const names = array(raw.names).map((name) => text(name, 255));
  if (!names.every(isEntryName) || (kind === "absent" && names.length !== 1)) throw malformed("a name is not one");
  return kind === "absent" ? { ...common, names } : { ...common, names, hidden: integer(raw.hidden, MAX_CREATED) };
}

function content(value: unknown): ExportedContent {
  const raw = object(value, ["size", "baseLength", "blocks"], []);
  const size = integer(raw.size, Number.MAX_SAFE_INTEGER);
  const baseLength = integer(raw.baseLength, size);
  let last = -1;
  const blocks = array(raw.blocks).map((pair): readonly [number, number] => {
    const [index, length, ...rest] = array(pair);
    const at = integer(index, Math.floor(Number.MAX_SAFE_INTEGER / BLOCK_BYTES));
    const bytes = length === -1 ? -1 : integer(length, BLOCK_BYTES);
    if (rest.length > 0 || at <= last || (bytes >= 0 && at * BLOCK_BYTES + bytes > size))
      throw malformed("a block is not one");
    last = at;
    return [at, bytes];
  });
  return { size, baseLength, blocks };
}

function times(value: unknown): readonly [string, string, string] {
  const [access, modification, change, ...rest] = array(value);
  if (rest.length > 0) throw malformed("times are three");
  return [time(access), time(modification), time(change)];
}

function time(value: unknown): string {
  const decimal = text(value, 22);
  if (!/^(0|-?[1-9][0-9]*)$/.test(decimal)) throw malformed("a time is not a number");
  const ns = BigInt(decimal);
  if (ns <= -LIMIT_NS || ns >= LIMIT_NS) throw malformed("a time is too far off");
  return decimal;
}

function ref(value: unknown): NodeRef {
  const name = text(value, 1024 * 1024);
  const isNew = /^n:(0|[1-9][0-9]{0,14})$/.test(name);
  const isBase = name === "b:" || (/^[bs]:/.test(name) && isBasePath(name.slice(2)));
  if (!isNew && !isBase) throw malformed("a reference is not one");
  return name;
}

function basePath(value: unknown): string {
  const path = text(value, 1024 * 1024);
  if (!isBasePath(path)) throw malformed("a path is not one");
  return path;
}

function isBasePath(path: string): boolean {
  return path.split("/").every(isEntryName);
}

function target(value: unknown): string {
  const path = text(value, 4096);
  if (path === "" || path.includes("\0")) throw malformed("a symlink's target is not one");
  return path;
}

function type(value: unknown): FileType {
  if (value !== "file" && value !== "directory" && value !== "symlink" && value !== "other")
    throw malformed("unknown type");
  return value;
}

function text(value: unknown, limit: number): string {
  if (typeof value !== "string" || value.length > limit || !value.isWellFormed()) throw malformed("text expected");
  return value;
}

function integer(value: unknown, limit: number): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > limit)
    throw malformed("a number is out of range");
  return value;
}

function array(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed("a list expected");
  return value;
}

function object(value: unknown, required: readonly string[], optional: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed("an object expected");
  const keys = Object.keys(value);
  const isComplete = required.every((key) => Object.hasOwn(value, key));
  if (!isComplete || keys.some((key) => !required.includes(key) && !optional.includes(key)))
    throw malformed("unknown or missing key");
  return value as Record<string, unknown>;
}
