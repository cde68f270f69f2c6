// Globs, by way of the regular expressions that they are: time is linear in the name.
// Knows nothing of files.

import { Machine } from "../../sdk/assembly/regex/machine";
import { compile } from "../../sdk/assembly/regex/regex";
import { Result } from "../../sdk/assembly/result";
import { FileError } from "./file-error";

const MAX_BRACES: i32 = 20;

/** A compiled glob. */
export class Glob {
  private constructor(
    /** Null for a glob that matches all. */
    private machine: Machine | null,
    private whole: bool,
  ) {}

  /** Compiles a glob; null stands for all names. */
  static of(glob: string | null): Result<Glob, FileError> {
    if (glob === null) return Result.ok<Glob, FileError>(new Glob(null, false));
    const translation = new Translation(glob);
    const pattern = translation.pattern();
    if (translation.problem != "") return refused(translation.problem);
    const compiled = compile(pattern);
    if (compiled.machine === null) return refused(compiled.problem!.reason);
    return Result.ok<Glob, FileError>(new Glob(compiled.machine, glob.includes("/") || glob == "**"));
  }

  /** Whether the glob matches `name`, or the last part of it. */
  matches(name: string): bool {
    const machine = this.machine;
    if (machine === null) return true;
    const from = this.whole ? 0 : name.lastIndexOf("/") + 1;
    const address = changetype<usize>(name);
    return machine.test(address + (from << 1), address + (name.length << 1));
  }
}

function refused(reason: string): Result<Glob, FileError> {
  return Result.err<Glob, FileError>(FileError.invalidGlob(reason));
}

/** Writes the regular expression of a glob, character by character. */
class Translation {
  /** What is wrong with the glob; empty for nothing. */
  problem: string = "";
  private at: i32 = 0;
  private braces: i32 = 0;

  constructor(private glob: string) {}

  pattern(): string {
    let pattern = "^(?:";
    while (this.at < this.glob.length) pattern += this.next();
    if (this.braces > 0) this.problem = "a { is not closed; write \\{ for itself";
    return pattern + ")$";
  }

  private next(): string {
    const glob = this.glob;
    const character = glob.charAt(this.at++);
    if (character == "*") return this.star();
    if (character == "?") return "[^/]";
    if (character == "[") return this.characterClass();
    if (character == "{") {
      if (++this.braces > MAX_BRACES) this.problem = "{ is nested more than 20 deep";
      return "(?:";
    }
    if (character == "}" && this.braces > 0) {
      this.braces--;
      return ")";
    }
    if (character == "," && this.braces > 0) return "|";
    if (character != "\\") return literal(character);
    if (this.at == glob.length) this.problem = "a backslash ends the glob; write \\\\ for itself";
    return literal(glob.charAt(this.at++));
  }

  /** After a star: whether there are two, alone between slashes. */
  private star(): string {
    const glob = this.glob;
    const start = this.at - 1;
    while (glob.charAt(this.at) == "*") this.at++;
    const opens = start == 0 || glob.charAt(start - 1) == "/";
    if (this.at - start != 2 || !opens) return "[^/]*";
    if (this.at == glob.length) return ".+";
    if (glob.charAt(this.at) != "/") return "[^/]*";
    this.at++;
    return "(?:[^/]+/)*";
  }

  private characterClass(): string {
    const glob = this.glob;
    const negated = glob.charAt(this.at) == "!" || glob.charAt(this.at) == "^";
    if (negated) this.at++;
    let inner = "";
    const first = this.at;
    while (this.at < glob.length && (glob.charAt(this.at) != "]" || this.at == first)) {
      let character = glob.charAt(this.at++);
      if (character == "\\" && this.at < glob.length) character = glob.charAt(this.at++);
      else if (character == "-" && this.at - 1 > first && glob.charAt(this.at) != "]") {
        inner += "-";
        continue;
      }
      inner += literal(character);
    }
    if (this.at >= glob.length) this.problem = "a [ is not closed; write \\[ for itself";
    this.at++;
    return (negated ? "[^/" : "[") + inner + "]";
  }
}

/** A character that stands for itself, in a pattern and in a class of one. */
function literal(character: string): string {
  return "\\.^$*+?()[]{}|-/".includes(character) ? "\\" + character : character;
}
