// Relaxed vector operators give what the specification's deterministic profile says, on any machine.

import { expect, test } from "vitest";
import { type MeterOptions, meter } from "../../host/metering/index.ts";
import { generator } from "./random-module.ts";
import { call, instantiate, SCHEMES, wat } from "./support.ts";

const RELAXED: MeterOptions = { relaxedSimd: true };
type Lanes = Int8Array | Int16Array | Int32Array | Uint32Array | Float32Array | Float64Array | BigInt64Array;
type Kind = new (buffer: ArrayBuffer) => Lanes;

interface Case {
  readonly operands: number;
  readonly from: Kind;
  readonly to: Kind;
  /** The deterministic profile, lane by lane. */
  readonly expected: (operands: readonly number[][], lane: number) => number;
}

const at = (lanes: readonly number[] | undefined, lane: number): number => lanes?.[lane] ?? 0;
const lane = (operands: number, kind: Kind, of: (a: number, b: number, c: number) => number): Case => ({
  operands,
  from: kind,
  to: kind,
  expected: ([a, b, c], i) => of(at(a, i), at(b, i), at(c, i)),
});
const truncation = (from: Kind, to: Kind, low: number, high: number): Case => ({
  operands: 1,
  from,
  to,
  expected: ([a], i) => Math.trunc(Math.max(low, Math.min(high, at(a, i) || 0))) || 0,
});
const select: Case = lane(3, Int32Array, (a, b, mask) => (a & mask) | (b & ~mask));
const { fround, min, max } = Math;
const saturate = (value: number): number => max(-32768, min(32767, value));
const dot = (a: readonly number[] | undefined, b: readonly number[] | undefined, i: number): number =>
  saturate(at(a, 2 * i) * at(b, 2 * i) + at(a, 2 * i + 1) * at(b, 2 * i + 1));

const CASES: Readonly<Record<string, Case>> = {
  "i8x16.relaxed_swizzle": {
    operands: 2,
    from: Int8Array,
    to: Int8Array,
    expected: ([a, b], i) => (at(b, i) >= 0 && at(b, i) < 16 ? at(a, at(b, i)) : 0),
  },
  "i32x4.relaxed_trunc_f32x4_s": truncation(Float32Array, Int32Array, -(2 ** 31), 2 ** 31 - 1),
  "i32x4.relaxed_trunc_f32x4_u": truncation(Float32Array, Uint32Array, 0, 2 ** 32 - 1),
  "i32x4.relaxed_trunc_f64x2_s_zero": truncation(Float64Array, Int32Array, -(2 ** 31), 2 ** 31 - 1),
  "i32x4.relaxed_trunc_f64x2_u_zero": truncation(Float64Array, Uint32Array, 0, 2 ** 32 - 1),
  "f32x4.relaxed_madd": lane(3, Float32Array, (a, b, c) => fround(fround(a * b) + c)),
  "f32x4.relaxed_nmadd": lane(3, Float32Array, (a, b, c) => fround(fround(-a * b) + c)),
  "f64x2.relaxed_madd": lane(3, Float64Array, (a, b, c) => a * b + c),
  "f64x2.relaxed_nmadd": lane(3, Float64Array, (a, b, c) => -a * b + c),
  "i8x16.relaxed_laneselect": select,
  "i16x8.relaxed_laneselect": select,
  "i32x4.relaxed_laneselect": select,
  "i64x2.relaxed_laneselect": select,
  "f32x4.relaxed_min": lane(2, Float32Array, (a, b) => min(a, b)),
  "f32x4.relaxed_max": lane(2, Float32Array, (a, b) => max(a, b)),
  "f64x2.relaxed_min": lane(2, Float64Array, (a, b) => min(a, b)),
  "f64x2.relaxed_max": lane(2, Float64Array, (a, b) => max(a, b)),
  "i16x8.relaxed_q15mulr_s": lane(2, Int16Array, (a, b) => saturate((a * b + 0x4000) >> 15)),
  "i16x8.relaxed_dot_i8x16_i7x16_s": {
    operands: 2,
    from: Int8Array,
    to: Int16Array,
    expected: ([a, b], i) => dot(a, b, i),
  },
  "i32x4.relaxed_dot_i8x16_i7x16_add_s": {
    operands: 3,
    from: Int8Array,
    to: Int32Array,
    expected: ([a, b, c], i) => {
      const bytes = [0, 1, 2, 3].map((byte) => (at(c, 4 * i + byte) & 0xff) << (8 * byte));
      return (dot(a, b, 2 * i) + dot(a, b, 2 * i + 1) + bytes.reduce((sum, byte) => sum | byte, 0)) | 0;
    },
  },
};

