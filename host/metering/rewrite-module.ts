// Writes the whole module anew, section by section, around the rewritten code.
// It must not know operators or the word.

import type { MeterOptions } from "./limits.ts";
import type { ExternKind, ImportEntry, ModuleInfo, Span } from "./module.ts";
import { SECTION, SECTION_ORDER } from "./module.ts";
import { OFFSETS_SECTION } from "./offset-map.ts";
import { TYPE } from "./operators.ts";
import { type ExpressionVisitor, readExpression, readValueType } from "./read-types.ts";
import type { Reader } from "./reader.ts";
import type { Rewriting } from "./rewriting.ts";
import { METER_GLOBALS, METER_MODULE } from "./word.ts";
import { Writer } from "./writer.ts";

const KINDS: readonly ExternKind[] = ["function", "table", "memory", "global", "tag"];
const MAX_PAGES = 65_536;
const MAX_ELEMENTS = 10_000_000;
const EMPTY: Span = { start: 0, end: 0 };

// custom sections that hold offsets of code, or tell tools what no longer holds
const SPOILED = /^(\.debug|reloc\.|linking$|dylink|sourceMappingURL$|external_debug_info$|metadata\.code\.|build_id$)/;

// the part of a name section that names the module
const MODULE_NAME = 0;

function writeCustom(out: Writer, name: string, bytes: Uint8Array, start: number, end: number): void {
  const part = new Writer(end - start + name.length * 3 + 8);
  part.text(name);
  part.raw(bytes, start, end);
  out.u8(SECTION.custom);
  out.sized(part.view());
}

/** Writes a module around its rewritten code. */
export class ModuleWriter {
  readonly #reader: Reader;
  readonly #rewriting: Rewriting;
  readonly #info: ModuleInfo;
  readonly #strip: boolean;
  readonly #rename: boolean;
  readonly #label: string | undefined;
  #codeStart = 0;

  constructor(reader: Reader, rewriting: Rewriting, { strip = true, rename = false, label }: MeterOptions) {
    this.#reader = reader;
    this.#rewriting = rewriting;
    this.#info = rewriting.info;
    this.#strip = strip;
    this.#rename = rename;
    this.#label = strip ? label : undefined;
  }

