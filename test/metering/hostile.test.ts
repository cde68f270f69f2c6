// Hostile bytes end in a typed error with an offset, quickly, or in a module that is metered.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GloveboxError } from "../../host/errors.ts";
import { type MeterOptions, meter } from "../../host/metering/index.ts";
import { OP } from "../../host/metering/operators.ts";
import { Writer } from "../../host/metering/writer.ts";
import { argumentsOf } from "./corpus.ts";
import { generator, randomModule } from "./random-module.ts";
import { parameterTypes } from "./signatures.ts";
import { call, ending, type Instance, instantiate, SCHEMES, wat } from "./support.ts";

const FLIPS = Number(process.env.FUZZ_FLIPS ?? 100_000);

function refusal(bytes: Uint8Array, options: MeterOptions = {}): { code: string; offset: unknown } | undefined {
  try {
    meter(bytes, options);
    return undefined;
  } catch (error) {
    if (!(error instanceof GloveboxError)) throw error;
    return { code: error.code, offset: error.data.offset };
  }
}

// a module of one function with this body, or of these sections
function moduleOf(body: Uint8Array, ...sections: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const out = new Writer(body.length + 64);
  out.raw(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const parts: (readonly [number, Uint8Array])[] = [[1, Uint8Array.of(1, 0x60, 0, 0)], ...sections];
  if (body.length > 0) {
    const code = new Writer(body.length + 16);
    code.u32(1);
    code.sized(body);
    parts.push([3, Uint8Array.of(1, 0)], [10, code.bytes()]);
  }
  for (const [id, part] of parts) {
    out.u8(id);
    out.sized(part);
  }
  return out.bytes();
}

const repeat = (count: number, ...bytes: number[]): number[] => Array.from({ length: count }, () => bytes).flat();

describe("too complex", () => {
  test("A6: deeply nested blocks are refused before the engine sees them", () => {
    const nested = new Uint8Array(1_000_000).fill(OP.block);
    for (let i = 2; i < nested.length; i += 2) nested[i] = 0x40;
    nested[0] = 0;
    expect(refusal(moduleOf(nested))?.code).toBe("COMPONENT_TOO_COMPLEX");
    const dead = Uint8Array.of(0, OP.unreachable, ...repeat(2000, OP.block, 0x40));
    expect(refusal(moduleOf(dead))?.code).toBe("COMPONENT_TOO_COMPLEX");
  });

  test("A8: a body, a br_table, functions, locals and exports beyond their limits are refused", () => {
    expect(refusal(moduleOf(new Uint8Array(1024 * 1024 + 1).fill(OP.nop)))?.code).toBe("COMPONENT_TOO_COMPLEX");
    const table = Uint8Array.of(0, OP.i32Const, 0, OP.brTable, 0x91, 0x4e, ...repeat(10_002, 0), OP.end);
    expect(refusal(moduleOf(table))?.code).toBe("COMPONENT_TOO_COMPLEX");
    expect(refusal(moduleOf(Uint8Array.of(1, 0x91, 0x4e, 0x7f, OP.end)))?.code).toBe("COMPONENT_TOO_COMPLEX");
    const functions = new Writer(200_010);
    functions.u32(100_001);
    for (let i = 0; i < 100_001; i++) functions.u8(0);
    expect(refusal(moduleOf(new Uint8Array(), [3, functions.bytes()]))?.code).toBe("COMPONENT_TOO_COMPLEX");
    const limits = { limits: { exports: 0 } };
    expect(refusal(moduleOf(Uint8Array.of(0, OP.end), [7, Uint8Array.of(1, 1, 97, 0, 0)]), limits)).toBeDefined();
  });

  test("A10: a table of 10^7 elements is refused", async () => {
    expect(refusal(await wat("(module (table 10000000 funcref))"))?.code).toBe("COMPONENT_TOO_COMPLEX");
  });

  test("counts that no bytes stand behind are refused before anything is allocated for them", () => {
    const huge = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f);
    for (const id of [1, 2, 3, 4, 5, 6, 7, 9, 11, 13]) {
      const found = refusal(moduleOf(new Uint8Array(), [id, huge]));
      expect(["COMPONENT_INVALID", "COMPONENT_TOO_COMPLEX"]).toContain(found?.code);
    }
    expect(refusal(moduleOf(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)))?.code).toBe("COMPONENT_INVALID");
  });
});

const UNSUPPORTED: readonly (readonly [string, string | Uint8Array])[] = [
  ["shared memory", "(module (memory 1 1 shared))"],
  ["64-bit memory", "(module (memory i64 1))"],
  ["64-bit tables", "(module (table i64 1 funcref))"],
  ["atomics", "(module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))"],
  ["relaxed SIMD", "(module (func (param v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 0))))"],
  ["structures", "(module (type (struct (field i32))))"],
  ["recursive types", "(module (rec (type (func)) (type (func))))"],
  ["i31 references", "(module (func (result i32) (i31.get_s (ref.i31 (i32.const 1)))))"],
  ["ref.eq", moduleOf(Uint8Array.of(0, 0xd3, OP.end))],
  ["stack switching", moduleOf(Uint8Array.of(0, 0xe0, 0, OP.end))],
  ["an operator of the future", moduleOf(Uint8Array.of(0, 0xf7, OP.end))],
  ["wide arithmetic", moduleOf(Uint8Array.of(0, 0xfc, 19, OP.end))],
];

