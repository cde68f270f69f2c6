// Whether a filter holds for a node (RFC 9535, sections 2.3.5 and 2.4).
// Knows nothing of how filters are written.

import { compareCodePoints } from "../../sdk/assembly/compare";
import { Machine } from "../../sdk/assembly/regex/machine";
import { compile } from "../../sdk/assembly/regex/regex";
import { Expression, ExpressionKind } from "./path-syntax";
import { Node, Selection } from "./select";
import { Kind, Value } from "./value";

/** Whether `expression` holds, `@` being `node`. */
export function evaluate(expression: Expression, node: Node, selection: Selection): bool {
  const parts = expression.parts;
  switch (expression.kind) {
    case ExpressionKind.Or:
      for (let i = 0; i < parts.length; i++) {
        if (evaluate(parts[i], node, selection)) return true;
      }
      return false;
    case ExpressionKind.And:
      for (let i = 0; i < parts.length; i++) {
        if (!evaluate(parts[i], node, selection)) return false;
      }
      return true;
    case ExpressionKind.Not:
      return !evaluate(parts[0], node, selection);
    case ExpressionKind.Query:
      return selection.nodesOf(expression.query!, node).length > 0;
    case ExpressionKind.Match:
    case ExpressionKind.Search:
      return matches(expression, valueOf(parts[0], node, selection), valueOf(parts[1], node, selection));
    default:
      return compare(expression.kind, valueOf(parts[0], node, selection), valueOf(parts[1], node, selection));
  }
}

/** The value of an expression; null for nothing. */
function valueOf(expression: Expression, node: Node, selection: Selection): Value | null {
  switch (expression.kind) {
    case ExpressionKind.Literal:
      return expression.literal;
    case ExpressionKind.Length:
      return lengthOf(valueOf(expression.parts[0], node, selection));
    case ExpressionKind.Count:
      return Value.ofNumber(selection.nodesOf(expression.parts[0].query!, node).length);
    default:
      const query = expression.kind == ExpressionKind.Query ? expression.query! : expression.parts[0].query!;
      const nodes = selection.nodesOf(query, node);
      return nodes.length == 1 ? nodes[0].value : null;
  }
}

function lengthOf(value: Value | null): Value | null {
  if (value === null || value.kind < Kind.String) return null;
  if (value.kind != Kind.String) return Value.ofNumber(value.count);
  let length = 0;
  for (let i = 0; i < value.text.length; i++) length += i32((value.text.charCodeAt(i) & 0xfc00) != 0xdc00);
  return Value.ofNumber(length);
}

function compare(kind: ExpressionKind, left: Value | null, right: Value | null): bool {
  switch (kind) {
    case ExpressionKind.Equal:
      return equal(left, right);
    case ExpressionKind.NotEqual:
      return !equal(left, right);
    case ExpressionKind.Less:
      return less(left, right);
    case ExpressionKind.LessOrEqual:
      return less(left, right) || equal(left, right);
    case ExpressionKind.Greater:
      return less(right, left);
    default:
      return less(right, left) || equal(left, right);
  }
}

function equal(left: Value | null, right: Value | null): bool {
  if (left === null || right === null) return left === null && right === null;
  return left.equals(right);
}

function less(left: Value | null, right: Value | null): bool {
  if (left === null || right === null || left.kind != right.kind) return false;
  if (left.kind == Kind.Number) return left.number < right.number;
  return left.kind == Kind.String && compareCodePoints(left.text, right.text) < 0;
}

function matches(expression: Expression, text: Value | null, pattern: Value | null): bool {
  if (text === null || pattern === null || text.kind != Kind.String || pattern.kind != Kind.String) return false;
  if (expression.pattern === null || expression.pattern! != pattern.text) {
    expression.pattern = pattern.text;
    expression.machine = machineOf(pattern.text, expression.kind == ExpressionKind.Match);
  }
  const machine = expression.machine;
  const address = changetype<usize>(text.text);
  return machine !== null && machine.test(address, address + (<usize>text.text.length << 1));
}

/** What is no pattern matches nothing. A dot is any character but a line end (RFC 9485). */
function machineOf(pattern: string, whole: bool): Machine | null {
  let translated = "";
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const unit = pattern.charCodeAt(i);
    if (unit == 0x5c) translated += pattern.charAt(i++);
    else if (unit == 0x5b) inClass = true;
    else if (unit == 0x5d) inClass = false;
    translated += unit == 0x2e && !inClass ? "[^\\n\\r]" : pattern.charAt(i);
  }
  return compile(whole ? "^(?:" + translated + ")$" : translated).machine;
}
