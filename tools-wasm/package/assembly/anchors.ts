// The links of an HTML page, as package indices write them (PEP 503): the `href` of each `a`.
// Knows nothing of URLs.

import { lowerCase } from "../../sdk/assembly/ascii";

/** What the links of a page say, in order. */
export function anchors(page: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (true) {
    at = page.indexOf("<", at);
    if (at < 0) return found;
    const isLink = at + 2 < page.length && (page.charCodeAt(at + 1) | 0x20) == 0x61 && isBlank(page.charCodeAt(at + 2));
    const end = page.indexOf(">", at);
    if (end < 0) return found;
    if (isLink) {
      const target = hrefOf(page.substring(at + 2, end));
      if (target != "") found.push(target);
    }
    at = end;
  }
}

/** The `href` among the attributes of a tag; empty for none. Attributes have no ">" in the pages of indices. */
function hrefOf(attributes: string): string {
  const lower = lowerCase(attributes);
  let at = lower.indexOf("href=");
  while (at > 0 && !isBlank(lower.charCodeAt(at - 1))) at = lower.indexOf("href=", at + 5);
  if (at < 0) return "";
  const quote = attributes.charAt(at + 5);
  if (quote != '"' && quote != "'") return "";
  const end = attributes.indexOf(quote, at + 6);
  return end < 0 ? "" : attributes.substring(at + 6, end).replaceAll("&amp;", "&");
}

function isBlank(unit: i32): bool {
  return unit == 0x20 || unit == 0x09 || unit == 0x0a || unit == 0x0d;
}
