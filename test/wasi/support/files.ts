// A call over an overlay in memory: its root descriptor, and the filesystem behind it to look at.

import type { Descriptor } from "../../../host/wasi/filesystem/descriptor.ts";
import type { Wasi, WasiSetup } from "../../../host/wasi/index.ts";
import { createOverlay, type FileSystem, grant, memoryBase, type Overlay } from "../../../sandbox-fs/index.ts";
import { imported, manualClock, testWasi } from "./setup.ts";

export type Entries = Parameters<typeof memoryBase>[0];

export interface FilesOptions extends Partial<WasiSetup> {
  /** Default: one rule that grants writing everywhere. */
  readonly rules?: Parameters<typeof grant>[1];
  readonly access?: "read" | "write";
}

export interface TestFiles {
  readonly wasi: Wasi;
  readonly root: Descriptor;
  readonly overlay: Overlay;
  readonly clock: ReturnType<typeof manualClock>;
}

export const NONE = {};
export const FOLLOW = { symlinkFollow: true };
export const READ = { read: true };
export const WRITE = { write: true };
export const BOTH = { read: true, write: true };

/** A call whose only preopen, `/data`, holds `entries`. */
export function testFiles(entries: Entries = {}, { rules, access, ...changes }: FilesOptions = {}): TestFiles {
  const clock = manualClock();
  const overlay = createOverlay(memoryBase(entries), { clock: () => clock.now() });
  const fs: FileSystem = grant(overlay, rules ?? [{ path: "", access: "write" }]);
  const preopen = { path: "/data", fs, directory: fs.root, ...(access === undefined ? {} : { access }) };
  const wasi = testWasi({ clock, preopens: [preopen], ...changes });
  return { wasi, root: rootOf(wasi), overlay, clock };
}

/** A descriptor of the first preopen. */
export function rootOf(wasi: Wasi): Descriptor {
  const [first] = directoriesOf(wasi);
  if (first === undefined) throw new Error("the call has no preopens");
  return first[0];
}

export function directoriesOf(wasi: Wasi): readonly (readonly [Descriptor, string])[] {
  type Preopens = { getDirectories(): readonly (readonly [Descriptor, string])[] };
  return imported<Preopens>(wasi, "wasi:filesystem/preopens").getDirectories();
}

/** Opens a file that is there, for reading. */
export function openFile(directory: Descriptor, path: string): Descriptor {
  return directory.openAt(FOLLOW, path, NONE, READ);
}

/** Makes a file with a content. */
export function writeFile(directory: Descriptor, path: string, text: string): void {
  const file = directory.openAt(FOLLOW, path, { create: true, truncate: true }, WRITE);
  file.write(new TextEncoder().encode(text), 0n);
  file[Symbol.dispose]();
}

export function readFile(directory: Descriptor, path: string): string {
  const file = openFile(directory, path);
  const [bytes] = file.read(1_000_000n, 0n);
  const text = new TextDecoder().decode(bytes);
  file[Symbol.dispose]();
  return text;
}

export function namesIn(directory: Descriptor): readonly string[] {
  const stream = directory.readDirectory();
  const names: string[] = [];
  for (let entry = stream.readDirectoryEntry(); entry !== undefined; entry = stream.readDirectoryEntry()) {
    names.push(entry.name);
  }
  stream[Symbol.dispose]();
  return names;
}
