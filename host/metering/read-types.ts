// Reads types and constant expressions.
// It must not know which section they stand in.

import type { FunctionType, Span, TypeList } from "./module.ts";
import { OP, TYPE } from "./operators.ts";
import type { Reader } from "./reader.ts";

const FUNCTION_TYPE = 0x60;
const REF = 0x64;
const REF_NULL = 0x63;
const MAX_LIST = 1000;
const MAX_TYPES = 100_000;

/** Reads one value type and gives its first byte. Errors: `UNSUPPORTED_FEATURE` for types of the garbage collection proposal. */
export function readValueType(reader: Reader): number {
  const at = reader.pos;
  const byte = reader.u8();
  if (byte >= TYPE.v128 && byte <= TYPE.i32) return byte;
  if (byte === REF || byte === REF_NULL) {
    readHeapType(reader);
    return byte;
  }
  checkAbstractType(reader, byte, at);
  return byte;
}

// func, extern, exn and their bottom types; the rest of this range belongs to garbage collection
function checkAbstractType(reader: Reader, byte: number, at: number): void {
  if (byte === 0x70 || byte === 0x6f || byte === 0x69 || byte === 0x74 || byte === 0x73 || byte === 0x72) return;
  if (byte >= 0x5d && byte <= 0x78) reader.unsupported("garbage collection", at);
  reader.malformed("this type is unknown", at);
}

/** Reads a heap type. */
export function readHeapType(reader: Reader): void {
  const at = reader.pos;
  const type = reader.s33();
  if (type < 0) checkAbstractType(reader, type & 0x7f, at);
}

function readTypeList(reader: Reader): TypeList {
  const at = reader.pos;
  const count = reader.count("types");
  if (count > MAX_LIST) reader.fail("COMPONENT_TOO_COMPLEX", `a function type of ${count} values`, at);
  const start = reader.pos;
  let vectors = 0;
  for (let i = 0; i < count; i++) {
    if (readValueType(reader) === TYPE.v128) vectors++;
  }
  return { start, end: reader.pos, count, vectors };
}

/** Reads the type section. Errors: `UNSUPPORTED_FEATURE` for anything but plain function types. */
export function readFunctionTypes(reader: Reader): FunctionType[] {
  const at = reader.pos;
  const count = reader.count("types", 3);
  if (count > MAX_TYPES) reader.fail("COMPONENT_TOO_COMPLEX", `${count} types are more than ${MAX_TYPES}`, at);
  const types: FunctionType[] = [];
  for (let i = 0; i < count; i++) {
    const form = reader.u8();
    if (form >= 0x4e && form <= 0x5f && form !== FUNCTION_TYPE)
      reader.unsupported("garbage collection", reader.pos - 1);
    if (form !== FUNCTION_TYPE) reader.malformed("this form of type is unknown", reader.pos - 1);
    types.push({ parameters: readTypeList(reader), results: readTypeList(reader) });
  }
  return types;
}

/** What a constant expression mentions that rewriting may have to change. */
export interface ExpressionVisitor {
  global(index: number, start: number, end: number): void;
  function(index: number, start: number, end: number): void;
}

/** Reads a constant expression up to and with its `end`, telling the visitor of each index in it. */
export function readExpression(reader: Reader, visitor?: ExpressionVisitor): Span {
  const start = reader.pos;
  for (;;) {
    const at = reader.pos;
    const op = reader.u8();
    if (op === OP.end) return { start, end: reader.pos };
    readConstantOperator(reader, op, at, visitor);
  }
}

function readConstantOperator(reader: Reader, op: number, at: number, visitor: ExpressionVisitor | undefined): void {
  const index = reader.pos;
  switch (op) {
    case OP.i32Const:
      reader.s32();
      return;
    case OP.i64Const:
      reader.skipS64();
      return;
    case OP.f32Const:
      reader.skip(4);
      return;
    case OP.f64Const:
      reader.skip(8);
      return;
    case OP.globalGet:
      tell(reader, (found, end) => visitor?.global(found, index, end));
      return;
    case OP.refFunc:
      tell(reader, (found, end) => visitor?.function(found, index, end));
      return;
    case OP.refNull:
      readHeapType(reader);
      return;
    case OP.gcPrefix:
      reader.unsupported("garbage collection", at);
      return;
    case OP.vectorPrefix:
      if (reader.u32() !== 12) reader.malformed("this operator is not constant", at);
      reader.skip(16);
      return;
    case 0x6a: // i32 and i64: add, sub, mul
    case 0x6b:
    case 0x6c:
    case 0x7c:
    case 0x7d:
    case 0x7e:
      return;
    default:
      reader.malformed("this operator is not constant", at);
      return;
  }
}

function tell(reader: Reader, visit: (index: number, end: number) => void): void {
  const index = reader.u32();
  visit(index, reader.pos);
}
