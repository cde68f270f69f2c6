// Finds the next of up to three UTF-16 units, eight units at a time.
// Knows nothing of patterns.

/** The address of the first unit from `at` on that is `a`, `b` or `c`; `end` when there is none. */
export function findUnit(at: usize, end: usize, a: u16, b: u16, c: u16): usize {
  const va = i16x8.splat(<i16>a);
  const vb = i16x8.splat(<i16>b);
  const vc = i16x8.splat(<i16>c);
  if (end - at < 16) {
    for (; at < end; at += 2) {
      const unit = load<u16>(at);
      if (unit == a || unit == b || unit == c) return at;
    }
    return end;
  }
  const last = end - 16;
  while (true) {
    const units = v128.load(at);
    const hits = v128.or(v128.or(i16x8.eq(units, va), i16x8.eq(units, vb)), i16x8.eq(units, vc));
    if (v128.any_true(hits)) return at + (<usize>ctz(i16x8.bitmask(hits)) << 1);
    if (at == last) return end;
    // The last eight units may be seen twice: what was there before was no hit.
    at = min(at + 16, last);
  }
}
