// JSON values in memory.
// Knows nothing of how they are written, nor of queries.

/** What a value is. */
export const enum Kind {
  Null,
  False,
  True,
  Number,
  String,
  Array,
  Object,
}

/** Objects with more members than this have an index of their names. */
const INDEXED: i32 = 16;

/** A JSON value. */
export class Value {
  /** The elements of an array, or the values of an object's members. Nothing else has any: ask `count` first. */
  items: Value[] = changetype<Value[]>(0);
  /** The names of an object's members. */
  names: string[] = changetype<string[]>(0);
  private index: Map<string, i32> | null = null;

  constructor(
    public kind: Kind,
    /** The characters of a string, or a number as it was written. */
    public text: string = "",
  ) {
    if (kind >= Kind.Array) this.items = [];
    if (kind == Kind.Object) this.names = [];
  }

  static ofNumber(value: i32): Value {
    return new Value(Kind.Number, value.toString());
  }

  static ofBool(value: bool): Value {
    return new Value(value ? Kind.True : Kind.False);
  }

  /** How many elements or members there are. */
  get count(): i32 {
    return this.kind >= Kind.Array ? this.items.length : 0;
  }

  get number(): f64 {
    return parseFloat(this.text);
  }

  /** Where the member `name` is; -1 for nowhere. */
  find(name: string): i32 {
    const index = this.index;
    if (index !== null) return index.has(name) ? index.get(name) : -1;
    for (let i = 0; i < this.names.length; i++) {
      if (this.names[i] == name) return i;
    }
    return -1;
  }

  /** Makes `value` the member `name`, in the place of one of that name, or as the last. */
  set(name: string, value: Value): void {
    const at = this.find(name);
    if (at >= 0) {
      this.items[at] = value;
      return;
    }
    this.names.push(name);
    this.items.push(value);
    if (this.index !== null) this.index!.set(name, this.names.length - 1);
    else if (this.names.length > INDEXED) this.buildIndex();
  }

  /** Takes out the member at `at`. */
  removeMember(at: i32): void {
    this.names.splice(at, 1);
    this.items.splice(at, 1);
    if (this.index !== null) this.buildIndex();
  }

  /** A copy that shares nothing. */
  copy(): Value {
    const value = new Value(this.kind, this.text);
    for (let i = 0; i < this.count; i++) {
      const item = this.items[i].copy();
      if (this.kind == Kind.Object) value.set(this.names[i], item);
      else value.items.push(item);
    }
    return value;
  }

  /** How many values there are in it, itself included. */
  size(): i32 {
    let size = 1;
    for (let i = 0; i < this.count; i++) size += this.items[i].size();
    return size;
  }

  /** Equal as JSON: numbers by value, objects whatever the order of their members. */
  equals(other: Value): bool {
    if (this.kind != other.kind) return false;
    if (this.kind == Kind.Number) return this.text == other.text || this.number == other.number;
    if (this.kind == Kind.String) return this.text == other.text;
    if (this.count != other.count) return false;
    for (let i = 0; i < this.count; i++) {
      const at = this.kind == Kind.Object ? other.find(this.names[i]) : i;
      if (at < 0 || !this.items[i].equals(other.items[at])) return false;
    }
    return true;
  }

  private buildIndex(): void {
    const index = new Map<string, i32>();
    for (let i = 0; i < this.names.length; i++) index.set(this.names[i], i);
    this.index = index;
  }
}
