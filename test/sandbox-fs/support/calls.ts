// Calls on a filesystem of ours that most tests make: read a text, write one, and the code that a call fails with.

import type { FileSystem, Handle } from "../../../sandbox-fs/index.ts";

/** "ok", or the code of the error. */
export function codeOf(call: () => unknown): string {
  try {
    call();
    return "ok";
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
}

export function text(fs: FileSystem, path: string, from: Handle = fs.root): string {
  const handle = fs.open(from, path);
  const content = textOf(fs, handle);
  fs.close(handle);
  return content;
}

export function textOf(fs: FileSystem, handle: Handle): string {
  const buffer = new Uint8Array(Number(fs.stat(handle).size));
  return new TextDecoder().decode(buffer.subarray(0, fs.read(handle, buffer, 0n)));
}

/** Writes over the start of a file, which is made where there is none. */
export function write(fs: FileSystem, path: string, content: string, from: Handle = fs.root): void {
  const handle = fs.open(from, path, { write: true, create: true });
  writeTo(fs, handle, content);
  fs.close(handle);
}

export function writeTo(fs: FileSystem, handle: Handle, content: string, position = 0): void {
  fs.write(handle, new TextEncoder().encode(content), BigInt(position));
}

export function namesIn(fs: FileSystem, directory: Handle = fs.root): string[] {
  return fs.list(directory).map(({ name }) => name);
}
