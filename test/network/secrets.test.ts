import { expect, test } from "vitest";
import type { HttpOutcome } from "../../host/contract/http.ts";
import { GloveboxError } from "../../host/errors.ts";
import { Secrets } from "../../host/network/secrets-node.ts";
import { ending, noting, opened, request, scopeOf, send } from "./inspect.ts";
import { loopback, openWeb, serve } from "./web.ts";

const TOKEN = "s3cret/token+value==";
const AUTHORIZATION = { authorization: `Bearer \${{ env.API_TOKEN }}` };

/** A server that says back whatever it hears, in several spellings. */
async function serveEcho(): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const { port } = await serve((incoming, response) => {
    const said = String(incoming.headers.authorization ?? "nothing");
    heard.push(said);
    const plain = said.replace("Bearer ", "");
    response.setHeader("x-heard", said);
    response.end([plain, encodeURIComponent(plain), Buffer.from(plain).toString("base64")].join(" "));
  });
  return { port, heard };
}

function everything(outcome: HttpOutcome): string {
  if (outcome.kind !== "response") return JSON.stringify(outcome);
  return JSON.stringify([outcome.response.headers, Buffer.from(outcome.response.body).toString()]);
}

test("E10: a secret goes out to the host that it belongs to, and does not come back", async () => {
  const { port, heard } = await serveEcho();
  const inspector = opened([loopback(port, { headers: AUTHORIZATION })], { secrets: { API_TOKEN: TOKEN } });
  const asked = request({ scheme: "http", authority: `127.0.0.1:${port}`, headers: [["authorization", "mine"]] });
  const outcome = await send(inspector, asked);
  await inspector.close();
  expect(heard).toEqual([`Bearer ${TOKEN}`]);
  for (const spelled of [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString("base64")]) {
    expect(everything(outcome)).not.toContain(spelled);
  }
  expect(everything(outcome)).toContain(`Bearer ${"*".repeat(TOKEN.length)}`);
  expect(JSON.stringify(inspector.take())).not.toContain(TOKEN);
});

test("E10: a request that another grant covers carries no secret", async () => {
  const { inspector, sent } = noting([
    { host: "good.com", paths: ["/api/*"], headers: AUTHORIZATION },
    { host: "*.com" },
    { host: "good.com" },
  ]);
  for (const [authority, pathWithQuery] of [
    ["good.com", "/api/x"],
    ["good.com", "/api/../x"],
    ["www.good.com", "/api/x"],
    ["evil.com", "/api/x"],
  ] as const) {
    await send(inspector, request({ authority, pathWithQuery }));
  }
  expect(sent.map(({ headers }) => headers)).toEqual([[["authorization", "Bearer 0123456789"]], [], [], []]);
});

test("E10: a secret does not leave in the clear, but to this machine", async () => {
  const { inspector, sent } = noting([{ host: "good.com", ports: [80, 443], headers: AUTHORIZATION }]);
  expect(ending(await send(inspector, request({ scheme: "http" })))).toBe("HTTP-request-denied NET_DENIED");
  expect(ending(await send(inspector, request({ authority: "good.com:80" })))).toBe("200");
  expect(sent.map(({ request: { scheme } }) => scheme)).toEqual(["https"]);
});

test.each([
  ["not set", {}],
  ["too short to be one", { API_TOKEN: "1234567" }],
  ["no header could hold it", { API_TOKEN: "12345678\r\nx: y" }],
])("a secret that is %s is an error before the run, without its value", (_, environment) => {
  const { network } = scopeOf([{ host: "good.com", headers: AUTHORIZATION }]);
  try {
    new Secrets(network, environment);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(GloveboxError);
    expect(error).toMatchObject({ code: "SCOPE_INVALID", message: expect.stringContaining("API_TOKEN") });
    expect(JSON.stringify(error)).not.toContain("1234567");
  }
});

test.each([
  { host: "evil.com" },
  { "content-length": "1" },
  { "x y": "1" },
  { authorization: `\${{ secrets.x }}` },
  { authorization: "a\r\nb" },
  { authorization: `\${{ env.A` },
])("a scope that puts %j into requests is invalid", (headers) => {
  expect(() => scopeOf([{ host: "good.com", headers }])).toThrow(expect.objectContaining({ code: "SCOPE_INVALID" }));
});

test("E10: neither the tool, nor the report, nor any event has the secret", async () => {
  const { port, heard } = await serveEcho();
  const web = await openWeb("process", { secrets: { API_TOKEN: TOKEN } });
  const events: unknown[] = [];
  const listeners = [{ onEvent: (event: unknown) => events.push(event) }];
  const network = [loopback(port, { headers: AUTHORIZATION })];
  const step = await web.send(`http://127.0.0.1:${port}/`, { network, listeners });
  expect(heard).toEqual([`Bearer ${TOKEN}`]);
  expect(step.output).toMatchObject({ status: 200, body: expect.stringContaining("*".repeat(TOKEN.length)) });
  const all = JSON.stringify([step, events]);
  expect(all).not.toContain(TOKEN);
  expect(all).not.toContain(Buffer.from(TOKEN).toString("base64").replace(/=+$/, ""));
  expect(all).toContain("network.exchanged");
});
