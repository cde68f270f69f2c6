// The action of the tool `package`, as its WIT has it: what is asked for is checked, fetched, checked again, and only then written.
// Knows nothing of HTTP or of archives' formats.

import { openForWriting } from "../../file/assembly/parents";
import { readText } from "../../file/assembly/read";
import { makeDirectory, statusOf } from "../../file/assembly/status";
import { writeAll, writeText } from "../../file/assembly/write";
import { FileError } from "../../file/assembly/file-error";
import { Entry } from "../../formats/assembly/entries";
import { FormatProblem, ProblemKind } from "../../formats/assembly/problem";
import { Url } from "../../http/assembly/url";
import { locate } from "../../sdk/assembly/locate";
import { Result } from "../../sdk/assembly/result";
import { ErrorCode, OpenFlags } from "../../sdk/assembly/wasi/filesystem";
import { Ecosystem, EntryProblem, FileProblem, Installed, MismatchProblem, PackageError, PinProblem } from "./bindings/package";
import { Lock, Pin } from "./lock";
import { isNpmName, isPythonName, normalName } from "./name";
import { canonicalIntegrity, exactInstead, integrityLike, isNpmVersion, isPythonVersion } from "./pin";
import { Archive, fetchTarball, fetchWheel, registryAt } from "./registry";
import { readTarball, readWheel, Unpacked } from "./unpack";

const MAX_ARCHIVE: usize = 8 * 1024 * 1024;

export function install(
  ecosystem: Ecosystem,
  registry: string,
  name: string,
  version: string,
  integrity: string,
  to: string,
  lock: string,
): Result<Installed, PackageError> {
  const isNpm = ecosystem == Ecosystem.Npm;
  const unclear = whyUnclear(isNpm, name, version, integrity, to);
  if (unclear !== null) return refuse(unclear);
  const base = registryAt(registry);
  if (base === null) return refuse(PackageError.invalid('"' + registry + '" is no URL of a registry: http or https, without a query'));
  const directory = isNpm ? below(to, name) : to;
  const taken = isNpm && statusOf(directory, false).isOk;
  if (taken) return refuse(PackageError.alreadyInstalled(directory));
  const pin = new Pin(isNpm ? "npm" : "python", isNpm ? name : normalName(name), version, canonicalIntegrity(integrity), "", directory);
  return new Installing(pin, name, directory, lock).from(base);
}

/** Why a request says too little, or something else than a package; null when it is good. */
function whyUnclear(isNpm: bool, name: string, version: string, integrity: string, to: string): PackageError | null {
  if (!(isNpm ? isNpmName(name) : isPythonName(name))) return PackageError.invalid('"' + name + '" is no name of a package');
  if (!(isNpm ? isNpmVersion(version) : isPythonVersion(version))) {
    return PackageError.notPinned(new PinProblem("version", version, exactInstead(version)));
  }
  // The lock file has a line for each package.
  if (to.includes("\n") || to.includes("\r")) return PackageError.invalid("a directory with a line end in its name cannot be used");
  if (canonicalIntegrity(integrity) != "") return null;
  const write = isNpm ? "the dist.integrity that the registry has of this version, sha512-..." : "the sha256:... that the index has of this wheel";
  return PackageError.notPinned(new PinProblem("integrity", integrity, write));
}

function below(directory: string, name: string): string {
  return (directory.endsWith("/") ? directory : directory + "/") + name;
}

function refuse(error: PackageError): Result<Installed, PackageError> {
  return Result.err<Installed, PackageError>(error);
}

/** One package on its way into the workspace. */
class Installing {
  private problem: PackageError | null = null;
  private files: u32 = 0;
  private bytes: u64 = 0;

  constructor(
    private pin: Pin,
    private name: string,
    private directory: string,
    private lockPath: string,
  ) {}

