// The states of the deterministic machine that have been met so far, in a bounded piece of memory.
// Knows nothing of how one state leads to another.

/** The bytes of one state before its transitions: address and length of its kernel, what stands before it, its mark. */
const HEADER: usize = 16;
const POOL: usize = 1024 * 1024;
const BUCKETS: i32 = 4096;
const MOST_STATES: i32 = 2048;

// Transitions that lead to no state.
/** It has not been made yet. */
export const UNKNOWN: usize = 0;
/** The text matches, whatever follows. */
export const MATCH: usize = 1;
/** The text does not match, whatever follows. */
export const DEAD: usize = 2;

/** A list of program counters, each once. */
export class Kernel {
  length: i32 = 0;
  private items: StaticArray<i32>;
  private stamps: StaticArray<u32>;
  private stamp: u32 = 0;

  constructor(program: i32) {
    this.items = new StaticArray<i32>(program);
    this.stamps = new StaticArray<u32>(program);
  }

  clear(): void {
    this.length = 0;
    this.stamp++;
  }

  /** Adds `pc`; false when it was there. */
  add(pc: i32): bool {
    if (unchecked(this.stamps[pc]) == this.stamp) return false;
    unchecked((this.stamps[pc] = this.stamp));
    unchecked((this.items[this.length++] = pc));
    return true;
  }

  has(pc: i32): bool {
    return unchecked(this.stamps[pc]) == this.stamp;
  }

  /** Takes the last one out, for use as a stack; it still counts as having been there. */
  pop(): i32 {
    return unchecked(this.items[--this.length]);
  }

  get address(): usize {
    return changetype<usize>(this.items);
  }

  /** Does not depend on the order. */
  get hash(): u32 {
    let hash: u32 = 0;
    for (let i = 0; i < this.length; i++) {
      const mixed = (<u32>unchecked(this.items[i]) + 1) * 0x9e3779b1;
      hash += mixed ^ (mixed >>> 15);
    }
    return hash;
  }
}

/** The states, found by what they hold. */
export class States {
  /** How often everything was forgotten: addresses of states are good for one epoch. */
  epoch: i32 = 0;
  private pool: usize = 0;
  private used: usize = 0;
  private count: i32 = 0;
  private buckets: StaticArray<usize> = new StaticArray<usize>(BUCKETS);

  /** `classes` is the number of transitions of a state; the state that holds nothing but `marked` is marked. */
  constructor(
    private classes: i32,
    private marked: i32,
  ) {}

  /** The state of this kernel, and of what stands before its place. All others may be forgotten to make room. */
  intern(kernel: Kernel, before: i32): usize {
    let bucket = this.lookUp(kernel, before);
    const found = unchecked(this.buckets[bucket]);
    if (found != 0) return found;
    const size = HEADER + ((<usize>this.classes + kernel.length) << 2);
    if (this.pool == 0) this.pool = heap.alloc(POOL);
    if (this.used + size > POOL || this.count == MOST_STATES) {
      this.forget();
      bucket = this.lookUp(kernel, before);
    }
    const state = this.pool + this.used;
    this.used += size;
    this.count++;
    this.fill(state, kernel, before);
    unchecked((this.buckets[bucket] = state));
    return state;
  }

  /** Where `state` leads on the class whose number times four is `row`. */
  @inline
  static target(state: usize, row: i32): usize {
    return load<usize>(state + <usize>row, HEADER);
  }

  static setTarget(state: usize, row: i32, target: usize): void {
    store<usize>(state + <usize>row, target, HEADER);
  }

  static kernelAt(state: usize): usize {
    return load<usize>(state);
  }

  static kernelLength(state: usize): i32 {
    return load<i32>(state, 4);
  }

  static before(state: usize): i32 {
    return load<i32>(state, 8);
  }

  /** Whether the kernel is the one program counter that was marked. */
  @inline
  static isMarked(state: usize): bool {
    return load<u32>(state, 12) != 0;
  }

  private fill(state: usize, kernel: Kernel, before: i32): void {
    const transitions = <usize>this.classes << 2;
    const copy = state + HEADER + transitions;
    store<usize>(state, copy);
    store<i32>(state, kernel.length, 4);
    store<i32>(state, before, 8);
    store<u32>(state, u32(kernel.length == 1 && kernel.has(this.marked)), 12);
    memory.fill(state + HEADER, 0, transitions);
    memory.copy(copy, kernel.address, <usize>kernel.length << 2);
  }

  private forget(): void {
    this.epoch++;
    this.used = 0;
    this.count = 0;
    memory.fill(changetype<usize>(this.buckets), 0, BUCKETS << 2);
  }

  /** The bucket that holds the state, or the empty one where it belongs. */
  private lookUp(kernel: Kernel, before: i32): i32 {
    let bucket = <i32>((kernel.hash + before) & (BUCKETS - 1));
    while (true) {
      const state = unchecked(this.buckets[bucket]);
      if (state == 0 || isSame(state, kernel, before)) return bucket;
      bucket = (bucket + 1) & (BUCKETS - 1);
    }
  }
}

function isSame(state: usize, kernel: Kernel, before: i32): bool {
  if (States.kernelLength(state) != kernel.length || States.before(state) != before) return false;
  const items = States.kernelAt(state);
  for (let i = 0; i < kernel.length; i++) {
    if (!kernel.has(load<i32>(items + (<usize>i << 2)))) return false;
  }
  return true;
}
