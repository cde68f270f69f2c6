// The `json-error` of glovebox:std/json: its cases, and its layout in memory.
// Knows nothing of the actions.

import { storeString } from "../../sdk/assembly/strings";

const enum Case {
  InvalidJson,
  InvalidQuery,
  InvalidPatch,
  PatchFailed,
  TooMany,
  TooDeep,
}

/** A failure that the contract allows, with its payload. */
export class JsonError {
  private constructor(
    private tag: Case,
    private number: u32,
    private reason: string,
  ) {}

  static invalidJson(position: u32, reason: string): JsonError {
    return new JsonError(Case.InvalidJson, position, reason);
  }

  static invalidQuery(position: u32, reason: string): JsonError {
    return new JsonError(Case.InvalidQuery, position, reason);
  }

  static invalidPatch(operation: u32, reason: string): JsonError {
    return new JsonError(Case.InvalidPatch, operation, reason);
  }

  static patchFailed(operation: u32, reason: string): JsonError {
    return new JsonError(Case.PatchFailed, operation, reason);
  }

  static tooMany(limit: u32): JsonError {
    return new JsonError(Case.TooMany, limit, "");
  }

  static tooDeep(limit: u32): JsonError {
    return new JsonError(Case.TooDeep, limit, "");
  }

  /** Writes the variant to `target`: the case at 0, its payload at 4; 16 bytes in all. */
  store(target: usize): void {
    store<u8>(target, <u8>this.tag);
    store<u32>(target, this.number, 4);
    storeString(target + 8, this.reason);
  }
}
