// Which URLs a scope grants. There is one parser, the WHATWG one, and what it gives is what is connected to.

import { globMatches } from "./glob.ts";
import type { NetworkGrant, Scope } from "./types.ts";

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** Whether a text is meant as an absolute http or https URL, also when it is written so that only a URL parser sees it. */
export function looksLikeUrl(text: string): boolean {
  return /^[\s\p{C}]*https?:[/\\]/iu.test(text.slice(0, 1000).replace(/[\t\n\r]/g, ""));
}

/** The host of a grant as WHATWG URL writes it, or null when it is not a host name, an IP address, or `*.` and a domain. */
export function canonicalHost(host: string): string | null {
  const wildcard = host.startsWith("*.");
  const name = wildcard ? host.slice(2) : host;
  if (!/^(\[[0-9a-f:.]+\]|[^\s/\\?#@:[\]*%]+)$/i.test(name) || !URL.canParse(`https://${name}`)) return null;
  const canonical = new URL(`https://${name}`).hostname;
  const isAddress = canonical.startsWith("[") || /^[0-9.]+$/.test(canonical);
  if (canonical === "" || canonical.endsWith(".") || (wildcard && isAddress)) return null;
  return wildcard ? `*.${canonical}` : canonical;
}

/** Where a request would go, as the one parser reads it: `url` is what is sent, whatever was written. */
export interface Target {
  readonly url: URL;
  readonly port: number;
}

/** Reads a URL as the network does; null when it is not one of http or https, or names a user. */
export function targetOf(text: string): Target | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const port = url.port === "" ? DEFAULT_PORTS[url.protocol] : Number(url.port);
  if (port === undefined || !(url.protocol in DEFAULT_PORTS) || url.username !== "" || url.password !== "") return null;
  return { url, port };
}

/** Whether a plan may send a request to `url`; with `method` null, whether any method may. */
export function urlAllowed(scope: Pick<Scope, "network">, url: string, method: string | null): boolean {
  const target = targetOf(url);
  return target !== null && scope.network.some((grant) => grantCovers(grant, target, method));
}

/** Whether one grant covers a request; with `method` null, whether it does for any method. */
export function grantCovers(grant: NetworkGrant, { url, port }: Target, method: string | null): boolean {
  return (
    grant.protocol === undefined &&
    hostMatches(grant.host, url.hostname) &&
    grant.ports.includes(port) &&
    (method === null ? grant.methods.length > 0 : grant.methods.includes(method.toUpperCase())) &&
    pathMatches(grant, url.pathname)
  );
}

/** Whether the host of a grant covers a host; both are as WHATWG URL writes them. */
export function hostMatches(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) && host.length >= pattern.length : host === pattern;
}

/** An encoded slash or backslash may be one to the server and none to the pattern, so that only a grant of all paths covers it. */
function pathMatches(grant: NetworkGrant, path: string): boolean {
  const hidden = /%(2f|5c|00)/i.test(path);
  return grant.paths.some((pattern) => pattern === "/*" || (!hidden && globMatches(pattern, path)));
}
