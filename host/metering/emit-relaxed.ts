// Writes relaxed vector operators as those whose results are the same on every machine: the specification's deterministic
// profile (core specification 3.0, "Relaxed Operations"). It must not know who asked for it.

import * as O from "./operators.ts";
import type { Writer } from "./writer.ts";

// vector operators by their number behind the prefix
const V = {
  shuffle: 13,
  i32x4ExtaddPairwiseI16x8S: 126,
  i16x8AddSatS: 143,
  i16x8ExtmulLowI8x16S: 156,
  i16x8ExtmulHighI8x16S: 157,
  i32x4Add: 174,
  f32x4Neg: 225,
  f32x4Add: 228,
  f32x4Mul: 230,
  f64x2Neg: 237,
  f64x2Add: 240,
  f64x2Mul: 242,
} as const;

// those that have a strict twin with the same operands: swizzle, four truncations, bitselect, min and max, q15mulr_sat
const TWINS: Readonly<Record<number, number>> = {
  256: 14,
  257: 248,
  258: 249,
  259: 252,
  260: 253,
  265: 82,
  266: 82,
  267: 82,
  268: 82,
  269: 232,
  270: 233,
  271: 244,
  272: 245,
  273: 130,
};
const F32X4_MADD = 261;
const F32X4_NMADD = 262;
const F64X2_MADD = 263;
const F64X2_NMADD = 264;
const DOT_ADD = 275;

// the bytes of the even and of the odd 16-bit lanes of two vectors
const EVEN: Uint8Array = Uint8Array.of(0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29);
const ODD: Uint8Array = EVEN.map((byte) => byte + 2);

/** How many v128 locals the deterministic form of a relaxed operator needs. */
export function relaxedTemporaries(op: number): number {
  if (TWINS[op] !== undefined) return 0;
  if (op <= F64X2_NMADD) return 1;
  return op === DOT_ADD ? 3 : 2;
}

/** Writes the deterministic form of a relaxed operator; `local` is the first of the v128 locals it may use. */
export function writeRelaxed(out: Writer, op: number, local: number): void {
  const twin = TWINS[op];
  if (twin !== undefined) vector(out, twin);
  else if (op === F32X4_MADD || op === F32X4_NMADD)
    multiplyAdd(out, local, V.f32x4Mul, op === F32X4_NMADD ? V.f32x4Neg : undefined, V.f32x4Add);
  else if (op === F64X2_MADD || op === F64X2_NMADD)
    multiplyAdd(out, local, V.f64x2Mul, op === F64X2_NMADD ? V.f64x2Neg : undefined, V.f64x2Add);
  else if (op === DOT_ADD) dotAdd(out, local);
  else dot(out, local);
}

function vector(out: Writer, op: number): void {
  out.op(O.OP.vectorPrefix, op);
}

// two roundings: the product, then the sum
function multiplyAdd(out: Writer, local: number, multiply: number, negate: number | undefined, add: number): void {
  out.op(O.OP.localSet, local);
  vector(out, multiply);
  if (negate !== undefined) vector(out, negate);
  out.op(O.OP.localGet, local);
  vector(out, add);
}

// signed bytes times signed bytes; neighbouring products are added with saturation
function dot(out: Writer, local: number): void {
  const both = (): void => {
    out.op(O.OP.localGet, local);
    out.op(O.OP.localGet, local + 1);
  };
  const take = (): void => {
    out.op(O.OP.localSet, local + 1);
    out.op(O.OP.localSet, local);
  };
  take();
  both();
  vector(out, V.i16x8ExtmulLowI8x16S);
  both();
  vector(out, V.i16x8ExtmulHighI8x16S);
  take();
  for (const lanes of [EVEN, ODD]) {
    both();
    vector(out, V.shuffle);
    out.raw(lanes);
  }
  vector(out, V.i16x8AddSatS);
}

function dotAdd(out: Writer, local: number): void {
  out.op(O.OP.localSet, local + 2);
  dot(out, local);
  vector(out, V.i32x4ExtaddPairwiseI16x8S);
  out.op(O.OP.localGet, local + 2);
  vector(out, V.i32x4Add);
}
