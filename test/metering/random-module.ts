// Valid random modules: the same seed and size give the same bytes. They are rich in branches, calls, traps and bulk operations.

import { OP, TYPE } from "../../host/metering/operators.ts";
import { Writer } from "../../host/metering/writer.ts";
import type { Value } from "./support.ts";

export interface RandomOptions {
  readonly exceptions: "none" | "legacy" | "tables";
}

export interface RandomModule {
  readonly bytes: Uint8Array;
  readonly calls: readonly { readonly name: string; readonly values: readonly Value[] }[];
}

const I32 = TYPE.i32;
const NUMBERS = [TYPE.i32, TYPE.i64, TYPE.f32, TYPE.f64] as const;

/** A small seeded generator (mulberry32). */
export function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

interface Signature {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

interface Label {
  /** What a branch to it carries. */
  readonly types: readonly number[];
  readonly handler?: boolean;
}

const FUNCTIONS = 5;

/** Makes a module of five functions of about `size` statements each, and calls of them. */
export function randomModule(seed: number, size: number, options: RandomOptions): RandomModule {
  const random = generator(seed);
  const types = (most: number): number[] =>
    Array.from({ length: random(most + 1) }, () => NUMBERS[random(4)] as number);
  const signatures = Array.from({ length: FUNCTIONS }, () => ({ parameters: types(3), results: types(2) }));
  const bodies = signatures.map((_, index) => new FunctionMaker(random, signatures, index, size, options).make());
  const calls = Array.from({ length: 8 }, () => {
    const index = random(FUNCTIONS);
    const { parameters } = signatures[index] as Signature;
    const values = parameters.map(
      (type): Value => (type === TYPE.i64 ? BigInt(random(1000) - 500) : random(1000) - 500),
    );
    return { name: `f${index}`, values };
  });
  return { bytes: assemble(signatures, bodies, options), calls };
}

class FunctionMaker {
  readonly #random: (below: number) => number;
  readonly #signatures: readonly Signature[];
  readonly #index: number;
  readonly #options: RandomOptions;
  readonly #out = new Writer(512);
  readonly #locals: number[];
  readonly #labels: Label[];
  #budget: number;
  /** Locals that count the rounds of loops; they stand behind the others. */
  readonly #counters: number[] = [];

  constructor(
    random: (below: number) => number,
    signatures: readonly Signature[],
    index: number,
    size: number,
    options: RandomOptions,
  ) {
    this.#random = random;
    this.#signatures = signatures;
    this.#index = index;
    this.#options = options;
    this.#budget = 1 + random(size);
    const own = signatures[index] as Signature;
    this.#locals = [...own.parameters, ...Array.from({ length: random(5) }, () => NUMBERS[random(4)] as number)];
    this.#labels = [{ types: own.results }];
  }

  make(): Uint8Array {
    const { parameters, results } = this.#signatures[this.#index] as Signature;
    this.#statements(4);
    for (const type of results) this.#value(type, 3);
    const declared = [...this.#locals.slice(parameters.length), ...this.#counters.map(() => I32)];
    const whole = new Writer(this.#out.length + 64);
    whole.u32(declared.length);
    for (const type of declared) whole.u8u8(1, type);
    whole.raw(this.#out.view());
    whole.u8(OP.end);
    return whole.bytes();
  }

  #chance(oneIn: number): boolean {
    return this.#random(oneIn) === 0;
  }

  #statements(depth: number): void {
    const count = 1 + this.#random(4);
    for (let i = 0; i < count && this.#budget > 0; i++) {
      this.#budget--;
      this.#statement(depth);
    }
  }

  #statement(depth: number): void {
    const out = this.#out;
    switch (this.#random(depth > 0 ? 16 : 7)) {
      case 0:
      case 1:
      case 2:
        this.#setLocal();
        return;
      case 3:
        this.#store();
        return;
      case 4:
        this.#value(I32, 2);
        out.op(OP.globalSet, 0);
        return;
      case 5:
        this.#call(depth, false);
        return;
      case 6:
        this.#conditionalBranch();
        return;
      case 7:
      case 8:
        this.#branching(depth);
        return;
      case 9:
        this.#loop(depth);
        return;
      case 10:
        this.#block(depth);
        return;
      case 11:
        this.#switch(depth);
        return;
      case 12:
        this.#bulk();
        return;
      case 13:
        this.#exceptional(depth);
        return;
      case 14:
        this.#leave();
        return;
      default:
        this.#value(NUMBERS[this.#random(4)] as number, 3);
        out.u8(OP.drop);
    }
  }

