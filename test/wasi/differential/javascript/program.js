// Programs in JavaScript that use WASI's interfaces as they are; the first argument says which.
import { getArguments, getEnvironment } from "wasi:cli/environment@0.2.0";
import { exit } from "wasi:cli/exit@0.2.0";
import { getStdin } from "wasi:cli/stdin@0.2.0";
import { getStdout } from "wasi:cli/stdout@0.2.0";
import { getDirectories } from "wasi:filesystem/preopens@0.2.0";

const READ = { read: true };
const BOTH = { read: true, write: true };
const CREATE = { create: true };
const FOLLOW = { symlinkFollow: true };

const bytes = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (list) => Array.from(list, (byte) => String.fromCharCode(byte)).join("");

function start() {
  const out = getStdout();
  const say = (...values) => out.blockingWriteAndFlush(bytes(`${values.map(shown).join(" ")}\n`));
  const attempt = (name, body) => {
    try {
      say(name, body() ?? "done");
    } catch (error) {
      say(name, "failed:", error.payload ?? error);
    }
  };
  return { root: getDirectories()[0][0], say, attempt };
}

function shown(value) {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return String(value);
  return JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? String(part) : part));
}

function namesIn(directory) {
  const entries = directory.readDirectory();
  const names = [];
  for (let entry = entries.readDirectoryEntry(); entry != null; entry = entries.readDirectoryEntry()) {
    names.push(`${entry.name}:${entry.type}`);
  }
  return names.sort();
}

function readAll(stream) {
  let all = "";
  try {
    for (;;) all += text(stream.blockingRead(7n));
  } catch (error) {
    return `${all} (${(error.payload ?? error).tag})`;
  }
}

