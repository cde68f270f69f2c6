// The package wasi:sockets: TCP to where the scope grants it, decided on the trusted side when a guest looks up or connects. Listening and UDP are
// there, so that programs that could use them load, and are denied.
// It must not open anything.

import type { SocketSender } from "../../contract/sockets.ts";
import { GloveboxError } from "../../errors.ts";
import type { Ledger } from "../ledger.ts";
import { guardFunctions, guardMethods, type Interfaces, Resource, withResources } from "../resource.ts";
import { SocketAccount } from "./account.ts";
import type { Family } from "./addresses.ts";
import { DATAGRAM_STREAM, UDP_SOCKET } from "./methods.ts";
import { ResolveAddressStream } from "./resolve-address-stream.ts";
import { TcpSocket } from "./tcp-socket.ts";

/** What a guest holds without any right: the network, in which each connection is looked at. */
class Network extends Resource {}
guardMethods(Network);

const UdpSocket = unheld(UDP_SOCKET);
const IncomingDatagramStream = unheld(DATAGRAM_STREAM.incoming);
const OutgoingDatagramStream = unheld(DATAGRAM_STREAM.outgoing);

/** Names are kept until they are looked up. */
const LONGEST_NAME = 253;

/** TCP of one call. */
export interface Sockets {
  /** Its interfaces, by name. */
  readonly interfaces: Interfaces;
  /** Resolves when all that the guest wrote has left; null when there is nothing to wait for. Errors: the limit of the run that was met. */
  settle(): Promise<void> | null;
}

/** Without a sender, every look-up and connection is denied. */
export function sockets(ledger: Ledger, send: SocketSender | undefined): Sockets {
  const account = new SocketAccount(ledger, send);
  const functions = (one: object): Readonly<Record<string, unknown>> => guardFunctions(ledger, one);
  const resolveAddresses = (_network: Network, name: string): ResolveAddressStream => {
    if (name === "" || name.length > LONGEST_NAME) throw "invalid-argument";
    return new ResolveAddressStream(account, name);
  };
  const createTcpSocket = (family: Family): TcpSocket => new TcpSocket(account, family);
  const interfaces = {
    "wasi:sockets/instance-network": Object.freeze(functions({ instanceNetwork: () => new Network(ledger) })),
    "wasi:sockets/network": withResources({ Network }, functions({ networkErrorCode: () => undefined })),
    "wasi:sockets/tcp-create-socket": Object.freeze(functions({ createTcpSocket })),
    "wasi:sockets/tcp": withResources({ TcpSocket }),
    "wasi:sockets/udp-create-socket": Object.freeze(functions({ createUdpSocket: () => denyUdp(ledger) })),
    "wasi:sockets/udp": withResources({ UdpSocket, IncomingDatagramStream, OutgoingDatagramStream }),
    "wasi:sockets/ip-name-lookup": withResources({ ResolveAddressStream }, functions({ resolveAddresses })),
  };
  return { interfaces, settle: () => account.settle() };
}

function denyUdp(ledger: Ledger): never {
  const message = "a UDP socket was refused: tools reach the network over HTTP, and over TCP where it is granted";
  const hint = "Use a tool that sends HTTP requests, and grant the host in the scope's network section.";
  ledger.reportViolation(new GloveboxError("NET_DENIED", message, { hint }).toJSON());
  throw "access-denied";
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
