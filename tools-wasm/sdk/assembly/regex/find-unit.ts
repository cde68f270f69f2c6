// Finds the next of up to three UTF-16 units, eight units at a time.
// Knows nothing of patterns.

/** The address of the first unit from `at` on that is `a`, `b` or `c`; `end` when there is none. */
export function findUnit(at: usize, end: usize, a: u16, b: u16, c: u16): usize {
  const va = i16x8.splat(<i16>a);
  const vb = i16x8.splat(<i16>b);
  const vc = i16x8.splat(<i16>c);
  for (; at + 16 <= end; at += 16) {
    const units = v128.load(at);
    const hits = v128.or(v128.or(i16x8.eq(units, va), i16x8.eq(units, vb)), i16x8.eq(units, vc));
    if (v128.any_true(hits)) return at + (<usize>ctz(i16x8.bitmask(hits)) << 1);
  }
  for (; at < end; at += 2) {
    const unit = load<u16>(at);
    if (unit == a || unit == b || unit == c) return at;
  }
  return end;
}
