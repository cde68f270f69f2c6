// What a component means to the outside: the entities it imports and exports, with all types resolved.
// It must not know what a tool, an action or a grant is.

import type { WitType } from "../../contract/types.ts";

export interface FunctionShape {
  readonly parameters: readonly { readonly name: string; readonly type: WitType }[];
  readonly result: WitType | null;
}

/** What an index in the space of types stands for. */
export type Defined =
  | { readonly kind: "value"; readonly type: WitType; readonly size: number; readonly depth: number }
  | { readonly kind: "func"; readonly shape: FunctionShape; readonly size: number }
  | { readonly kind: "resource"; readonly name: string }
  /** An instance or component type: `make` gives the exports of an instance of it. */
  | { readonly kind: "shape"; readonly make: (offset: number) => Exports };

export type Exports = ReadonlyMap<string, Entity>;

export type Entity =
  | { readonly sort: "func"; readonly shape: FunctionShape }
  | { readonly sort: "type"; readonly type: Defined }
  | { readonly sort: "instance"; readonly exports: Exports }
  | { readonly sort: "component"; readonly instantiate: (args: Exports, offset: number) => Exports };

export interface Extern {
  readonly name: string;
  readonly entity: Entity;
  readonly offset: number;
}

export interface World {
  readonly imports: readonly Extern[];
  readonly exports: readonly Extern[];
}
