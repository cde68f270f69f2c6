// Sorting, in less code than the standard library's, of which there is one for each type that is sorted.
// Knows nothing of what is sorted.

/** Sorts by `compare`, in n log n steps at most; what is equal stays in its order. A merge sort, from the bottom up. */
export function stableSort<T>(items: T[], compare: (a: T, b: T) => i32): void {
  const count = items.length;
  let from = items;
  let to = new Array<T>(count);
  for (let width = 1; width < count; width <<= 1) {
    for (let start = 0; start < count; start += width << 1) {
      const middle = min(start + width, count);
      const end = min(middle + width, count);
      let a = start;
      let b = middle;
      for (let at = start; at < end; at++) {
        const first = a < middle && (b >= end || compare(unchecked(from[a]), unchecked(from[b])) <= 0);
        unchecked((to[at] = from[first ? a++ : b++]));
      }
    }
    const swapped = from;
    from = to;
    to = swapped;
  }
  if (from != items) memory.copy(items.dataStart, from.dataStart, <usize>count * sizeof<T>());
}
