// Patterns -> nodes: the grammar of grep -E and of ECMAScript, as far as both can be matched in linear time.
// Knows nothing of how a pattern is matched.

import { foldCase } from "./case-folding";
import { CharSet, LAST_CODE_POINT } from "./char-set";
import { ClassParser } from "./class-parser";
import { Cursor } from "./cursor";
import { escapedPoint, namedEscape } from "./escapes";
import { Assertion, Node, NodeKind, UNBOUNDED } from "./node";
import { PatternProblem } from "./problem";

const MAX_LENGTH: i32 = 4096;
const MAX_DEPTH: i32 = 100;
const PARENTHESIS: i32 = 0x28;
const MAX_REPEAT: u32 = 1_000_000;

/** A parsed pattern, or what is wrong with it: one of the two is null. */
export class Parsed {
  constructor(
    public node: Node | null,
    public problem: PatternProblem | null,
    /** How many groups are remembered. */
    public groups: i32 = 0,
  ) {}
}

/** Parses a whole pattern; with `captures`, groups are remembered. */
export function parsePattern(pattern: string, captures: bool = false): Parsed {
  const cursor = new Cursor(pattern);
  if (cursor.length > MAX_LENGTH) {
    return new Parsed(null, new PatternProblem(MAX_LENGTH, "it is longer than 4096 characters", true));
  }
  const parser = new Parser(cursor, captures);
  const node = parser.choice(0);
  if (!cursor.failed && cursor.more) cursor.fail(cursor.at, "no group is open here; write \\) for itself");
  return cursor.failed ? new Parsed(null, cursor.problem) : new Parsed(node, null, parser.groups);
}

/** Recursive descent. After a failure every method returns an empty node, and the cursor is at the end. */
class Parser {
  groups: i32 = 0;
  private ignoreCase: bool = false;

  constructor(
    private cursor: Cursor,
    private captures: bool,
  ) {}

  choice(depth: i32): Node {
    const ignoreCase = this.ignoreCase;
    const alternatives = [this.sequence(depth)];
    while (this.cursor.take("|")) alternatives.push(this.sequence(depth));
    this.ignoreCase = ignoreCase;
    return Node.choice(alternatives);
  }

  private sequence(depth: i32): Node {
    const cursor = this.cursor;
    const parts: Node[] = [];
    while (cursor.more && !cursor.isAt("|") && !cursor.isAt(")")) {
      if (this.bareFlag()) continue;
      const start = cursor.at;
      const atom = this.atom(depth);
      parts.push(this.quantified(atom, start));
    }
    return Node.sequence(parts);
  }

  private atom(depth: i32): Node {
    const cursor = this.cursor;
    const start = cursor.at;
    if (cursor.take("(")) return this.group(start, depth);
    if (cursor.take("[")) return Node.ofSet(new ClassParser(cursor, this.ignoreCase).parse(start));
    if (cursor.take(".")) return Node.ofSet(CharSet.of([0, LAST_CODE_POINT]));
    if (cursor.take("^")) return Node.ofAssertion(Assertion.Start);
    if (cursor.take("$")) return Node.ofAssertion(Assertion.End);
    if (cursor.take("\\")) return this.escape(start);
    if (cursor.isAt("*") || cursor.isAt("+") || cursor.isAt("?") || this.atBounds()) {
      return this.fail(start, "there is nothing here to repeat; write \\" + cursor.text(start, 1) + " for itself");
    }
    return this.literal(cursor.next());
  }

  private literal(point: i32): Node {
    const set = CharSet.single(point);
    return Node.ofSet(this.ignoreCase ? foldCase(set) : set);
  }

  private group(start: i32, depth: i32): Node {
    const cursor = this.cursor;
    if (depth == MAX_DEPTH) {
      cursor.failComplex(start, "groups are nested more than 100 deep");
      return Node.empty();
    }
    const outer = this.ignoreCase;
    const plain = !cursor.take("?");
    const remembered = plain || this.atName();
    if (!plain && !this.groupPrefix(start)) return Node.empty();
    const number = remembered ? ++this.groups : 0;
    const inner = this.choice(depth + 1);
    this.ignoreCase = outer;
    if (!cursor.failed && !cursor.take(")")) return this.fail(start, "this group is not closed");
    return remembered && this.captures ? Node.ofGroup(inner, number) : inner;
  }