  /** The new module. The sections that can append functions are written first, whatever their place. */
  write(code: Writer): Uint8Array {
    const parts = new Map<number, Uint8Array>();
    const make = (id: number, write: (out: Writer) => void): void => {
      const out = new Writer(256);
      write(out);
      if (out.length > 0) parts.set(id, out.view());
    };
    make(SECTION.table, (out) => this.#tables(out));
    make(SECTION.memory, (out) => this.#memories(out));
    make(SECTION.global, (out) => this.#globals(out));
    make(SECTION.export, (out) => this.#exports(out));
    make(SECTION.start, (out) => {
      if (this.#info.start >= 0) out.u32(this.#rewriting.border(this.#info.start));
    });
    make(SECTION.element, (out) => this.#elements(out));
    make(SECTION.data, (out) => this.#data(out));
    make(SECTION.function, (out) => this.#functions(out));
    make(SECTION.type, (out) => this.#types(out));
    make(SECTION.import, (out) => this.#imports(out));
    for (const id of [SECTION.tag, SECTION.dataCount]) make(id, (out) => this.#copy(out, id));
    return this.#assemble(parts, code);
  }

  #assemble(parts: ReadonlyMap<number, Uint8Array>, code: Writer): Uint8Array {
    const out = new Writer(code.length + (this.#reader.end >>> 1) + 4096);
    out.raw(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    this.#customs(out, 0);
    for (const id of SECTION_ORDER) {
      const part = parts.get(id);
      if (id === SECTION.code) this.#code(out, code);
      else if (part !== undefined) {
        out.u8(id);
        out.sized(part);
      }
      this.#customs(out, id);
    }
    this.#traces(out, code);
    return out.bytes();
  }

  // what traps are told by: the module's name, which engines print, and where its code came from
  #traces(out: Writer, code: Writer): void {
    const { offsets } = this.#rewriting;
    if (this.#label !== undefined) {
      const name = new Writer(80);
      name.text(this.#label);
      const names = Uint8Array.of(MODULE_NAME, name.length, ...name.view());
      writeCustom(out, "name", names, 0, names.length);
    }
    if (offsets === undefined) return;
    const section = offsets.section(this.#reader.base, this.#codeStart, code.length);
    writeCustom(out, OFFSETS_SECTION, section, 0, section.length);
  }

  #customs(out: Writer, after: number): void {
    if (this.#strip) return;
    for (const section of this.#info.customs) {
      if (section.after !== after || SPOILED.test(section.name)) continue;
      writeCustom(out, section.name, this.#reader.bytes, section.start, section.end);
    }
  }

  #code(out: Writer, code: Writer): void {
    const { appendedFunctions } = this.#rewriting;
    const count = this.#info.functions.length - this.#info.importedFunctions + appendedFunctions.length;
    if (count === 0) return;
    const head = new Writer(8);
    head.u32(count);
    const tail = new Writer(256);
    for (const { body } of appendedFunctions) tail.sized(body);
    out.u8(SECTION.code);
    out.u32(head.length + code.length + tail.length);
    out.raw(head.view());
    this.#codeStart = out.length;
    out.raw(code.view());
    out.raw(tail.view());
  }

  #copy(out: Writer, id: number): void {
    const span = this.#info.sections.get(id) ?? EMPTY;
    out.raw(this.#reader.bytes, span.start, span.end);
  }

  #types(out: Writer): void {
    const { bytes } = this.#reader;
    const { appendedTypes } = this.#rewriting;
    const count = this.#info.types.length + appendedTypes.length;
    if (count === 0) return;
    out.u32(count);
    for (const { parameters, results } of this.#info.types) {
      out.u8(0x60);
      for (const list of [parameters, results]) {
        out.u32(list.count);
        out.raw(bytes, list.start, list.end);
      }
    }
    for (const type of appendedTypes) out.raw(type);
  }

  #imports(out: Writer): void {
    out.u32(this.#info.imports.length + METER_GLOBALS.length);
    for (const [index, entry] of this.#info.imports.entries()) this.#import(out, entry, index);
    for (const { name, type } of METER_GLOBALS) {
      out.text(METER_MODULE);
      out.text(name);
      out.u8u8(3, type === "i64" ? TYPE.i64 : TYPE.i32);
      out.u8(1);
    }
  }

  #import(out: Writer, entry: ImportEntry, index: number): void {
    out.text(this.#rename ? "i" : entry.module);
    out.text(this.#rename ? `i${index}` : entry.name);
    out.raw(this.#reader.bytes, entry.start, entry.end);
  }

  #functions(out: Writer): void {
    const { functions, importedFunctions } = this.#info;
    const { appendedFunctions } = this.#rewriting;
    const count = functions.length - importedFunctions + appendedFunctions.length;
    if (count === 0) return;
    out.u32(count);
    for (let i = importedFunctions; i < functions.length; i++)
      out.u32(this.#rewriting.internalType(functions[i] as number));
    for (const { type } of appendedFunctions) out.u32(type);
  }

  #tables(out: Writer): void {
    const defined = this.#info.tables.filter((table) => !table.imported);
    if (defined.length === 0) return;
    out.u32(defined.length);
    for (const table of defined) {
      if (table.initial !== undefined) out.u8u8(0x40, 0);
      out.raw(this.#reader.bytes, table.start, table.end);
      this.#limits(out, table.min, table.max, MAX_ELEMENTS);
      if (table.initial === undefined) continue;
      const from = this.#reader.slice(table.initial.start, table.initial.end);
      this.#elementExpression(out, from);
    }
  }

  #memories(out: Writer): void {
    const defined = this.#info.memories.filter((memory) => !memory.imported);
    if (defined.length === 0) return;
    out.u32(defined.length);
    for (const { min, max } of defined) this.#limits(out, min, max, MAX_PAGES);
  }

  #limits(out: Writer, min: number, max: number | undefined, highest: number): void {
    const kept = this.#rewriting.growth ? (max ?? Math.max(min, highest)) : max;
    out.u8(kept === undefined ? 0 : 1);
    out.u32(min);
    if (kept !== undefined) out.u32(kept);
  }

  #section(id: number): Reader | undefined {
    const span = this.#info.sections.get(id);
    return span === undefined ? undefined : this.#reader.slice(span.start, span.end);
  }

  #globals(out: Writer): void {
    const from = this.#section(SECTION.global);
    if (from === undefined) return;
    const count = from.u32();
    out.u32(count);
    for (let i = 0; i < count; i++) {
      const start = from.pos;
      readValueType(from);
      from.u8();
      out.raw(from.bytes, start, from.pos);
      this.#expression(out, from, (index) => this.#rewriting.border(index));
    }
  }

  // copies an expression, with the indices in it changed
  #expression(out: Writer, from: Reader, functionIndex: (index: number) => number, onGlobal?: () => void): void {
    let copied = from.pos;
    const replace = (index: number, start: number, end: number): void => {
      out.raw(from.bytes, copied, start);
      out.u32(index);
      copied = end;
    };
    const { importedGlobals, functions } = this.#info;
    const visitor: ExpressionVisitor = {
      global: (index, start, end) => {
        onGlobal?.();
        replace(index < importedGlobals ? index : index + METER_GLOBALS.length, start, end);
      },
      function: (index, start, end) => {
        if (index >= functions.length) from.malformed(`function ${index} does not exist`, start);
        replace(functionIndex(index), start, end);
      },
    };
    const { end } = readExpression(from, visitor);
    out.raw(from.bytes, copied, end);
  }

  #exports(out: Writer): void {
    const { exports, importedGlobals } = this.#info;
    if (exports.length === 0) return;
    out.u32(exports.length);
    for (const [position, { name, kind, index }] of exports.entries()) {
      out.text(this.#rename ? `e${position}` : name);
      out.u8(KINDS.indexOf(kind));
      if (kind === "function") out.u32(this.#rewriting.border(index));
      else if (kind === "global" && index >= importedGlobals) out.u32(index + METER_GLOBALS.length);
      else out.u32(index);
    }
  }

  #elements(out: Writer): void {
    const from = this.#section(SECTION.element);
    const references = [...this.#rewriting.references].sort((a, b) => a - b);
    const count = from?.count("element segments") ?? 0;
    const total = count + (references.length > 0 ? 1 : 0);
    if (total === 0) return;
    out.u32(total);
    for (let i = 0; i < count && from !== undefined; i++) this.#segment(out, from);
    if (references.length === 0) return;
    out.u8u8(3, 0); // declarative, functions
    out.u32(references.length);
    for (const index of references) out.u32(index);
  }

  // the eight forms of element segments: bit 0 not active, bit 1 explicit table or declarative, bit 2 expressions
  #segment(out: Writer, from: Reader): void {
    const at = from.pos;
    const flags = from.u32();
    if (flags > 7) from.malformed("this form of element segment is unknown", at);
    out.u32(flags);
    if ((flags & 1) === 0) {
      if ((flags & 2) !== 0) out.u32(from.u32());
      this.#expression(out, from, (index) => this.#rewriting.border(index));
    }
    const expressions = (flags & 4) !== 0;
    if ((flags & 3) !== 0) {
      const start = from.pos;
      if (expressions) readValueType(from);
      else from.u8();
      out.raw(from.bytes, start, from.pos);
    }
    const count = from.count("elements");
    out.u32(count);
    for (let i = 0; i < count; i++) this.#element(out, from, expressions);
  }

  #element(out: Writer, from: Reader, expression: boolean): void {
    if (expression) {
      this.#elementExpression(out, from);
      return;
    }
    const at = from.pos;
    const index = from.u32();
    if (index >= this.#info.functions.length) from.malformed(`function ${index} does not exist`, at);
    out.u32(this.#rewriting.element(index));
  }

  // what comes out of a global is a function as outsiders have it: the table is not private
  #elementExpression(out: Writer, from: Reader): void {
    const { privateTables } = this.#rewriting;
    const onGlobal = (): void => (privateTables ? this.#rewriting.notPrivate() : undefined);
    this.#expression(out, from, (index) => this.#rewriting.element(index), onGlobal);
  }

  #data(out: Writer): void {
    const from = this.#section(SECTION.data);
    if (from === undefined) return;
    const count = from.count("data segments");
    out.u32(count);
    for (let i = 0; i < count; i++) {
      const at = from.pos;
      const flags = from.u32();
      if (flags > 2) from.malformed("this form of data segment is unknown", at);
      out.u32(flags);
      if (flags === 2) out.u32(from.u32());
      if (flags !== 1) this.#expression(out, from, (index) => index);
      const length = from.u32();
      const start = from.pos;
      from.skip(length);
      out.u32(length);
      out.raw(from.bytes, start, from.pos);
    }
    if (from.pos !== from.end) from.malformed("the data section is longer than what it holds");
  }
}
