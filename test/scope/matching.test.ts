import fc from "fast-check";
import { expect, test } from "vitest";
import { actionAllowed } from "../../host/scope/actions.ts";
import { globMatches } from "../../host/scope/glob.ts";
import { parseScope } from "../../host/scope/parse.ts";
import { normalisePath, pathAccess } from "../../host/scope/paths.ts";
import { looksLikeUrl, urlAllowed } from "../../host/scope/urls.ts";

const SCOPE = parseScope({
  value: {
    actions: ["file.read", "process.*", "*.list", "bank/*", "corp*/*.list"],
    filesystem: [
      { path: "/var/log", access: "read" },
      { path: "/var/log/mine", access: "write" },
      { path: "/project", access: "write" },
      { path: "/project/secret", access: "read" },
    ],
    network: [
      { host: "*.Example.com", ports: [443, 8443], methods: ["get"], paths: ["/api/*", "/health"] },
      { host: "bücher.example", paths: ["/*"] },
      { host: "10.0.0.7", ports: [80] },
      { host: "[::1]", ports: [8080] },
    ],
  },
});

test("a pattern matches as the regular expression does in which * is .*", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 8 });
  fc.assert(
    fc.property(letters, fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 12 }), (pattern, text) => {
      const parts = pattern.split("*").map((part) => part.replaceAll(".", "\\."));
      expect(globMatches(pattern, text)).toBe(new RegExp(`^${parts.join(".*")}$`).test(text));
    }),
    { numRuns: 2000 },
  );
});

test("P5: a pattern that would make a backtracking matcher explode is decided in linear time", () => {
  const steps = "*a".repeat(90);
  expect(globMatches(`${steps}b`, "a".repeat(100_000))).toBe(false);
  expect(globMatches(`${steps}`, "a".repeat(100_000))).toBe(true);
});

test.each([
  ["file.read", true],
  ["file.reader", false],
  ["File.read", false],
  ["process.filter", true],
  ["process", false],
  ["process.", true],
  ["a.b.list", true],
  ["", false],
  ["file.write", false],
  ["acme/process.filter", false],
  ["acme/a.list", false],
  ["bank/any.thing", true],
  ["bank/any.thing/else", false],
  ["corp/x.list", true],
  ["corp/x.read", false],
])("the action %j is allowed: %s", (action, allowed) => {
  expect(actionAllowed(SCOPE, action)).toBe(allowed);
});

test.each([
  ["/var/log", "read"],
  ["/var/log/app.log", "read"],
  ["/var/log/mine", "write"],
  ["/var/log/mine/../app.log", "read"],
  ["/var/log/minefield", "read"],
  ["/var/logs", null],
  ["/var", null],
  ["/", null],
  ["/project//a/./b/", "write"],
  ["project/a", "write"],
  ["/project/secret/key", "read"],
  ["/project/secret/../open", "write"],
  ["/project/../etc/passwd", null],
  ["/../project", null],
  ["../project", null],
  ["", null],
  ["/project/a\0b", null],
  ["\\project\\a", null],
])("C11: the path %j may be used: %s", (path, access) => {
  expect(pathAccess(SCOPE, path)).toBe(access);
});

test("a normalised path is absolute, has no dots, and normalises to itself", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("a", "b", "..", ".", "", "a b"), { maxLength: 8 }), (names) => {
      const normal = normalisePath(names.join("/"));
      fc.pre(normal !== null);
      expect(normal).toMatch(/^\//);
      expect(normal?.split("/")).not.toContain("..");
      expect(normalisePath(normal ?? "")).toBe(normal);
    }),
  );
});

test.each([
  ["https://a.example.com/api/x", "GET", true],
  ["https://A.EXAMPLE.com/api/x/y?q=1#f", "get", true],
  ["https://a.b.example.com/health", "GET", true],
  ["https://a.example.com:8443/health", "GET", true],
  ["https://example.com/api/x", "GET", false],
  ["https://notexample.com/api/x", "GET", false],
  ["https://.example.com/api/x", "GET", false],
  ["https://a.example.com.evil.com/api/x", "GET", false],
  ["https://a.example.com./api/x", "GET", false],
  ["https://evil.com@a.example.com/api/x", "GET", false],
  ["https://a.example.com@evil.com/api/x", "GET", false],
  ["https://a.example.com\\@evil.com/api/x", "GET", false],
  ["https://a.example.com:444/api/x", "GET", false],
  ["http://a.example.com/api/x", "GET", false],
  ["https://a.example.com/api/x", "POST", false],
  ["https://a.example.com/api", "GET", false],
  ["https://a.example.com/api/../admin", "GET", false],
  ["https://a.example.com/api/%2e%2e/admin", "GET", false],
  ["https://a.example.com/api/..%2fadmin", "GET", false],
  ["https://a.example.com/api/..%5Cadmin", "GET", false],
  ["https://b\u00fccher.example/x", "GET", true],
  ["https://xn--bcher-kva.example/x", "HEAD", true],
  ["https://bucher.example/x", "GET", false],
  ["http://10.0.0.7/x", "GET", true],
  ["http://0x0a000007/x", "GET", true],
  ["http://167772167/x", "GET", true],
  ["http://10.0.0.8/x", "GET", false],
  ["http://[::1]:8080/", "GET", true],
  ["http://[::ffff:10.0.0.7]/", "GET", false],
  ["ftp://a.example.com/api/x", "GET", false],
  ["file:///etc/passwd", "GET", false],
  ["//a.example.com/api/x", "GET", false],
  ["https://", "GET", false],
  ["https://a.example.com/api/x", null, true],
])("E1: the URL %j with %s is allowed: %s", (url, method, allowed) => {
  expect(urlAllowed(SCOPE, url, method)).toBe(allowed);
});

test.each([
  ["https://x", true],
  ["HTTP://x", true],
  [" \u0000https:\\\\x", true],
  ["ht\ntps://x", true],
  ["\uFEFFhttps://x", true],
  ["see https://x", false],
  ["https: is a scheme", false],
  ["/https://x", false],
])("%j is taken for a URL: %s", (text, expected) => {
  expect(looksLikeUrl(text)).toBe(expected);
});
