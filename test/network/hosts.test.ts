import { expect, test } from "vitest";
import { isPublic } from "../../host/network/addresses.ts";
import { ending, noting, request, send } from "./inspect.ts";

const GOOD = [{ host: "good.com" }];

test.each([
  "evil.com@good.com",
  "good.com@evil.com",
  "good.com.evil.com",
  "evilgood.com",
  "good.com.",
  "good.com..",
  "good.com\u200b",
  "good\u3002com.evil.com",
  "g\u043e\u043ed.com",
  "xn--gd-xxaa.com",
  "\ufeffgood.com",
  "good.com\t.evil.com",
  "good.com\n",
  "good.com\\.evil.com",
  "good.com%2eevil.com",
  "good%2ecom.evil.com",
  "evil.com%23.good.com",
  "",
  ":443",
  "good.com:80",
  "good.com:0443x",
  "good.com:65536",
  "good.com:443:443",
  "//good.com",
  "good.com/x",
  "good.com?x",
  "good.com#x",
  "[good.com]",
])("E1: the host %j is refused, and no name is looked up", async (authority) => {
  const { inspector, resolved, sent } = noting(GOOD);
  const outcome = await send(inspector, request({ authority }));
  expect(ending(outcome)).toMatch(/^(HTTP-request-denied NET_DENIED|HTTP-request-URI-invalid HTTP_INVALID)$/);
  expect([resolved, sent]).toEqual([[], []]);
});

test.each([
  ["GOOD.com", "good.com"],
  ["good.com:443", "good.com"],
  ["good.com:00443", "good.com"],
  ["good%2ecom", "good.com"],
])("E1: the host %j is %s to the check and to the connection alike", async (authority, host) => {
  const { inspector, resolved, sent } = noting(GOOD);
  expect(ending(await send(inspector, request({ authority })))).toBe("200");
  expect(resolved).toEqual([host]);
  expect(sent.map(({ target }) => target.url.host)).toEqual([host]);
});

test("E1: a path is normalised before it is matched, and what was matched is sent", async () => {
  const { inspector, sent } = noting([{ host: "good.com", paths: ["/api/*"] }]);
  const paths = ["/api/../secret", "/api/%2e%2e/secret", "/api/..%2fsecret", "/API/x", "/api/x/../y?z=1#"];
  const endings: string[] = [];
  for (const pathWithQuery of paths) endings.push(ending(await send(inspector, request({ pathWithQuery }))));
  expect(endings.map((one) => one.slice(0, 12))).toEqual([
    ...["HTTP-request", "HTTP-request", "HTTP-request", "HTTP-request", "HTTP-request"],
  ]);
  expect(ending(await send(inspector, request({ pathWithQuery: "/api/x/../y?z=1" })))).toBe("200");
  expect(sent.map(({ target }) => target.url.pathname)).toEqual(["/api/y"]);
});

test.each([
  ["GET", "200"],
  ["HEAD", "200"],
  ["POST", "HTTP-request-denied NET_DENIED"],
  ["CONNECT", "HTTP-request-method-invalid HTTP_INVALID"],
  ["get", "HTTP-request-method-invalid HTTP_INVALID"],
  ["GET /x HTTP/1.1\r\n", "HTTP-request-method-invalid HTTP_INVALID"],
])("E7: the method %j of a grant that says nothing of methods ends in %s", async (method, expected) => {
  expect(ending(await send(noting(GOOD).inspector, request({ method })))).toBe(expected);
});

test.each([
  "127.0.0.1",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "127.1",
  "0",
  "0.0.0.0",
  "[::1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[fe80::1%25eth0]",
  "[64:ff9b::7f00:1]",
  "169.254.169.254",
  "[fd00:ec2::254]",
  "10.0.0.1",
])("E2: the address %j is refused though every name is granted", async (authority) => {
  const { inspector, resolved, sent } = noting([{ host: "*.com" }, { host: "metadata.google.internal" }]);
  expect(ending(await send(inspector, request({ authority })))).toMatch(/^HTTP-request-(denied|URI-invalid)/);
  expect([resolved, sent]).toEqual([[], []]);
});

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.16.0.1",
  "192.168.0.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "255.255.255.255",
  "224.0.0.1",
  "198.18.0.1",
  "::1",
  "::",
  "fe80::1",
  "fc00::1",
  "ff02::1",
  "::ffff:127.0.0.1",
  "::ffff:93.184.215.14",
  "64:ff9b::5db8:d70e",
  "2002:7f00:1::",
  "2001:db8::1",
  "fe80::1%eth0",
  "127.1",
  "no address",
])("E2: a granted name that leads to %s is refused", async (address) => {
  expect(isPublic(address)).toBe(false);
  const { inspector, sent } = noting(GOOD, [address]);
  const outcome = await send(inspector, request());
  expect(ending(outcome)).toBe("destination-IP-prohibited NET_DENIED");
  expect(sent).toEqual([]);
});

