// Reads every section of a module but the code: one pass, bounded, offsets in every error.
// It must not know what rewriting does with what it finds.

import type { ModuleLimits } from "./limits.ts";
import {
  type CustomSection,
  type ExportEntry,
  type ExternKind,
  type FunctionType,
  type ImportEntry,
  type Limits,
  type MemoryEntry,
  type ModuleInfo,
  SECTION,
  SECTION_ORDER,
  type Span,
  type TableEntry,
} from "./module.ts";
import { readExternName, readName, refuseMeterModule } from "./names.ts";
import { TYPE } from "./operators.ts";
import { readExpression, readFunctionTypes, readValueType } from "./read-types.ts";
import type { Reader } from "./reader.ts";

const MAX_PAGES = 65_536;
// where components differ from modules, and how
const COMPONENT_MARK = 4;
const COMPONENT_VERSION = 0x0d;

/** Reads the sections. Errors: `COMPONENT_INVALID`, `UNSUPPORTED_FEATURE`, `COMPONENT_TOO_COMPLEX`, `COMPONENT_NAME_REJECTED`. */
export function readModule(reader: Reader, limits: ModuleLimits, rename: boolean): ModuleInfo {
  return new ModuleReader(reader, limits, rename).read();
}

class ModuleReader {
  readonly #reader: Reader;
  readonly #limits: ModuleLimits;
  readonly #rename: boolean;
  readonly #sections = new Map<number, Span>();
  readonly #customs: CustomSection[] = [];
  readonly #imports: ImportEntry[] = [];
  readonly #exports: ExportEntry[] = [];
  readonly #functions: number[] = [];
  readonly #tables: TableEntry[] = [];
  readonly #memories: MemoryEntry[] = [];
  readonly #tags: number[] = [];
  #types: readonly FunctionType[] = [];
  #globals = 0;
  #importedFunctions = 0;
  #importedGlobals = 0;
  #start = -1;

  constructor(reader: Reader, limits: ModuleLimits, rename: boolean) {
    this.#reader = reader;
    this.#limits = limits;
    this.#rename = rename;
  }

