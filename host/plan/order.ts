// Which steps of a plan wait for which. A step that says what it needs waits for that; any other one waits for all before it.
// It must not know what steps do.

/** What decides when a step may start. */
export interface Waiting {
  /** It says what it needs. */
  readonly independent: boolean;
  /** The numbers of the earlier steps that it needs, whose results it takes, or whose outcome it asks for. */
  readonly named: readonly number[];
}

/** The order of a plan's steps: each waits for earlier ones only, so there is no cycle. */
export class Order {
  /** For each step, the numbers of the steps that it waits for itself, sorted. */
  readonly waits: readonly (readonly number[])[];
  /** Every step waits for all before it: nothing can run beside anything. */
  readonly isTotal: boolean;
  readonly #independent: readonly boolean[];
  readonly #before: Uint32Array[] = [];

  private constructor(waits: readonly (readonly number[])[], independent: readonly boolean[]) {
    this.waits = waits;
    this.#independent = independent;
    this.isTotal = waits.every((list, index) => index === 0 || list.includes(index - 1));
  }

  /** The order of steps, by what each says. */
  static of(steps: readonly Waiting[]): Order {
    /** The last step that waited for all before it, and those since. */
    let since: number[] = [];
    const waits = steps.map(({ independent, named }, index) => {
      const own = independent ? [...new Set(named)].sort((a, b) => a - b) : since;
      if (!independent) since = [index];
      else since.push(index);
      return own;
    });
    return new Order(
      waits,
      steps.map(({ independent }) => independent),
    );
  }

  /** Whether a step waits for all before it. */
  waitsForAll(step: number): boolean {
    return this.isTotal || this.#independent[step] !== true;
  }

  /** Whether the later step waits for the earlier one, be it through others. */
  isBefore(earlier: number, later: number): boolean {
    if (this.isTotal) return earlier < later;
    return (((this.#bits(later)[earlier >>> 5] ?? 0) >>> (earlier & 31)) & 1) === 1;
  }

  /** All steps that a step waits for, be it through others, in the order of the plan. */
  *before(step: number): Iterable<number> {
    for (let earlier = 0; earlier < step; earlier += 1) if (this.isBefore(earlier, step)) yield earlier;
  }

  /** One bit for each earlier step. Filled from the front, so that no plan is too long for the stack. */
  #bits(step: number): Uint32Array {
    for (let index = this.#before.length; index <= step; index += 1) {
      const bits = new Uint32Array((index >>> 5) + 1);
      for (const wait of this.waits[index] ?? []) {
        this.#before[wait]?.forEach((word, at) => {
          bits[at] = (bits[at] ?? 0) | word;
        });
        bits[wait >>> 5] = (bits[wait >>> 5] ?? 0) | (1 << (wait & 31));
      }
      this.#before.push(bits);
    }
    return this.#before[step] ?? new Uint32Array();
  }
}
