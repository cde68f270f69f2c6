// What a parsed pattern is made of.
// Knows neither how patterns are written nor how they are matched.

import { CharSet } from "./char-set";

/** What a node matches: nothing, one character, a place, its children in order, one of them, its child repeated, its child remembered. */
export const enum NodeKind {
  Empty,
  Set,
  Assertion,
  Sequence,
  Choice,
  Repeat,
  Group,
}

/** What a place can be held to be. */
export const enum Assertion {
  Start,
  End,
  WordBoundary,
  NotWordBoundary,
}

/** No upper bound. */
export const UNBOUNDED: u32 = u32.MAX_VALUE;

/** More than any program may hold; sizes stop growing here. */
const HUGE: u64 = 1 << 32;

/** A part of a pattern, with the size that it has once compiled. */
export class Node {
  set: CharSet | null = null;
  assertion: Assertion = Assertion.Start;
  children: Node[] = [];
  least: u32 = 0;
  most: u32 = 0;
  /** Whether fewer repetitions are tried first. */
  lazy: bool = false;
  /** The number of a group, from 1. */
  group: i32 = 0;
  /** How many instructions it takes, all repetitions written out. */
  size: u64 = 0;

  private constructor(public kind: NodeKind) {}

  static empty(): Node {
    return new Node(NodeKind.Empty);
  }

  static ofSet(set: CharSet): Node {
    const node = new Node(NodeKind.Set);
    node.set = set;
    node.size = 1;
    return node;
  }

  static ofAssertion(assertion: Assertion): Node {
    const node = new Node(NodeKind.Assertion);
    node.assertion = assertion;
    node.size = 1;
    return node;
  }

  static sequence(children: Node[]): Node {
    if (children.length == 0) return Node.empty();
    if (children.length == 1) return children[0];
    const node = new Node(NodeKind.Sequence);
    node.children = children;
    for (let i = 0; i < children.length; i++) node.size = min(HUGE, node.size + children[i].size);
    return node;
  }

  static choice(children: Node[]): Node {
    if (children.length == 1) return children[0];
    const node = new Node(NodeKind.Choice);
    node.children = children;
    node.size = children.length - 1;
    for (let i = 0; i < children.length; i++) node.size = min(HUGE, node.size + children[i].size);
    return node;
  }

  /** What matches `child`, to be remembered as group `group`. */
  static ofGroup(child: Node, group: i32): Node {
    const node = new Node(NodeKind.Group);
    node.children = [child];
    node.group = group;
    node.size = min(HUGE, child.size + 2);
    return node;
  }

  /** `child`, at least `least` and at most `most` times. */
  static repeat(child: Node, least: u32, most: u32): Node {
    if (child.size == 0 || most == 0) return Node.empty();
    const node = new Node(NodeKind.Repeat);
    node.children = [child];
    node.least = least;
    node.most = most;
    const fixed = <u64>least * child.size;
    if (most == UNBOUNDED) node.size = min(HUGE, fixed + 1 + (least == 0 ? child.size : 0));
    else node.size = min(HUGE, fixed + <u64>(most - least) * (child.size + 1));
    return node;
  }
}
