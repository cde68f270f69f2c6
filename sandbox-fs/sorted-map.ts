// A sorted map that can be forked in O(1): a B-tree whose nodes are shared until one side writes.
// It must not know what it holds.

const MAX_KEYS = 32;

export type Compare<K> = (a: K, b: K) => number;

/** Who may change a node in place. A map that is forked gets a new one, and so copies what it touches, once. */
export type Owner = object;

class TreeNode<K, V> {
  readonly owner: Owner;
  readonly keys: K[];
  readonly values: V[];
  readonly children: TreeNode<K, V>[] | null;

  constructor(owner: Owner, keys: K[], values: V[], children: TreeNode<K, V>[] | null) {
    this.owner = owner;
    this.keys = keys;
    this.values = values;
    this.children = children;
  }
}

type Pending<K, V> =
  | { readonly node: TreeNode<K, V>; readonly height: number }
  | { readonly key: K; readonly value: V };

/** A map in key order. `fork` is O(1); every other call is O(log n). Values are never undefined. */
export class SortedMap<K, V> {
  readonly #compare: Compare<K>;
  readonly #owner: Owner;
  #root: TreeNode<K, V> | null;
  #height: number;
  #size: number;

  constructor(compare: Compare<K>, owner: Owner, from?: SortedMap<K, V>) {
    this.#compare = compare;
    this.#owner = owner;
    this.#root = from === undefined ? null : from.#root;
    this.#height = from === undefined ? 0 : from.#height;
    this.#size = from === undefined ? 0 : from.#size;
  }

  get size(): number {
    return this.#size;
  }

