// Writes the code that gives a NaN on top of the stack its canonical bits, and leaves any other value as it is.
// It must not know which NaNs need it.

import { NAN_F32, NAN_F32X4, NAN_F64, OP } from "./operators.ts";
import type { Writer } from "./writer.ts";

const F32_NAN: Uint8Array = Uint8Array.of(0x43, 0x00, 0x00, 0xc0, 0x7f);
const F64_NAN: Uint8Array = Uint8Array.of(0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
const F32X4_NAN: Uint8Array = Uint8Array.of(
  0xfd,
  12,
  0,
  0,
  0xc0,
  0x7f,
  0,
  0,
  0xc0,
  0x7f,
  0,
  0,
  0xc0,
  0x7f,
  0,
  0,
  0xc0,
  0x7f,
);
const F64X2_NAN: Uint8Array = Uint8Array.of(0xfd, 12, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
const F32X4_EQ: Uint8Array = Uint8Array.of(0xfd, 65);
const F64X2_EQ: Uint8Array = Uint8Array.of(0xfd, 71);
const BITSELECT: Uint8Array = Uint8Array.of(0xfd, 82);

/** `local` is of the type of the value: t = value; t == t ? t : NaN. */
export function settleNan(out: Writer, nanClass: number, local: number): void {
  out.op(OP.localTee, local);
  if (nanClass === NAN_F32 || nanClass === NAN_F64) {
    const single = nanClass === NAN_F32;
    out.raw(single ? F32_NAN : F64_NAN);
    twice(out, local);
    out.u8u8(single ? OP.f32Eq : OP.f64Eq, OP.select);
    return;
  }
  const single = nanClass === NAN_F32X4;
  out.raw(single ? F32X4_NAN : F64X2_NAN);
  twice(out, local);
  out.raw(single ? F32X4_EQ : F64X2_EQ);
  out.raw(BITSELECT);
}

function twice(out: Writer, local: number): void {
  out.op(OP.localGet, local);
  out.op(OP.localGet, local);
}