test("E2: an address that is granted literally is connected to, by its own URL or by a granted name", async () => {
  const grants = [...GOOD, { host: "127.0.0.1" }, { host: "[::1]" }];
  const { inspector, sent } = noting(grants, ["127.0.0.1"]);
  for (const authority of ["good.com", "127.0.0.1", "2130706433", "[::1]"]) {
    expect([authority, ending(await send(inspector, request({ authority })))]).toEqual([authority, "200"]);
  }
  expect(sent.map(({ address }) => address)).toEqual(["127.0.0.1", "127.0.0.1", "127.0.0.1", "::1"]);
});

test("E3: one private address among public ones refuses them all", async () => {
  const { inspector, sent } = noting(GOOD, ["93.184.215.14", "10.0.0.1"]);
  expect(ending(await send(inspector, request()))).toBe("destination-IP-prohibited NET_DENIED");
  expect(sent).toEqual([]);
});

test("E3: a name is looked up once, and the address that was looked at is the one that is connected to", async () => {
  const { inspector, resolved, sent } = noting(GOOD, ["93.184.215.14", "93.184.215.15"]);
  await send(inspector, request());
  expect([resolved, sent.map(({ address }) => address)]).toEqual([["good.com"], ["93.184.215.14"]]);
});

test("E7: a name that no grant covers is never looked up, however much it says", async () => {
  const { inspector, resolved } = noting([{ host: "*.good.com" }]);
  for (const authority of [`${"a".repeat(63)}.evil.com`, "secret-data.good.com.evil.com", "good.com"]) {
    expect(ending(await send(inspector, request({ authority })))).toBe("HTTP-request-denied NET_DENIED");
  }
  expect(resolved).toEqual([]);
});

test("a refusal says why, and what would allow it", async () => {
  const { inspector } = noting([{ host: "good.com", paths: ["/api/*"] }]);
  const notes: unknown[] = [];
  for (const changes of [
    { authority: "bad.com" },
    { authority: "good.com:8080" },
    { method: "DELETE" },
    { pathWithQuery: "/other" },
  ]) {
    const outcome = await send(inspector, request(changes));
    notes.push(outcome.kind === "error" ? [outcome.note?.message, outcome.note?.hint] : outcome);
  }
  expect(notes).toMatchInlineSnapshot(`
    [
      [
        "GET https://bad.com/ was refused: no grant covers the host bad.com",
        "Have it granted in the scope's network section: { host: "bad.com", ports: [443], methods: [GET], paths: ["/"] }.",
      ],
      [
        "GET https://good.com:8080/ was refused: port 8080 is not granted",
        "Have it granted in the scope's network section: { host: "good.com", ports: [8080], methods: [GET], paths: ["/"] }.",
      ],
      [
        "DELETE https://good.com/ was refused: DELETE is not granted",
        "Have it granted in the scope's network section: { host: "good.com", ports: [443], methods: [DELETE], paths: ["/"] }.",
      ],
      [
        "GET https://good.com/other was refused: no grant covers its path together with its port and method",
        "Have it granted in the scope's network section: { host: "good.com", ports: [443], methods: [GET], paths: ["/other"] }.",
      ],
    ]
  `);
});

test.each([
  [{ headers: [["x\r\ny", "1"]] }, "HTTP-protocol-error"],
  [{ headers: [["x", "1\r\nHost: evil.com"]] }, "HTTP-protocol-error"],
  [{ headers: [["x", "\0"]] }, "HTTP-protocol-error"],
  [{ headers: [["host", "evil.com"]] }, "HTTP-protocol-error"],
  [{ headers: [["Transfer-Encoding", "chunked"]] }, "HTTP-protocol-error"],
  [{ headers: [["upgrade", "websocket"]] }, "HTTP-protocol-error"],
  [{ headers: [["x"]] }, "HTTP-protocol-error"],
  [{ headers: "x: 1" }, "HTTP-protocol-error"],
  [{ headers: [["x", "y".repeat(128 * 1024)]] }, "HTTP-protocol-error"],
  [{ pathWithQuery: "/ HTTP/1.1\r\n" }, "HTTP-request-URI-invalid"],
  [{ pathWithQuery: "good" }, "HTTP-request-URI-invalid"],
  [{ pathWithQuery: "/\\evil.com" }, "HTTP-request-URI-invalid"],
  [{ pathWithQuery: "/x#y" }, "HTTP-request-URI-invalid"],
  [{ scheme: "ftp" }, "HTTP-request-URI-invalid"],
  [{ scheme: "file" }, "HTTP-request-URI-invalid"],
  [{ authority: 7 }, "HTTP-request-URI-invalid"],
  [{ body: "text" }, "HTTP-request-body-size"],
])("E5: a request with %j is refused, whoever made it", async (changes, expected) => {
  const { inspector, resolved, sent } = noting(GOOD);
  const outcome = await send(inspector, { ...request(), ...changes });
  expect(ending(outcome)).toBe(`${expected} HTTP_INVALID`);
  expect([resolved, sent]).toEqual([[], []]);
});

test("E5: what is no request at all is refused", async () => {
  for (const asked of [null, undefined, 1, "GET /", [], {}]) {
    expect(ending(await send(noting(GOOD).inspector, asked))).toMatch(/HTTP_INVALID$/);
  }
});
