// The parameter types of exports, read from the bytes.

import { MODULE_LIMITS } from "../../host/metering/limits.ts";
import { readModule } from "../../host/metering/read-module.ts";
import { Reader } from "../../host/metering/reader.ts";

const NAMES: Readonly<Record<number, string>> = { 127: "i32", 126: "i64", 125: "f32", 124: "f64" };

/** The types that an exported function takes. */
export function parameterTypes(bytes: Uint8Array, name: string): string[] {
  const info = readModule(new Reader(bytes, 0), MODULE_LIMITS, false);
  const index = info.exports.find((entry) => entry.name === name)?.index ?? -1;
  const type = info.types[info.functions[index] ?? -1];
  if (type === undefined) return [];
  return [...bytes.subarray(type.parameters.start, type.parameters.end)].map((byte) => NAMES[byte] ?? "other");
}
