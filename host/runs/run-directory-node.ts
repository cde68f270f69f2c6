// One run on the disk: its journal, the changes that were kept, its report. Node only.
// It must not know what a journal says.

import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { GloveboxError } from "../errors.ts";
import type { JournalSink } from "../journal/journal.ts";

const JOURNAL = "journal.jsonl";
const REPORT = "report.json";
const DONE = "done";
const MOST_BYTES = 1024 * 1024 * 1024;

/** The files of a run. All writes are through to the disk. Errors of all: those of node:fs. */
export class RunDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether the run has come to an end with nothing left to do. */
  get isDone(): boolean {
    return existsSync(join(this.path, DONE));
  }

  markDone(): void {
    writeFileSync(join(this.path, DONE), "", { mode: 0o600 });
  }

  /** The path of the journal. */
  get journal(): string {
    return join(this.path, JOURNAL);
  }

  readJournal(): string {
    return readBounded(join(this.path, JOURNAL)).toString("utf8");
  }

  readLayer(digest: string): Uint8Array {
    return readBounded(join(this.path, layerName(digest)));
  }

  /** The report that was kept last; null when there is none. */
  readReport(): unknown {
    try {
      return JSON.parse(readBounded(join(this.path, REPORT)).toString("utf8"));
    } catch {
      return null;
    }
  }

  /** Under a name of its own: those that were kept before stay until the journal tells of these. */
  writeLayer(digest: string, bytes: Uint8Array): void {
    this.#replace(layerName(digest), bytes);
  }

  /** Removes the changes that were kept, but for those with this digest. */
  removeLayersBut(digest: string | null): void {
    const stay = digest === null ? null : layerName(digest);
    for (const name of readdirSync(this.path)) {
      if (name.startsWith("changes-") && name !== stay) rmSync(join(this.path, name), { force: true });
    }
  }

  writeReport(report: unknown): void {
    this.#replace(REPORT, new TextEncoder().encode(JSON.stringify(report)));
  }

  /** Opens the journal behind its first `bytes`, which are all that count; what comes after them is cut off. */
  openJournal(bytes: number): JournalFile {
    const descriptor = openSync(
      join(this.path, JOURNAL),
      constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW,
      0o600,
    );
    ftruncateSync(descriptor, bytes);
    return new JournalFile(descriptor, bytes, this.path);
  }

  #replace(name: string, bytes: Uint8Array): void {
    const temporary = join(this.path, `${name}.new`);
    writeFileSync(temporary, bytes, { mode: 0o600, flush: true });
    renameSync(temporary, join(this.path, name));
    syncDirectory(this.path);
  }
}

function layerName(digest: string): string {
  return `changes-${digest.replace("sha256:", "").slice(0, 16)}.bin`;
}

/** The journal's file, open for appending. */
export class JournalFile implements JournalSink {
  readonly #descriptor: number;
  readonly #directory: string;
  #position: number;
  #isListed = false;

  constructor(descriptor: number, position: number, directory: string) {
    this.#descriptor = descriptor;
    this.#position = position;
    this.#directory = directory;
  }

  append(text: string): void {
    const bytes = new TextEncoder().encode(text);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#position + done);
    }
    this.#position += bytes.length;
  }

  sync(): void {
    fsyncSync(this.#descriptor);
    if (this.#isListed) return;
    syncDirectory(this.#directory); // the file's own name, and that of its directory
    syncDirectory(dirname(this.#directory));
    this.#isListed = true;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readBounded(path: string): Buffer {
  const { size } = statSync(path);
  if (size <= MOST_BYTES) return readFileSync(path);
  throw new GloveboxError("JOURNAL_FAILED", `${path} is ${size} bytes, and at most ${MOST_BYTES} are read`);
}
