// What a match can start with: where a search can skip, and whether it can start anywhere but at the start.
// Knows nothing of how a program is run.

import { CharSet } from "./char-set";
import { Assertion } from "./node";
import { Op, Program } from "./program";

/** The most units that a search skips to. */
const MOST: i32 = 3;

/** What is known of the start of every match of a program. */
export class FirstUnits {
  /** True when a match can only start where the text does. */
  anchored: bool = true;
  /** The units that every match starts with one of, or empty when they are too many or a match may be empty. */
  units: u16[] = [];
  private seen: StaticArray<bool>;
  private points: CharSet = new CharSet();
  private mayBeEmpty: bool = false;

  constructor(private program: Program) {
    this.seen = new StaticArray<bool>(program.length);
    this.visit(true);
    memory.fill(changetype<usize>(this.seen), 0, program.length);
    this.visit(false);
    if (!this.mayBeEmpty) this.collect();
  }

  /** Goes everywhere that can be reached without a character; first not past `^`, then past every assertion. */
  private visit(stopAtStart: bool): void {
    const program = this.program;
    const stack: i32[] = [program.start];
    while (stack.length > 0) {
      const at = stack.pop();
      if (this.seen[at]) continue;
      this.seen[at] = true;
      const op = program.ops[at];
      const arg = program.args[at];
      if (op == Op.Match || op == Op.Set) {
        if (stopAtStart) this.anchored = false;
        else if (op == Op.Match) this.mayBeEmpty = true;
        else this.points.addAll(program.sets[arg]);
        continue;
      }
      if (op == Op.Assertion && arg == Assertion.Start && stopAtStart) continue;
      stack.push(program.next[at]);
      if (op == Op.Split) stack.push(arg);
    }
  }

  private collect(): void {
    const ranges = this.points.ranges;
    for (let i = 0; i < ranges.length; i += 2) {
      for (let point = ranges[i]; point <= ranges[i + 1]; point++) {
        if (this.units.length == MOST || point > 0xffff || (point & 0xf800) == 0xd800) {
          this.units = [];
          return;
        }
        this.units.push(<u16>point);
      }
    }
  }
}