  #setLocal(): void {
    if (this.#locals.length === 0) return;
    const index = this.#random(this.#locals.length);
    this.#value(this.#locals[index] as number, 3);
    this.#out.op(OP.localSet, index);
  }

  #address(): void {
    this.#value(I32, 1);
    if (this.#chance(12)) return;
    this.#i32(0xffff);
    this.#out.u8(0x71); // i32.and
  }

  #i32(value: number): void {
    this.#out.u8(OP.i32Const);
    this.#out.s64(value);
  }

  #store(): void {
    const type = this.#random(4);
    this.#address();
    this.#value(NUMBERS[type] as number, 2);
    this.#out.u8(0x36 + type);
    this.#out.u8u8(0, 0);
  }

  #branchTo(index: number, types: readonly number[]): void {
    for (const type of types) this.#value(type, 1);
    this.#out.op(OP.br, index);
  }

  #label(accept: (label: Label) => boolean): number | undefined {
    const index = this.#random(this.#labels.length);
    const label = this.#labels[this.#labels.length - 1 - index];
    return label !== undefined && accept(label) ? index : undefined;
  }

  #conditionalBranch(): void {
    const index = this.#label((label) => !label.handler);
    if (index === undefined) return;
    const { types } = this.#labels[this.#labels.length - 1 - index] as Label;
    for (const type of types) this.#value(type, 1);
    this.#value(I32, 2);
    this.#out.op(OP.brIf, index);
    for (const _ of types) this.#out.u8(OP.drop);
  }

  #inside(label: Label, write: () => void): void {
    this.#labels.push(label);
    write();
    this.#labels.pop();
  }

  #branching(depth: number): void {
    const out = this.#out;
    this.#value(I32, 2);
    out.u8u8(OP.if, TYPE.empty);
    this.#inside({ types: [] }, () => {
      this.#statements(depth - 1);
      if (this.#chance(2)) return;
      out.u8(OP.else);
      this.#statements(depth - 1);
    });
    out.u8(OP.end);
  }

  #loop(depth: number): void {
    const out = this.#out;
    const counter = this.#locals.length + this.#counters.length;
    this.#counters.push(counter);
    this.#i32(0);
    out.op(OP.localSet, counter);
    out.u8u8(OP.loop, TYPE.empty);
    // no random branch goes to a loop: it would not end
    this.#inside({ types: [], handler: true }, () => this.#statements(depth - 1));
    out.op(OP.localGet, counter);
    this.#i32(1);
    out.u8(OP.i32Add);
    out.op(OP.localTee, counter);
    this.#i32(1 + this.#random(12));
    out.u8(0x49); // i32.lt_u
    out.op(OP.brIf, 0);
    out.u8(OP.end);
  }

  #block(depth: number): void {
    const out = this.#out;
    if (this.#chance(2)) {
      out.u8u8(OP.block, TYPE.empty);
      this.#inside({ types: [] }, () => this.#statements(depth - 1));
      out.u8(OP.end);
      return;
    }
    const type = NUMBERS[this.#random(4)] as number;
    out.u8u8(OP.block, type);
    this.#inside({ types: [type] }, () => {
      this.#statements(depth - 1);
      this.#value(type, 1);
    });
    out.u8u8(OP.end, OP.drop);
  }

  #switch(depth: number): void {
    const out = this.#out;
    const arms = 1 + this.#random(4);
    for (let i = 0; i < arms; i++) {
      out.u8u8(OP.block, TYPE.empty);
      this.#labels.push({ types: [] });
    }
    if (this.#chance(2)) this.#conditionalBranch();
    this.#value(I32, 1);
    out.op(OP.brTable, arms);
    for (let i = 0; i < arms; i++) out.u32(this.#random(arms));
    out.u32(arms - 1);
    for (let i = 0; i < arms; i++) {
      out.u8(OP.end);
      this.#labels.pop();
      this.#statements(depth - 2);
    }
  }

  #bulk(): void {
    const out = this.#out;
    const grows = this.#chance(4);
    if (grows) {
      this.#value(I32, 1);
      if (!this.#chance(8)) {
        this.#i32(1);
        out.u8(0x71);
      }
      out.u8u8(OP.memoryGrow, 0);
      out.u8(OP.drop);
      return;
    }
    this.#address();
    this.#value(I32, 1);
    this.#i32(0x3ff);
    out.u8(0x71);
    this.#size();
    out.u8(OP.bulkPrefix);
    if (this.#chance(2)) out.u8u8(11, 0);
    else {
      out.u8u8(10, 0);
      out.u8(0);
    }
  }

  #size(): void {
    if (this.#chance(2)) {
      this.#i32(this.#random(300));
      return;
    }
    this.#value(I32, 1);
    this.#i32(0xff);
    this.#out.u8(0x71);
  }

  #exceptional(depth: number): void {
    if (this.#options.exceptions === "none") {
      this.#statement(depth - 1);
      return;
    }
    if (this.#chance(3)) {
      this.#value(I32, 1);
      this.#out.op(OP.throw, 0);
      this.#out.u8u8(OP.unreachable, OP.unreachable);
      return;
    }
    if (this.#options.exceptions === "legacy") this.#legacyTry(depth);
    else this.#tryTable(depth);
  }

  #legacyTry(depth: number): void {
    const out = this.#out;
    out.u8u8(OP.try, TYPE.empty);
    this.#inside({ types: [] }, () => {
      this.#statements(depth - 1);
      if (this.#chance(2)) {
        out.op(OP.catch, 0);
        out.u8(OP.drop);
      } else out.u8(OP.catchAll);
      this.#statements(depth - 1);
    });
    out.u8(OP.end);
  }

  #tryTable(depth: number): void {
    const out = this.#out;
    out.u8u8(OP.block, I32);
    this.#inside({ types: [I32] }, () => {
      out.u8u8(OP.tryTable, TYPE.empty);
      out.u32(1);
      out.u8u8(0, 0);
      out.u32(0);
      this.#inside({ types: [] }, () => this.#statements(depth - 1));
      out.u8(OP.end);
      this.#value(I32, 1);
    });
    out.u8u8(OP.end, OP.drop);
  }

  #leave(): void {
    const out = this.#out;
    switch (this.#random(12)) {
      case 0:
        out.u8(OP.unreachable);
        return;
      case 1:
      case 2:
        for (const type of (this.#labels[0] as Label).types) this.#value(type, 1);
        out.u8(OP.return);
        return;
      case 3:
        this.#call(1, true);
        return;
      default: {
        const index = this.#label((label) => !label.handler);
        if (index !== undefined) this.#branchTo(index, (this.#labels[this.#labels.length - 1 - index] as Label).types);
      }
    }
  }

  // mostly of functions further on, so that most calls end
  #callee(): number {
    const ahead = this.#signatures.length - this.#index - 1;
    if (ahead === 0 || this.#chance(12)) return this.#random(this.#signatures.length);
    return this.#index + 1 + this.#random(ahead);
  }

  #call(depth: number, tail: boolean): void {
    const out = this.#out;
    const callee = this.#callee();
    const { parameters, results } = this.#signatures[callee] as Signature;
    const own = (this.#labels[0] as Label).types;
    if (tail && (results.length !== own.length || results.some((type, i) => type !== own[i]))) return;
    for (const type of parameters) this.#value(type, Math.min(depth, 1));
    if (this.#chance(3)) {
      this.#i32(this.#chance(10) ? this.#random(8) : callee);
      out.op(tail ? OP.returnCallIndirect : OP.callIndirect, callee);
      out.u8(0);
    } else out.op(tail ? OP.returnCall : OP.call, callee);
    if (tail) return;
    for (const _ of results) out.u8(OP.drop);
  }

  #value(type: number, depth: number): void {
    const matching = this.#locals.flatMap((local, index) => (local === type ? [index] : []));
    if (depth > 0 && !this.#chance(3)) {
      this.#operation(type, depth - 1);
      return;
    }
    if (matching.length > 0 && !this.#chance(3)) {
      this.#out.op(OP.localGet, matching[this.#random(matching.length)] as number);
      return;
    }
    this.#constant(type);
  }

  #constant(type: number): void {
    const out = this.#out;
    const value = this.#random(200) - 100;
    switch (type) {
      case TYPE.i32:
        this.#i32(value);
        return;
      case TYPE.i64:
        out.u8(OP.i64Const);
        out.s64(value);
        return;
      case TYPE.f32:
        out.u8(OP.f32Const);
        out.raw(new Uint8Array(Float32Array.of(value / 7).buffer));
        return;
      default:
        out.u8(OP.f64Const);
        out.raw(new Uint8Array(Float64Array.of(value / 7).buffer));
    }
  }

  #operation(type: number, depth: number): void {
    const out = this.#out;
    const kind = this.#random(10);
    if (kind === 0) {
      this.#address();
      out.u8([0x28, 0x29, 0x2a, 0x2b][NUMBERS.indexOf(type as never)] as number);
      out.u8u8(0, 0);
    } else if (kind === 1) this.#choice(type, depth);
    else if (kind === 2) this.#conversion(type, depth);
    else if (kind === 3 && type === I32) out.op(OP.globalGet, 0);
    else this.#arithmetic(type, depth);
  }

  #choice(type: number, depth: number): void {
    const out = this.#out;
    if (this.#chance(2)) {
      this.#value(type, depth);
      this.#value(type, depth);
      this.#value(I32, depth);
      out.u8(OP.select);
      return;
    }
    this.#value(I32, depth);
    out.u8u8(OP.if, type);
    this.#inside({ types: [type] }, () => {
      this.#value(type, depth);
      out.u8(OP.else);
      this.#value(type, depth);
    });
    out.u8(OP.end);
  }

  // to i32 from i64 and floats (which can trap), and so on
  #conversion(type: number, depth: number): void {
    const rows: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
      [TYPE.i32]: [
        [TYPE.i64, 0xa7],
        [TYPE.f32, 0xa8],
        [TYPE.f64, 0xaa],
        [TYPE.f32, 0xbc],
        [TYPE.f64, 0x63],
        [TYPE.i64, 0x53],
      ],
      [TYPE.i64]: [
        [TYPE.i32, 0xac],
        [TYPE.f64, 0xb0],
        [TYPE.f64, 0xbd],
      ],
      [TYPE.f32]: [
        [TYPE.i32, 0xb2],
        [TYPE.f64, 0xb6],
        [TYPE.i32, 0xbe],
      ],
      [TYPE.f64]: [
        [TYPE.i32, 0xb7],
        [TYPE.f32, 0xbb],
        [TYPE.i64, 0xbf],
      ],
    };
    const choices = rows[type] ?? [];
    const [from, op] = choices[this.#random(choices.length)] ?? [type, 0];
    this.#value(from, depth);
    if (op === 0x63 || op === 0x53) this.#value(from, depth);
    this.#out.u8(op);
  }

  #arithmetic(type: number, depth: number): void {
    const ranges: Readonly<Record<number, readonly [number, number]>> = {
      [TYPE.i32]: [0x6a, 15],
      [TYPE.i64]: [0x7c, 15],
      [TYPE.f32]: [0x92, 7],
      [TYPE.f64]: [0xa0, 7],
    };
    const [first, count] = ranges[type] as readonly [number, number];
    this.#value(type, depth);
    this.#value(type, depth);
    this.#out.u8(first + this.#random(count));
  }
}