const moduleOf = (name: string, operands: number): Promise<Uint8Array> =>
  wat(`(module (memory (export "memory") 1) (func (export "f") (v128.store (i32.const 48)
    (${name} ${[0, 16, 32]
      .slice(0, operands)
      .map((from) => `(v128.load (i32.const ${from}))`)
      .join(" ")}))))`);

// values where relaxed operators differ between machines, and random bits
const EDGES = [0, 0x80, 0xff, 0x7f, 0x10, 0x0f];
const FLOATS = [
  NaN,
  -NaN,
  0,
  -0,
  Infinity,
  -Infinity,
  1.5,
  -2.5,
  2 ** 31,
  -(2 ** 31) - 1024,
  2 ** 32,
  2796203.5,
  3,
  8388611,
  1 + 2 ** -20,
  -1e-40,
];

function fill(bytes: Uint8Array, kind: Kind, random: (limit: number) => number): void {
  for (let i = 0; i < 48; i++) bytes[i] = random(2) === 0 ? random(256) : (EDGES[random(EDGES.length)] ?? 0);
  if (kind !== Float32Array && kind !== Float64Array) return;
  const lanes = kind === Float32Array ? new Float32Array(bytes.buffer, 0, 12) : new Float64Array(bytes.buffer, 0, 6);
  for (let i = 0; i < lanes.length; i++) if (random(4) > 0) lanes[i] = FLOATS[random(FLOATS.length)] ?? 0;
}

// canonical where it is a NaN
function expectedBytes({ operands, from, to, expected }: Case, bytes: Uint8Array): Uint8Array {
  const inputs = [0, 1, 2].slice(0, operands).map((operand) => {
    const lanes = new from(bytes.slice(operand * 16, operand * 16 + 16).buffer);
    return Array.from(lanes as ArrayLike<number>);
  });
  const result = new to(new ArrayBuffer(16));
  // the truncations of two doubles leave the upper lanes zero
  const length = from === Float64Array ? 2 : result.length;
  for (let i = 0; i < length; i++) {
    const value = expected(inputs, i);
    result[i] = Number.isNaN(value) ? Number.NaN : value;
  }
  return new Uint8Array(result.buffer as ArrayBuffer);
}

test.each(Object.entries(CASES))("B18: %s is the deterministic profile's", async (name, one) => {
  const module = await moduleOf(name, one.operands);
  for (const scheme of SCHEMES) {
    const instance = instantiate(module, { ...RELAXED, scheme });
    const random = generator(7);
    for (let round = 0; round < 300; round++) {
      const memory = instance.memory();
      fill(memory, one.from, random);
      const wanted = expectedBytes(one, memory);
      const outcome = call(instance, "f");
      expect(outcome.kind).toBe("returned");
      // one for the operator, whatever it is written as
      expect(outcome.fuel).toBe(BigInt(2 * one.operands + 4));
      expect(memory.slice(48, 64)).toEqual(wanted);
    }
  }
});

test("relaxed operators are refused unless they are asked for, in dead code too", async () => {
  for (const code of ["", "(unreachable)"]) {
    const module = await wat(`(module (func (param v128) (result v128) ${code}
      (f32x4.relaxed_min (local.get 0) (local.get 0))))`);
    expect(() => meter(module)).toThrow(/relaxed SIMD is not supported \(at byte \d+\)/);
    expect(WebAssembly.validate(meter(module, RELAXED).bytes as Uint8Array<ArrayBuffer>)).toBe(true);
  }
});

test("nothing relaxed is left where protections are off", async () => {
  const module = await moduleOf("f64x2.relaxed_nmadd", 3);
  const off = { fuel: false, depth: false, growth: false, nan: false };
  // 0xfd, then 0x100 and above as LEB128
  const relaxed = (bytes: Uint8Array): boolean =>
    bytes.some((byte, i) => byte === 0xfd && (bytes[i + 1] ?? 0) >= 0x80 && bytes[i + 2] === 2);
  expect(relaxed(module)).toBe(true);
  expect(relaxed(meter(module, { ...RELAXED, ...off }).bytes)).toBe(false);
});
