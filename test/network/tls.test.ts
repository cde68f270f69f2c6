import { createServer, type ServerOptions } from "node:https";
import { expect, test } from "vitest";
import type { Authority } from "./certificates.ts";
import { makeAuthority, opensslMissing } from "./certificates.ts";
import { serveDns } from "./dns-server.ts";
import { ending, opened, request, send } from "./inspect.ts";
import { listen, loopback, serveBytes } from "./web.ts";

const NAME = "good.test";

async function serveTls(options: ServerOptions): Promise<number> {
  const { port } = await listen(createServer(options, (_, response) => response.end("hello")));
  return port;
}

/** Asks for `https://good.test:port/`; the name leads to this machine. */
async function ask(port: number, trusted?: Authority): Promise<string> {
  const dns = await serveDns({ [NAME]: ["127.0.0.1"] });
  const inspector = opened([{ host: NAME, ports: [port] }, loopback(port)], {
    dnsServers: [dns.address],
    ...(trusted === undefined ? {} : { certificateAuthorities: [trusted.cert] }),
  });
  const outcome = await send(inspector, request({ authority: `${NAME}:${port}` }));
  await inspector.close();
  return ending(outcome);
}

if (opensslMissing !== null) console.warn(`TLS is not tested here: ${opensslMissing}`);

test.skipIf(opensslMissing !== null)(
  "a certificate of an authority that was named is trusted, for its names",
  async () => {
    const authority = makeAuthority();
    expect(await ask(await serveTls(authority.issue(`DNS:${NAME}`)), authority)).toBe("200");
    expect(await ask(await serveTls(authority.issue("DNS:evil.test")), authority)).toBe("TLS-certificate-error");
    expect(await ask(await serveTls(authority.issue("IP:127.0.0.1")), authority)).toBe("TLS-certificate-error");
  },
);

test.skipIf(opensslMissing !== null)("a certificate that nobody vouches for, or that is over, is refused", async () => {
  const authority = makeAuthority();
  const port = await serveTls(authority.issue(`DNS:${NAME}`));
  expect(await ask(port)).toBe("TLS-certificate-error");
  expect(await ask(port, makeAuthority())).toBe("TLS-certificate-error");
  expect(await ask(await serveTls({ key: authority.key, cert: authority.cert }))).toBe("TLS-certificate-error");
});

test.skipIf(opensslMissing !== null)("what is no TLS, or too old, is a protocol error", async () => {
  const authority = makeAuthority();
  const old = {
    ...authority.issue(`DNS:${NAME}`),
    maxVersion: "TLSv1.1",
    minVersion: "TLSv1",
    ciphers: "ALL:@SECLEVEL=0",
  };
  expect(await ask(await serveTls(old as ServerOptions), authority)).toBe("TLS-protocol-error");
  const { port } = await serveBytes("HTTP/1.1 200 OK\r\n\r\n");
  expect(await ask(port, authority)).toBe("TLS-protocol-error");
});
