// One attempt at rewriting a module: what is appended to its types and functions, and which function stands for which.
// It must not know operators.

import { type BorderContext, importBody, memoryGrowBody, tableGrowBody, wrapperBody } from "./borders.ts";
import type { ModulePlan } from "./function-scan.ts";
import type { ModuleLimits, Scheme } from "./limits.ts";
import type { FunctionType, MemoryEntry, ModuleInfo, TableEntry } from "./module.ts";
import { OffsetRecorder } from "./offset-map.ts";
import { TYPE } from "./operators.ts";
import type { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

export interface RewritingOptions {
  readonly scheme: Scheme;
  readonly fuel: boolean;
  readonly depth: boolean;
  readonly growth: boolean;
  readonly nan: boolean;
  readonly relaxed: boolean;
  readonly offsets: boolean;
  readonly limits: ModuleLimits;
}

/** Why an attempt must be made anew. */
export type Retry = "without private tables" | "with globals";

/** The plan of one attempt, and what it appends. */
export class Rewriting implements ModulePlan {
  readonly info: ModuleInfo;
  readonly limits: ModuleLimits;
  readonly fuel: boolean;
  readonly depth: boolean;
  readonly growth: boolean;
  readonly nan: boolean;
  readonly relaxed: boolean;
  readonly registers: boolean;
  readonly privateTables: boolean;
  readonly appendedTypes: Uint8Array[] = [];
  readonly appendedFunctions: { readonly type: number; readonly body: Uint8Array }[] = [];
  /** Functions that code refers to: they must be declared. */
  readonly references: Set<number> = new Set();
  /** Where the code came from, when that is to be kept. */
  readonly offsets: OffsetRecorder | undefined;
  retry: Retry | undefined;

  readonly #reader: Reader;
  readonly #context: BorderContext;
  readonly #appended = new Map<string, number>();

  constructor(reader: Reader, info: ModuleInfo, options: RewritingOptions, privateTables: boolean) {
    this.#reader = reader;
    this.info = info;
    this.limits = options.limits;
    this.fuel = options.fuel;
    this.depth = options.depth;
    this.growth = options.growth;
    this.nan = options.nan;
    this.relaxed = options.relaxed;
    this.registers = options.scheme === "registers" && (this.fuel || this.depth);
    this.privateTables = privateTables && this.registers;
    this.offsets = options.offsets ? new OffsetRecorder() : undefined;
    const { fuel, depth, registers } = this;
    this.#context = { firstMeterGlobal: info.importedGlobals, fuel, depth, registers };
  }

  notPrivate(): void {
    this.retry ??= "without private tables";
  }

  needGlobals(): void {
    this.retry = "with globals";
  }

  internal(index: number): number {
    if (index >= this.info.importedFunctions || !(this.fuel || this.depth)) return index;
    return this.#once(`import ${index}`, () => {
      const type = this.#typeOf(index);
      const body = importBody(this.#context, index, this.#parameters(type));
      return this.#appendFunction(this.internalType(type), body);
    });
  }

  /** The function that outsiders and tables they can reach get instead of function `index`. */
  border(index: number): number {
    if (index < this.info.importedFunctions || !this.registers) return index;
    return this.#once(`wrapper ${index}`, () => {
      const type = this.#typeOf(index);
      return this.#appendFunction(type, wrapperBody(this.#context, index, this.#parameters(type)));
    });
  }

  /** What stands in tables and element segments instead of function `index`. */
  element(index: number): number {
    return this.privateTables ? this.internal(index) : this.border(index);
  }

  reference(index: number): number {
    const reference = this.border(index);
    this.references.add(reference);
    return reference;
  }

  internalType(index: number): number {
    if (!this.registers) return index;
    return this.#once(`internal type ${index}`, () => {
      const { parameters, results } = this.#functionType(index);
      return this.#appendType((out) => {
        this.#list(out, parameters.start, parameters.end, parameters.count, true);
        this.#list(out, results.start, results.end, results.count, true);
      });
    });
  }

  resultType(index: number): number {
    return this.#once(`result type ${index}`, () => {
      const { results } = this.#functionType(index);
      return this.#appendType((out) => {
        out.u8(0);
        this.#list(out, results.start, results.end, results.count, false);
      });
    });
  }

  growHelper(kind: "memory" | "table", index: number): number {
    return this.#once(`grow ${kind} ${index}`, () => {
      if (kind === "memory") {
        const memory = this.info.memories[index] as MemoryEntry;
        const type = this.#once("memory grow type", () => this.#appendType((out) => out.raw(UNARY)));
        return this.#appendFunction(type, memoryGrowBody(this.#context, index, memory, memory.imported));
      }
      const table = this.info.tables[index] as TableEntry;
      const type = this.#appendType((out) => {
        out.u8(2);
        out.raw(this.#reader.bytes, table.start, table.end);
        out.u8u8(TYPE.i32, 1);
        out.u8(TYPE.i32);
      });
      return this.#appendFunction(type, tableGrowBody(this.#context, index, table, table.imported));
    });
  }

  #once(key: string, make: () => number): number {
    const known = this.#appended.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#appended.set(key, made);
    return made;
  }

  #typeOf(index: number): number {
    return this.info.functions[index] as number;
  }

  #functionType(index: number): FunctionType {
    return this.info.types[index] as FunctionType;
  }

  #parameters(type: number): number {
    return this.#functionType(type).parameters.count;
  }

  #list(out: Writer, start: number, end: number, count: number, word: boolean): void {
    out.u32(count + (word ? 1 : 0));
    out.raw(this.#reader.bytes, start, end);
    if (word) out.u8(TYPE.i64);
  }

  #appendType(write: (out: Writer) => void): number {
    const out = new Writer(16);
    out.u8(0x60);
    write(out);
    this.appendedTypes.push(out.bytes());
    return this.info.types.length + this.appendedTypes.length - 1;
  }

  #appendFunction(type: number, body: Uint8Array): number {
    this.appendedFunctions.push({ type, body });
    return this.info.functions.length + this.appendedFunctions.length - 1;
  }
}

const UNARY: Uint8Array = Uint8Array.of(1, TYPE.i32, 1, TYPE.i32);
