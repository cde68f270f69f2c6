// process.filter: the lines that match, with context, each once and in order.
// Knows nothing of patterns, nor of how a result is wrapped.

import { Growing } from "../../sdk/assembly/growing";
import { Machine } from "../../sdk/assembly/regex/machine";

// A string in a list: address and length in units. A record `line`: number at 0, text at 4, matched at 12.
const STRING_SIZE: usize = 8;
const LINE_SIZE: usize = 16;

/** Records `line`, as the canonical ABI holds a list of them. */
export class Lines {
  private records: Growing = new Growing(64 * LINE_SIZE);

  get address(): usize {
    return this.records.address;
  }

  get count(): i32 {
    return <i32>(this.records.length / LINE_SIZE);
  }

  /** Adds line `index` of `text`, without a copy. */
  add(text: usize, index: i32, matched: bool): void {
    const source = text + STRING_SIZE * <usize>index;
    const record = this.records.add(LINE_SIZE);
    store<u32>(record, <u32>index + 1);
    store<u64>(record, load<u64>(source), 4);
    store<u8>(record, <u8>matched, 12);
  }
}

/** The lines of `text` (`count` strings) that `machine` matches, with up to `context` lines before and after each. */
export function filterLines(text: usize, count: i32, machine: Machine, context: u32): Lines {
  const lines = new Lines();
  let taken = 0;
  let after: u32 = 0;
  for (let i = 0; i < count; i++) {
    const entry = text + STRING_SIZE * <usize>i;
    const start = load<usize>(entry);
    if (machine.test(start, start + (load<usize>(entry, 4) << 1))) {
      const before = <i32>min(context, <u32>(i - taken));
      for (let k = i - before; k < i; k++) lines.add(text, k, false);
      lines.add(text, i, true);
      after = context;
    } else if (after > 0) {
      lines.add(text, i, false);
      after--;
    } else continue;
    taken = i + 1;
  }
  return lines;
}
