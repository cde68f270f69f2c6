// C16, C17 and quotas: what is held is bounded, and the error names the limit.

import * as nodeFs from "node:fs";
import { expect, test } from "vitest";
import { createOverlay, memoryBase, nodeBase, type Overlay, type Quota } from "../../sandbox-fs/index.ts";
import { temporaryDirectory, testClock } from "./support/trees.ts";

function overlay(quota: Quota, entries: Record<string, string> = { f: "base" }): Overlay {
  return createOverlay(memoryBase(entries), { clock: testClock(), quota });
}

function limit(call: () => unknown): string {
  try {
    call();
    return "none";
  } catch (error) {
    const { code, limit: name } = error as { code: string; limit?: string };
    return `${code} ${name}`;
  }
}

test("bytes are counted as they are held, and given back", () => {
  const o = overlay({ bytes: 100 });
  const handle = o.open(o.root, "a", { write: true, create: true });
  o.write(handle, new Uint8Array(60), 0n);
  expect(o.writtenBytes).toBe(60);
  expect(limit(() => o.write(handle, new Uint8Array(60), 60n))).toBe("ENOSPC bytes");
  expect(o.stat(handle).size).toBe(60n);
  o.write(handle, new Uint8Array(60), 0n);
  o.truncate(handle, 10n);
  expect(o.writtenBytes).toBe(10);
  o.unlink(o.root, "a");
  expect(o.writtenBytes).toBe(10);
  o.close(handle);
  expect(o.writtenBytes).toBe(0);
  expect(limit(() => o.symlink("t".repeat(101), o.root, "s"))).toBe("ENOSPC bytes");
});

test("files, depth, descriptors, links and sizes are bounded", () => {
  const files = overlay({ files: 4 });
  files.makeDirectory(files.root, "1");
  files.makeDirectory(files.root, "2");
  files.makeDirectory(files.root, "3");
  expect(limit(() => files.makeDirectory(files.root, "4"))).toBe("EDQUOT files");
  expect(files.list(files.root).map(({ name }) => name)).toEqual(["1", "2", "3", "f"]);

  const depth = overlay({ depth: 2 });
  depth.makeDirectory(depth.root, "a");
  depth.makeDirectory(depth.root, "a/b");
  expect(limit(() => depth.makeDirectory(depth.root, "a/b/c"))).toBe("EDQUOT depth");
  depth.makeDirectory(depth.root, "x");
  depth.makeDirectory(depth.root, "x/y");
  expect(limit(() => depth.rename(depth.root, "x", depth.root, "a/x"))).toBe("EDQUOT depth");

  const descriptors = overlay({ descriptors: 2 });
  const first = descriptors.open(descriptors.root, "f");
  descriptors.open(descriptors.root, "f");
  expect(limit(() => descriptors.open(descriptors.root, "f"))).toBe("EMFILE descriptors");
  expect(limit(() => descriptors.open(descriptors.root, "new", { create: true }))).toBe("EMFILE descriptors");
  expect(descriptors.list(descriptors.root)).toHaveLength(1);
  descriptors.close(first);
  descriptors.open(descriptors.root, "f");

  const links = overlay({ links: 2 });
  links.link(links.root, "f", links.root, "g");
  expect(limit(() => links.link(links.root, "f", links.root, "h"))).toBe("EMLINK links");

  const sizes = overlay({ fileBytes: 1000 });
  const handle = sizes.open(sizes.root, "f", { write: true });
  expect(limit(() => sizes.truncate(handle, 1001n))).toBe("EFBIG fileBytes");
  expect(limit(() => sizes.write(handle, new Uint8Array(2), 999n))).toBe("EFBIG fileBytes");
  expect(limit(() => sizes.write(handle, new Uint8Array(1), (1n << 63n) - 1n))).toBe("EFBIG fileBytes");
  expect(limit(() => sizes.write(handle, new Uint8Array(1), -1n))).toBe("EINVAL undefined");

  const entries = overlay({ entries: 2 }, { a: "", b: "", c: "" });
  expect(limit(() => entries.list(entries.root))).toBe("EDQUOT entries");
});

test("C16: one byte in a huge sparse file holds one block, and reads nothing else", () => {
  const { path, dispose } = temporaryDirectory({});
  try {
    const size = 100 * 2 ** 30;
    nodeFs.closeSync(nodeFs.openSync(`${path}/huge`, "w"));
    nodeFs.truncateSync(`${path}/huge`, size);
    const o = createOverlay(nodeBase(path), { clock: testClock() });
    const handle = o.open(o.root, "huge", { write: true });
    o.write(handle, Uint8Array.of(1), BigInt(size / 2));
    expect(o.writtenBytes).toBeLessThanOrEqual(65_536);
    expect(o.stat(handle).size).toBe(BigInt(size));
    const [change] = o.diff();
    expect(change?.kind).toBe("modified");
    const buffer = new Uint8Array(3);
    expect(o.read(handle, buffer, BigInt(size / 2) - 1n)).toBe(3);
    expect([...buffer]).toEqual([0, 1, 0]);
    o.discard();
  } finally {
    dispose();
  }
});

test("C16: a million appends of one byte are one file of a million bytes", () => {
  const o = overlay({});
  const handle = o.open(o.root, "log", { write: true, create: true });
  const byte = Uint8Array.of(65);
  for (let i = 0; i < 1_000_000; i += 1) o.write(handle, byte, BigInt(i));
  expect(o.stat(handle).size).toBe(1_000_000n);
  expect(o.writtenBytes).toBe(1_000_000);
});

test("C17: deep trees end at the limit, and go as they came", () => {
  const o = overlay({ depth: 300 });
  let at = o.root;
  let depth = 0;
  while (limit(() => o.makeDirectory(at, "d")) === "none") {
    const next = o.open(at, "d", { directory: true });
    if (at !== o.root) o.close(at);
    at = next;
    depth += 1;
  }
  expect(depth).toBe(300);
  expect(o.diff()).toHaveLength(300);
  for (; depth > 0; depth -= 1) o.removeDirectory(o.root, Array(depth).fill("d").join("/"));
  expect(o.diff()).toEqual([]);
});

test("C17: a listing is the same while entries come and go", () => {
  const o = overlay({});
  for (let i = 0; i < 5000; i += 1) o.makeDirectory(o.root, `d${i}`);
  const listing = o.list(o.root);
  for (const { name } of listing) if (name !== "f") o.removeDirectory(o.root, name);
  expect(listing).toHaveLength(5001);
  expect(o.list(o.root).map(({ name }) => name)).toEqual(["f"]);
});
