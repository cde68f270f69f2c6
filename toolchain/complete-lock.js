// Completes package-lock.json after an npm install on a registry that does not serve every platform's binaries:
// npm leaves out the optional packages that it could not ask about, and then `npm ci` refuses its own lock file.
// Each gets the entry that npm would have written, without an integrity. Run it after every change of the lock file;
// with --check it only says (by its exit code) whether that was forgotten.

import { readFileSync, writeFileSync } from "node:fs";

const SYSTEMS = {
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  openharmony: "openharmony",
  sunos: "sunos",
  win32: "win32",
};
const PROCESSORS = ["arm64", "arm", "armv7", "ia32", "loong64", "ppc64", "riscv64", "s390x", "x64", "wasm32"];

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
const added = Object.entries(lock.packages).flatMap(([path, entry]) => missingFrom(path, entry));
if (process.argv.includes("--check")) process.exit(added.length === 0 ? 0 : 1);
for (const [path, entry] of added) lock.packages[path] ??= entry;
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} platform packages added\n`);

/** The optional packages of one that the lock file does not have in that version, where npm would look for them. */
function missingFrom(path, { optionalDependencies = {}, dev }) {
  return Object.entries(optionalDependencies).flatMap(([name, range]) => {
    const version = range.replace(/^[\^~]/, "");
    const found = lookUp(path, name);
    if (found !== undefined && (range !== version || found.version === version)) return [];
    const place = found === undefined ? `node_modules/${name}` : `${path}/node_modules/${name}`;
    return [[place, entryOf(name, version, dev)]];
  });
}

/** What a package at `path` gets when it asks for `name`. */
function lookUp(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("node_modules/") - 1))) {
    const entry = lock.packages[`${at === "" ? "" : `${at}/`}node_modules/${name}`];
    if (entry !== undefined || at === "") return entry;
  }
}

function entryOf(name, version, dev) {
  const words = name.split(/[-/]/);
  const system = words.find((word) => word in SYSTEMS);
  const processor = words.findLast((word) => PROCESSORS.includes(word.replace(/^armv7.*/, "armv7")));
  return {
    version,
    ...(processor === undefined ? {} : { cpu: [processor] }),
    ...(dev === true ? { dev: true } : {}),
    optional: true,
    ...(system === undefined ? {} : { os: [SYSTEMS[system]] }),
  };
}
