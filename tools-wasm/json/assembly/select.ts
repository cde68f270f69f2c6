// The values that a JSONPath query selects (RFC 9535, section 2).
// Knows nothing of how queries are written.

import { evaluate } from "./filter";
import { Query, Segment, Selector, SelectorKind } from "./path-syntax";
import { pointerToken } from "./pointer";
import { Kind, Value } from "./value";

/** The most nodes that a query, or a part of one, may select. */
export const MAX_NODES: i32 = 100_000;

/** A value and the way to it. */
export class Node {
  constructor(
    public value: Value,
    private parent: Node | null,
    private index: i32,
  ) {}

  /** The way, as a JSON Pointer. */
  get pointer(): string {
    let pointer = "";
    let node: Node = this;
    while (node.parent !== null) {
      const parent = node.parent!;
      const isObject = parent.value.kind == Kind.Object;
      const token = isObject ? pointerToken(parent.value.names[node.index]) : node.index.toString();
      pointer = "/" + token + pointer;
      node = parent;
    }
    return pointer;
  }

  /** The element or member at `index`. */
  child(index: i32): Node {
    return new Node(this.value.items[index], this, index);
  }
}

/** One evaluation of a query over a document. */
export class Selection {
  /** True when some part of the query selected too many nodes; the result then means nothing. */
  full: bool = false;

  constructor(private root: Node) {}

  /** The nodes that `query` selects; `current` is what `@` stands for. */
  nodesOf(query: Query, current: Node): Node[] {
    let nodes: Node[] = [query.isRelative ? current : this.root];
    for (let i = 0; i < query.segments.length && nodes.length > 0; i++) {
      const segment = query.segments[i];
      const selected: Node[] = [];
      for (let k = 0; k < nodes.length && !this.full; k++) {
        if (segment.descends) this.descend(segment, nodes[k], selected);
        else this.apply(segment, nodes[k], selected);
      }
      nodes = selected;
    }
    return nodes;
  }

  private descend(segment: Segment, node: Node, selected: Node[]): void {
    this.apply(segment, node, selected);
    for (let i = 0; i < node.value.count && !this.full; i++) {
      if (node.value.items[i].kind >= Kind.Array) this.descend(segment, node.child(i), selected);
    }
  }

  private apply(segment: Segment, node: Node, selected: Node[]): void {
    if (node.value.kind < Kind.Array) return;
    for (let i = 0; i < segment.selectors.length; i++) this.select(segment.selectors[i], node, selected);
  }

  private select(selector: Selector, node: Node, selected: Node[]): void {
    const value = node.value;
    const count = value.count;
    switch (selector.kind) {
      case SelectorKind.Name:
        const at = value.kind == Kind.Object ? value.find(selector.name) : -1;
        if (at >= 0) this.add(node.child(at), selected);
        break;
      case SelectorKind.Index:
        const index = selector.start < 0 ? selector.start + count : selector.start;
        if (value.kind == Kind.Array && index >= 0 && index < count) this.add(node.child(<i32>index), selected);
        break;
      case SelectorKind.Slice:
        if (value.kind == Kind.Array) this.slice(selector, node, selected);
        break;
      default:
        for (let i = 0; i < count && !this.full; i++) {
          const child = node.child(i);
          if (selector.filter === null || evaluate(selector.filter!, child, this)) this.add(child, selected);
        }
    }
  }

  private slice(selector: Selector, node: Node, selected: Node[]): void {
    const count = <i64>node.value.count;
    const step = selector.step;
    if (step == 0) return;
    const first = step > 0 ? <i64>0 : count - 1;
    const behind = step > 0 ? count : <i64>-1;
    const start = selector.hasStart ? selector.start + (selector.start < 0 ? count : 0) : first;
    const end = selector.hasEnd ? selector.end + (selector.end < 0 ? count : 0) : behind;
    if (step > 0) {
      for (let i = max(start, 0); i < min(end, count); i += step) this.add(node.child(<i32>i), selected);
    } else {
      for (let i = min(start, count - 1); i > max(end, -1); i += step) this.add(node.child(<i32>i), selected);
    }
  }

  private add(node: Node, selected: Node[]): void {
    if (selected.length >= MAX_NODES) this.full = true;
    else selected.push(node);
  }
}