  read(): ModuleInfo {
    this.#readHeader();
    this.#findSections();
    this.#in(SECTION.type, (r) => {
      this.#types = readFunctionTypes(r);
    });
    this.#in(SECTION.import, (r) => this.#readImports(r));
    this.#importedFunctions = this.#functions.length;
    this.#importedGlobals = this.#globals;
    this.#in(SECTION.function, (r) => this.#readFunctions(r));
    this.#in(SECTION.table, (r) => this.#readTables(r));
    this.#in(SECTION.memory, (r) => this.#each(r, "memories", () => this.#addMemory(r, false)));
    this.#in(SECTION.tag, (r) => this.#each(r, "tags", () => this.#readTag(r)));
    this.#in(SECTION.global, (r) => this.#readGlobals(r));
    this.#in(SECTION.export, (r) => this.#readExports(r));
    this.#in(SECTION.start, (r) => {
      this.#start = this.#functionIndex(r);
    });
    return {
      types: this.#types,
      imports: this.#imports,
      exports: this.#exports,
      functions: this.#functions,
      importedFunctions: this.#importedFunctions,
      tables: this.#tables,
      memories: this.#memories,
      tags: this.#tags,
      globals: this.#globals,
      importedGlobals: this.#importedGlobals,
      start: this.#start,
      sections: this.#sections,
      customs: this.#customs,
    };
  }

  #readHeader(): void {
    const reader = this.#reader;
    for (const [index, byte] of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00].entries()) {
      if (reader.u8() === byte) continue;
      const component = index === COMPONENT_MARK && reader.bytes[index] === COMPONENT_VERSION;
      reader.malformed(`this is ${component ? "a component, not a" : "no"} core WebAssembly module`, index);
    }
  }

  #findSections(): void {
    const reader = this.#reader;
    let rank = -1;
    let last = 0;
    while (reader.pos < reader.end) {
      const at = reader.pos;
      const id = reader.u8();
      const size = reader.u32();
      const start = reader.pos;
      reader.skip(size);
      if (id === SECTION.custom) {
        const inner = reader.slice(start, start + size);
        const name = readName(inner);
        this.#customs.push({ name, start: inner.pos, end: start + size, after: last });
        continue;
      }
      const next = SECTION_ORDER.indexOf(id);
      if (next < 0) reader.malformed(`section ${id} is unknown`, at);
      if (next <= rank) reader.malformed(`section ${id} stands in the wrong place`, at);
      rank = next;
      last = id;
      this.#sections.set(id, { start, end: start + size });
    }
  }

  #in(id: number, read: (reader: Reader) => void): void {
    const span = this.#sections.get(id);
    if (span === undefined) return;
    const reader = this.#reader.slice(span.start, span.end);
    read(reader);
    if (reader.pos !== reader.end) reader.malformed(`section ${id} is longer than what it holds`);
  }

  #each(reader: Reader, what: string, read: (index: number) => void, limit = Number.POSITIVE_INFINITY): void {
    const at = reader.pos;
    const count = reader.count(what);
    if (count > limit) reader.fail("COMPONENT_TOO_COMPLEX", `${count} ${what} are more than ${limit}`, at);
    for (let i = 0; i < count; i++) read(i);
  }

  #typeIndex(reader: Reader): number {
    const at = reader.pos;
    const index = reader.u32();
    if (index >= this.#types.length) reader.malformed(`type ${index} does not exist`, at);
    return index;
  }

  #functionIndex(reader: Reader): number {
    const at = reader.pos;
    const index = reader.u32();
    if (index >= this.#functions.length) reader.malformed(`function ${index} does not exist`, at);
    return index;
  }

  #readImports(reader: Reader): void {
    this.#each(
      reader,
      "imports",
      () => {
        const at = reader.pos;
        const module = readExternName(reader, this.#limits.nameBytes, this.#rename);
        refuseMeterModule(reader, module, at);
        const name = readExternName(reader, this.#limits.nameBytes, this.#rename);
        const start = reader.pos;
        const kind = this.#readImportKind(reader);
        this.#imports.push({ module, name, kind, start, end: reader.pos });
      },
      this.#limits.imports,
    );
  }

  #readImportKind(reader: Reader): ExternKind {
    const at = reader.pos;
    switch (reader.u8()) {
      case 0:
        this.#functions.push(this.#typeIndex(reader));
        return "function";
      case 1:
        this.#addTable(reader, true);
        return "table";
      case 2:
        this.#addMemory(reader, true);
        return "memory";
      case 3:
        this.#readGlobalType(reader);
        return "global";
      case 4:
        this.#readTag(reader);
        return "tag";
      default:
        return reader.malformed("this kind of import is unknown", at);
    }
  }

  #readFunctions(reader: Reader): void {
    const room = this.#limits.functions - this.#functions.length;
    this.#each(reader, "functions", () => this.#functions.push(this.#typeIndex(reader)), Math.max(0, room));
  }

  #readLimits(reader: Reader, what: string): Limits {
    const at = reader.pos;
    const flags = reader.u8();
    if (flags & 0x02) reader.unsupported(`a shared ${what}`, at);
    if (flags & 0x04) reader.unsupported(`a 64-bit ${what}`, at);
    if (flags & 0x08) reader.unsupported("a custom page size", at);
    if (flags > 1) reader.malformed(`the limits of a ${what} are unknown`, at);
    const min = reader.u32();
    return { min, max: flags === 1 ? reader.u32() : undefined };
  }

  #addMemory(reader: Reader, imported: boolean): void {
    const at = reader.pos;
    const limits = this.#readLimits(reader, "memory");
    if (limits.min > MAX_PAGES || (limits.max ?? 0) > MAX_PAGES) reader.malformed("a memory is too large", at);
    this.#memories.push({ ...limits, imported });
  }

  #addTable(reader: Reader, imported: boolean, initialised = false): void {
    const start = reader.pos;
    const functions = reader.bytes[start] === TYPE.funcref;
    readValueType(reader);
    const end = reader.pos;
    const limits = this.#readLimits(reader, "table");
    if (limits.min > this.#limits.tableElements) {
      reader.fail(
        "COMPONENT_TOO_COMPLEX",
        `a table of ${limits.min} elements is larger than ${this.#limits.tableElements}`,
        end,
      );
    }
    const initial = initialised ? readExpression(reader) : undefined;
    this.#tables.push({ ...limits, functions, imported, start, end, initial });
  }

  #readTables(reader: Reader): void {
    this.#each(reader, "tables", () => {
      const initialised = reader.bytes[reader.pos] === 0x40;
      if (initialised) {
        reader.u8();
        if (reader.u8() !== 0) reader.malformed("a table is malformed", reader.pos - 1);
      }
      this.#addTable(reader, false, initialised);
    });
  }

  #readTag(reader: Reader): void {
    if (reader.u8() !== 0) reader.malformed("a tag is malformed", reader.pos - 1);
    this.#tags.push(this.#typeIndex(reader));
  }

  #readGlobalType(reader: Reader): void {
    readValueType(reader);
    const at = reader.pos;
    const mutability = reader.u8();
    if (mutability & 0x02) reader.unsupported("a shared global", at);
    if (mutability > 1) reader.malformed("the mutability of a global is unknown", at);
    this.#globals++;
  }

  #readGlobals(reader: Reader): void {
    this.#each(reader, "globals", () => {
      this.#readGlobalType(reader);
      readExpression(reader);
    });
  }

  #readExports(reader: Reader): void {
    const kinds: readonly ExternKind[] = ["function", "table", "memory", "global", "tag"];
    this.#each(
      reader,
      "exports",
      () => {
        const name = readExternName(reader, this.#limits.nameBytes, this.#rename);
        const at = reader.pos;
        const kind = kinds[reader.u8()] ?? reader.malformed("this kind of export is unknown", at);
        const index = kind === "function" ? this.#functionIndex(reader) : reader.u32();
        this.#exports.push({ name, kind, index });
      },
      this.#limits.exports,
    );
  }
}