test.each(UNSUPPORTED)("B18: %s is refused with the offset", async (_, source) => {
  const found = refusal(typeof source === "string" ? await wat(source) : source);
  expect(found).toMatchObject({ code: "UNSUPPORTED_FEATURE", offset: expect.any(Number) });
});

describe("malformed", () => {
  test("A11: empty, short, foreign and component bytes are refused", () => {
    for (const bytes of [
      [],
      [0, 0x61],
      [0, 0x61, 0x73, 0x6d],
      [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0],
      [0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0],
    ]) {
      expect(refusal(Uint8Array.from(bytes))?.code).toBe("COMPONENT_INVALID");
    }
    expect(refusal(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toBeUndefined();
  });

  test("an offset is that of the file that the module stands in", () => {
    expect(refusal(Uint8Array.of(0, 0x61, 0x73, 0x6d, 9), { offsetBase: 1000 })?.offset).toBe(1004);
  });

  test("sections twice, out of order or too long are refused", () => {
    expect(refusal(moduleOf(new Uint8Array(), [1, Uint8Array.of(0)]))?.code).toBe("COMPONENT_INVALID");
    expect(refusal(moduleOf(new Uint8Array(), [3, Uint8Array.of(0)], [2, Uint8Array.of(0)]))?.code).toBe(
      "COMPONENT_INVALID",
    );
    expect(refusal(moduleOf(new Uint8Array(), [5, Uint8Array.of(1, 0, 1, 7)]))?.code).toBe("COMPONENT_INVALID");
    expect(refusal(moduleOf(new Uint8Array(), [14, Uint8Array.of(0)]))?.code).toBe("COMPONENT_INVALID");
  });

  test("what only the engine finds wrong is refused with the engine's offset", () => {
    const found = refusal(moduleOf(Uint8Array.of(0, OP.i32Const, 1, 0x99, OP.drop, OP.end)));
    expect(found?.code).toBe("COMPONENT_INVALID");
    expect(found?.offset).toBeGreaterThan(8);
  });

  test("A11: every truncation of a module is refused", () => {
    const { bytes } = randomModule(7, 40, { exceptions: "tables" });
    for (let length = 0; length < bytes.length; length++) {
      const found = refusal(bytes.subarray(0, length));
      // the cut between two sections may leave a smaller module
      if (found === undefined) expect(WebAssembly.validate(bytes.slice(0, length))).toBe(true);
    }
  });
});

describe("flipped bits", () => {
  // most flips end in an error, whose stack nobody reads
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  const random = generator(99);
  const exceptions = ["none", "legacy", "tables"] as const;
  const sources = [
    ...Array.from(
      { length: 24 },
      (_, seed) => randomModule(seed, 16, { exceptions: exceptions[seed % 3] ?? "none" }).bytes,
    ),
    new Uint8Array(readFileSync(new URL("../../benchmarks/metering/kernels/kernels-c.wasm", import.meta.url))),
  ];

  function flipped(): Uint8Array {
    const bytes = (sources[random(sources.length)] as Uint8Array).slice();
    for (let flips = 1 + random(3); flips > 0; flips--) {
      const at = random(bytes.length);
      bytes[at] = (bytes[at] as number) ^ (1 << random(8));
    }
    return bytes;
  }

  // with nothing to spend, nothing may come to an end
  function runBroke(bytes: Uint8Array, scheme: (typeof SCHEMES)[number]): number {
    const options = { scheme, validate: false };
    const instance = started(() => instantiate(bytes, options, { fuel: 0n }));
    let calls = 0;
    for (const { kind, name } of instance?.metered.exports ?? []) {
      const types = kind === "function" ? parameterTypes(bytes, name) : ["other"];
      if (instance === undefined || types.includes("other")) continue;
      expect(
        ending(
          call(
            instance,
            name,
            ...argumentsOf(
              types.map(() => 0),
              types,
            ),
          ),
        ),
      ).toBe("FUEL_EXHAUSTED");
      calls++;
    }
    return calls;
  }

  test(`A11: ${FLIPS} times: a typed error, or a module that is valid, and metered from its first step`, () => {
    let passed = 0;
    let calls = 0;
    for (let i = 0; i < FLIPS; i++) {
      const bytes = flipped();
      if (refusal(bytes) !== undefined) continue;
      if (passed++ % 16 === 0) for (const scheme of SCHEMES) calls += runBroke(bytes, scheme);
    }
    expect(passed).toBeGreaterThan(FLIPS / 20);
    expect(calls).toBeGreaterThan(FLIPS / 200);
  }, 600_000);
});

// what does not start for want of an import or a value in its bounds is no concern of the meter
function started(make: () => Instance): Instance | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof WebAssembly.LinkError || error instanceof WebAssembly.RuntimeError) return undefined;
    if (error instanceof GloveboxError && error.code === "MEMORY_LIMIT") return undefined;
    throw error;
  }
}
