// The result of metering a module.
// It must not know how it was made.

import type { Scheme } from "./limits.ts";
import type { ExternKind, Limits } from "./module.ts";

/** An import or an export by its old and its new name; both are the same unless names were replaced. */
export interface NamedExtern {
  readonly kind: ExternKind;
  /** The module of an import; "" for exports. */
  readonly module: string;
  readonly name: string;
  readonly newModule: string;
  readonly newName: string;
}

/** A core module that counts what it uses. Its imports are the old ones and those that `Meter.imports` adds. */
export interface MeteredModule {
  readonly bytes: Uint8Array;
  /** The scheme that was used; `globals` where `registers` cannot serve. */
  readonly scheme: Scheme;
  /** The memories that the module defines, in pages of 64 KiB. */
  readonly memories: readonly Limits[];
  /** The tables that the module defines, in elements. */
  readonly tables: readonly Limits[];
  /** Whether code runs, and is charged, during instantiation. */
  readonly hasStart: boolean;
  readonly imports: readonly NamedExtern[];
  readonly exports: readonly NamedExtern[];
  /** What `MeterOptions.label` said. */
  readonly label: string | undefined;
  /** The author's names of functions, by function index, from the name section. */
  readonly names: ReadonlyMap<number, string>;
  /** The number of functions of the original; those from here on were appended. */
  readonly functions: number;
  /** How many of these are imported. */
  readonly importedFunctions: number;
}

/** What `Meter.explain` wants to know of a module: as `meter` gave it, or with the compiled module in place of its bytes. */
export interface TracedModule extends Pick<MeteredModule, "label" | "names" | "functions" | "importedFunctions"> {
  readonly bytes: Uint8Array | WebAssembly.Module;
}
