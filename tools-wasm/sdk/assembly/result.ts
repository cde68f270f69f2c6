// WIT's `result` for AssemblyScript, which has no exceptions to catch.
// Knows nothing of how a result is laid out in memory.

/** Either a value or an error; look at `isOk` first. */
export class Result<T, E> {
  private constructor(
    public isOk: bool,
    public value: T,
    public error: E,
  ) {}

  static ok<T, E>(value: T): Result<T, E> {
    return new Result<T, E>(true, value, absent<E>());
  }

  static err<T, E>(error: E): Result<T, E> {
    return new Result<T, E>(false, absent<T>(), error);
  }
}

/** What stands where nothing is: 0, or a reference that must not be used. */
function absent<T>(): T {
  if (isReference<T>()) return changetype<T>(0);
  return <T>0;
}
