// "Did you mean": the known name that a mistyped one is closest to.
// A leaf.

/** The candidate that differs least from `name`, or null when none is close enough to be meant. Linear in the names' lengths, which are cut at 64. */
export function closest(name: string, candidates: Iterable<string>): string | null {
  const wanted = normal(name);
  let best: string | null = null;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, normal(candidate), least);
    if (distance >= least) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

/** ` Did you mean "x"?`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const found = closest(name, candidates);
  return found === null ? "" : ` Did you mean "${found}"?`;
}

function normal(name: string): string {
  return name.slice(0, 64).toLowerCase().replaceAll("-", "_");
}

/** Levenshtein's distance with swaps of neighbours; stops counting at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row.push(cell(a, b, i, j, [before, last, row]));
    before = last;
    last = row;
  }
  return last[b.length] ?? limit;
}

type Rows = readonly [before: readonly number[], last: readonly number[], row: readonly number[]];

function cell(a: string, b: string, i: number, j: number, [before, last, row]: Rows): number {
  const same = a[i - 1] === b[j - 1];
  const changed = (last[j - 1] ?? 0) + (same ? 0 : 1);
  const least = Math.min(changed, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
  const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  return swapped ? Math.min(least, (before[j - 2] ?? 0) + 1) : least;
}
