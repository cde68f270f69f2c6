// D15: commits that are large, deep or sparse. GLOVEBOX_LARGE=1 takes 100,000 files and 5 GB; without it they are smaller.

import * as fs from "node:fs";
import { afterEach, expect, test } from "vitest";
import { nodeBase, recover } from "../../../sandbox-fs/index.ts";
import { put } from "../sim/workloads.ts";
import { Committer } from "../support/children.ts";
import { sized } from "../support/scale.ts";
import { dump, dumpReal, fastDirectory, overlayOver, type Tree, temporaryDirectory } from "../support/trees.ts";

const FILES = sized(3000, 100_000);
const SPARSE_BYTES = sized(2 ** 28, 5 * 2 ** 30);

/** What a commit may hold for each file that it changes, next to what the process holds anyway. */
const BYTES_PER_FILE = 16 * 1024;
const BYTES = 96 * 2 ** 20;

const disposals: (() => unknown)[] = [];

afterEach(async () => {
  for (const dispose of disposals.splice(0).reverse()) await dispose();
});

function kept<T extends { dispose(): void }>(place: T): T {
  disposals.push(() => place.dispose());
  return place;
}

test(`D15: a commit that changes, removes and makes files of ${FILES} leaves the right ones, in bounded memory`, async () => {
  const { path } = kept(fastDirectory());
  for (let i = 0; i < FILES; i += 1) {
    if (i % 100 === 0) fs.mkdirSync(`${path}/d${i / 100}`);
    fs.writeFileSync(`${path}/d${Math.floor(i / 100)}/f${i}`, `file ${i}`);
  }
  const child = new Committer(path, "large", String(FILES));
  disposals.push(() => child.kill());
  const { value } = await child.run();
  const wrong: string[] = [];
  let count = 0;
  for (let i = 0; i < FILES; i += 1) {
    const at = `${path}/d${Math.floor(i / 100)}`;
    const expected: Readonly<Record<string, string | null>> = {
      [`f${i}`]: i % 3 === 0 ? null : `changed ${i}`,
      [`n${i}`]: i % 3 === 1 ? `new ${i}` : null,
    };
    for (const [name, text] of Object.entries(expected)) {
      const found = fs.existsSync(`${at}/${name}`) ? fs.readFileSync(`${at}/${name}`, "utf8") : null;
      if (found !== text) wrong.push(name);
      if (text !== null) count += 1;
    }
  }
  expect(wrong).toEqual([]);
  const names = fs.readdirSync(path, { recursive: true });
  expect(names).toHaveLength(count + Math.ceil(FILES / 100));
  expect((value as { bytesPerFile: number }).bytesPerFile).toBeLessThan(BYTES_PER_FILE + BYTES / FILES);
  expect(recover(path)).toBe("nothing");
});

test(`D15: one byte in a sparse file of ${SPARSE_BYTES} bytes: what was a hole stays one`, () => {
  const { path } = kept(temporaryDirectory());
  fs.writeFileSync(`${path}/sparse`, "start");
  fs.truncateSync(`${path}/sparse`, SPARSE_BYTES);
  const overlay = overlayOver(nodeBase(path));
  const handle = overlay.open(overlay.root, "sparse", { write: true });
  overlay.write(handle, Uint8Array.of(1), BigInt(SPARSE_BYTES / 2));
  overlay.commit();
  const { size, blocks } = fs.statSync(`${path}/sparse`);
  expect(size).toBe(SPARSE_BYTES);
  expect(blocks * 512).toBeLessThan(2 ** 20);
  const fd = fs.openSync(`${path}/sparse`, "r");
  const bytes = Buffer.alloc(5);
  fs.readSync(fd, bytes, 0, 5, 0);
  expect(bytes.toString()).toBe("start");
  fs.readSync(fd, bytes, 0, 3, SPARSE_BYTES / 2 - 1);
  fs.closeSync(fd);
  expect([...bytes.subarray(0, 3)]).toEqual([0, 1, 0]);
});

test("D15: a tree 40 deep is made, changed at its end, moved with its top and removed", () => {
  const { path } = kept(fastDirectory());
  const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
  const below = names.slice(1).join("/");
  const steps: ((overlay: ReturnType<typeof overlayOver>) => void)[] = [
    (overlay) => {
      names.forEach((_, i) => {
        overlay.makeDirectory(overlay.root, names.slice(0, i + 1).join("/"));
      });
      put(overlay, `n0/${below}/leaf`, "made");
    },
    (overlay) => put(overlay, `n0/${below}/leaf`, "changed"),
    (overlay) => {
      overlay.rename(overlay.root, "n0", overlay.root, "top");
      put(overlay, `top/${below}/leaf`, "moved");
    },
    (overlay) => {
      overlay.unlink(overlay.root, `top/${below}/leaf`);
      for (let i = 40; i > 0; i -= 1) overlay.removeDirectory(overlay.root, ["top", ...names.slice(1, i)].join("/"));
    },
  ];
  for (const step of steps) {
    const overlay = overlayOver(nodeBase(path));
    step(overlay);
    const shown = dump(overlay);
    overlay.commit();
    expect(dumpReal(path)).toEqual(shown);
  }
  expect(dumpReal(path)).toEqual({});
});

test("D15: a cycle of twenty names, directories among them, goes round", () => {
  const names = Array.from({ length: 20 }, (_, i) => `n${String(i).padStart(2, "0")}`);
  const tree: Tree = Object.fromEntries(names.map((name, i) => [name, i % 4 === 0 ? { inside: name } : name]));
  const { path } = kept(fastDirectory(tree));
  const overlay = overlayOver(nodeBase(path));
  overlay.rename(overlay.root, "n19", overlay.root, "aside");
  for (let i = 18; i >= 0; i -= 1) overlay.rename(overlay.root, names[i] ?? "", overlay.root, names[i + 1] ?? "");
  overlay.rename(overlay.root, "aside", overlay.root, "n00");
  const shown = dump(overlay);
  overlay.commit();
  expect(dumpReal(path)).toEqual(shown);
});
