// What a JSONPath query is made of (RFC 9535).
// Knows neither how queries are written nor what they select from.

import { Machine } from "../../sdk/assembly/regex/machine";
import { Value } from "./value";

/** How a selector selects. */
export const enum SelectorKind {
  Name,
  Wildcard,
  Index,
  Slice,
  Filter,
}

/** One selector of a segment. */
export class Selector {
  name: string = "";
  /** An index, or the start of a slice. */
  start: i64 = 0;
  end: i64 = 0;
  step: i64 = 1;
  hasStart: bool = false;
  hasEnd: bool = false;
  filter: Expression | null = null;

  constructor(public kind: SelectorKind) {}
}

/** `.name`, `[...]`, or the same behind `..`. */
export class Segment {
  selectors: Selector[] = [];

  constructor(public descends: bool) {}
}

/** A query from the root, or from the node that a filter looks at. */
export class Query {
  segments: Segment[] = [];

  constructor(public isRelative: bool) {}

  /** Whether it can select one node at most. */
  get isSingular(): bool {
    for (let i = 0; i < this.segments.length; i++) {
      const segment = this.segments[i];
      if (segment.descends || segment.selectors.length != 1) return false;
      const kind = segment.selectors[0].kind;
      if (kind != SelectorKind.Name && kind != SelectorKind.Index) return false;
    }
    return true;
  }
}

/** What an expression is. */
export const enum ExpressionKind {
  Or,
  And,
  Not,
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Literal,
  Query,
  Length,
  Count,
  Value,
  Match,
  Search,
}

/** A part of a filter. */
export class Expression {
  parts: Expression[] = [];
  literal: Value | null = null;
  query: Query | null = null;
  /** The last pattern of a `match` or `search`, and what became of it. */
  pattern: string | null = null;
  machine: Machine | null = null;

  constructor(public kind: ExpressionKind) {}

  /** Whether it has a value that can be compared. */
  get isValue(): bool {
    const kind = this.kind;
    if (kind == ExpressionKind.Query) return this.query!.isSingular;
    return kind == ExpressionKind.Literal || (kind >= ExpressionKind.Length && kind <= ExpressionKind.Value);
  }

  /** Whether it is true or false. */
  get isTest(): bool {
    const kind = this.kind;
    return kind < ExpressionKind.Literal || kind == ExpressionKind.Query || kind >= ExpressionKind.Match;
  }
}
