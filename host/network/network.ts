// The network of one run, as those see it who run calls and report on them.
// It must not know whether there is a network behind it.

import type { NetworkSender } from "../contract/network.ts";
import type { NetworkExchange } from "../hooks.ts";

/** A way out, or what stands in for one. */
export interface Network {
  readonly send: NetworkSender;
  /** What went on since this was last asked, in the order in which it was asked for. What goes on still counts as cancelled. */
  take(): readonly NetworkExchange[];
  /** The same network for calls that are made at the same time as others: what they do is told apart. It is closed with this one. */
  branch(): Network;
  close(): Promise<void>;
}
