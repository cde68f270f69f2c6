// Nodes -> instructions of a nondeterministic machine (Thompson 1968), every repetition written out.
// Knows nothing of how the machine is run.

import { CharSet } from "./char-set";
import { Node, NodeKind, UNBOUNDED } from "./node";

/** What an instruction does. */
export const enum Op {
  /** Text matches. */
  Match,
  /** Consumes a character of set `arg`, then goes on at `next`. */
  Set,
  /** Goes on at `next` if assertion `arg` holds. */
  Assertion,
  /** Goes on at `next` and at `arg`; `next` is the better way. */
  Split,
  /** Remembers the place as number `arg`, then goes on at `next`. */
  Save,
}

/** A program of at most this many instructions is run. */
export const MAX_PROGRAM: u64 = 20_000;

/** Instructions, each an operation, where to go on, and an argument. */
export class Program {
  ops: u8[] = [];
  next: i32[] = [];
  args: i32[] = [];
  /** The distinct sets that the instructions refer to. */
  sets: CharSet[] = [];
  start: i32 = 0;
  /** Whether some instruction asserts the start of the text, or something about words. */
  usesStart: bool = false;
  usesWords: bool = false;

  /** The program of a parsed pattern that fits MAX_PROGRAM. */
  static of(node: Node): Program {
    const program = new Program();
    const match = program.push(Op.Match, 0, 0);
    program.start = program.emit(node, match);
    return program;
  }

  get length(): i32 {
    return this.ops.length;
  }

  private push(op: Op, next: i32, arg: i32): i32 {
    this.ops.push(<u8>op);
    this.next.push(next);
    this.args.push(arg);
    return this.ops.length - 1;
  }

  /** Writes what matches `node` and then goes on at `next`; returns where it starts. */
  private emit(node: Node, next: i32): i32 {
    switch (node.kind) {
      case NodeKind.Set:
        return this.push(Op.Set, next, this.indexOf(node.set!));
      case NodeKind.Assertion:
        if (node.assertion == 0) this.usesStart = true;
        if (node.assertion >= 2) this.usesWords = true;
        return this.push(Op.Assertion, next, node.assertion);
      case NodeKind.Sequence:
        for (let i = node.children.length - 1; i >= 0; i--) next = this.emit(node.children[i], next);
        return next;
      case NodeKind.Choice:
        return this.emitChoice(node, next);
      case NodeKind.Repeat:
        return this.emitRepeat(node, next);
      case NodeKind.Group:
        const end = this.push(Op.Save, next, 2 * node.group + 1);
        return this.push(Op.Save, this.emit(node.children[0], end), 2 * node.group);
      default:
        return next;
    }
  }

  private emitChoice(node: Node, next: i32): i32 {
    const last = node.children.length - 1;
    let start = this.emit(node.children[last], next);
    for (let i = last - 1; i >= 0; i--) start = this.push(Op.Split, this.emit(node.children[i], next), start);
    return start;
  }

  private emitRepeat(node: Node, next: i32): i32 {
    const child = node.children[0];
    let copies = node.least;
    let start = next;
    if (node.most == UNBOUNDED) {
      const split = this.push(Op.Split, next, next);
      const body = this.emit(child, split);
      if (node.lazy) this.args[split] = body;
      else this.next[split] = body;
      start = copies == 0 ? split : body;
      if (copies > 0) copies--;
    } else {
      for (let i = node.least; i < node.most; i++) {
        const body = this.emit(child, start);
        start = node.lazy ? this.push(Op.Split, next, body) : this.push(Op.Split, body, next);
      }
    }
    for (let i: u32 = 0; i < copies; i++) start = this.emit(child, start);
    return start;
  }

  private indexOf(set: CharSet): i32 {
    for (let i = 0; i < this.sets.length; i++) {
      if (this.sets[i].equals(set)) return i;
    }
    this.sets.push(set);
    return this.sets.length - 1;
  }
}
