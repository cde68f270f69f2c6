// Writes the case-folding table of the regular expressions from this Node's Unicode data:
// `node tools-wasm/sdk/case-folding.ts > tools-wasm/sdk/assembly/regex/case-folding-table.ts`. Knows nothing of patterns.

import { fileURLToPath } from "node:url";

/** A run of code points: first, last, and what leads to the next of the same letter; 0 for pairs of neighbours. */
type Row = readonly [first: number, last: number, delta: number];

/** The source text of the table. */
export function caseFoldingTable(): string {
  const next = nextOfOrbit();
  const rows: Row[] = [];
  for (const point of next.keys()) {
    const last = rows.at(-1)?.[1] ?? -1;
    if (point > last) rows.push(pairsFrom(point, next) ?? runFrom(point, next));
  }
  const bytes = rows.flatMap(([first, last, delta], index) => [
    ...varint(first - (rows[index - 1]?.[1] ?? -1) - 1),
    ...varint(last - first),
    ...varint(delta < 0 ? -2 * delta - 1 : 2 * delta),
  ]);
  return [
    `// Generated from Unicode ${process.versions.unicode} by tools-wasm/sdk/case-folding.ts: do not edit.`,
    "// Rows of three numbers: how far behind the last row it starts, how many code points more it has, and the distance to the",
    "// next one that is the same letter (simple case folding; after the last of a letter comes the first), twice, and one less",
    "// for those below 0. Distance 0: neighbours are pairs, counted from the first. Seven bits in a byte, the lowest first.",
    "",
    `export const ROW_COUNT: i32 = ${rows.length};`,
    "",
    "export const ROW_BYTES: usize = memory.data<u8>([",
    ...linesOf(bytes),
    "]);",
    "",
  ].join("\n");
}

/** A number, seven bits in a byte. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

function linesOf(bytes: readonly number[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 24) lines.push(`  ${bytes.slice(at, at + 24).join(", ")},`);
  return lines;
}

/** For each code point that has case: the next one that `(?i)` takes for the same, the first again after the last. */
function nextOfOrbit(): Map<number, number> {
  const cased: number[] = [];
  for (let point = 0; point <= 0x10ffff; point++) {
    if (/[\p{Changes_When_Casefolded}\p{Changes_When_Casemapped}]/u.test(String.fromCodePoint(point)))
      cased.push(point);
  }
  const text = String.fromCodePoint(...cased);
  const next = new Map<number, number>();
  for (const point of cased) {
    const found = text.match(new RegExp(`\\u{${point.toString(16)}}`, "giu")) ?? [];
    const orbit = found.map((letter) => letter.codePointAt(0) ?? 0);
    const following = orbit[(orbit.indexOf(point) + 1) % orbit.length];
    if (following !== undefined && following !== point) next.set(point, following);
  }
  return next;
}

/** The run of neighbours that map to each other, two by two, when it starts here. */
function pairsFrom(first: number, next: ReadonlyMap<number, number>): Row | null {
  let end = first;
  while (next.get(end) === end + 1 && next.get(end + 1) === end) end += 2;
  return end > first ? [first, end - 1, 0] : null;
}

/** The run of code points from here on that are all as far from their next. */
function runFrom(first: number, next: ReadonlyMap<number, number>): Row {
  const delta = (next.get(first) ?? first) - first;
  let last = first;
  while (next.get(last + 1) === last + 1 + delta) last++;
  return [first, last, delta];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(caseFoldingTable());
