// Package registries on this machine: verdaccio, and a static index of wheels.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll } from "vitest";
import { serve } from "../network/web.ts";
import { type Entry, tarOf } from "./archives.ts";

/** The digest of bytes as npm writes it. */
export function integrityOf(bytes: Uint8Array, algorithm: "sha512" | "sha256" = "sha512"): string {
  return `${algorithm}-${createHash(algorithm).update(bytes).digest("base64")}`;
}

/** The tarball of an npm package. */
export function tarballOf(entries: readonly Entry[]): Buffer {
  return gzipSync(tarOf(entries.map((entry) => ({ ...entry, name: `package/${entry.name}` }))));
}

/** A registry of npm packages. */
export interface NpmRegistry {
  url(): string;
  /** Publishes a version, as `npm publish` does. */
  publish(name: string, version: string, tarball: Buffer): Promise<void>;
}

/** Starts verdaccio for the tests of a file, with nothing in it and nothing behind it. */
export function useVerdaccio(): NpmRegistry {
  const folder = mkdtempSync(join(tmpdir(), "glovebox-verdaccio-"));
  let server: Server;
  beforeAll(async () => {
    const { runServer } = await import("verdaccio");
    const all = { access: "$all", publish: "$all" };
    server = await runServer({
      self_path: folder,
      configPath: join(folder, "config.yaml"),
      storage: join(folder, "storage"),
      uplinks: {},
      packages: { "@*/*": all, "**": all },
      log: { type: "stdout", format: "pretty", level: "fatal" },
      web: { enable: false },
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const publish: NpmRegistry["publish"] = async (name, version, tarball) => {
    const response = await fetch(`${url()}/${name.replace("/", "%2f")}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(packument(url(), name, version, tarball)),
    });
    if (!response.ok) throw new Error(`verdaccio: ${response.status} ${await response.text()}`);
  };
  return { url, publish };
}

function packument(url: string, name: string, version: string, tarball: Buffer): object {
  const file = `${name}-${version}.tgz`;
  const shasum = createHash("sha1").update(tarball).digest("hex");
  const dist = { integrity: integrityOf(tarball), shasum, tarball: `${url}/${name}/-/${file}` };
  const data = { content_type: "application/octet-stream", data: tarball.toString("base64"), length: tarball.length };
  return {
    _id: name,
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { name, version, dist } },
    _attachments: { [file]: data },
  };
}

/** Serves files by path, until the test ends; the port. */
export async function serveFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<number> {
  const { port } = await serve((request, response) => {
    const content = files[request.url ?? ""];
    if (content === undefined) response.writeHead(404).end();
    else response.end(content);
  });
  return port;
}
