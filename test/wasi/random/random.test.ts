import { expect, test } from "vitest";
import { CALL_LIMITS } from "../../../host/limits.ts";
import { imported, testWasi, thrownBy } from "../support/setup.ts";

interface Random {
  getRandomBytes(length: bigint): Uint8Array;
  getRandomU64(): bigint;
}
interface Insecure {
  getInsecureRandomBytes(length: bigint): Uint8Array;
  getInsecureRandomU64(): bigint;
}

const seeded = (seed: string, sequence: number) => testWasi({ random: { seed, sequence } });
const draw = (wasi = testWasi()): Uint8Array => imported<Random>(wasi, "wasi:random/random").getRandomBytes(32n);
const ones = "11".repeat(32);

test("the same seed and call give the same numbers; another seed or call gives others", () => {
  expect(draw(seeded(ones, 1))).toEqual(draw(seeded(ones, 1)));
  expect(draw(seeded(ones, 2))).not.toEqual(draw(seeded(ones, 1)));
  expect(draw(seeded("22".repeat(32), 1))).not.toEqual(draw(seeded(ones, 1)));
});

test("drawing from the insecure generator does not move the secure one", () => {
  const wasi = seeded(ones, 1);
  const insecure = imported<Insecure>(wasi, "wasi:random/insecure");
  expect(insecure.getInsecureRandomBytes(32n)).not.toEqual(draw(seeded(ones, 1)));
  insecure.getInsecureRandomU64();
  expect(draw(wasi)).toEqual(draw(seeded(ones, 1)));
});

test("the insecure seed stays the same for the whole call", () => {
  const { insecureSeed } = imported<{ insecureSeed(): readonly [bigint, bigint] }>(
    testWasi(),
    "wasi:random/insecure-seed",
  );
  expect(insecureSeed()).toEqual(insecureSeed());
  expect(insecureSeed()[0]).not.toBe(insecureSeed()[1]);
});

test.each([2n ** 31n, 2n ** 64n - 1n, BigInt(CALL_LIMITS.randomBytesPerCall) + 1n])(
  "B7: get-random-bytes(%s) ends the call before anything is allocated",
  (length) => {
    const wasi = testWasi();
    const before = process.memoryUsage().arrayBuffers;
    const random = imported<Random>(wasi, "wasi:random/random");
    expect(thrownBy(() => random.getRandomBytes(length))).toMatchObject({ code: "HOSTCALL_LIMIT" });
    expect(wasi.failure).toMatchObject({ code: "HOSTCALL_LIMIT", data: { limit: "randomBytesPerCall" } });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  },
);

test("B7: many requests meet a limit on their sum", () => {
  const insecure = imported<Insecure>(testWasi(), "wasi:random/insecure");
  const mib = BigInt(CALL_LIMITS.randomBytesPerCall);
  for (let request = 0; request < 64; request += 1) insecure.getInsecureRandomBytes(mib);
  expect(thrownBy(() => insecure.getInsecureRandomBytes(1n))).toMatchObject({
    code: "HOSTCALL_LIMIT",
    data: { limit: "randomBytes" },
  });
});

test.each(["", "11", "zz".repeat(32), "11".repeat(33)])("the seed %j is refused", (seed) => {
  expect(thrownBy(() => seeded(seed, 1))).toMatchObject({ code: "ARGUMENT_INVALID" });
});
