// The `config-error` of glovebox:std/config: its cases, and its layout in memory.
// Knows nothing of formats.

import { storeString } from "../../sdk/assembly/strings";

const enum Case {
  FileFailed,
  UnknownFormat,
  NotWritable,
  NotEditable,
}

/** A failure that the contract allows, with its payload. */
export class ConfigError {
  private constructor(
    private tag: Case,
    private line: u32,
    private first: string,
    private second: string,
  ) {}

  static fileFailed(path: string, reason: string): ConfigError {
    return new ConfigError(Case.FileFailed, 0, path, reason);
  }

  static unknownFormat(path: string): ConfigError {
    return new ConfigError(Case.UnknownFormat, 0, path, "");
  }

  static notWritable(reason: string): ConfigError {
    return new ConfigError(Case.NotWritable, 0, reason, "");
  }

  static notEditable(line: u32, reason: string): ConfigError {
    return new ConfigError(Case.NotEditable, line, reason, "");
  }

  /** Writes the variant to `target`: the case at 0, its payload at 4; 20 bytes in all. */
  store(target: usize): void {
    store<u8>(target, <u8>this.tag);
    if (this.tag == Case.NotEditable) {
      store<u32>(target, this.line, 4);
      storeString(target + 8, this.first);
      return;
    }
    storeString(target + 4, this.first);
    if (this.tag == Case.FileFailed) storeString(target + 12, this.second);
  }
}
