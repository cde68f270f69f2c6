// Times by what the thread itself used, so that other programs on the machine disturb little.

/** A piece of work to be timed; it makes what it needs anew each time. */
export type Fresh = () => () => unknown;

/** The least milliseconds of CPU that each work took, in rounds of one run each; the first rounds let optimising tiers take over. */
export function leastCpu<Name extends string>(
  works: Readonly<Record<Name, Fresh>>,
  rounds: number,
): Record<Name, number> {
  const names = Object.keys(works) as Name[];
  const least = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<Name, number>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) least[name] = Math.min(least[name], cpu(works[name]()));
  }
  return least;
}

function cpu(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