const PROGRAMS = {
  "write and read at offsets"({ root, attempt }) {
    const file = root.openAt({}, "made.txt", CREATE, BOTH);
    attempt("write", () => file.write(bytes("0123456789"), 0n));
    attempt("over", () => file.write(bytes("ab"), 4n));
    attempt("beyond", () => file.write(bytes("z"), 20n));
    attempt("read", () => file.read(100n, 2n).map((part) => (typeof part === "boolean" ? part : text(part))));
    attempt("end", () => file.read(10n, 100n)[1]);
  },
  "streams from a file and into one"({ root, attempt }) {
    const input = root.openAt({}, "input.txt", {}, READ);
    attempt("all", () => readAll(input.readViaStream(0n)));
    attempt("rest", () => readAll(input.readViaStream(16n)));
    const output = root.openAt({}, "copy.txt", CREATE, BOTH);
    const sink = output.writeViaStream(3n);
    attempt("splice", () => sink.blockingSplice(input.readViaStream(4n), 5n));
    attempt("write", () => sink.blockingWriteAndFlush(bytes("!")));
    attempt("zeroes", () => sink.blockingWriteZeroesAndFlush(2n));
    attempt("append", () => output.appendViaStream().blockingWriteAndFlush(bytes("end")));
    attempt("size", () => output.stat().size);
  },
  directories({ root, attempt }) {
    attempt("make", () => root.createDirectoryAt("a"));
    attempt("again", () => root.createDirectoryAt("a"));
    attempt("deep", () => root.createDirectoryAt("a/b"));
    attempt("without a parent", () => root.createDirectoryAt("x/y"));
    root.openAt({}, "a/b/file", CREATE, BOTH);
    attempt("list", () => namesIn(root.openAt({}, "a", { directory: true }, READ)));
    attempt("root", () => namesIn(root));
    attempt("remove what is not empty", () => root.removeDirectoryAt("a/b"));
    attempt("remove a file as a directory", () => root.removeDirectoryAt("a/b/file"));
    attempt("unlink", () => root.unlinkFileAt("a/b/file"));
    attempt("remove", () => root.removeDirectoryAt("a/b"));
  },
  "symbolic links"({ root, attempt }) {
    attempt("link", () => root.symlinkAt("input.txt", "link"));
    attempt("read", () => root.readlinkAt("link"));
    attempt("through", () => root.statAt(FOLLOW, "link").type);
    attempt("itself", () => root.statAt({}, "link").type);
    attempt("open it", () => root.openAt({}, "link", {}, READ));
    attempt("dangling", () => root.symlinkAt("nowhere", "dangling"));
    attempt("through it", () => root.openAt(FOLLOW, "dangling", {}, READ));
    attempt("read a file as a link", () => root.readlinkAt("input.txt"));
  },
  "hard links and identity"({ root, attempt }) {
    attempt("link", () => root.linkAt({}, "input.txt", root, "other"));
    const [one, other] = ["input.txt", "other"].map((name) => root.openAt({}, name, {}, READ));
    attempt("same", () => one.isSameObject(other));
    attempt("hash", () => shown(one.metadataHash()) === shown(root.metadataHashAt({}, "other")));
    attempt("count", () => one.stat().linkCount);
    attempt("over one that is there", () => root.linkAt({}, "input.txt", root, "other"));
    attempt("not the same", () => one.isSameObject(root));
  },
  renames({ root, attempt }) {
    const file = root.openAt({}, "input.txt", {}, READ);
    attempt("rename", () => root.renameAt("input.txt", root, "moved.txt"));
    attempt("its descriptor", () => text(file.read(9n, 0n)[0]));
    root.createDirectoryAt("d");
    attempt("into a directory", () =>
      root.renameAt("moved.txt", root.openAt({}, "d", { directory: true }, BOTH), "in.txt"),
    );
    attempt("a file over a directory", () => root.renameAt("d/in.txt", root, "d"));
    attempt("a directory into itself", () => root.renameAt("d", root, "d/e"));
    attempt("what is not there", () => root.renameAt("none", root, "some"));
  },
  "how files are opened"({ root, attempt }) {
    attempt("missing", () => root.openAt({}, "none", {}, READ));
    attempt("exclusively", () => root.openAt({}, "input.txt", { create: true, exclusive: true }, BOTH));
    attempt("a file as a directory", () => root.openAt({}, "input.txt", { directory: true }, READ));
    attempt("below a file", () => root.openAt({}, "input.txt/x", {}, READ));
    attempt("read only", () => root.openAt({}, "input.txt", {}, READ).getFlags());
    attempt("truncate", () => root.openAt({}, "input.txt", { truncate: true }, BOTH).stat().size);
    attempt("outside", () => root.openAt({}, "../x", {}, READ));
    attempt("absolute", () => root.openAt({}, "/etc/passwd", {}, READ));
  },
  "sizes and types"({ root, attempt }) {
    const file = root.openAt({}, "input.txt", {}, BOTH);
    attempt("type", () => file.getType());
    attempt("longer", () => file.setSize(100n));
    attempt("size", () => file.stat().size);
    attempt("shorter", () => file.setSize(3n));
    attempt("content", () => text(file.read(10n, 0n)[0]));
    attempt("directory", () => root.getType());
    attempt("its size", () => root.setSize(1n));
    attempt("sync", () => file.syncData());
  },
  "after it is removed"({ root, attempt }) {
    const file = root.openAt({}, "input.txt", {}, BOTH);
    attempt("unlink", () => root.unlinkFileAt("input.txt"));
    attempt("read", () => text(file.read(9n, 0n)[0]));
    attempt("write", () => file.write(bytes("new"), 0n));
    attempt("links", () => file.stat().linkCount);
    attempt("open", () => root.openAt({}, "input.txt", {}, READ));
    attempt("unlink again", () => root.unlinkFileAt("input.txt"));
  },
  "arguments and environment"({ say }) {
    say(getArguments());
    say(
      getEnvironment()
        .filter(([name]) => name === "GREETING" || name === "LANG")
        .sort(),
    );
  },
  "standard input"({ say }) {
    say(readAll(getStdin()));
  },
  "a status of failure"({ say }) {
    say("before");
    exit({ tag: "err" });
  },
  "a failure that it returns"() {
    throw undefined;
  },
};

export const run = {
  run() {
    const name = getArguments()[1];
    if (name === "programs") getStdout().blockingWriteAndFlush(bytes(Object.keys(PROGRAMS).join("\n")));
    else PROGRAMS[name](start());
  },
};
