// An open file or directory that a descriptor and its streams share, and the one way in which they use it.
// It must not know the interface's functions.

import type { FileSystem, Handle } from "../../../sandbox-fs/types.ts";
import { GloveboxError } from "../../errors.ts";
import type { VirtualClock } from "../clock.ts";
import type { Ledger } from "../ledger.ts";
import { printableName } from "../text.ts";
import { type ErrorCode, errorCodeOf, quotaOf } from "./error-code.ts";

/** What all files of a call have in common. */
export interface FileContext {
  readonly ledger: Ledger;
  readonly clock: VirtualClock;
  /** Reads land here before the guest copies them out: one array for the whole call. */
  scratch(length: number): Uint8Array;
}

export interface OpenNodeSetup {
  readonly context: FileContext;
  readonly fs: FileSystem;
  readonly handle: Handle;
  /** Tells filesystems apart: inode numbers are unique within one only. */
  readonly device: number;
  /** As the guest would write it; for messages only. */
  readonly path: string;
  /** Whether anything here or below may be changed; handed down from the preopen, never gained. */
  readonly mutable: boolean;
  /** A file was opened for reading. */
  readonly readable: boolean;
  /** A file was opened for writing. */
  readonly writable: boolean;
  /** Whether the handle is closed with its last user. */
  readonly owned: boolean;
}

const REFUSALS: ReadonlySet<ErrorCode> = new Set(["access", "not-permitted", "read-only"]);

/** Counts its users; the last one closes the handle. */
export class OpenNode {
  readonly setup: OpenNodeSetup;
  #users = 1;

  constructor(setup: OpenNodeSetup) {
    this.setup = setup;
  }

  get handle(): Handle {
    return this.setup.handle;
  }

  get isDirectory(): boolean {
    return this.setup.handle.type === "directory";
  }

  retain(): this {
    this.#users += 1;
    return this;
  }

  release(): void {
    this.#users -= 1;
    if (this.#users > 0 || !this.setup.owned) return;
    try {
      this.setup.fs.close(this.setup.handle);
    } catch (thrown) {
      // A filesystem that ended before the call has closed its handles itself.
      if (errorCodeOf(thrown) !== "bad-descriptor") throw thrown;
    }
  }

  /**
   * Runs one operation on the filesystem, counted. Throws the error code of an FsError, and records it when the grants refused.
   * Errors: IO_LIMIT; FS_QUOTA or RESOURCE_LIMIT, when a quota of the filesystem was met.
   */
  operate<T>(operation: string, path: string, body: (fs: FileSystem, handle: Handle) => T): T {
    this.setup.context.ledger.countOperation();
    try {
      return body(this.setup.fs, this.setup.handle);
    } catch (thrown) {
      throw this.#translate(thrown, operation, path);
    }
  }

  /** Records that a request was refused, and gives the error code for it. */
  refuse(operation: string, path: string): ErrorCode {
    this.setup.context.ledger.recordViolation(operation, this.pathOf(path));
    return "not-permitted";
  }

  /** The path of something below this directory, or of this node for "", on one line. */
  pathOf(path: string): string {
    if (path === "") return this.setup.path;
    return printableName(path.startsWith("/") ? path : `${this.setup.path.replace(/\/$/, "")}/${path}`);
  }

  #translate(thrown: unknown, operation: string, path: string): unknown {
    const code = errorCodeOf(thrown);
    if (code === undefined) return thrown;
    const quota = quotaOf(thrown);
    if (quota !== undefined) {
      const { limit, hint } = quota;
      const message = `${operation} of ${this.pathOf(path)} met the limit of the run's files on ${limit}`;
      const details = { data: { limit }, cause: thrown };
      return new GloveboxError(quota.code, message, hint === undefined ? details : { ...details, hint });
    }
    if (REFUSALS.has(code)) this.setup.context.ledger.recordViolation(operation, this.pathOf(path));
    return code;
  }
}
