// The journal of one run, as it is written: entries are appended, and those that must not be lost are on the disk before anything else happens.
// It must not know what is behind its sink.

import { asGloveboxError, GloveboxError } from "../errors.ts";
import { CHAIN_START, type Chain, hashOf, lineOf, type Sha256 } from "./chain.ts";
import type { JournalEntry } from "./entries.ts";

/** Where the lines of a journal go. Its methods may throw; nothing more is written then. */
export interface JournalSink {
  append(text: string): void;
  /** What was appended survives the loss of power from now on. */
  sync(): void;
}

const MOST_BUFFERED = 1024 * 1024;
const MOST_CHARACTERS = 256 * 1024 * 1024;

/** Appends to a journal. */
export class Journal {
  readonly #sink: JournalSink;
  readonly #sha256: Sha256;
  #hash: string;
  #buffered = "";
  #characters: number;
  #failure: GloveboxError | null = null;

  /** Goes on after `chain`; left out, the journal is new. */
  constructor(sink: JournalSink, sha256: Sha256, chain?: Chain) {
    this.#sink = sink;
    this.#sha256 = sha256;
    this.#hash = chain?.hash ?? CHAIN_START;
    this.#characters = chain?.bytes ?? 0;
  }

  /** Appends an entry that may be lost when the machine stops. Errors: JOURNAL_FAILED; what was not written stays so. */
  write(entry: JournalEntry): void {
    this.#refuse();
    const line = lineOf(this.#hash, entry);
    this.#characters += line.length;
    if (this.#characters > MOST_CHARACTERS) this.#fail(`it would be longer than ${MOST_CHARACTERS} characters`);
    this.#hash = hashOf(line, this.#sha256);
    this.#buffered += line;
    if (this.#buffered.length > MOST_BUFFERED) this.flush();
  }

  /** Appends an entry, and returns when it and all before it survive the loss of power. Errors: JOURNAL_FAILED. */
  writeThrough(entry: JournalEntry): void {
    this.write(entry);
    this.flush();
    this.#try(() => this.#sink.sync());
  }

  /** Hands on what was appended: it survives this process, and not yet the loss of power. Errors: JOURNAL_FAILED. */
  flush(): void {
    this.#refuse();
    const text = this.#buffered;
    this.#buffered = "";
    this.#try(() => this.#sink.append(text));
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#fail(asGloveboxError(thrown, "JOURNAL_FAILED", "writing").message, thrown);
    }
  }

  /** After a failure nobody knows what is on the disk: nothing more is written. */
  #fail(why: string, cause?: unknown): never {
    this.#failure ??= new GloveboxError("JOURNAL_FAILED", `the journal of the run cannot be written: ${why}`, {
      cause,
      hint: "Make room, or choose another stateDirectory; what cannot be recorded is not begun.",
    });
    throw this.#failure;
  }

  #refuse(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}