function assemble(signatures: readonly Signature[], bodies: readonly Uint8Array[], options: RandomOptions): Uint8Array {
  const out = new Writer(4096);
  out.raw(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const section = (id: number, write: (part: Writer) => void): void => {
    const part = new Writer(256);
    write(part);
    out.u8(id);
    out.sized(part.view());
  };
  section(1, (part) => {
    part.u32(signatures.length + 1);
    for (const { parameters, results } of [...signatures, { parameters: [I32], results: [] }]) {
      part.u8(0x60);
      part.sized(Uint8Array.from(parameters));
      part.sized(Uint8Array.from(results));
    }
  });
  section(3, (part) => part.sized(Uint8Array.from(signatures.keys())));
  section(4, (part) => part.raw(Uint8Array.of(1, TYPE.funcref, 0, 8)));
  section(5, (part) => part.raw(Uint8Array.of(1, 0, 1)));
  if (options.exceptions !== "none") section(13, (part) => part.raw(Uint8Array.of(1, 0, signatures.length)));
  section(6, (part) => part.raw(Uint8Array.of(1, I32, 1, OP.i32Const, 0, OP.end)));
  section(7, (part) => {
    part.u32(signatures.length + 1);
    for (const index of signatures.keys()) {
      part.text(`f${index}`);
      part.u8u8(0, index);
    }
    part.text("memory");
    part.u8u8(2, 0);
  });
  section(9, (part) => {
    part.raw(Uint8Array.of(1, 0, OP.i32Const, 0, OP.end));
    part.sized(Uint8Array.from(signatures.keys()));
  });
  section(10, (part) => {
    part.u32(bodies.length);
    for (const body of bodies) part.sized(body);
  });
  return out.bytes();
}
