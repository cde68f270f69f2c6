// Which addresses a request may go to. Names are resolved once, and what was looked at here is what is connected to.
// It must not resolve or connect.

import ipaddr from "ipaddr.js";
import type { NetworkGrant } from "../scope/types.ts";
import type { Target } from "../scope/urls.ts";

/** The address that a URL names literally, without brackets; null when it names a host. */
export function literalAddress({ url }: Target): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(host) ? host : null;
}

/** Whether an address is one of the public internet; one that stands for another (mapped, translated, tunnelled) is not. */
export function isPublic(address: string): boolean {
  // Written out, since the library takes short forms of IPv4 addresses, too.
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return false;
  if (address.includes("%")) return false;
  return ipaddr.parse(address).range() === "unicast";
}

/** Whether an address is this machine's own. */
export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.parse(address).range() === "loopback";
}

/** Whether a grant names this very address, and this port. */
export function grantNames(grant: NetworkGrant, address: string, port: number): boolean {
  return grant.host === asUrlHost(address) && grant.ports.includes(port);
}

/** An address as the host of a URL, the form that grants have. */
export function asUrlHost(address: string): string {
  const bracketed = address.includes(":") ? `[${address}]` : address;
  return URL.canParse(`http://${bracketed}`) ? new URL(`http://${bracketed}`).hostname : address;
}

/** The one form of an address that all its spellings have: four decimal numbers, or eight hexadecimal ones. */
export function normalAddress(address: string): string {
  return ipaddr.parse(address).toNormalizedString();
}
