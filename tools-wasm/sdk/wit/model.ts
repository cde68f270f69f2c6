// A world as its bindings see it: interfaces in one direction each, names resolved. Knows nothing of a language.

import type { Primitive } from "./syntax.ts";

/** A type. Two types are the same when they have the same structure, or the same declaration. */
export type Type =
  | { readonly kind: Primitive }
  | { readonly kind: "list" | "option"; readonly element: Type }
  | { readonly kind: "result"; readonly ok: Type | null; readonly err: Type | null }
  | { readonly kind: "tuple"; readonly elements: readonly Type[] }
  | { readonly kind: "handle"; readonly owned: boolean; readonly resource: Declared }
  | { readonly kind: "record"; readonly declared: Declared; readonly fields: readonly Field[] }
  | { readonly kind: "variant" | "enum" | "flags"; readonly declared: Declared; readonly cases: readonly Case[] };

/** Where a named type is declared: the key of its module, and its name. */
export interface Declared {
  readonly module: string;
  readonly name: string;
}

export interface Field {
  readonly name: string;
  readonly docs: string;
  readonly type: Type;
}

export interface Case {
  readonly name: string;
  readonly docs: string;
  readonly type: Type | null;
}

export interface WitFunction {
  readonly name: string;
  readonly docs: string;
  readonly of: { readonly resource: Declared; readonly as: "method" | "static" | "constructor" } | null;
  /** A method's first is its own resource. */
  readonly parameters: readonly Field[];
  readonly result: Type | null;
}

/** A name that an interface offers: a type of its own, or another name for one. */
export interface NamedType {
  readonly name: string;
  readonly docs: string;
  /** A resource, or what the name stands for. */
  readonly type: Type | { readonly kind: "resource"; readonly declared: Declared };
}

/** One interface in one direction, or what a world declares itself. */
export interface Module {
  readonly key: string;
  readonly direction: "import" | "export";
  /** What the component calls it: `wasi:io/streams@0.2.0`; null for the functions of the world itself. */
  readonly interface: string | null;
  /** `acme:words`, where the interface belongs to a package. */
  readonly package: string | null;
  /** The interface's name, or the world's. */
  readonly name: string;
  readonly docs: string;
  readonly types: readonly NamedType[];
  readonly functions: readonly WitFunction[];
}

/** All that a component of a world imports and exports. */
export interface World {
  readonly name: string;
  readonly package: string;
  readonly modules: readonly Module[];
}
