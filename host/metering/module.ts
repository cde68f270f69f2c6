// A core module as the rewriter sees it: what each section declares, and where its bytes are.
// It must not know how sections are read or written.

/** How many bytes a vector of types takes where, and how many it holds. */
export interface TypeList {
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** How many of them are v128. */
  readonly vectors: number;
}

export interface FunctionType {
  readonly parameters: TypeList;
  readonly results: TypeList;
}

export type ExternKind = "function" | "table" | "memory" | "global" | "tag";

export interface ImportEntry {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
  /** The bytes of its description, kind byte included. */
  readonly start: number;
  readonly end: number;
}

export interface ExportEntry {
  readonly name: string;
  readonly kind: ExternKind;
  readonly index: number;
}

export interface Limits {
  readonly min: number;
  /** Absent when the module declares none. */
  readonly max: number | undefined;
}

export interface TableEntry extends Limits {
  /** Whether it holds functions that `call_indirect` can call. */
  readonly functions: boolean;
  readonly imported: boolean;
  /** The bytes of its element type. */
  readonly start: number;
  readonly end: number;
  /** The bytes of its initial value, an expression, when it has one. */
  readonly initial: { readonly start: number; readonly end: number } | undefined;
}

export interface MemoryEntry extends Limits {
  readonly imported: boolean;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface CustomSection extends Span {
  readonly name: string;
  /** The section that it stood behind; 0 at the start. */
  readonly after: number;
}

/** Everything that rewriting needs to know before it reads the code. */
export interface ModuleInfo {
  readonly types: readonly FunctionType[];
  readonly imports: readonly ImportEntry[];
  readonly exports: readonly ExportEntry[];
  /** The type index of every function, imports first. */
  readonly functions: readonly number[];
  readonly importedFunctions: number;
  readonly tables: readonly TableEntry[];
  readonly memories: readonly MemoryEntry[];
  /** The type index of every tag. */
  readonly tags: readonly number[];
  readonly globals: number;
  readonly importedGlobals: number;
  /** The start function, or -1. */
  readonly start: number;
  readonly sections: ReadonlyMap<number, Span>;
  readonly customs: readonly CustomSection[];
}

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The order in which sections must stand. */
export const SECTION_ORDER: readonly number[] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
