// A block of memory that grows: bytes, or records of a fixed size, that end up as a list of the canonical ABI.
// Knows nothing of what it holds.

/** Memory of which the first `length` bytes are in use. */
export class Growing {
  address: usize;
  length: usize = 0;

  constructor(private capacity: usize) {
    this.address = heap.alloc(capacity);
  }

  /** How much more fits without a move. */
  get room(): usize {
    return this.capacity - this.length;
  }

  /** Makes room for `more` bytes behind those in use; what was stored may move. */
  reserve(more: usize): void {
    const needed = this.length + more;
    if (needed <= this.capacity) return;
    this.capacity = max(needed, this.capacity << 1);
    this.address = heap.realloc(this.address, this.capacity);
  }

  /** Takes `size` more bytes into use and returns where they are, until the next call. */
  add(size: usize): usize {
    this.reserve(size);
    const at = this.address + this.length;
    this.length += size;
    return at;
  }
}
