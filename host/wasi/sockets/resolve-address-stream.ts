// wasi:sockets/ip-name-lookup.resolve-address-stream: a look-up, which is done when its answer is waited for.

import { Pollable } from "../io/poll.ts";
import { guardMethods, Resource } from "../resource.ts";
import type { Settled, SocketAccount } from "./account.ts";
import { addressOf, type IpAddress } from "./addresses.ts";

/** The addresses of a name, one after the other. */
export class ResolveAddressStream extends Resource {
  readonly #account: SocketAccount;
  readonly #name: string;
  #outcome: Settled | null = null;
  #given = 0;

  /** Errors: RESOURCE_LIMIT. */
  constructor(account: SocketAccount, name: string) {
    super(account.ledger);
    this.#account = account;
    this.#name = name;
  }

  resolveNextAddress(): IpAddress | undefined {
    if (this.#outcome === null) throw "would-block";
    if (this.#outcome.kind === "refused") throw this.#outcome.code;
    const addresses = this.#outcome.kind === "addresses" ? this.#outcome.addresses : [];
    const next = addresses[this.#given];
    this.#given += 1;
    return next === undefined ? undefined : addressOf(next);
  }

  subscribe(): Pollable {
    return Pollable.event(this.#account.ledger, {
      isReady: () => this.#outcome !== null,
      wait: () => this.#lookUp(),
      group: this.#account,
    });
  }

  async #lookUp(): Promise<void> {
    this.#outcome ??= await this.#account.ask({ kind: "lookup", name: this.#name });
  }
}
guardMethods(ResolveAddressStream);
