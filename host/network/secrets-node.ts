// Secrets of the host: they are put into requests on their way out, and taken out of whatever comes back.
// Nothing here may put the value of one into an error, a record or a log.

import { Buffer } from "node:buffer";
import type { HttpHeader } from "../contract/http.ts";
import { GloveboxError } from "../errors.ts";
import { SECRET } from "../scope/schema.ts";
import type { NetworkGrant } from "../scope/types.ts";

/** Shorter ones could be guessed, and stand in every second answer by chance. */
const SHORTEST = 8;

/** The secrets that the grants of a run name, with their values. */
export class Secrets {
  readonly #values: ReadonlyMap<string, string>;
  /** What must not come back, longest first: the values, and how servers may spell them. One character for each byte. */
  readonly #spellings: readonly string[];

  /** Errors: SCOPE_INVALID, for a variable that is not there, too short, or fits in no header. */
  constructor(grants: readonly NetworkGrant[], environment: Readonly<Record<string, string | undefined>>) {
    const templates = grants.flatMap(({ headers = {} }) => Object.values(headers));
    const names = new Set(templates.flatMap((template) => [...template.matchAll(SECRET)].map(([, name = ""]) => name)));
    this.#values = new Map([...names].map((name) => [name, checkedValue(name, environment[name])]));
    const spellings = new Set([...this.#values.values()].flatMap(spellingsOf));
    this.#spellings = [...spellings].sort((a, b) => b.length - a.length);
  }

  /** The headers that grants put into a request, the first grant's where several name one; and whether any holds a secret. */
  headersFor(grants: readonly NetworkGrant[]): { readonly headers: readonly HttpHeader[]; readonly secret: boolean } {
    const headers = new Map<string, string>();
    let secret = false;
    for (const [name, template] of grants.flatMap((grant) => Object.entries(grant.headers ?? {}))) {
      if (headers.has(name.toLowerCase())) continue;
      const value = template.replaceAll(SECRET, (_, variable: string) => this.#values.get(variable) ?? "");
      if (value !== template) secret = true;
      headers.set(name.toLowerCase(), value);
    }
    return { headers: [...headers], secret };
  }

  /** A text with a star for each character of a secret in it. */
  redactText(text: string): string {
    return this.#spellings.reduce((left, one) => left.replaceAll(one, "*".repeat(one.length)), text);
  }

  /** Bytes with a star for each byte of a secret in them; the same array when there is none. */
  redactBytes(bytes: Uint8Array): Uint8Array {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let clean: Buffer | null = null;
    for (const spelling of this.#spellings) {
      const secret = Buffer.from(spelling, "latin1");
      for (let at = buffer.indexOf(secret); at >= 0; at = buffer.indexOf(secret, at + secret.length)) {
        clean ??= Buffer.from(buffer);
        clean.fill("*", at, at + secret.length);
      }
    }
    return clean ?? bytes;
  }
}

function checkedValue(name: string, value: string | undefined): string {
  const hint = "Set it where glovebox runs; its value is seen by no plan and no tool.";
  if (value === undefined) {
    throw new GloveboxError("SCOPE_INVALID", `the scope names the environment variable ${name}, which is not set`, {
      hint,
    });
  }
  if (value.length < SHORTEST || !/^[\x20-\x7e]*$/.test(value)) {
    const message = `the environment variable ${name}, which the scope names, is not a secret of ${SHORTEST} or more printable characters`;
    throw new GloveboxError("SCOPE_INVALID", message, { hint });
  }
  return value;
}

function spellingsOf(value: string): readonly string[] {
  const base64 = Buffer.from(value, "latin1").toString("base64");
  return [
    ...[value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)],
    ...[base64, base64.replace(/=+$/, ""), Buffer.from(value, "latin1").toString("base64url")],
  ];
}
