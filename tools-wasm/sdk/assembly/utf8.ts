// UTF-16 to UTF-8, a piece at a time, so that a long text needs no second copy of itself.
// Knows nothing of what the bytes are for.

/** Writes UTF-16 text as UTF-8 in pieces. A lone surrogate becomes U+FFFD. */
export class Utf8Encoder {
  private at: usize;
  private end: usize;

  constructor(text: string) {
    this.at = changetype<usize>(text);
    this.end = this.at + (<usize>text.length << 1);
  }

  get done(): bool {
    return this.at >= this.end;
  }

  /** Fills up to `size` bytes (16 at least) at `target`; returns how many. No code point is cut in two. */
  fill(target: usize, size: usize): i32 {
    let out = target;
    const last = target + size;
    while (this.at < this.end && out + 8 <= last) {
      if (this.at + 16 <= this.end) {
        const units = v128.load(this.at);
        if (!v128.any_true(v128.and(units, i16x8.splat(<i16>0xff80)))) {
          store<u64>(out, i64x2.extract_lane(i8x16.narrow_i16x8_u(units, units), 0));
          out += 8;
          this.at += 16;
          continue;
        }
      }
      out = this.encodeOne(out);
    }
    return <i32>(out - target);
  }

  private encodeOne(out: usize): usize {
    const point = this.next();
    if (point < 0x80) {
      store<u8>(out, <u8>point);
      return out + 1;
    }
    if (point < 0x800) {
      store<u8>(out, <u8>(0xc0 | (point >> 6)));
      store<u8>(out, <u8>(0x80 | (point & 0x3f)), 1);
      return out + 2;
    }
    if (point < 0x10000) {
      store<u8>(out, <u8>(0xe0 | (point >> 12)));
      store<u8>(out, <u8>(0x80 | ((point >> 6) & 0x3f)), 1);
      store<u8>(out, <u8>(0x80 | (point & 0x3f)), 2);
      return out + 3;
    }
    store<u8>(out, <u8>(0xf0 | (point >> 18)));
    store<u8>(out, <u8>(0x80 | ((point >> 12) & 0x3f)), 1);
    store<u8>(out, <u8>(0x80 | ((point >> 6) & 0x3f)), 2);
    store<u8>(out, <u8>(0x80 | (point & 0x3f)), 3);
    return out + 4;
  }

  private next(): u32 {
    const unit = <u32>load<u16>(this.at);
    this.at += 2;
    if ((unit & 0xf800) != 0xd800) return unit;
    if (unit >= 0xdc00 || this.at >= this.end) return 0xfffd;
    const trail = <u32>load<u16>(this.at);
    if ((trail & 0xfc00) != 0xdc00) return 0xfffd;
    this.at += 2;
    return (((unit & 0x3ff) << 10) | (trail & 0x3ff)) + 0x10000;
  }
}
