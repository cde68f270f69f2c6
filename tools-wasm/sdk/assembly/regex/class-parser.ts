// Bracket expressions: `[a-z]`, `[^\d_]`, `[[:alpha:]-]`.
// Knows nothing of the rest of the grammar.

import { foldCase } from "./case-folding";
import { CharSet } from "./char-set";
import { Cursor } from "./cursor";
import { escapedPoint, namedEscape } from "./escapes";
import { posixSet } from "./named-sets";

/** The length of the longest name of a POSIX class. */
const LONGEST_NAME: i32 = 6;

/** Reads one bracket expression. */
export class ClassParser {
  private set: CharSet = new CharSet();

  constructor(
    private cursor: Cursor,
    private ignoreCase: bool,
  ) {}

  /** The set of a bracket expression whose `[`, at `start`, has been read. A `]` that comes first stands for itself. */
  parse(start: i32): CharSet {
    const cursor = this.cursor;
    const negated = cursor.take("^");
    let first = true;
    while (cursor.more && (first || !cursor.isAt("]"))) {
      first = false;
      this.item();
    }
    if (!cursor.take("]")) cursor.fail(start, "this [ is not closed");
    const set = this.ignoreCase ? foldCase(this.set) : this.set;
    return negated ? set.negated() : set;
  }

  /** One character, one range, or one named set. */
  private item(): void {
    const cursor = this.cursor;
    const start = cursor.at;
    const first = this.member();
    if (cursor.failed || !this.atRange()) {
      if (first >= 0) this.set.add(first, first);
      return;
    }
    cursor.next();
    const last = this.member();
    if (cursor.failed) return;
    if (first < 0 || last < 0) cursor.fail(start, "a range needs a single character at each end");
    else if (last < first) cursor.fail(start, "the range is out of order");
    else this.set.add(first, last);
  }

  /** At a dash with something behind it that is not the end of the brackets. */
  private atRange(): bool {
    const next = this.cursor.pointAt(this.cursor.at + 1);
    return this.cursor.isAt("-") && next >= 0 && next != 0x5d;
  }

  /** A character, or -1 when it was a named set, which has been added. */
  private member(): i32 {
    const cursor = this.cursor;
    const start = cursor.at;
    if (cursor.isAt("[") && isPosixMark(cursor.pointAt(start + 1))) return this.posix(start);
    if (!cursor.take("\\")) return cursor.next();
    const named = namedEscape(cursor, this.ignoreCase);
    if (named !== null) {
      this.set.addAll(named);
      return -1;
    }
    if (cursor.take("b")) return 0x08;
    return escapedPoint(cursor, start);
  }

  private posix(start: i32): i32 {
    const cursor = this.cursor;
    if (cursor.takeText("[:")) {
      const from = cursor.at;
      while (cursor.more && !cursor.isAt(":") && !cursor.isAt("]")) cursor.next();
      const set = posixSet(cursor.text(from, min(cursor.at - from, LONGEST_NAME + 1)));
      if (set !== null && cursor.takeText(":]")) {
        this.set.addAll(set);
        return -1;
      }
    }
    cursor.fail(start, "write [:alpha:], [:digit:], [:space:] or another POSIX class, or \\[ for itself");
    return -1;
  }
}

/** After a `[`: the start of `[:alpha:]`, or of what POSIX has besides and this has not. */
function isPosixMark(point: i32): bool {
  return point == 0x3a || point == 0x2e || point == 0x3d;
}
