// Component bytes -> ComponentNode: sections, nested components and modules, with bounds on depth and number.
// It must not judge names, imports or meanings.

import { AdmissionError } from "../../errors.ts";
import type { AdmissionLimits } from "../../limits.ts";
import type { ComponentNode, Item, NamedIndex, Sort, SortIndex } from "./model.ts";
import { type Range, Reader } from "./reader.ts";
import { readDefinition, readExternType, unsupported } from "./types.ts";

/** More definitions than any real component has; a bound on the memory that parsing takes. */
const MAX_ITEMS = 200_000;

const SORTS: readonly Sort[] = ["core", "func", "value", "type", "component", "instance"];

type Read = (reader: Reader, offset: number, depth: number) => Item;

/** Parses a whole component. Errors: COMPONENT_INVALID, COMPONENT_TOO_COMPLEX, UNSUPPORTED_FEATURE, with the offset. */
export function parseComponent(bytes: Uint8Array, limits: AdmissionLimits): ComponentNode {
  if (bytes.length > limits.componentBytes) {
    const message = `the component has ${bytes.length} bytes; at most ${limits.componentBytes} are allowed`;
    throw new AdmissionError("COMPONENT_TOO_COMPLEX", message, 0, { data: { limit: "componentBytes" } });
  }
  return new Parser(bytes, limits).component({ start: 0, end: bytes.length }, 0);
}

class Parser {
  readonly #bytes: Uint8Array;
  readonly #limits: AdmissionLimits;
  #items = 0;

  constructor(bytes: Uint8Array, limits: AdmissionLimits) {
    this.#bytes = bytes;
    this.#limits = limits;
  }

  component(range: Range, depth: number): ComponentNode {
    this.#checkDepth(depth, range.start);
    const reader = new Reader(this.#bytes, range.start, range.end);
    readPreamble(reader);
    const items: Item[] = [];
    while (!reader.done) {
      const offset = reader.offset;
      const id = reader.byte("a section");
      const section = reader.range("a section");
      this.#section(id, offset, section, depth, items);
    }
    return { range, items };
  }

  #section(id: number, offset: number, section: Range, depth: number, items: Item[]): void {
    const reader = new Reader(this.#bytes, section.start, section.end);
    const single = this.#single(id, offset, section, depth);
    if (single !== null) {
      this.#add(items, single);
      return;
    }
    const read = this.#entries.get(id) ?? refuseSection(reader, id, offset);
    for (let left = reader.count("entries of a section"); left > 0; left--) {
      this.#add(items, read(reader, reader.offset, depth));
    }
    if (!reader.done) reader.fail("the section is longer than its entries");
  }

  /** A section that is one thing; null for those that are vectors. */
  #single(id: number, offset: number, section: Range, depth: number): Item | null {
    if (id === 0) return readCustom(new Reader(this.#bytes, section.start, section.end), offset);
    if (id === 1) return { kind: "core-module", offset: section.start, module: section };
    if (id === 4) return { kind: "component", offset, component: this.component(section, depth + 1) };
    return null;
  }

  #add(items: Item[], item: Item): void {
    if (++this.#items > MAX_ITEMS) {
      const message = `the component has more than ${MAX_ITEMS} definitions`;
      throw new AdmissionError("COMPONENT_TOO_COMPLEX", message, item.offset, { data: { limit: "definitions" } });
    }
    items.push(item);
  }

  #checkDepth(depth: number, offset: number): void {
    if (depth <= this.#limits.componentDepth) return;
    const message = `components and their types are nested deeper than ${this.#limits.componentDepth}`;
    throw new AdmissionError("COMPONENT_TOO_COMPLEX", message, offset, { data: { limit: "componentDepth" } });
  }

  readonly #readType: Read = (reader, offset, depth) => {
    const opcode = reader.byte("a type definition");
    if (opcode !== 0x41 && opcode !== 0x42) return { kind: "type", offset, type: readDefinition(reader, opcode) };
    this.#checkDepth(depth + 1, offset);
    const items: Item[] = [];
    for (let left = reader.count("declarations"); left > 0; left--) {
      this.#add(items, this.#readDeclaration(reader, opcode === 0x41, depth + 1));
    }
    return { kind: "type", offset, type: { kind: "shape", items } };
  };

  #readDeclaration(reader: Reader, inComponent: boolean, depth: number): Item {
    const offset = reader.offset;
    const kind = reader.byte("a declaration");
    if (kind === 0x00) return unsupported("a core type in a component type", offset);
    if (kind === 0x01) return this.#readType(reader, offset, depth);
    if (kind === 0x02) return readAlias(reader, offset);
    if (kind === 0x03 && inComponent) return readImport(reader, offset);
    if (kind !== 0x04) return reader.fail(`${kind} is not a declaration`, offset);
    return { kind: "export", offset, name: readExternName(reader), target: null, type: readExternType(reader) };
  }

  readonly #entries: ReadonlyMap<number, Read> = new Map<number, Read>([
    [2, readCoreInstance],
    [5, readInstance],
    [6, readAlias],
    [7, this.#readType],
    [8, readCanon],
    [10, readImport],
    [11, readExport],
  ]);
}

