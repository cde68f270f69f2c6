// The words of reading a document: a plan or a scope as text or as a value, and what is wrong with it and where.
// It must not know what a plan or a scope is.

import type { JsonValue } from "../../contract/types.ts";

/** A document as it was handed over: the text of a JSON or YAML file, named, or data that is already in memory. */
export type Source = { readonly text: string; readonly file: string } | { readonly value: unknown };

/** A place in a document: a value, or the key of one. */
export interface Place {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  readonly on: "key" | "value";
}

/** Something that is wrong with a document as such: with its syntax, its size, or its shape. */
export interface Problem extends Place {
  readonly message: string;
  /** One concrete change that would help. */
  readonly hint: string;
  /** Where in the text, when the pointer cannot say it. */
  readonly offset?: number;
}

/** Where something is: a number to sort by, and line and column from 1 (columns in UTF-16 units); both null for a document that has no text. */
export interface Located {
  readonly order: number;
  readonly line: number | null;
  readonly column: number | null;
}

export interface SourceDocument {
  /** As the source named it; null when it came as a value. */
  readonly file: string | null;
  /** Plain JSON data, deep-frozen; undefined when the source could not be read as a whole. */
  readonly value: JsonValue | undefined;
  readonly problems: readonly Problem[];
  /** Where each of these is, in one pass over the source. A place that is not there is located at its nearest ancestor. */
  locate(places: readonly (Place & { readonly offset?: number })[]): readonly Located[];
}

/** What a document may be made of. */
export interface DocumentLimits {
  readonly sourceBytes: number;
  readonly yamlSourceBytes: number;
  readonly values: number;
  readonly literalBytes: number;
  readonly nesting: number;
}