  /** At `<name>` or `P<name>`, and not at a look-behind. */
  private atName(): bool {
    const cursor = this.cursor;
    const at = cursor.pointAt(cursor.at) == 0x50 ? cursor.at + 1 : cursor.at;
    const second = cursor.pointAt(at + 1);
    return cursor.pointAt(at) == 0x3c && second != 0x3d && second != 0x21;
  }

  /** Takes `(?i)` or `(?-i)`, which holds to the end of the group that it stands in. */
  private bareFlag(): bool {
    if (this.cursor.takeText("(?i)")) this.ignoreCase = true;
    else if (this.cursor.takeText("(?-i)")) this.ignoreCase = false;
    else return false;
    return true;
  }

  /** What follows `(?`; false after a failure. */
  private groupPrefix(start: i32): bool {
    const cursor = this.cursor;
    if (cursor.take(":")) return true;
    if (cursor.isAt("=") || cursor.isAt("!")) return this.refuseLookAround(start);
    cursor.take("P");
    if (cursor.take("<")) {
      if (cursor.isAt("=") || cursor.isAt("!")) return this.refuseLookAround(start);
      return this.groupName(start);
    }
    const off = cursor.take("-");
    if (cursor.take("i")) {
      this.ignoreCase = !off;
      if (cursor.take(":")) return true;
    }
    this.fail(start, "after (? only these are known: (?:...) (?i) (?i:...) (?-i) (?<name>...)");
    return false;
  }

  private refuseLookAround(start: i32): bool {
    this.fail(start, "look-around is not supported: filter twice instead");
    return false;
  }

  private groupName(start: i32): bool {
    while (this.cursor.more) {
      if (this.cursor.take(">")) return true;
      this.cursor.next();
    }
    this.fail(start, "the name of this group is not closed");
    return false;
  }

  private escape(start: i32): Node {
    const cursor = this.cursor;
    if (cursor.take("b")) return Node.ofAssertion(Assertion.WordBoundary);
    if (cursor.take("B")) return Node.ofAssertion(Assertion.NotWordBoundary);
    const set = namedEscape(cursor, this.ignoreCase);
    if (set !== null) return Node.ofSet(set);
    const point = escapedPoint(cursor, start);
    return cursor.failed ? Node.empty() : this.literal(point);
  }

  private quantified(atom: Node, start: i32): Node {
    const cursor = this.cursor;
    const at = cursor.at;
    let least: u32 = 0;
    let most: u32 = UNBOUNDED;
    if (cursor.take("*")) least = 0;
    else if (cursor.take("+")) least = 1;
    else if (cursor.take("?")) most = 1;
    else if (this.atBounds()) {
      cursor.next();
      least = cursor.number(MAX_REPEAT);
      most = least;
      if (cursor.take(",")) most = cursor.isAt("}") ? UNBOUNDED : cursor.number(MAX_REPEAT);
      cursor.next();
    } else return atom;
    const lazy = cursor.take("?");
    if (most < least) return this.fail(at, "the numbers are out of order");
    if (atom.kind == NodeKind.Assertion && cursor.pointAt(start) != PARENTHESIS) return this.fail(start, "this matches no text that could be repeated");
    if (cursor.isAt("*") || cursor.isAt("+") || cursor.isAt("?") || this.atBounds()) {
      return this.fail(cursor.at, "this would repeat a repetition: put the first in (?:...)");
    }
    const node = Node.repeat(atom, least, most);
    node.lazy = lazy;
    return node;
  }

  /** At `{2}`, `{2,}` or `{2,5}`. Any other brace stands for itself, except `{,5}`, which is read in two ways elsewhere. */
  private atBounds(): bool {
    const cursor = this.cursor;
    if (!cursor.isAt("{")) return false;
    let i = cursor.at + 1;
    const digits = cursor.digitsAt(i);
    i += digits;
    const comma = cursor.pointAt(i) == 0x2c;
    if (comma) i += 1 + cursor.digitsAt(i + 1);
    if (cursor.pointAt(i) != 0x7d) return false;
    if (digits > 0) return true;
    if (comma && i > cursor.at + 2) cursor.fail(cursor.at, "write {0,n} for at most n times");
    return false;
  }

  private fail(position: i32, reason: string): Node {
    this.cursor.fail(position, reason);
    return Node.empty();
  }
}
