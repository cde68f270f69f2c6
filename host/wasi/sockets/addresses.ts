// Addresses as wasi:sockets writes them, and as text: four decimal numbers, or eight hexadecimal ones.
// It must not know which may be connected to.

/** `ipv4-address` and `ipv6-address`. */
export type IpAddress =
  | { readonly tag: "ipv4"; readonly val: readonly number[] }
  | { readonly tag: "ipv6"; readonly val: readonly number[] };

/** `ip-socket-address`. */
export type IpSocketAddress =
  | { readonly tag: "ipv4"; readonly val: { readonly port: number; readonly address: readonly number[] } }
  | {
      readonly tag: "ipv6";
      readonly val: {
        readonly port: number;
        readonly flowInfo: number;
        readonly address: readonly number[];
        readonly scopeId: number;
      };
    };

/** `ip-address-family`. */
export type Family = IpAddress["tag"];

/** An address as text. */
export function textOf({ tag, val: { address } }: IpSocketAddress): string {
  return tag === "ipv4" ? address.join(".") : address.map((group) => group.toString(16)).join(":");
}

/** An address from its text. */
export function addressOf(text: string): IpAddress {
  return text.includes(":")
    ? { tag: "ipv6", val: text.split(":").map((group) => Number.parseInt(group, 16)) }
    : { tag: "ipv4", val: text.split(".").map(Number) };
}

/** What a guest is told of its own end of a connection: nothing of the host. */
export function unspecified(family: Family): IpSocketAddress {
  return family === "ipv4"
    ? { tag: "ipv4", val: { port: 0, address: [0, 0, 0, 0] } }
    : { tag: "ipv6", val: { port: 0, flowInfo: 0, address: [0, 0, 0, 0, 0, 0, 0, 0], scopeId: 0 } };
}

/** Whether a guest can mean to connect there: an address of one machine, a port, and no IPv4 address in the clothes of an IPv6 one. */
export function isRemote({ tag, val: { address, port } }: IpSocketAddress): boolean {
  const any = address.every((part) => part === 0);
  const mapped = tag === "ipv6" && address.slice(0, 5).every((group) => group === 0) && address[5] === 0xffff;
  return port !== 0 && !any && !mapped;
}
