// Rewrites the code section: scans each body, and writes it anew.
// It must not know the other sections.

import { FunctionEmitter, type LocalGroup } from "./emit-function.ts";
import { FunctionScan } from "./function-scan.ts";
import type { FunctionType, Span } from "./module.ts";
import { TYPE } from "./operators.ts";
import { readValueType } from "./read-types.ts";
import type { Reader } from "./reader.ts";
import type { Rewriting } from "./rewriting.ts";
import { scanBody } from "./scan.ts";
import { Writer } from "./writer.ts";

// scans of one function before nothing is left pending at any label
const MAX_SCANS = 3;

/** Rewrites every body; the result holds them one after the other, each with its size. Stops early when the attempt must be made anew. */
export function rewriteCode(reader: Reader, rewriting: Rewriting, section: Span | undefined): Writer {
  const out = new Writer(section === undefined ? 16 : (section.end - section.start) * 2);
  const { info } = rewriting;
  const defined = info.functions.length - info.importedFunctions;
  if (section === undefined) {
    if (defined > 0) reader.malformed("functions are declared, but there is no code", reader.end);
    return out;
  }
  const code = reader.slice(section.start, section.end);
  const count = code.count("functions");
  if (count !== defined)
    code.malformed("the code section has another number of functions than are declared", section.start);
  const functions = new CodeRewriter(code, rewriting, out);
  for (let i = 0; i < count && rewriting.retry === undefined; i++) functions.rewrite(info.importedFunctions + i);
  if (rewriting.retry === undefined && code.pos !== code.end)
    code.malformed("the code section is longer than what it holds");
  return out;
}

class CodeRewriter {
  readonly #reader: Reader;
  readonly #rewriting: Rewriting;
  readonly #out: Writer;
  readonly #body = new Writer(4096);
  readonly #scan: FunctionScan;
  readonly #emitter: FunctionEmitter;
  #types = new Uint8Array(256);
  #allLocals = 0;
  #groups: LocalGroup[] = [];
  #locals = 0;
  #vectors = 0;

  constructor(reader: Reader, rewriting: Rewriting, out: Writer) {
    this.#reader = reader;
    this.#rewriting = rewriting;
    this.#out = out;
    this.#scan = new FunctionScan(reader, rewriting);
    this.#emitter = new FunctionEmitter(this.#body, rewriting.offsets);
  }

  rewrite(index: number): void {
    const reader = this.#reader;
    const { info, limits } = this.#rewriting;
    const at = reader.pos;
    const size = reader.u32();
    if (size > limits.functionBodyBytes) {
      reader.fail(
        "COMPONENT_TOO_COMPLEX",
        `a function of ${size} bytes is larger than ${limits.functionBodyBytes}`,
        at,
      );
    }
    const end = reader.pos + size;
    const sectionEnd = reader.end;
    if (end > sectionEnd) reader.malformed("a function is longer than its section", at);
    reader.end = end;
    const typeIndex = info.functions[index] as number;
    const type = info.types[typeIndex] as FunctionType;
    this.#readLocals(type);
    const start = reader.pos;
    this.#scanUntilSettled(type, start);
    if (reader.pos !== end) reader.malformed("a function goes on after its end");
    reader.end = sectionEnd;
    if (this.#rewriting.retry !== undefined) return;
    this.#body.clear();
    this.#emitter.emit({ scan: this.#scan, type, typeIndex, locals: this.#groups, vectors: this.#vectors, start });
    this.#out.sized(this.#body.view());
    this.#rewriting.offsets?.end(this.#out.length - this.#body.length);
  }

  #scanUntilSettled(type: FunctionType, start: number): void {
    const scan = this.#scan;
    for (let attempt = 0; ; attempt++) {
      this.#reader.pos = start;
      if (attempt === MAX_SCANS) scan.settleAll = true;
      scan.begin(type.parameters.count, type.results.count, this.#types, this.#locals, attempt > 0);
      scanBody(scan);
      if (!scan.rescan) return;
    }
  }

  #readLocals(type: FunctionType): void {
    const reader = this.#reader;
    this.#groups = [];
    this.#locals = 0;
    this.#vectors = 0;
    const parameters = reader.slice(type.parameters.start, type.parameters.end);
    for (let i = 0; i < type.parameters.count; i++) this.#addLocals(1, readValueType(parameters));
    const at = reader.pos;
    const groups = reader.count("local groups", 2);
    for (let i = 0; i < groups; i++) {
      const count = reader.u32();
      const start = reader.pos;
      this.#addLocals(count, readValueType(reader), at);
      if (count > 0) this.#groups.push({ count, start, end: reader.pos });
    }
  }

  #addLocals(count: number, type: number, at?: number): void {
    const { limits } = this.#rewriting;
    const locals = this.#locals + count;
    this.#allLocals += count;
    if (locals > limits.localsPerFunction) {
      this.#reader.fail("COMPONENT_TOO_COMPLEX", `a function has more than ${limits.localsPerFunction} locals`, at);
    }
    if (this.#allLocals > limits.locals)
      this.#reader.fail("COMPONENT_TOO_COMPLEX", `more than ${limits.locals} locals in all`, at);
    if (locals > this.#types.length) {
      const grown = new Uint8Array(Math.max(this.#types.length * 2, locals));
      grown.set(this.#types);
      this.#types = grown;
    }
    this.#types.fill(type, this.#locals, locals);
    this.#locals = locals;
    if (type === TYPE.v128) this.#vectors += count;
  }
}
