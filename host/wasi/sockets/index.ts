// The package wasi:sockets: everything is there, so that programs that could use the network load, and everything is denied. The network
// is reached through wasi:http alone, where each request can be told from every other.
// It must not open anything.

import { GloveboxError } from "../../errors.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions, guardMethods, type Interfaces, Resource, withResources } from "../resource.ts";
import { DATAGRAM_STREAM, RESOLVE_STREAM, TCP_SOCKET, UDP_SOCKET } from "./methods.ts";

/** What a guest holds without any right: the network that it may not use. */
class Network extends Resource {}
guardMethods(Network);

const TcpSocket = unheld(TCP_SOCKET);
const UdpSocket = unheld(UDP_SOCKET);
const IncomingDatagramStream = unheld(DATAGRAM_STREAM.incoming);
const OutgoingDatagramStream = unheld(DATAGRAM_STREAM.outgoing);
const ResolveAddressStream = unheld(RESOLVE_STREAM);

/** Its interfaces, by name. */
export function sockets(ledger: Ledger): Interfaces {
  const denied = (what: string) => (): never => {
    const message = `${what} was refused: tools reach the network through wasi:http alone`;
    const hint = "Use a tool that sends HTTP requests, and grant the host in the scope's network section.";
    ledger.reportViolation(new GloveboxError("NET_DENIED", message, { hint }).toJSON());
    throw "access-denied";
  };
  const functions = (one: object): Readonly<Record<string, unknown>> => guardFunctions(ledger, one);
  return {
    "wasi:sockets/instance-network": Object.freeze(functions({ instanceNetwork: () => new Network(ledger) })),
    "wasi:sockets/network": withResources({ Network }, functions({ networkErrorCode: () => undefined })),
    "wasi:sockets/tcp-create-socket": Object.freeze(functions({ createTcpSocket: denied("a TCP socket") })),
    "wasi:sockets/tcp": withResources({ TcpSocket }),
    "wasi:sockets/udp-create-socket": Object.freeze(functions({ createUdpSocket: denied("a UDP socket") })),
    "wasi:sockets/udp": withResources({ UdpSocket, IncomingDatagramStream, OutgoingDatagramStream }),
    "wasi:sockets/ip-name-lookup": withResources(
      { ResolveAddressStream },
      functions({ resolveAddresses: denied("a name lookup") }),
    ),
  };
}

/** The class of a resource that no guest ever holds, since whatever gives it is denied. */
function unheld(methods: readonly string[]): typeof Resource {
  class Unheld extends Resource {}
  for (const name of methods) Object.defineProperty(Unheld.prototype, name, { value: neverHeld, configurable: true });
  guardMethods(Unheld);
  return Unheld;
}

function neverHeld(): never {
  throw new GloveboxError("TRAP", "the guest used a socket that it cannot hold");
}
