// Regular expressions in linear time, over UTF-16 text in memory.
// Knows nothing of what is searched or why.

import { Alphabet } from "./alphabet";
import { Finder } from "./finder";
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

/** The most that is remembered: places of a match, for every step of a program. */
const MAX_PLACES: u64 = 200_000;

/** A pattern compiled for finding where it matches, or the reason why there is none: `problem` or the others are null. */
export class CompiledFinder {
  constructor(
    public finder: Finder | null,
    /** Tells whether there is anything to be found, which is much faster. */
    public machine: Machine | null,
    public problem: PatternProblem | null,
  ) {}
}

/** How many groups a pattern has; 0 for one that is wrong. */
export function groupsOf(pattern: string): i32 {
  return parsePattern(pattern, true).groups;
}

/** Compiles a pattern for finding where it, and its groups up to number `remembered`, match. */
export function compileFinder(pattern: string, remembered: i32): CompiledFinder {
  const parsed = parsePattern(pattern, true);
  if (parsed.node === null) return new CompiledFinder(null, null, parsed.problem);
  const places = 2 * remembered + 2;
  const size = parsed.node!.size;
  if (size >= MAX_PROGRAM || size * places >= MAX_PLACES) {
    const reason = "its repetitions, written out, are more than 20,000 steps, or it remembers groups in too many of them";
    return new CompiledFinder(null, null, new PatternProblem(0, reason, true));
  }
  const program = Program.of(parsed.node!);
  const machine = new Machine(program, Alphabet.of(program.sets, program.usesWords));
  return new CompiledFinder(new Finder(program, places), machine, null);
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
