// A component binary as data, in the order of the file, indices unresolved (component-model Binary.md).
// It must not know what is allowed; it only says what is written.

import type { PrimitiveKind } from "../../contract/types.ts";
import type { Range } from "./reader.ts";

export type Sort = "core" | "func" | "value" | "type" | "component" | "instance";

/** A type where it is used: a primitive, or an index into the types of its scope. */
export type TypeUse = PrimitiveKind | number;

export interface NamedUse {
  readonly name: string;
  readonly type: TypeUse;
  readonly offset: number;
}

export interface CaseUse {
  readonly name: string;
  readonly type: TypeUse | null;
  readonly offset: number;
}

export type TypeDefinition =
  | { readonly kind: "primitive"; readonly primitive: PrimitiveKind }
  | { readonly kind: "record"; readonly fields: readonly NamedUse[] }
  | { readonly kind: "variant"; readonly cases: readonly CaseUse[] }
  | { readonly kind: "enum" | "flags"; readonly names: readonly { readonly name: string; readonly offset: number }[] }
  | { readonly kind: "list" | "option"; readonly element: TypeUse }
  | { readonly kind: "tuple"; readonly elements: readonly TypeUse[] }
  | { readonly kind: "result"; readonly ok: TypeUse | null; readonly err: TypeUse | null }
  | { readonly kind: "own" | "borrow"; readonly resource: number }
  | { readonly kind: "resource" }
  | { readonly kind: "func"; readonly params: readonly NamedUse[]; readonly result: TypeUse | null }
  /** An instance or component type, by its declarations. */
  | { readonly kind: "shape"; readonly items: readonly Item[] };

/** What an import, or the ascription of an export, is declared to be. */
export type ExternType =
  | { readonly sort: "func" | "instance" | "component"; readonly type: number }
  | { readonly sort: "type"; readonly eq: number | null };

export interface SortIndex {
  readonly sort: Sort;
  readonly index: number;
}

export interface NamedIndex extends SortIndex {
  readonly name: string;
}

/** One entry of a section, or one declaration of an instance or component type. */
export type Item = { readonly offset: number } & (
  | { readonly kind: "custom"; readonly name: string; readonly payload: Range }
  | { readonly kind: "core-module"; readonly module: Range }
  | { readonly kind: "core-instantiate"; readonly names: readonly string[] }
  | { readonly kind: "core-exports"; readonly names: readonly string[] }
  | { readonly kind: "core-alias"; readonly name: string }
  | { readonly kind: "component"; readonly component: ComponentNode }
  | { readonly kind: "instantiate"; readonly component: number; readonly args: readonly NamedIndex[] }
  | { readonly kind: "exports"; readonly exports: readonly NamedIndex[] }
  | { readonly kind: "alias"; readonly sort: Sort; readonly instance: number; readonly name: string }
  | { readonly kind: "outer"; readonly sort: Sort; readonly count: number; readonly index: number }
  | { readonly kind: "type"; readonly type: TypeDefinition }
  | { readonly kind: "lift"; readonly type: number }
  /** A `canon` that makes a core function: nothing for the contract. */
  | { readonly kind: "canon-core" }
  | { readonly kind: "import"; readonly name: string; readonly type: ExternType }
  /** In a component: an index. In a type: only a type. */
  | {
      readonly kind: "export";
      readonly name: string;
      readonly target: SortIndex | null;
      readonly type: ExternType | null;
    }
);

export interface ComponentNode {
  readonly range: Range;
  readonly items: readonly Item[];
}
