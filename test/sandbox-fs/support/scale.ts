// How much longer and larger than in CI tests run: set GLOVEBOX_FUZZ to a factor for random ones, GLOVEBOX_LARGE=1 for large ones.

const factor = Number(process.env.GLOVEBOX_FUZZ ?? "1");

/** A size for CI, and the one that is meant. */
export function sized(small: number, large: number): number {
  return process.env.GLOVEBOX_LARGE === undefined ? small : large;
}

export function scaled(runs: number): number {
  return Math.ceil(runs * (factor > 0 ? factor : 1));
}
