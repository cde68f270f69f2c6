// The options of a TCP socket, as a guest sets and reads them. They are kept, and change nothing: how connections of the host are kept is
// not for a guest to say.

const DEFAULTS = {
  keepAliveIdleTime: 7_200_000_000_000n,
  keepAliveInterval: 75_000_000_000n,
  keepAliveCount: 9n,
  hopLimit: 64n,
  receiveBufferSize: 262_144n,
  sendBufferSize: 262_144n,
} as const;

/** Those that have a number. */
export type NumberOption = keyof typeof DEFAULTS;

/** The options of one socket. */
export class SocketOptions {
  keepAlive = false;
  readonly #values = new Map<NumberOption, bigint>();

  get(option: NumberOption): bigint {
    return this.#values.get(option) ?? DEFAULTS[option];
  }

  /** Throws `invalid-argument` for zero, which is none of them. */
  set(option: NumberOption, value: bigint): void {
    if (value === 0n) throw "invalid-argument";
    this.#values.set(option, value);
  }
}
