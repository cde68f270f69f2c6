// Where a registry has the archive of a version, and how it is fetched.
// Knows nothing of digests' making, or of what is in an archive.

import { decodedSize, decodeUtf8 } from "../../sdk/assembly/utf8-decode";
import { Result } from "../../sdk/assembly/result";
import { Growing } from "../../sdk/assembly/growing";
import { Method } from "../../http/assembly/bindings/wasi-http-types";
import { follow, Followed } from "../../http/assembly/follow";
import { TroubleKind } from "../../http/assembly/trouble";
import { parseUrl, Url } from "../../http/assembly/url";
import { DownloadProblem, MismatchProblem, PackageError } from "./bindings/package";
import { anchors } from "./anchors";
import { normalName } from "./name";
import { canonicalIntegrity } from "./pin";

const MAX_INDEX: usize = 4 * 1024 * 1024;

/** An archive that was fetched. */
export class Archive {
  constructor(
    public url: string,
    public bytes: Growing,
  ) {}
}

/** Fetches the tarball of an npm package: registries have it at a fixed place. */
export function fetchTarball(registry: Url, name: string, version: string, most: usize): Result<Archive, PackageError> {
  const file = name.substring(name.indexOf("/") + 1) + "-" + version + ".tgz";
  return fetch(below(registry, name + "/-/" + file), most);
}

/** Fetches the wheel that a "simple" index (PEP 503) has of a version: the one with the digest, where the index tells digests. */
export function fetchWheel(registry: Url, name: string, version: string, integrity: string, most: usize): Result<Archive, PackageError> {
  const page = ask(below(registry, normalName(name) + "/"), MAX_INDEX);
  if (!page.isOk) return Result.err<Archive, PackageError>(page.error);
  const body = page.value.answer.body;
  const decoded = decodeUtf8(body.address, <i32>body.length, heap.alloc(decodedSize(<i32>body.length)));
  if (decoded.problem >= 0) return failed(page.value.url, "the index is not UTF-8 text");
  const links = anchors(decoded.text);
  let chosen: Url | null = null;
  let other = "";
  for (let i = 0; i < links.length && chosen === null; i++) {
    const hash = links[i].indexOf("#");
    const file = links[i].substring(0, hash < 0 ? links[i].length : hash);
    if (!isWheelOf(file.substring(file.lastIndexOf("/") + 1), name, version)) continue;
    const digest = hash < 0 ? "" : canonicalIntegrity(links[i].substring(hash + 1));
    const fits = digest == "" || digest == integrity || !integrity.startsWith("sha256-");
    if (fits) chosen = page.value.url.resolve(links[i]);
    else other = digest;
  }
  if (chosen !== null) return fetch(chosen, most);
  if (other != "") return Result.err<Archive, PackageError>(PackageError.mismatch(new MismatchProblem(integrity, other)));
  return Result.err<Archive, PackageError>(PackageError.notFound(page.value.url.text));
}

/** `NAME-VERSION(-BUILD)?-PYTHON-ABI-PLATFORM.whl` */
function isWheelOf(file: string, name: string, version: string): bool {
  if (!file.endsWith(".whl")) return false;
  const parts = file.split("-");
  if (parts.length != 5 && parts.length != 6) return false;
  return normalName(parts[0]) == normalName(name) && parts[1].replace("%2B", "+") == version;
}

function below(registry: Url, path: string): Url {
  return new Url(registry.secure, registry.authority, registry.path + (registry.path.endsWith("/") ? "" : "/") + path);
}

function fetch(url: Url, most: usize): Result<Archive, PackageError> {
  const followed = ask(url, most);
  if (!followed.isOk) return Result.err<Archive, PackageError>(followed.error);
  return Result.ok<Archive, PackageError>(new Archive(followed.value.url.text, followed.value.answer.body));
}

function ask(url: Url, most: usize): Result<Followed, PackageError> {
  const followed = follow(Method.get_(), url, [], null, most);
  if (!followed.isOk) {
    const trouble = followed.error;
    if (trouble.kind == TroubleKind.Denied) return refuse(PackageError.denied(url.text));
    if (trouble.kind == TroubleKind.TooLarge) return refuse(PackageError.tooLarge(most));
    return refuse(PackageError.downloadFailed(new DownloadProblem(url.text, trouble.text)));
  }
  const status = followed.value.answer.status;
  if (status == 404 || status == 410) return refuse(PackageError.notFound(url.text));
  if (status < 200 || status > 299) return refuse(PackageError.downloadFailed(new DownloadProblem(url.text, "status " + status.toString())));
  return Result.ok<Followed, PackageError>(followed.value);
}

function refuse(error: PackageError): Result<Followed, PackageError> {
  return Result.err<Followed, PackageError>(error);
}

function failed(url: Url, reason: string): Result<Archive, PackageError> {
  return Result.err<Archive, PackageError>(PackageError.downloadFailed(new DownloadProblem(url.text, reason)));
}

/** The URL of a registry; null for what is none, or has a query. */
export function registryAt(text: string): Url | null {
  return text.includes("?") || text.includes("#") ? null : parseUrl(text);
}
