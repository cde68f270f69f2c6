// What generated bindings are made with, besides strings, results and memory. Knows nothing of any interface.

/** WIT's missing payload, as in `result<_, E>`. */
export type Unit = bool;

/** The only value that a missing payload has. */
export const unit: Unit = true;

/** A value or none, where `T | null` cannot say so: `T` is a number, or may be null itself. */
export class Option<T> {
  private constructor(
    public isSome: bool,
    private held: T,
  ) {}

  static some<T>(value: T): Option<T> {
    return new Option<T>(true, value);
  }

  static none<T>(): Option<T> {
    return new Option<T>(false, fromBits<T>(0));
  }

  /** The value; look at `isSome` first. */
  get value(): T {
    assert(this.isSome);
    return this.held;
  }

  /** The value, or `other` where there is none. */
  or(other: T): T {
    return this.isSome ? this.held : other;
  }
}

/** Any payload as 64 bits: one field holds the payload of whichever case a variant is in. The memory is one arena, so no reference is lost. */
export function toBits<T>(value: T): u64 {
  if (isReference<T>()) return <u64>changetype<usize>(value);
  if (sizeof<T>() == 8 && isFloat<T>()) return reinterpret<u64>(<f64>value);
  if (isFloat<T>()) return <u64>reinterpret<u32>(<f32>value);
  return <u64>value;
}

/** The payload of which these are the bits. */
export function fromBits<T>(bits: u64): T {
  if (isReference<T>()) return changetype<T>(<usize>bits);
  if (sizeof<T>() == 8 && isFloat<T>()) return <T>reinterpret<f64>(bits);
  if (isFloat<T>()) return <T>reinterpret<f32>(<u32>bits);
  return <T>bits;
}

let lentHandles: i32[] = [];
let lentDrops: ((handle: i32) => void)[] = [];

/** Notes a handle that is borrowed until the call ends. */
export function borrowed(handle: i32, drop: (handle: i32) => void): i32 {
  lentHandles.push(handle);
  lentDrops.push(drop);
  return handle;
}

/** Drops what was borrowed for this call, as a component must before it returns. */
export function dropBorrowed(): void {
  while (lentHandles.length > 0) lentDrops.pop()(lentHandles.pop());
}
