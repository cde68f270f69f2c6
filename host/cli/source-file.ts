// Reads a plan, a scope or a module that was named on the command line. It must not know what is in it.

import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { GloveboxError, planFromProtobuf, type Source } from "../index.ts";

/** More than any plan or scope may be; nothing larger is taken into memory. */
const MOST_BYTES = 16 * 1024 * 1024;

/** More than any core module of a tool may be, and enough for whole language runtimes. */
const MOST_MODULE_BYTES = 256 * 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of its path is not a directory",
  EISDIR: "it is a directory",
  EACCES: "permission denied",
  ELOOP: "its symlinks go round in circles",
  ENAMETOOLONG: "its name is too long",
};

/** The text of a file. Errors: FILE_UNREADABLE when it is missing, not readable, too large or not UTF-8. */
export async function readSource(what: "plan" | "scope", file: string): Promise<Source> {
  const bytes = await readBytes(what, file, MOST_BYTES);
  if (what === "plan" && file.endsWith(".binpb")) {
    return { value: await planFromProtobuf(bytes), directory: dirname(file) };
  }
  if (bytes.length > MOST_BYTES) throw unreadable(what, file, `it is larger than ${MOST_BYTES} bytes`);
  try {
    return { file, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (cause) {
    throw unreadable(what, file, "it is not UTF-8 text", cause);
  }
}

/** The bytes of a core module. Errors: FILE_UNREADABLE when it is missing, not readable or too large. */
export async function readModule(file: string): Promise<Uint8Array> {
  const bytes = await readBytes("module", file, MOST_MODULE_BYTES);
  if (bytes.length <= MOST_MODULE_BYTES) return bytes;
  throw unreadable("module", file, `it is larger than ${MOST_MODULE_BYTES} bytes`);
}

function readBytes(what: string, file: string, most: number): Promise<Uint8Array> {
  return readUpTo(file, most).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(what, file, REASONS[cause.code ?? ""] ?? cause.message, cause);
  });
}

/** Its bytes, or one more than may be: a device or a pipe has no size to ask for. */
async function readUpTo(file: string, most: number): Promise<Uint8Array> {
  const handle = await open(file, "r");
  try {
    const chunks: Uint8Array[] = [];
    let total = 0;
    for await (const chunk of handle.createReadStream({ end: most, autoClose: false })) {
      chunks.push(chunk as Uint8Array);
      total += (chunk as Uint8Array).length;
    }
    return Buffer.concat(chunks, total);
  } finally {
    await handle.close();
  }
}

function unreadable(what: string, file: string, reason: string, cause?: unknown): GloveboxError {
  return new GloveboxError("FILE_UNREADABLE", `cannot read the ${what} ${file}: ${reason}`, { cause });
}
