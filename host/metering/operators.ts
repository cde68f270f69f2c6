// What each operator takes from and gives to the operand stack, and what it does to the bits of a NaN.
// Tables only: it must not know how code is read or rewritten.

/** What an operator does to a NaN (metering page, "NaN"). */
export const NAN_PLAIN = 0;
/** Its result is arithmetic: any NaN in it has bits that the engine chose. Its operands may be of any bits. */
export const NAN_F32 = 1;
export const NAN_F64 = 2;
export const NAN_F32X4 = 3;
export const NAN_F64X2 = 4;
/** The same for every NaN of its operands: comparison, truncation to an integer. */
export const NAN_BLIND = 5;
/** Works on the bits: its operands must be settled before it. */
export const NAN_BITS = 6;
/** Works on the sign bit alone: its operands must be settled, its result is as settled as they are. */
export const NAN_SIGN = 7;
/** Never gives a NaN. */
export const NAN_NEVER = 8;

/** Packed: bit 15 known, bits 0-2 operands, bit 3 results, bits 4-7 the NaN class, bits 8-9 the immediate. */
export const KNOWN = 0x8000;
export const IMMEDIATE_NONE = 0;
export const IMMEDIATE_MEMARG = 1;
export const IMMEDIATE_LANE = 2;
export const IMMEDIATE_MEMARG_LANE = 3;

/** The number of operands that a packed entry takes. */
export const operands = (entry: number): number => entry & 7;
/** The number of results that a packed entry gives. */
export const results = (entry: number): number => (entry >> 3) & 1;
/** The NaN class of a packed entry. */
export const nanClass = (entry: number): number => (entry >> 4) & 15;
/** The kind of immediate of a packed entry. */
export const immediate = (entry: number): number => (entry >> 8) & 3;

type Row = readonly [from: number, to: number, operands: number, results: number, nan?: number, immediate?: number];

function table(size: number, rows: readonly Row[]): Uint16Array {
  const entries = new Uint16Array(size);
  for (const [from, to, operands, results, nan = NAN_PLAIN, immediate = IMMEDIATE_NONE] of rows) {
    entries.fill(KNOWN | operands | (results << 3) | (nan << 4) | (immediate << 8), from, to + 1);
  }
  return entries;
}

/** The one-byte operators whose effect on the stack is fixed and whose immediate is at most a memarg. */
export const PLAIN: Uint16Array = table(256, [
  [0x28, 0x35, 1, 1, NAN_PLAIN, IMMEDIATE_MEMARG], // loads
  [0x36, 0x3e, 2, 0, NAN_BITS, IMMEDIATE_MEMARG], // stores
  [0x45, 0x45, 1, 1],
  [0x46, 0x4f, 2, 1],
  [0x50, 0x50, 1, 1],
  [0x51, 0x5a, 2, 1],
  [0x5b, 0x66, 2, 1, NAN_BLIND], // float comparisons
  [0x67, 0x69, 1, 1],
  [0x6a, 0x78, 2, 1],
  [0x79, 0x7b, 1, 1],
  [0x7c, 0x8a, 2, 1],
  [0x8b, 0x8c, 1, 1, NAN_SIGN], // f32.abs neg
  [0x8d, 0x91, 1, 1, NAN_F32], // ceil floor trunc nearest sqrt
  [0x92, 0x97, 2, 1, NAN_F32], // add sub mul div min max
  [0x98, 0x98, 2, 1, NAN_SIGN], // copysign
  [0x99, 0x9a, 1, 1, NAN_SIGN],
  [0x9b, 0x9f, 1, 1, NAN_F64],
  [0xa0, 0xa5, 2, 1, NAN_F64],
  [0xa6, 0xa6, 2, 1, NAN_SIGN],
  [0xa7, 0xa7, 1, 1],
  [0xa8, 0xab, 1, 1, NAN_BLIND], // i32.trunc
  [0xac, 0xad, 1, 1],
  [0xae, 0xb1, 1, 1, NAN_BLIND], // i64.trunc
  [0xb2, 0xb5, 1, 1, NAN_NEVER], // f32.convert
  [0xb6, 0xb6, 1, 1, NAN_F32], // demote
  [0xb7, 0xba, 1, 1, NAN_NEVER],
  [0xbb, 0xbb, 1, 1, NAN_F64], // promote
  [0xbc, 0xbd, 1, 1, NAN_BITS], // reinterpret to an integer
  [0xbe, 0xbf, 1, 1],
  [0xc0, 0xc4, 1, 1],
]);

