// The network of one run, put together for Node: the inspector, the secrets of this machine, undici, and its hashes.

import { createHash } from "node:crypto";
import type { Scope } from "../scope/types.ts";
import { NodeClient } from "./client-node.ts";
import { Inspector } from "./inspector.ts";
import type { Digest } from "./record.ts";
import { Secrets } from "./secrets-node.ts";

export interface NetworkOptions {
  /** PEM certificates that are trusted besides those that Node trusts. */
  readonly certificateAuthorities?: readonly string[];
  /** Servers that names are asked of, as `192.0.2.1` or `192.0.2.1:53`; by default, names are resolved as this machine does. */
  readonly dnsServers?: readonly string[];
  /** Where the secrets that a scope names are; default: the environment of this process. */
  readonly secrets?: Readonly<Record<string, string | undefined>>;
}

/** Opens the way out for the calls of a run that has this authority. Errors: SCOPE_INVALID, for a secret that is not there. */
export function openNetwork({ network, limits }: Scope, options: NetworkOptions = {}): Inspector {
  const { certificateAuthorities, dnsServers, secrets = process.env } = options;
  return new Inspector({
    grants: network,
    limits,
    secrets: new Secrets(network, secrets),
    client: new NodeClient({ certificateAuthorities, dnsServers }),
    digest: sha256,
    openDigest: () => {
      const hash = createHash("sha256");
      return { add: (piece) => void hash.update(piece), end: () => `sha256:${hash.copy().digest("hex")}` };
    },
  });
}

/** What the exchanges and entries of a network are told by. */
export const sha256: Digest = (pieces) => {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
};
