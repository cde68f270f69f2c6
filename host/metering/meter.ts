// What meters one call while it runs: the globals that the metered modules of a component share.
// It must not know how modules were rewritten.

import { LimitError } from "../errors.ts";
import type { MeteredModule, TracedModule } from "./metered-module.ts";
import { explainTrap, type TrapReport } from "./trap.ts";
import {
  DEPTH_GUARD,
  FUEL_GUARD,
  FUEL_SHIFT,
  MAX_FUEL,
  MAX_STACK_BYTES,
  METER_GLOBALS,
  METER_MODULE,
  STACK_UNIT,
} from "./word.ts";

/** What one call may take. `memoryBytes` and `tableElements` are for all memories and all tables of the call together. */
export interface MeterBudget {
  /** At most 2^49: more is cut to that, about six days of a fast machine. */
  readonly fuel: bigint;
  /** Call depth in abstract frame bytes, at most 512 KiB. */
  readonly stackBytes: number;
  readonly memoryBytes: number;
  readonly tableElements: number;
}

const PAGE_BYTES = 65_536;
const MAX_U32 = 0xffff_ffff;
const SHIFT = BigInt(FUEL_SHIFT);
const I64 = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Counts and bounds one component call; every module of the component shares it. */
export class Meter {
  readonly #word: WebAssembly.Global<"i64">;
  readonly #pages: WebAssembly.Global<"i32">;
  readonly #elements: WebAssembly.Global<"i32">;
  readonly #state: WebAssembly.Global<"i32">;
  /** The fuel field of the word when nothing was used: 2^49 - budget. */
  #zero: bigint;
  /** The stack field of the word when no guest code runs. */
  readonly #ground: bigint;
  #stoppedAt: bigint | undefined;

  constructor(budget: MeterBudget) {
    const fuel = clamp(budget.fuel, MAX_FUEL);
    const stack = Math.floor(Math.max(0, Math.min(budget.stackBytes, MAX_STACK_BYTES)) / STACK_UNIT);
    this.#zero = MAX_FUEL - fuel;
    this.#ground = BigInt(DEPTH_GUARD - stack);
    this.#word = new WebAssembly.Global({ value: "i64", mutable: true }, I64((this.#zero << SHIFT) | this.#ground));
    this.#pages = i32(Math.floor(budget.memoryBytes / PAGE_BYTES));
    this.#elements = i32(budget.tableElements);
    this.#state = i32(0);
  }

  /** The imports of a core module, with what its metered form needs besides; to be called for every core module of the call. */
  imports(existing: WebAssembly.Imports = {}): WebAssembly.Imports {
    const globals = [this.#word, this.#pages, this.#elements, this.#state];
    const entries = METER_GLOBALS.map(({ name }, index) => [name, globals[index]] as const);
    return { ...existing, [METER_MODULE]: Object.fromEntries(entries) as WebAssembly.ModuleImports };
  }

  /** Takes what a module starts with from the limits; to be called before each instantiation. Errors: `MEMORY_LIMIT`. */
  admitModule(module: Pick<MeteredModule, "memories" | "tables">): void {
    const pages = module.memories.reduce((sum, memory) => sum + memory.min, 0);
    const left = this.#pages.value >>> 0;
    if (pages > left) {
      const asked = pages * PAGE_BYTES;
      throw new LimitError(
        "MEMORY_LIMIT",
        `the tool starts with ${asked} bytes of memory`,
        "memory",
        left * PAGE_BYTES,
      );
    }
    const elements = module.tables.reduce((sum, table) => sum + table.min, 0);
    const free = this.#elements.value >>> 0;
    if (elements > free) {
      throw new LimitError("MEMORY_LIMIT", `the tool starts with ${elements} table elements`, "table_elements", free);
    }
    this.#pages.value = left - pages;
    this.#elements.value = free - elements;
  }

  get #field(): bigint {
    return BigInt.asUintN(64, this.#word.value) >> SHIFT;
  }

  /** The fuel used so far: exact while the host is called, after completion and exhaustion; after another trap, what the last border saw. */
  get consumed(): bigint {
    return (this.#stoppedAt ?? this.#field) - this.#zero;
  }

  /** The fuel left; 0 when more than the budget is used. */
  get remaining(): bigint {
    const left = MAX_FUEL - (this.#stoppedAt ?? this.#field);
    return left < 0n ? 0n : left;
  }

  /** Gives more fuel, up to a budget of 2^49 in all; from a host function, or between calls. */
  add(fuel: bigint): void {
    const given = clamp(fuel, this.#zero);
    if (this.#stoppedAt !== undefined) return;
    this.#zero -= given;
    this.#word.value = I64(BigInt.asUintN(64, this.#word.value) - (given << SHIFT));
  }

  /** Whether the host has stopped the call. */
  get stopped(): boolean {
    return this.#stoppedAt !== undefined;
  }

  /** Ends the call from a host function: the guest traps when it is returned to, or at its next check, whatever it catches. */
  stop(): void {
    this.#stoppedAt ??= this.#field;
    this.#word.value = I64(FUEL_GUARD | BigInt(DEPTH_GUARD));
  }

  /** Forgets the frames of a call that ended by a trap or an exception, for hosts that go on with its instances; only while no guest code runs. */
  unwind(): void {
    if (this.stopped) return;
    this.#word.value = I64((this.#field << SHIFT) | this.#ground);
    this.#state.value = 0;
  }

  /** What ended the call, when `thrown` came out of a metered module: the limit that was met, or the trap; nothing for other errors. */
  explain(thrown: unknown, modules: readonly TracedModule[] = []): TrapReport | undefined {
    const word = BigInt.asUintN(64, this.#word.value);
    return explainTrap(thrown, {
      state: this.#state.value,
      fuelUsedUp: (word & FUEL_GUARD) !== 0n,
      stackUsedUp: (word & BigInt(DEPTH_GUARD)) !== 0n,
      stopped: this.stopped,
      fuel: this.consumed,
      modules,
    });
  }
}

function clamp(value: bigint, most: bigint): bigint {
  if (value < 0n) return 0n;
  return value < most ? value : most;
}

function i32(value: number): WebAssembly.Global<"i32"> {
  const bounded = Math.max(0, Math.min(value, MAX_U32));
  return new WebAssembly.Global({ value: "i32", mutable: true }, bounded | 0);
}
