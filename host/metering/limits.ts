// How large and how deep a module may be before it is refused, and the options of the rewriter.
// It must not know how a module is read.

/** What one core module may be made of. */
export interface ModuleLimits {
  readonly functionBodyBytes: number;
  readonly nesting: number;
  readonly localsPerFunction: number;
  readonly locals: number;
  readonly functions: number;
  readonly branchTableTargets: number;
  readonly tableElements: number;
  readonly exports: number;
  readonly imports: number;
  readonly nameBytes: number;
}

/** The limits when none are given; those of admission are handed over by who admits. */
export const MODULE_LIMITS: ModuleLimits = {
  functionBodyBytes: 1024 * 1024,
  nesting: 1000,
  localsPerFunction: 10_000,
  locals: 1_000_000,
  functions: 100_000,
  branchTableTargets: 10_000,
  tableElements: 100_000,
  exports: 1000,
  imports: 1000,
  nameBytes: 1024,
};

/**
 * How functions hand the meter word to each other. `registers`: as an extra parameter and an extra result.
 * `globals`: through the shared global, around every call; the reference that `registers` is compared with.
 */
export type Scheme = "registers" | "globals";

export interface MeterOptions {
  /** Default `registers`; modules that need `globals` get it whatever is asked for. */
  readonly scheme?: Scheme;
  /** Count fuel and stop at the budget. Default true. */
  readonly fuel?: boolean;
  /** Bound the call depth. Default true. */
  readonly depth?: boolean;
  /** Bound the growth of memories and tables. Default true. */
  readonly growth?: boolean;
  /** Give every NaN that arithmetic makes the same bits. Default true. */
  readonly nan?: boolean;
  /** Write relaxed vector operators in the specification's deterministic form, instead of refusing them. Default false. */
  readonly relaxedSimd?: boolean;
  /** Drop every custom section. Default true; otherwise those that no rewriting can spoil are kept. */
  readonly strip?: boolean;
  /** Replace the names of imports and exports by `i0, i1, ...` and `e0, e1, ...` instead of checking them. Default false. */
  readonly rename?: boolean;
  /** Keep, in a custom section, where each piece of code came from, so that traps are told with the byte of the original. Default false. */
  readonly offsets?: boolean;
  /** What trap reports call this module where a component has several: at most 64 letters, digits and `_ . -`. With `strip` only. */
  readonly label?: string;
  /** Ask the engine whether the module is valid before it is trusted. Default true; turn it off only for bytes already validated. */
  readonly validate?: boolean;
  /** Where the module starts in its file: added to the offsets of errors. Default 0. */
  readonly offsetBase?: number;
  readonly limits?: Partial<ModuleLimits>;
}
