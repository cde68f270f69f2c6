// The form of what is asked of sockets, and the grants that cover it.
// What comes in may have been made by a process that a guest broke into; nothing about it is believed.

import { z } from "zod";
import type { SocketErrorCode, SocketOutcome, SocketRequest } from "../contract/sockets.ts";
import { GloveboxError } from "../errors.ts";
import { NETWORK_LIMITS } from "../limits.ts";
import { printable } from "../scope/document/quote.ts";
import type { NetworkGrant } from "../scope/types.ts";
import { canonicalHost, hostMatches } from "../scope/urls.ts";

/** What was asked of a socket came to nothing; the guest gets the code. */
export class SocketFailure extends Error {
  override readonly name = "SocketFailure";
  readonly code: SocketErrorCode;
  readonly note: GloveboxError | null;

  constructor(code: SocketErrorCode, note: GloveboxError | null = null, cause?: unknown) {
    super(code, { cause });
    this.code = code;
    this.note = note;
  }

  outcome(): SocketOutcome {
    return { kind: "refused", code: this.code, note: this.note === null ? null : this.note.toJSON() };
  }
}

const socket = z.int().min(0);
const form = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("lookup"), name: z.string().min(1).max(253) }),
  z.strictObject({
    kind: z.literal("connect"),
    socket,
    address: z.union([z.ipv4(), z.ipv6()]),
    port: z.int().min(1).max(65_535),
  }),
  z.strictObject({
    kind: z.literal("send"),
    socket,
    bytes: z.instanceof(Uint8Array).refine(({ length }) => length <= NETWORK_LIMITS.socketBytes),
  }),
  z.strictObject({
    kind: z.literal("receive"),
    sockets: z.array(socket).min(1).max(NETWORK_LIMITS.openSockets),
    timeoutMs: z.number().min(0).nullable(),
  }),
  z.strictObject({ kind: z.literal("finish"), socket }),
  z.strictObject({ kind: z.literal("close"), socket }),
]);

/** Whether something is asked of sockets, and not of HTTP. */
export function isSocketRequest(claimed: unknown): boolean {
  return typeof claimed === "object" && claimed !== null && "kind" in claimed;
}

/** Reads what is asked of a socket. Errors: SocketFailure. */
export function readSocketRequest(claimed: unknown): SocketRequest {
  const read = form.safeParse(claimed);
  if (!read.success) throw new SocketFailure("invalid-argument");
  return read.data;
}

/** The grants of TCP for a name, which is as WHATWG URL writes it. Errors: SocketFailure, when there are none. */
export function grantsForName(asked: string, grants: readonly NetworkGrant[]): readonly NetworkGrant[] {
  const name = canonicalHost(asked.replace(/\.$/, ""));
  if (name === null || name.startsWith("*.")) throw new SocketFailure("invalid-argument");
  const covering = grants.filter(({ host }) => hostMatches(host, name));
  if (covering.length === 0) throw notGranted(`a look-up of ${asked}`, name, null);
  return covering;
}

/** The scope does not grant it. */
export function notGranted(what: string, host: string, port: number | null): SocketFailure {
  const grant = `{ host: "${host}", ports: [${port ?? "…"}], protocol: tcp }`;
  const note = new GloveboxError("NET_DENIED", printable(`${what} was refused: no grant of TCP covers it`), {
    hint: printable(`Have it granted in the scope's network section: ${grant}.`),
  });
  return new SocketFailure("access-denied", note);
}
