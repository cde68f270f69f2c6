// JSONPath text -> queries (RFC 9535), well-typed or refused.
// Knows nothing of what they select from.

import { PathCursor } from "./path-cursor";
import { Expression, ExpressionKind, Query, Segment, Selector, SelectorKind } from "./path-syntax";
import { Kind, Value } from "./value";

const MAX_DEPTH: i32 = 100;

/** Parses one query; look at `cursor.problem` afterwards. */
export class PathParser {
  cursor: PathCursor;
  private depth: i32 = 0;

  constructor(text: string) {
    this.cursor = new PathCursor(text);
  }

  /** The query that the whole text is. */
  parse(): Query {
    const cursor = this.cursor;
    cursor.expect("$");
    const query = this.query(false);
    if (cursor.more) cursor.fail("a segment starts with . or [");
    return query;
  }

  /** Segments, behind `$` or `@`. Blanks count only where a segment follows. */
  private query(isRelative: bool): Query {
    const cursor = this.cursor;
    const query = new Query(isRelative);
    while (!cursor.failed) {
      const before = cursor.at;
      cursor.skip();
      if (cursor.isAt("[")) query.segments.push(this.bracketed(new Segment(false)));
      else if (cursor.take("..")) query.segments.push(this.behindDots(new Segment(true), true));
      else if (cursor.take(".")) query.segments.push(this.behindDots(new Segment(false), false));
      else {
        cursor.at = before;
        break;
      }
    }
    return query;
  }

  private behindDots(segment: Segment, mayBracket: bool): Segment {
    const cursor = this.cursor;
    if (mayBracket && cursor.isAt("[")) return this.bracketed(segment);
    if (cursor.take("*")) segment.selectors.push(new Selector(SelectorKind.Wildcard));
    else {
      const selector = new Selector(SelectorKind.Name);
      selector.name = cursor.shorthand();
      segment.selectors.push(selector);
    }
    return segment;
  }

  private bracketed(segment: Segment): Segment {
    const cursor = this.cursor;
    if (++this.depth > MAX_DEPTH) cursor.fail("brackets are nested more than 100 deep");
    cursor.expect("[");
    do {
      cursor.skip();
      segment.selectors.push(this.selector());
      cursor.skip();
    } while (cursor.take(","));
    cursor.expect("]");
    this.depth--;
    return segment;
  }

  private selector(): Selector {
    const cursor = this.cursor;
    if (cursor.take("*")) return new Selector(SelectorKind.Wildcard);
    if (cursor.isAt("'") || cursor.isAt('"')) {
      const selector = new Selector(SelectorKind.Name);
      selector.name = cursor.quoted();
      return selector;
    }
    if (!cursor.take("?")) return this.indexOrSlice();
    cursor.skip();
    const selector = new Selector(SelectorKind.Filter);
    selector.filter = this.test(this.or());
    return selector;
  }

  private indexOrSlice(): Selector {
    const cursor = this.cursor;
    const selector = new Selector(SelectorKind.Index);
    selector.hasStart = cursor.atInteger;
    if (selector.hasStart) selector.start = cursor.integer();
    const before = cursor.at;
    cursor.skip();
    if (!cursor.take(":")) {
      cursor.at = before;
      if (!selector.hasStart) cursor.fail("a selector is a name in quotes, an index, a slice, * or ?");
      return selector;
    }
    selector.kind = SelectorKind.Slice;
    cursor.skip();
    selector.hasEnd = cursor.atInteger;
    if (selector.hasEnd) selector.end = cursor.integer();
    const behind = cursor.at;
    cursor.skip();
    if (cursor.take(":")) {
      cursor.skip();
      if (cursor.atInteger) selector.step = cursor.integer();
    } else cursor.at = behind;
    return selector;
  }

  private or(): Expression {
    const first = this.and();
    if (!this.cursor.takeAfterBlanks("||")) return first;
    const or = new Expression(ExpressionKind.Or);
    or.parts.push(this.test(first));
    do {
      this.cursor.skip();
      or.parts.push(this.test(this.and()));
    } while (this.cursor.takeAfterBlanks("||"));
    return or;
  }

