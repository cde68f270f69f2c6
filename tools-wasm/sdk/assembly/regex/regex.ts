// Regular expressions in linear time, over UTF-16 text in memory.
// Knows nothing of what is searched or why.

import { Alphabet } from "./alphabet";
import { Machine } from "./machine";
import { parsePattern } from "./parser";
import { PatternProblem } from "./problem";
import { MAX_PROGRAM, Program } from "./program";

/** A compiled pattern, or the reason why there is none: one of the two is null. */
export class Compiled {
  constructor(
    public machine: Machine | null,
    public problem: PatternProblem | null,
  ) {}
}

/** Compiles a pattern. */
export function compile(pattern: string): Compiled {
  const parsed = parsePattern(pattern);
  if (parsed.node === null) return new Compiled(null, parsed.problem);
  if (parsed.node!.size >= MAX_PROGRAM) {
    return new Compiled(null, new PatternProblem(0, "its repetitions, written out, are more than 20,000 steps", true));
  }
  const program = Program.of(parsed.node!);
  return new Compiled(new Machine(program, Alphabet.of(program.sets, program.usesWords)), null);
}
