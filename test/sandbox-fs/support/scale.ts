// How much longer than in CI random tests run: set GLOVEBOX_FUZZ to a factor.

const factor = Number(process.env.GLOVEBOX_FUZZ ?? "1");

export function scaled(runs: number): number {
  return Math.ceil(runs * (factor > 0 ? factor : 1));
}
