// Whether the engine's stack is deep enough for the depth limit to come first: asked by recursing, since no engine tells.
// It must not know what is metered.

import { OP, TYPE } from "./operators.ts";
import { frameUnits, MAX_STACK_BYTES, STACK_UNIT } from "./word.ts";
import { Writer } from "./writer.ts";

/** How much deeper than the limit the engine must reach: tiers differ in the size of frames, and hosts in what they use themselves. */
const MARGIN = 1.5;
/** The locals of the frames that are tried: engines keep thin frames and fat ones by different rules. */
const SHAPES = [0, 100] as const;
const MINUS_ONE = 0x7f;

/**
 * Whether the stack of this thread, from here on, holds one and a half times `stackBytes` of frames as the depth limit counts
 * them. Where it does not, a call may end in the engine's own overflow, at a depth that depends on the machine.
 */
export function stackHolds(stackBytes: number = MAX_STACK_BYTES): boolean {
  try {
    for (const locals of SHAPES) recurse(locals, Math.ceil((stackBytes * MARGIN) / frameBytes(locals)));
    return true;
  } catch (thrown) {
    // engines differ in which error their overflow is; nothing else can end this module
    if (thrown instanceof Error && !(thrown instanceof WebAssembly.CompileError)) return false;
    throw thrown;
  }
}

// one parameter, and at most two operands
function frameBytes(locals: number): number {
  return frameUnits(locals + 3) * STACK_UNIT;
}

function recurse(locals: number, depth: number): void {
  const module = new WebAssembly.Module(recursion(locals) as Uint8Array<ArrayBuffer>);
  const { f } = new WebAssembly.Instance(module).exports;
  (f as (depth: bigint) => bigint)(BigInt(depth));
}

// header, the type i64 -> i64, one function of it, exported as `f`
const SECTIONS: readonly number[] = [
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 6, 1, 0x60, 1, TYPE.i64, 1, TYPE.i64],
  ...[3, 2, 1, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0],
];
const CODE_SECTION = 10;

function recursion(locals: number): Uint8Array {
  const code = new Writer(1024);
  code.u8(1);
  code.sized(recursiveBody(locals));
  const out = new Writer(1024);
  out.raw(Uint8Array.from(SECTIONS));
  out.u8(CODE_SECTION);
  out.sized(code.view());
  return out.bytes();
}

// f(n) = n == 0 ? 0 : f(n - 1) + all locals, which are alive over the call
function recursiveBody(locals: number): Uint8Array {
  const out = new Writer(1024);
  const each = (write: (local: number) => void): void => {
    for (let local = 1; local <= locals; local++) write(local);
  };
  out.u8(1);
  out.u32(locals);
  out.u8(TYPE.i64);
  out.op(OP.localGet, 0);
  out.u8u8(OP.i64Eqz, OP.if);
  out.u8(TYPE.empty);
  out.op(OP.i64Const, 0);
  out.u8u8(OP.return, OP.end);
  each((local) => {
    out.op(OP.localGet, 0);
    out.op(OP.localSet, local);
  });
  out.op(OP.localGet, 0);
  out.op(OP.i64Const, MINUS_ONE);
  out.u8(OP.i64Add);
  out.op(OP.call, 0);
  each((local) => {
    out.op(OP.localGet, local);
    out.u8(OP.i64Add);
  });
  out.u8(OP.end);
  return out.bytes();
}
