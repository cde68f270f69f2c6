// Certificates for servers on this machine, made by openssl when a test asks.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../support/tree.ts";

/** Why none can be made here; null when they can. */
export const opensslMissing: string | null =
  spawnSync("openssl", ["version"]).status === 0 ? null : "needs the openssl command";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface Authority extends Certificate {
  /** A certificate for names and addresses, as `DNS:good.test,IP:127.0.0.1`; one whose last day was long ago when it is `expired`. */
  issue(names: string, expired?: boolean): Certificate;
}

/** An authority that nobody trusts yet. */
export function makeAuthority(): Authority {
  const folder = temporaryDirectory();
  const openssl = (...args: readonly string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  };
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test authority");
  let issued = 0;
  return {
    key: read("ca.key"),
    cert: read("ca.pem"),
    issue: (names, expired = false) => {
      const name = `${issued++}`;
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
      openssl("req", "-new", ...curve, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", "/CN=server");
      const dates = expired ? ["-not_before", "20200101000000Z", "-not_after", "20200102000000Z"] : ["-days", "2"];
      const signer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
      const files = ["-in", `${name}.csr`, "-out", `${name}.pem`, "-extfile", `${name}.ext`];
      openssl("x509", "-req", ...files, ...signer, ...dates);
      return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
    },
  };
}