  private and(): Expression {
    const first = this.basic();
    if (!this.cursor.takeAfterBlanks("&&")) return first;
    const and = new Expression(ExpressionKind.And);
    and.parts.push(this.test(first));
    do {
      this.cursor.skip();
      and.parts.push(this.test(this.basic()));
    } while (this.cursor.takeAfterBlanks("&&"));
    return and;
  }

  private basic(): Expression {
    const cursor = this.cursor;
    if (++this.depth > MAX_DEPTH) cursor.fail("a filter is nested more than 100 deep");
    let expression: Expression;
    if (cursor.isAt("!") && !cursor.isAt("!=")) {
      cursor.take("!");
      cursor.skip();
      expression = new Expression(ExpressionKind.Not);
      const inner = cursor.isAt("(") ? this.parenthesised() : this.operand();
      expression.parts.push(this.test(inner));
    } else if (cursor.isAt("(")) expression = this.parenthesised();
    else expression = this.comparison(this.operand());
    this.depth--;
    return expression;
  }

  private parenthesised(): Expression {
    const cursor = this.cursor;
    cursor.expect("(");
    cursor.skip();
    const inner = this.test(this.or());
    cursor.skip();
    cursor.expect(")");
    return inner;
  }

  private comparison(left: Expression): Expression {
    const cursor = this.cursor;
    const before = cursor.at;
    cursor.skip();
    const kind = cursor.comparison();
    if (kind < 0) {
      cursor.at = before;
      return left;
    }
    cursor.skip();
    const expression = new Expression(<ExpressionKind>kind);
    expression.parts.push(this.comparable(left));
    expression.parts.push(this.comparable(this.operand()));
    return expression;
  }

  private comparable(expression: Expression): Expression {
    if (!expression.isValue) this.cursor.fail("what is compared is a literal, a query of one node, or length, count or value");
    return expression;
  }

  private test(expression: Expression): Expression {
    if (!expression.isTest) this.cursor.fail("this is a value, not a test: compare it with something");
    return expression;
  }

  private operand(): Expression {
    const cursor = this.cursor;
    if (cursor.failed) return new Expression(ExpressionKind.Literal);
    if (cursor.take("@")) return this.queryExpression(true);
    if (cursor.take("$")) return this.queryExpression(false);
    if (cursor.isAt("'") || cursor.isAt('"')) return literal(new Value(Kind.String, cursor.quoted()));
    if (cursor.atInteger) return literal(new Value(Kind.Number, cursor.number()));
    const word = cursor.word();
    if (word == "true") return literal(new Value(Kind.True));
    if (word == "false") return literal(new Value(Kind.False));
    if (word == "null") return literal(new Value(Kind.Null));
    return this.call(word);
  }

  private queryExpression(isRelative: bool): Expression {
    const expression = new Expression(ExpressionKind.Query);
    expression.query = this.query(isRelative);
    return expression;
  }

  private call(name: string): Expression {
    const cursor = this.cursor;
    let kind = ExpressionKind.Length;
    if (name == "count") kind = ExpressionKind.Count;
    else if (name == "value") kind = ExpressionKind.Value;
    else if (name == "match") kind = ExpressionKind.Match;
    else if (name == "search") kind = ExpressionKind.Search;
    else if (name != "length") cursor.fail("an expression is a query, a literal, or a function: length, count, match, search or value");
    const expression = new Expression(kind);
    cursor.expect("(");
    cursor.skip();
    const wanted = kind >= ExpressionKind.Match ? 2 : 1;
    for (let i = 0; i < wanted && !cursor.failed; i++) {
      if (i > 0) {
        cursor.skip();
        cursor.expect(",");
        cursor.skip();
      }
      const part = this.operand();
      const takesNodes = kind == ExpressionKind.Count || kind == ExpressionKind.Value;
      const fits = takesNodes ? part.kind == ExpressionKind.Query : part.isValue;
      if (!fits) cursor.fail(takesNodes ? "this function takes a query" : "this function takes a value");
      expression.parts.push(part);
    }
    cursor.skip();
    cursor.expect(")");
    return expression;
  }
}

function literal(value: Value): Expression {
  const expression = new Expression(ExpressionKind.Literal);
  expression.literal = value;
  return expression;
}
