// How far off a time can be.
// It must not know clocks.

/** Times are below this, and above its negative: some 9,000 years around 1970, more than any filesystem keeps. */
export const LIMIT_NS: bigint = 1n << 68n;