  from(registry: Url): Result<Installed, PackageError> {
    const lock = this.readLock();
    if (this.problem !== null) return refuse(this.problem!);
    const isNpm = this.pin.ecosystem == "npm";
    const fetched = isNpm
      ? fetchTarball(registry, this.name, this.pin.version, MAX_ARCHIVE)
      : fetchWheel(registry, this.name, this.pin.version, this.pin.integrity, MAX_ARCHIVE);
    if (!fetched.isOk) return refuse(fetched.error);
    const archive = fetched.value;
    this.pin.url = archive.url;
    this.verify(archive, lock);
    if (this.problem !== null) return refuse(this.problem!);
    const end = archive.bytes.address + archive.bytes.length;
    const unpacked = isNpm ? readTarball(archive.bytes.address, end) : readWheel(archive.bytes.address, end);
    if (unpacked.problem !== null) return refuse(ofFormat(unpacked.problem!));
    this.write(unpacked);
    if (this.problem === null) this.check(writeText(this.lockPath, lock.with(this.pin)), this.lockPath);
    if (this.problem !== null) return refuse(this.problem!);
    return Result.ok<Installed, PackageError>(new Installed(this.directory, this.files, this.bytes, archive.url, this.pin.integrity));
  }

  private readLock(): Lock {
    const text = readText(this.lockPath);
    if (!text.isOk && text.error.name != "not-found") this.check(text.error, this.lockPath);
    const lock = new Lock(text.isOk ? text.value.text : "");
    if (lock.problem != "") this.problem = PackageError.lockInvalid(this.lockPath + ": " + lock.problem);
    return lock;
  }

  /** Holds the archive against the digest that was asked for, and against those that the lock file has of this version. */
  private verify(archive: Archive, lock: Lock): void {
    this.compare(this.pin.integrity, archive);
    for (let i = 0; i < lock.pins.length && this.problem === null; i++) {
      if (lock.pins[i].hasVersionOf(this.pin)) this.compare(lock.pins[i].integrity, archive);
    }
  }

  private compare(expected: string, archive: Archive): void {
    const found = integrityLike(expected, archive.bytes.address, <i32>archive.bytes.length);
    if (found != expected) this.problem = PackageError.mismatch(new MismatchProblem(expected, found));
  }

  private write(unpacked: Unpacked): void {
    const all = unpacked.entries.all;
    this.check(makeDirectory(this.directory), this.directory);
    for (let i = 0; i < all.length && this.problem === null; i++) {
      const entry = all[i];
      const path = below(this.directory, entry.name);
      if (entry.isDirectory) this.check(makeDirectory(path), path);
      else this.writeFile(path, unpacked.contents.of(entry), entry);
    }
  }

  private writeFile(path: string, content: usize, entry: Entry): void {
    const located = locate(path);
    if (!located.isOk) return this.check(FileError.ofHost(located.error, path), path);
    const opened = openForWriting(located.value, OpenFlags.create | OpenFlags.exclusive);
    located.value.directory.drop();
    if (!opened.isOk) {
      if (opened.error == ErrorCode.Exist) this.problem = PackageError.alreadyInstalled(path);
      else this.check(FileError.ofHost(opened.error, path), path);
      return;
    }
    this.check(writeAll(opened.value, path, content, entry.size, 0), path);
    opened.value.drop();
    this.files++;
    this.bytes += <u64>entry.size;
  }

  private check(error: FileError | null, path: string): void {
    if (error !== null) this.problem = PackageError.fileFailed(new FileProblem(path, error.name));
  }
}

function ofFormat(problem: FormatProblem): PackageError {
  switch (problem.kind) {
    case ProblemKind.Corrupt:
      return PackageError.corrupt(problem.reason);
    case ProblemKind.UnsafeEntry:
      return PackageError.unsafeEntry(new EntryProblem(problem.entry, problem.reason));
    case ProblemKind.Unsupported:
      return PackageError.unsupported(new EntryProblem(problem.entry, problem.reason));
    case ProblemKind.TooLarge:
      return PackageError.tooLarge(problem.limit);
    default:
      return PackageError.tooMany(<u32>problem.limit);
  }
}
