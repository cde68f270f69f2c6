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

/** Whether a plan may send a request to `url`; with `method` null, whether any method may. */
export function urlAllowed(scope: Scope, url: string, method: string | null): boolean {
  if (!URL.canParse(url)) return false;
  const target = new URL(url);
  const port = target.port === "" ? DEFAULT_PORTS[target.protocol] : Number(target.port);
  if (!(target.protocol in DEFAULT_PORTS) || port === undefined) return false;
  if (target.username !== "" || target.password !== "") return false;
  return scope.network.some(
    (grant) =>
      hostMatches(grant.host, target.hostname) &&
      grant.ports.includes(port) &&
      (method === null ? grant.methods.length > 0 : grant.methods.includes(method.toUpperCase())) &&
      pathMatches(grant, target.pathname),
  );
}

function hostMatches(pattern: string, host: string): boolean {
  return pattern.startsWith("*.") ? host.endsWith(pattern.slice(1)) && host.length >= pattern.length : host === pattern;
}

/** An encoded slash or backslash may be one to the server and none to the pattern, so that only a grant of all paths covers it. */
function pathMatches(grant: NetworkGrant, path: string): boolean {
  const hidden = /%(2f|5c|00)/i.test(path);
  return grant.paths.some((pattern) => pattern === "/*" || (!hidden && globMatches(pattern, path)));
}
