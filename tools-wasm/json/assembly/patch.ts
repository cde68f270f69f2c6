// json.patch: the operations of a JSON Patch (RFC 6902), one after the other, over one document.
// Knows nothing of how a result is laid out.

import { Result } from "../../sdk/assembly/result";
import { JsonError } from "./json-error";
import { MAX_DEPTH, MAX_VALUES, Parser } from "./parser";
import { arrayIndex, parsePointer, step } from "./pointer";
import { Kind, Value } from "./value";

/** The document that `text` is after all operations of `patch`. */
export function patchJson(text: string, patch: string): Result<Value, JsonError> {
  const parser = new Parser(text);
  const root = parser.parse();
  if (parser.problem !== null) return Result.err<Value, JsonError>(parser.problem!);
  const patchParser = new Parser(patch);
  const operations = patchParser.parse();
  if (patchParser.problem !== null) {
    return Result.err<Value, JsonError>(JsonError.invalidPatch(0, "the patch is not JSON"));
  }
  if (operations.kind != Kind.Array) {
    return Result.err<Value, JsonError>(JsonError.invalidPatch(0, "a patch is an array of operations"));
  }
  const patching = new Patching(root);
  for (let i = 0; i < operations.items.length && patching.problem === null; i++) {
    patching.operation = i;
    patching.apply(operations.items[i]);
  }
  if (patching.problem !== null) return Result.err<Value, JsonError>(patching.problem!);
  return Result.ok<Value, JsonError>(patching.root);
}

/** A document that operations are applied to. */
class Patching {
  operation: i32 = 0;
  problem: JsonError | null = null;
  /** How many values were there, and may have been added since. */
  private values: i32;

  constructor(public root: Value) {
    this.values = root.size();
  }

  apply(operation: Value): void {
    if (operation.kind != Kind.Object) return this.refuse("an operation is an object");
    const op = this.text(operation, "op");
    const path = this.tokens(operation, "path");
    if (this.problem !== null) return;
    if (op == "add") this.add(path, this.value(operation));
    else if (op == "remove") this.remove(path);
    else if (op == "replace") this.replace(path, this.value(operation));
    else if (op == "test") this.test(path, this.value(operation));
    else if (op == "move" || op == "copy") this.transfer(op == "move", this.tokens(operation, "from"), path);
    else this.refuse("op is add, remove, replace, move, copy or test");
  }

  private refuse(reason: string): void {
    if (this.problem === null) this.problem = JsonError.invalidPatch(this.operation, reason);
  }

  private fail(reason: string): void {
    if (this.problem === null) this.problem = JsonError.patchFailed(this.operation, reason);
  }

  private text(operation: Value, name: string): string {
    const at = operation.find(name);
    if (at >= 0 && operation.items[at].kind == Kind.String) return operation.items[at].text;
    this.refuse(name + " is needed, and is a string");
    return "";
  }

  private tokens(operation: Value, name: string): string[] {
    const tokens = parsePointer(this.text(operation, name));
    if (tokens !== null) return tokens;
    this.refuse(name + " is no JSON Pointer");
    return [];
  }

  /** A copy, since a patch that names no other value must not be changed by a later operation either. */
  private value(operation: Value): Value {
    const at = operation.find("value");
    if (at >= 0) return this.copied(operation.items[at]);
    this.refuse("value is needed");
    return operation;
  }

  private copied(value: Value): Value {
    this.values += value.size();
    if (this.values > MAX_VALUES && this.problem === null) this.problem = JsonError.tooMany(MAX_VALUES);
    return this.problem === null ? value.copy() : value;
  }

  /** The value at `tokens`, or at all but the last of them; null, and a problem, where there is none. */
  private find(tokens: string[], count: i32): Value | null {
    let value = this.root;
    for (let i = 0; i < count; i++) {
      const at = step(value, tokens[i]);
      if (at < 0) {
        this.fail("nothing is at /" + tokens.slice(0, i + 1).join("/"));
        return null;
      }
      value = value.items[at];
    }
    return value;
  }

  private add(tokens: string[], value: Value): void {
    if (this.problem !== null) return;
    if (tokens.length + depthOf(value) > MAX_DEPTH) {
      this.problem = JsonError.tooDeep(MAX_DEPTH);
      return;
    }
    if (tokens.length == 0) {
      this.root = value;
      return;
    }
    const parent = this.find(tokens, tokens.length - 1);
    if (parent === null) return;
    const last = tokens[tokens.length - 1];
    if (parent.kind == Kind.Object) return parent.set(last, value);
    if (parent.kind != Kind.Array) return this.fail("what would hold " + last + " is neither an object nor an array");
    const length = parent.items.length;
    const at = last == "-" ? length : arrayIndex(last, length);
    if (at < 0) return this.fail(last + " is no index of this array");
    parent.items.push(value);
    for (let i = length; i > at; i--) parent.items[i] = parent.items[i - 1];
    parent.items[at] = value;
  }

  private remove(tokens: string[]): Value | null {
    if (tokens.length == 0) {
      this.fail("the whole document cannot be removed: replace it");
      return null;
    }
    const parent = this.find(tokens, tokens.length - 1);
    if (parent === null) return null;
    const at = step(parent, tokens[tokens.length - 1]);
    if (at < 0) {
      this.fail("nothing is at /" + tokens.join("/"));
      return null;
    }
    const value = parent.items[at];
    if (parent.kind == Kind.Object) parent.removeMember(at);
    else parent.items.splice(at, 1);
    return value;
  }

  private replace(tokens: string[], value: Value): void {
    if (this.problem !== null || this.find(tokens, tokens.length) === null) return;
    const parent = tokens.length > 0 ? this.find(tokens, tokens.length - 1) : null;
    if (parent === null || parent.kind == Kind.Object) this.add(tokens, value);
    else parent.items[step(parent, tokens[tokens.length - 1])] = value;
  }

  private test(tokens: string[], value: Value): void {
    if (this.problem !== null) return;
    const found = this.find(tokens, tokens.length);
    if (found !== null && !found.equals(value)) this.fail("/" + tokens.join("/") + " has another value");
  }

  private transfer(moves: bool, from: string[], to: string[]): void {
    if (this.problem !== null) return;
    if (!moves) {
      const source = this.find(from, from.length);
      if (source !== null) this.add(to, this.copied(source));
      return;
    }
    const found = this.find(from, from.length);
    if (found === null || isSame(from, to)) return;
    if (from.length < to.length && isSame(from, to.slice(0, from.length))) {
      return this.fail("a value cannot be moved into itself");
    }
    const value = this.remove(from);
    if (value !== null) this.add(to, value);
  }
}

function isSame(a: string[], b: string[]): bool {
  if (a.length != b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

function depthOf(value: Value): i32 {
  let depth = 0;
  for (let i = 0; i < value.count; i++) depth = max(depth, 1 + depthOf(value.items[i]));
  return depth;
}
