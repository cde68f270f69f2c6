// Names in a core module: which may be kept, and what the author called each function.
// It must not know how code is rewritten.

import type { Reader } from "./reader.ts";
import { METER_MODULE } from "./word.ts";

const ALLOWED = /^[A-Za-z0-9_ $.:/@#[\]<>+=!%&|?^~,;()-]*$/;
const HARMFUL: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype", "then"]);

/** Reads a name. Errors: `COMPONENT_INVALID` when it is not UTF-8. */
export function readName(reader: Reader): string {
  const length = reader.u32();
  const start = reader.pos;
  reader.skip(length);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      reader.bytes.subarray(start, start + length),
    );
  } catch {
    return reader.malformed("a name is not UTF-8", start);
  }
}

/** Reads a name that generated glue may come to hold. Errors: `COMPONENT_NAME_REJECTED` outside the grammar, unless names are replaced anyway. */
export function readExternName(reader: Reader, maxBytes: number, replaced: boolean): string {
  const at = reader.pos;
  const length = reader.u32();
  if (length > maxBytes) reader.fail("COMPONENT_NAME_REJECTED", `a name is longer than ${maxBytes} bytes`, at);
  reader.pos = at;
  const name = readName(reader);
  if (replaced) return name;
  if (!ALLOWED.test(name)) {
    reader.fail(
      "COMPONENT_NAME_REJECTED",
      `the name ${JSON.stringify(name.slice(0, 40))} holds characters that are not allowed`,
      at,
    );
  }
  if (HARMFUL.has(name)) reader.fail("COMPONENT_NAME_REJECTED", `the name "${name}" is not allowed`, at);
  return name;
}

/** No guest may import what counts it. Errors: `COMPONENT_NAME_REJECTED`. */
export function refuseMeterModule(reader: Reader, name: string, at: number): void {
  if (name === METER_MODULE) reader.fail("COMPONENT_NAME_REJECTED", `the module name "${name}" is reserved`, at);
}

const MAX_NAMES = 100_000;
const MAX_NAME_CHARACTERS = 256;
const FUNCTION_NAMES = 1;

/** The author's names of functions, from the name section (specification, appendix "Name Section"). What is malformed is left out: names are advice. */
export function readFunctionNames(section: Reader): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  try {
    while (section.pos < section.end) {
      const id = section.u8();
      const size = section.u32();
      const start = section.pos;
      section.skip(size);
      if (id === FUNCTION_NAMES) readNameMap(section.slice(start, start + size), names);
    }
  } catch {
    return names;
  }
  return names;
}

function readNameMap(reader: Reader, names: Map<number, string>): void {
  const count = Math.min(reader.count("names", 2), MAX_NAMES);
  const decoder = new TextDecoder();
  for (let i = 0; i < count; i++) {
    const index = reader.u32();
    const length = reader.u32();
    const start = reader.pos;
    reader.skip(length);
    const kept = Math.min(length, MAX_NAME_CHARACTERS);
    names.set(index, decoder.decode(reader.bytes.subarray(start, start + kept)));
  }
}