/** The vector operators (prefix 0xfd), but for v128.const and i8x16.shuffle, whose immediates are sixteen bytes. */
export const VECTOR: Uint16Array = table(0x114, [
  [0, 10, 1, 1, NAN_PLAIN, IMMEDIATE_MEMARG],
  [11, 11, 2, 0, NAN_BITS, IMMEDIATE_MEMARG],
  [12, 12, 0, 1],
  [13, 14, 2, 1, NAN_BITS],
  [15, 20, 1, 1, NAN_BITS],
  [21, 34, 1, 1, NAN_BITS, IMMEDIATE_LANE],
  [23, 23, 2, 1, NAN_BITS, IMMEDIATE_LANE],
  [26, 26, 2, 1, NAN_BITS, IMMEDIATE_LANE],
  [28, 28, 2, 1, NAN_BITS, IMMEDIATE_LANE],
  [30, 30, 2, 1, NAN_BITS, IMMEDIATE_LANE],
  [32, 32, 2, 1, NAN_BITS, IMMEDIATE_LANE],
  [34, 34, 2, 1, NAN_BITS, IMMEDIATE_LANE],
  [35, 76, 2, 1, NAN_BITS],
  [77, 77, 1, 1, NAN_BITS],
  [78, 81, 2, 1, NAN_BITS],
  [82, 82, 3, 1, NAN_BITS],
  [83, 83, 1, 1, NAN_BITS],
  [84, 87, 2, 1, NAN_BITS, IMMEDIATE_MEMARG_LANE],
  [88, 91, 2, 0, NAN_BITS, IMMEDIATE_MEMARG_LANE],
  [92, 93, 1, 1, NAN_PLAIN, IMMEDIATE_MEMARG],
  [94, 94, 1, 1, NAN_F32X4],
  [95, 95, 1, 1, NAN_F64X2],
  [96, 100, 1, 1, NAN_BITS],
  [101, 102, 2, 1, NAN_BITS],
  [103, 106, 1, 1, NAN_F32X4], // ceil floor trunc nearest
  [107, 115, 2, 1, NAN_BITS],
  [116, 117, 1, 1, NAN_F64X2],
  [118, 121, 2, 1, NAN_BITS],
  [122, 122, 1, 1, NAN_F64X2],
  [123, 123, 2, 1, NAN_BITS],
  [124, 129, 1, 1, NAN_BITS],
  [130, 130, 2, 1, NAN_BITS],
  [131, 132, 1, 1, NAN_BITS],
  [133, 134, 2, 1, NAN_BITS],
  [135, 138, 1, 1, NAN_BITS],
  [139, 147, 2, 1, NAN_BITS],
  [148, 148, 1, 1, NAN_F64X2],
  [149, 153, 2, 1, NAN_BITS],
  [155, 159, 2, 1, NAN_BITS],
  [160, 161, 1, 1, NAN_BITS],
  [163, 164, 1, 1, NAN_BITS],
  [167, 170, 1, 1, NAN_BITS],
  [171, 174, 2, 1, NAN_BITS],
  [177, 177, 2, 1, NAN_BITS],
  [181, 186, 2, 1, NAN_BITS],
  [188, 191, 2, 1, NAN_BITS],
  [192, 193, 1, 1, NAN_BITS],
  [195, 196, 1, 1, NAN_BITS],
  [199, 202, 1, 1, NAN_BITS],
  [203, 206, 2, 1, NAN_BITS],
  [209, 209, 2, 1, NAN_BITS],
  [213, 223, 2, 1, NAN_BITS],
  [224, 225, 1, 1, NAN_BITS],
  [227, 227, 1, 1, NAN_F32X4],
  [228, 233, 2, 1, NAN_F32X4],
  [234, 235, 2, 1, NAN_BITS],
  [236, 237, 1, 1, NAN_BITS],
  [239, 239, 1, 1, NAN_F64X2],
  [240, 245, 2, 1, NAN_F64X2],
  [246, 247, 2, 1, NAN_BITS],
  [248, 255, 1, 1, NAN_BITS],
  // relaxed: from here on results depend on the machine
  [0x100, 0x100, 2, 1, NAN_BITS],
  [0x101, 0x104, 1, 1, NAN_BITS],
  [0x105, 0x106, 3, 1, NAN_F32X4],
  [0x107, 0x108, 3, 1, NAN_F64X2],
  [0x109, 0x10c, 3, 1, NAN_BITS],
  [0x10d, 0x10e, 2, 1, NAN_F32X4],
  [0x10f, 0x110, 2, 1, NAN_F64X2],
  [0x111, 0x112, 2, 1, NAN_BITS],
  [0x113, 0x113, 3, 1, NAN_BITS],
]);

/** The first relaxed vector operator. */
export const FIRST_RELAXED = 0x100;

// the operators that the rewriter names
export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  try: 0x06,
  catch: 0x07,
  throw: 0x08,
  rethrow: 0x09,
  throwRef: 0x0a,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  callRef: 0x14,
  returnCallRef: 0x15,
  delegate: 0x18,
  catchAll: 0x19,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  tryTable: 0x1f,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  tableGet: 0x25,
  tableSet: 0x26,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  i32Eqz: 0x45,
  i32GtU: 0x4b,
  i64Eqz: 0x50,
  i64LtS: 0x53,
  i64GtU: 0x56,
  f32Eq: 0x5b,
  f64Eq: 0x61,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Or: 0x72,
  i64Add: 0x7c,
  i64And: 0x83,
  i64Or: 0x84,
  i64Shl: 0x86,
  i64ExtendI32U: 0xad,
  refNull: 0xd0,
  refIsNull: 0xd1,
  refFunc: 0xd2,
  refEq: 0xd3,
  refAsNonNull: 0xd4,
  brOnNull: 0xd5,
  brOnNonNull: 0xd6,
  gcPrefix: 0xfb,
  bulkPrefix: 0xfc,
  vectorPrefix: 0xfd,
  threadsPrefix: 0xfe,
} as const;

export const TYPE = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
  funcref: 0x70,
  empty: 0x40,
} as const;
