// Reads type definitions of a component: value, function, instance, component and resource types.
// It must not resolve indices.

import type { PrimitiveKind } from "../../contract/types.ts";
import { AdmissionError } from "../../errors.ts";
import type { ExternType, TypeDefinition, TypeUse } from "./model.ts";
import type { Reader } from "./reader.ts";

const PRIMITIVES: ReadonlyMap<number, PrimitiveKind> = new Map([
  [0x7f, "bool"],
  [0x7e, "s8"],
  [0x7d, "u8"],
  [0x7c, "s16"],
  [0x7b, "u16"],
  [0x7a, "s32"],
  [0x79, "u32"],
  [0x78, "s64"],
  [0x77, "u64"],
  [0x76, "f32"],
  [0x75, "f64"],
  [0x74, "char"],
  [0x73, "string"],
]);

const UNSUPPORTED: ReadonlyMap<number, string> = new Map([
  [0x64, "error-context"],
  [0x67, "a list of fixed length"],
  [0x66, "a stream"],
  [0x65, "a future"],
  [0x63, "a map"],
  [0x43, "an async function type"],
  [0x3e, "a resource with an async destructor"],
]);

/** Refuses what the runtime cannot run. Errors: UNSUPPORTED_FEATURE, always. */
export function unsupported(what: string, offset: number): never {
  throw new AdmissionError("UNSUPPORTED_FEATURE", `the component uses ${what}, which is not supported`, offset);
}

/** Reads a value type where it is used. Errors: COMPONENT_INVALID, UNSUPPORTED_FEATURE. */
export function readTypeUse(reader: Reader): TypeUse {
  const first = reader.peek() ?? reader.byte("a type");
  // An s33: a byte from 0x40 to 0x7f is a negative number, which is how primitives are told from indices.
  if (first < 0x40 || first >= 0x80) return reader.u32("a type index");
  const offset = reader.offset;
  reader.byte("a type");
  return PRIMITIVES.get(first) ?? refuseOpcode(reader, first, offset);
}

function refuseOpcode(reader: Reader, opcode: number, offset: number): never {
  const feature = UNSUPPORTED.get(opcode);
  if (feature !== undefined) unsupported(feature, offset);
  return reader.fail(`0x${opcode.toString(16)} is not a type`, offset);
}

function optionalUse(reader: Reader): TypeUse | null {
  const flag = reader.byte("an optional type");
  if (flag > 1) reader.fail(`${flag} is not the flag of an optional type`, reader.offset - 1);
  return flag === 1 ? readTypeUse(reader) : null;
}

function expectZero(reader: Reader, what: string): void {
  const byte = reader.byte(what);
  if (byte !== 0) reader.fail(`${what} is ${byte}, where only 0 is known`, reader.offset - 1);
}

const readField = (reader: Reader, what: string): { name: string; type: TypeUse; offset: number } => {
  const offset = reader.offset;
  return { name: reader.name(`the name of a ${what}`), type: readTypeUse(reader), offset };
};

function readVariant(reader: Reader): TypeDefinition {
  const cases = reader.vector("cases", () => {
    const offset = reader.offset;
    const one = { name: reader.name("the name of a case"), type: optionalUse(reader), offset };
    expectZero(reader, "the `refines` flag of a case");
    return one;
  });
  return { kind: "variant", cases };
}

function readFunction(reader: Reader): TypeDefinition {
  const params = reader.vector("parameters", () => readField(reader, "parameter"));
  const form = reader.byte("the results of a function type");
  if (form === 0) return { kind: "func", params, result: readTypeUse(reader) };
  if (form !== 1) reader.fail(`${form} is not a form of function results`, reader.offset - 1);
  expectZero(reader, "the number of named results");
  return { kind: "func", params, result: null };
}

function readResource(reader: Reader): TypeDefinition {
  const representation = reader.byte("the representation of a resource");
  if (representation !== 0x7f) unsupported("a resource that is not represented by an i32", reader.offset - 1);
  const flag = reader.byte("the destructor of a resource");
  if (flag === 1) reader.u32("the destructor of a resource");
  else if (flag !== 0) reader.fail(`${flag} is not the flag of an optional destructor`, reader.offset - 1);
  return { kind: "resource" };
}

function readNames(reader: Reader, what: string): { name: string; offset: number }[] {
  return reader.vector(`${what}s`, () => {
    const offset = reader.offset;
    return { name: reader.name(`the name of a ${what}`), offset };
  });
}

const DEFINITIONS: ReadonlyMap<number, (reader: Reader) => TypeDefinition> = new Map<
  number,
  (reader: Reader) => TypeDefinition
>([
  [0x72, (r) => ({ kind: "record", fields: r.vector("fields", () => readField(r, "field")) })],
  [0x71, readVariant],
  [0x70, (r) => ({ kind: "list", element: readTypeUse(r) })],
  [0x6f, (r) => ({ kind: "tuple", elements: r.vector("elements of a tuple", () => readTypeUse(r)) })],
  [0x6e, (r) => ({ kind: "flags", names: readNames(r, "flag") })],
  [0x6d, (r) => ({ kind: "enum", names: readNames(r, "case") })],
  [0x6b, (r) => ({ kind: "option", element: readTypeUse(r) })],
  [0x6a, (r) => ({ kind: "result", ok: optionalUse(r), err: optionalUse(r) })],
  [0x69, (r) => ({ kind: "own", resource: r.u32("a resource index") })],
  [0x68, (r) => ({ kind: "borrow", resource: r.u32("a resource index") })],
  [0x40, readFunction],
  [0x3f, readResource],
]);

/** Reads one definition that is not an instance or component type, its opcode already consumed. Errors: COMPONENT_INVALID, UNSUPPORTED_FEATURE. */
export function readDefinition(reader: Reader, opcode: number): TypeDefinition {
  const offset = reader.offset - 1;
  const primitive = PRIMITIVES.get(opcode);
  if (primitive !== undefined) return { kind: "primitive", primitive };
  return DEFINITIONS.get(opcode)?.(reader) ?? refuseOpcode(reader, opcode, offset);
}

/** Reads what an import is declared to be. Errors: COMPONENT_INVALID, UNSUPPORTED_FEATURE. */
export function readExternType(reader: Reader): ExternType {
  const offset = reader.offset;
  switch (reader.byte("an extern type")) {
    case 0x00:
      return unsupported("a core module as an import or in a type", offset);
    case 0x01:
      return { sort: "func", type: reader.u32("a function type index") };
    case 0x02:
      return unsupported("a value as an import or export", offset);
    case 0x03:
      return readTypeBound(reader);
    case 0x04:
      return { sort: "component", type: reader.u32("a component type index") };
    case 0x05:
      return { sort: "instance", type: reader.u32("an instance type index") };
    default:
      return reader.fail("this is not an extern type", offset);
  }
}

function readTypeBound(reader: Reader): ExternType {
  const bound = reader.byte("the bound of a type");
  if (bound === 0) return { sort: "type", eq: reader.u32("a type index") };
  if (bound !== 1) reader.fail(`${bound} is not the bound of a type`, reader.offset - 1);
  return { sort: "type", eq: null };
}
