// C24: random reads, writes, truncates and appends against a shadow buffer, over memory and over a file of the base.

import { expect, test } from "vitest";
import { createOverlay, memoryBase } from "../../sandbox-fs/index.ts";
import { seeded } from "./sim/explorer.ts";
import { scaled } from "./support/scale.ts";
import { testClock } from "./support/trees.ts";

const MAX_BYTES = 300_000;

test("C24: 100,000 random operations on a file give what a buffer gives", () => {
  const seed = Number(process.env.GLOVEBOX_SEED ?? 24);
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const start = Uint8Array.from({ length: 200_000 }, () => below(256));
  const overlay = createOverlay(memoryBase({ f: start }), { clock: testClock() });
  const handle = overlay.open(overlay.root, "f", { write: true });
  const shadow = new Uint8Array(MAX_BYTES);
  shadow.set(start);
  let size = start.length;
  let savepoint = overlay.savepoint();
  let kept = { bytes: shadow.slice(), size };
  for (let i = 0; i < scaled(100_000); i += 1) {
    const choice = random();
    const position = below(choice < 0.5 ? MAX_BYTES : size + 1);
    const length = Math.min(below(random() < 0.1 ? 100_000 : 200), MAX_BYTES - position);
    if (choice < 0.45) {
      const buffer = new Uint8Array(length);
      const count = overlay.read(handle, buffer, BigInt(position));
      const expected = shadow.subarray(position, Math.max(position, Math.min(size, position + length)));
      if (!Buffer.from(buffer.buffer, 0, count).equals(expected))
        throw new Error(`seed ${seed}: operation ${i} read other bytes`);
    } else if (choice < 0.9) {
      const bytes = new Uint8Array(length).fill(below(256));
      overlay.write(handle, bytes, BigInt(position));
      shadow.set(bytes, position);
      if (length > 0) size = Math.max(size, position + length);
    } else if (choice < 0.98) {
      overlay.truncate(handle, BigInt(position));
      shadow.fill(0, position);
      size = position;
    } else if (choice < 0.99) {
      savepoint.release();
      savepoint = overlay.savepoint();
      kept = { bytes: shadow.slice(), size };
    } else {
      savepoint.rollback();
      savepoint = overlay.savepoint();
      shadow.set(kept.bytes);
      size = kept.size;
    }
  }
  expect(overlay.stat(handle).size).toBe(BigInt(size));
  expect(overlay.writtenBytes).toBeLessThanOrEqual(Math.ceil(MAX_BYTES / 65_536) * 65_536);
});
