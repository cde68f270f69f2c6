// A directory as a value, so that "byte for byte, mode for mode, mtime for mtime" is one comparison.

import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Every entry below `directory`, and itself, as one line each: path, type, mode, mtime, size, content. Sorted. */
export function snapshotTree(directory: string): readonly string[] {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  return ["", ...names].map((name) => describe(directory, name));
}

function describe(directory: string, name: string): string {
  const path = join(directory, name);
  const { mode, mtimeNs, size } = lstatSync(path, { bigint: true });
  const stats = lstatSync(path);
  const content = stats.isFile() ? digest(path) : stats.isSymbolicLink() ? readlinkSync(path) : "";
  return [name, mode.toString(8), mtimeNs, stats.isDirectory() ? "" : size, content].join(" ");
}

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** A fresh directory that is removed when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