function readPreamble(reader: Reader): void {
  const start = reader.offset;
  const word = [0, 1, 2, 3, 4, 5, 6, 7].map(() => reader.byte("the header")).map((byte) => byte.toString(16));
  const header = word.map((digits) => digits.padStart(2, "0")).join(" ");
  if (header === "00 61 73 6d 0d 00 01 00") return;
  if (header.startsWith("00 61 73 6d 01 00 00 00")) {
    throw new AdmissionError("COMPONENT_INVALID", "this is a core WebAssembly module, not a component", start, {
      hint: "Make a component of it: `wasm-tools component new`, with the preview1 adapter for a WASI 0.1 module.",
    });
  }
  const what = header.startsWith("00 61 73 6d") ? "a component of a version that is not known" : "not WebAssembly";
  reader.fail(`this is ${what} (it starts with ${header})`, start);
}

function readCustom(reader: Reader, offset: number): Item {
  const range = reader.range("the name of a custom section");
  // Names of custom sections are compared, never shown or generated, so they need no check beyond that.
  const name = String.fromCharCode(...reader.bytes.subarray(range.start, Math.min(range.end, range.start + 64)));
  return { kind: "custom", offset, name, payload: { start: reader.offset, end: reader.end } };
}

function refuseSection(reader: Reader, id: number, offset: number): never {
  if (id === 3) return unsupported("core type definitions in a component", offset);
  if (id === 9) return unsupported("a component start function", offset);
  if (id === 12) return unsupported("component values", offset);
  return reader.fail(`${id} is not a section of a component`, offset);
}

function readSort(reader: Reader): Sort {
  const byte = reader.byte("a sort");
  const sort = SORTS[byte] ?? reader.fail(`${byte} is not a sort`, reader.offset - 1);
  if (sort === "core") reader.byte("a core sort");
  return sort;
}

function readSortIndex(reader: Reader): SortIndex {
  return { sort: readSort(reader), index: reader.u32("an index") };
}

function readExternName(reader: Reader): string {
  const form = reader.byte("the form of a name");
  if (form > 1) unsupported("a name with a version suffix or options", reader.offset - 1);
  return reader.name("the name of an import or export");
}

function readCoreInstance(reader: Reader, offset: number): Item {
  const form = reader.byte("a core instance");
  if (form > 1) reader.fail(`${form} is not a form of core instance`, offset);
  if (form === 0) reader.u32("a core module index");
  const names = reader.vector("names of a core instance", () => {
    const name = reader.name("the name of a core import or export");
    reader.byte("a core sort");
    reader.u32("a core index");
    return name;
  });
  return { kind: form === 0 ? "core-instantiate" : "core-exports", offset, names };
}

function readInstance(reader: Reader, offset: number): Item {
  const form = reader.byte("an instance");
  if (form > 1) reader.fail(`${form} is not a form of instance`, offset);
  if (form === 1) {
    const exports = reader.vector("exports", (): NamedIndex => {
      const name = readExternName(reader);
      return { name, ...readSortIndex(reader) };
    });
    return { kind: "exports", offset, exports };
  }
  const component = reader.u32("a component index");
  const args = reader.vector("arguments", (): NamedIndex => {
    const name = reader.name("the name of an argument");
    return { name, ...readSortIndex(reader) };
  });
  return { kind: "instantiate", offset, component, args };
}

function readAlias(reader: Reader, offset: number): Item {
  const sort = readSort(reader);
  const target = reader.byte("the target of an alias");
  const first = reader.u32("an index");
  if (target === 0x00) return { kind: "alias", offset, sort, instance: first, name: reader.name("an aliased name") };
  if (target === 0x01) return { kind: "core-alias", offset, name: reader.name("an aliased name") };
  if (target === 0x02) return { kind: "outer", offset, sort, count: first, index: reader.u32("an index") };
  return reader.fail(`${target} is not the target of an alias`, offset);
}

function readOptions(reader: Reader): void {
  reader.vector("canonical options", () => {
    const option = reader.byte("a canonical option");
    if (option === 0x02) unsupported("the string encoding latin1+utf16", reader.offset - 1);
    if (option > 0x05) unsupported("an async or GC canonical option", reader.offset - 1);
    if (option > 0x02) reader.u32("the index of a canonical option");
  });
}

function readCanon(reader: Reader, offset: number): Item {
  const kind = reader.byte("a canonical function");
  if (kind === 0x00) {
    if (reader.byte("a lift") !== 0) reader.fail("this lift is not known", offset);
    reader.u32("a core function index");
    readOptions(reader);
    return { kind: "lift", offset, type: reader.u32("a function type index") };
  }
  if (kind > 0x04) return unsupported("async or thread built-ins", offset);
  if (kind === 0x01 && reader.byte("a lower") !== 0) reader.fail("this lower is not known", offset);
  reader.u32("an index");
  if (kind === 0x01) readOptions(reader);
  return { kind: "canon-core", offset };
}

function readImport(reader: Reader, offset: number): Item {
  return { kind: "import", offset, name: readExternName(reader), type: readExternType(reader) };
}

function readExport(reader: Reader, offset: number): Item {
  const name = readExternName(reader);
  const target = readSortIndex(reader);
  const ascribed = reader.byte("the ascription of an export");
  if (ascribed > 1) reader.fail(`${ascribed} is not the flag of an ascription`, reader.offset - 1);
  return { kind: "export", offset, name, target, type: ascribed === 1 ? readExternType(reader) : null };
}
