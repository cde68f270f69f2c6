// WIT as it is written: packages, interfaces and worlds, names unresolved. Knows nothing of what a name refers to.

export const PRIMITIVES = [
  "bool",
  "u8",
  "u16",
  "u32",
  "u64",
  "s8",
  "s16",
  "s32",
  "s64",
  "f32",
  "f64",
  "char",
  "string",
] as const;

export type Primitive = (typeof PRIMITIVES)[number];

/** A type where it is used. */
export type TypeSyntax =
  | { readonly kind: Primitive }
  | { readonly kind: "list" | "option"; readonly element: TypeSyntax }
  | { readonly kind: "result"; readonly ok: TypeSyntax | null; readonly err: TypeSyntax | null }
  | { readonly kind: "tuple"; readonly elements: readonly TypeSyntax[] }
  | { readonly kind: "borrow"; readonly name: string; readonly offset: number }
  | { readonly kind: "name"; readonly name: string; readonly offset: number };

export interface NamedSyntax {
  readonly name: string;
  readonly docs: string;
  readonly type: TypeSyntax;
}

export interface CaseSyntax {
  readonly name: string;
  readonly docs: string;
  readonly type: TypeSyntax | null;
}

export type DefinitionSyntax =
  | { readonly kind: "record"; readonly fields: readonly NamedSyntax[] }
  | { readonly kind: "variant" | "enum" | "flags"; readonly cases: readonly CaseSyntax[] }
  | { readonly kind: "alias"; readonly type: TypeSyntax }
  | { readonly kind: "resource" }
  /** A name of another interface: `use`. */
  | { readonly kind: "use"; readonly path: PathSyntax; readonly name: string };

export interface TypeDeclaration {
  readonly name: string;
  readonly docs: string;
  readonly definition: DefinitionSyntax;
}

/** An interface by its name: of this package, or of another one. */
export interface PathSyntax {
  readonly package: string | null;
  readonly name: string;
  readonly offset: number;
}

export interface FunctionSyntax {
  readonly name: string;
  readonly docs: string;
  /** A function of a resource says which, and how it is called. */
  readonly of: { readonly resource: string; readonly as: "method" | "static" | "constructor" } | null;
  readonly parameters: readonly NamedSyntax[];
  readonly result: TypeSyntax | null;
}

/** What an interface or a world declares. */
export interface Declarations {
  readonly types: readonly TypeDeclaration[];
  readonly functions: readonly FunctionSyntax[];
}

export interface InterfaceSyntax extends Declarations {
  readonly name: string;
  readonly docs: string;
}

export type WorldItem =
  | { readonly kind: "interface"; readonly path: PathSyntax }
  | { readonly kind: "inline"; readonly declared: InterfaceSyntax }
  | { readonly kind: "function"; readonly declared: FunctionSyntax };

export interface WorldSyntax {
  readonly name: string;
  readonly docs: string;
  readonly types: readonly TypeDeclaration[];
  readonly imports: readonly WorldItem[];
  readonly exports: readonly WorldItem[];
  readonly includes: readonly PathSyntax[];
}

export interface PackageSyntax {
  /** `wasi:io@0.2.0`. */
  readonly id: string;
  readonly interfaces: readonly InterfaceSyntax[];
  readonly worlds: readonly WorldSyntax[];
  /** Names for interfaces of other packages: `use wasi:io/streams as s;`. */
  readonly aliases: ReadonlyMap<string, PathSyntax>;
}