  /** The same content for another owner. From then on, the old map must not be written to. */
  fork(owner: Owner): SortedMap<K, V> {
    return new SortedMap(this.#compare, owner, this);
  }

  get(key: K): V | undefined {
    let node = this.#root;
    while (node !== null) {
      const at = this.#position(node.keys, key);
      if (at < 0) return undefined;
      if (node.children === null) {
        return this.#compare(node.keys[at] as K, key) === 0 ? node.values[at] : undefined;
      }
      node = node.children[at] as TreeNode<K, V>;
    }
    return undefined;
  }

  set(key: K, value: V): void {
    if (this.#root === null) {
      this.#root = new TreeNode<K, V>(this.#owner, [key], [value], null);
      this.#size = 1;
      return;
    }
    const root = this.#own(this.#root);
    const split = this.#insert(root, key, value);
    this.#root = root;
    if (split === null) return;
    const keys = [root.keys[0] as K, split.keys[0] as K];
    this.#root = new TreeNode<K, V>(this.#owner, keys, [], [root, split]);
    this.#height += 1;
  }

  delete(key: K): boolean {
    if (this.#root === null || this.get(key) === undefined) return false;
    const root = this.#own(this.#root);
    this.#remove(root, key);
    this.#size -= 1;
    this.#root = root;
    if (this.#size === 0) {
      this.#root = null;
      this.#height = 0;
    }
    return true;
  }

  /** The first entry whose key is not before `key`. */
  firstFrom(key: K): readonly [K, V] | undefined {
    for (const entry of this.from(key)) return entry;
    return undefined;
  }

  *entries(): IterableIterator<readonly [K, V]> {
    if (this.#root !== null) yield* walk(this.#root);
  }

  *values(): IterableIterator<V> {
    for (const entry of this.entries()) yield entry[1];
  }

  /** All entries from `key` on, in order. */
  *from(key: K): IterableIterator<readonly [K, V]> {
    if (this.#root !== null) yield* this.#walkFrom(this.#root, key);
  }

  /** What differs between `before` and this map, in key order. Parts that both share are not looked at. */
  *changedSince(before: SortedMap<K, V>): IterableIterator<{ key: K; before: V | undefined; after: V | undefined }> {
    const left = pending(before.#root, before.#height);
    const right = pending(this.#root, this.#height);
    for (;;) {
      if (!align(left, right)) return;
      const a = left.at(-1) as { key: K; value: V } | undefined;
      const b = right.at(-1) as { key: K; value: V } | undefined;
      const order = a === undefined ? 1 : b === undefined ? -1 : this.#compare(a.key, b.key);
      if (order <= 0) left.pop();
      if (order >= 0) right.pop();
      if (order < 0 && a !== undefined) yield { key: a.key, before: a.value, after: undefined };
      else if (order > 0 && b !== undefined) yield { key: b.key, before: undefined, after: b.value };
      else if (a !== undefined && b !== undefined && a.value !== b.value) {
        yield { key: a.key, before: a.value, after: b.value };
      }
    }
  }

  /** The index of the last key that is not after `key`, or -1. */
  #position(keys: readonly K[], key: K): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(keys[middle] as K, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #own(node: TreeNode<K, V>): TreeNode<K, V> {
    if (node.owner === this.#owner) return node;
    return new TreeNode<K, V>(
      this.#owner,
      node.keys.slice(),
      node.values.slice(),
      node.children === null ? null : node.children.slice(),
    );
  }

  #insert(node: TreeNode<K, V>, key: K, value: V): TreeNode<K, V> | null {
    const at = this.#position(node.keys, key);
    if (node.children === null) {
      if (at >= 0 && this.#compare(node.keys[at] as K, key) === 0) {
        node.values[at] = value;
        return null;
      }
      node.keys.splice(at + 1, 0, key);
      node.values.splice(at + 1, 0, value);
      this.#size += 1;
    } else {
      const index = Math.max(at, 0);
      const child = this.#own(node.children[index] as TreeNode<K, V>);
      node.children[index] = child;
      const split = this.#insert(child, key, value);
      node.keys[index] = child.keys[0] as K;
      if (split !== null) {
        node.keys.splice(index + 1, 0, split.keys[0] as K);
        node.children.splice(index + 1, 0, split);
      }
    }
    return node.keys.length > MAX_KEYS ? this.#split(node) : null;
  }

  /** Keys mostly come in order: a split keeps the left part three quarters full. */
  #split(node: TreeNode<K, V>): TreeNode<K, V> {
    const at = (node.keys.length * 3) >>> 2;
    return new TreeNode<K, V>(
      this.#owner,
      node.keys.splice(at),
      node.values.splice(at),
      node.children === null ? null : node.children.splice(at),
    );
  }

  /** Nodes that become empty go; others are not rebalanced, which costs space but never order. */
  #remove(node: TreeNode<K, V>, key: K): void {
    const at = this.#position(node.keys, key);
    if (node.children === null) {
      node.keys.splice(at, 1);
      node.values.splice(at, 1);
      return;
    }
    const child = this.#own(node.children[at] as TreeNode<K, V>);
    this.#remove(child, key);
    if (child.keys.length === 0) {
      node.keys.splice(at, 1);
      node.children.splice(at, 1);
    } else {
      node.keys[at] = child.keys[0] as K;
      node.children[at] = child;
    }
  }

  *#walkFrom(node: TreeNode<K, V>, key: K): IterableIterator<readonly [K, V]> {
    const at = Math.max(this.#position(node.keys, key), 0);
    if (node.children === null) {
      for (let i = at; i < node.keys.length; i += 1) {
        if (this.#compare(node.keys[i] as K, key) >= 0) yield [node.keys[i] as K, node.values[i] as V];
      }
      return;
    }
    yield* this.#walkFrom(node.children[at] as TreeNode<K, V>, key);
    for (let i = at + 1; i < node.children.length; i += 1) yield* walk(node.children[i] as TreeNode<K, V>);
  }
}

function* walk<K, V>(node: TreeNode<K, V>): IterableIterator<readonly [K, V]> {
  if (node.children === null) {
    for (let i = 0; i < node.keys.length; i += 1) yield [node.keys[i] as K, node.values[i] as V];
    return;
  }
  for (const child of node.children) yield* walk(child);
}

function pending<K, V>(root: TreeNode<K, V> | null, height: number): Pending<K, V>[] {
  return root === null ? [] : [{ node: root, height }];
}

/** Drops what both sides share and opens subtrees, until both tops are entries (or one side is done). False at the end. */
function align<K, V>(left: Pending<K, V>[], right: Pending<K, V>[]): boolean {
  for (;;) {
    const a = left.at(-1);
    const b = right.at(-1);
    if (a === undefined && b === undefined) return false;
    const heightA = a !== undefined && "node" in a ? a.height : -1;
    const heightB = b !== undefined && "node" in b ? b.height : -1;
    if (heightA < 0 && heightB < 0) return true;
    if (a !== undefined && b !== undefined && "node" in a && "node" in b && a.node === b.node) {
      left.pop();
      right.pop();
      continue;
    }
    if (heightA >= heightB) open(left);
    if (heightB >= heightA) open(right);
  }
}

function open<K, V>(stack: Pending<K, V>[]): void {
  const top = stack.pop();
  if (top === undefined || !("node" in top)) return;
  const { node, height } = top;
  for (let i = node.keys.length - 1; i >= 0; i -= 1) {
    const child = node.children?.[i];
    if (child !== undefined) stack.push({ node: child, height: height - 1 });
    else stack.push({ key: node.keys[i] as K, value: node.values[i] as V });
  }
}
