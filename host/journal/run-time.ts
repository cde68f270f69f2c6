// The clock of a run that goes on from its journal: it stands where the journal does, and goes on with what is new.
// It must not read any clock but the one that it is given.

/** Milliseconds since the start of a run, in which nothing passes between its parts. */
export class RunTime {
  readonly #now: () => number;
  readonly #onLive: () => void;
  #at = 0;
  #since: number | null;

  /** `now` is monotonic. A run without a past is live at once; another one calls back when it is. */
  constructor(now: () => number, hasPast: boolean, onLive: () => void = () => undefined) {
    this.#now = now;
    this.#onLive = onLive;
    this.#since = hasPast ? null : now();
  }

  readonly now = (): number => (this.#since === null ? this.#at : this.#at + this.#now() - this.#since);

  get live(): boolean {
    return this.#since !== null;
  }

  /** Moves on to a recorded time, while nothing new has happened. */
  reach(ms: number): void {
    if (this.#since === null) this.#at = Math.max(this.#at, ms);
  }

  /** From here on, time passes. */
  goOn(): void {
    if (this.#since !== null) return;
    this.#since = this.#now();
    this.#onLive();
  }
}
