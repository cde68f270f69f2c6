// What single calls must answer, errno by errno, as data: the real filesystem is asked the same, so that the table is true.
// It must not know who answers.

import type { Operation, Outcome } from "../support/operations.ts";
import type { Tree } from "../support/trees.ts";

/** Where every case starts. */
export const START: Tree = {
  file: "content",
  other: "other",
  dir: { inner: "in", sub: { deep: "deep" } },
  full: { x: "x" },
  empty: {},
  void: {},
  link: { link: "file" },
  dirlink: { link: "dir" },
  slashed: { link: "file/" },
  dangling: { link: "nowhere" },
  loop: { link: "pool" },
  pool: { link: "loop" },
};

export interface Case {
  readonly title: string;
  readonly operations: readonly Operation[];
  /** Of the last operation; those before it succeed. */
  readonly expected: Outcome;
}

const OK: Outcome = { value: undefined };
const hex = (text: string): Outcome => ({ value: Buffer.from(text).toString("hex") });
const failsWith = (error: string): Outcome => ({ error });

function single(operation: Operation, expected: Outcome | string): Case {
  const outcome = typeof expected === "string" ? failsWith(expected) : expected;
  const { op, ...rest } = operation;
  const what = `${op} ${Object.entries(rest)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(" ")}`;
  const row = Object.values(rest).some((value) => typeof value === "string" && value.endsWith("/")) ? "C9: " : "";
  return {
    title: `${row}${what} ${"error" in outcome ? `is ${outcome.error}` : "succeeds"}`,
    operations: [operation],
    expected: outcome,
  };
}

const create = (path: string, flags: { exclusive?: boolean; truncate?: boolean } = {}): Operation => ({
  op: "create",
  path,
  exclusive: flags.exclusive === true,
  truncate: flags.truncate === true,
});

const LOOK_UPS: readonly Case[] = [
  ...["file/", "file/.", "file/..", "file/x", "link/", "slashed"].map((path) =>
    single({ op: "stat", path }, "ENOTDIR"),
  ),
  ...["nothing", "nothing/", "nothing/x", "dangling", "dangling/x", "dir/nothing/../inner", "empty/file"].map((path) =>
    single({ op: "stat", path }, "ENOENT"),
  ),
  ...["loop", "loop/", "loop/x"].map((path) => single({ op: "stat", path }, "ELOOP")),
  single({ op: "read", path: "dir/sub/../inner" }, hex("in")),
  single({ op: "read", path: "dirlink/sub/../inner" }, hex("in")),
  single({ op: "read", path: "dir//./inner" }, hex("in")),
  single({ op: "read", path: "link" }, hex("content")),
  single({ op: "read", path: "dir" }, "EISDIR"),
  single({ op: "lstat", path: "loop" }, { value: { type: "symlink", size: 4, links: 1, mode: 0o777 } }),
  single({ op: "lstat", path: "dirlink/" }, { value: { type: "directory", size: 0, links: 1, mode: 0o755 } }),
  single({ op: "stat", path: "link" }, { value: { type: "file", size: 7, links: 1, mode: 0o644 } }),
  single({ op: "readlink", path: "link" }, { value: "file" }),
  single({ op: "readlink", path: "loop" }, { value: "pool" }),
  ...["file", "dir", "dirlink/"].map((path) => single({ op: "readlink", path }, "EINVAL")),
  single({ op: "readlink", path: "nothing" }, "ENOENT"),
  single(
    { op: "list", path: "dirlink" },
    {
      value: [
        ["inner", "file"],
        ["sub", "directory"],
      ],
    },
  ),
  single({ op: "list", path: "empty" }, { value: [] }),
  ...["file", "link", "link/"].map((path) => single({ op: "list", path }, "ENOTDIR")),
];

const OPENS: readonly Case[] = [
  single(create("new"), OK),
  single(create("file"), OK),
  single(create("link"), OK),
  single(create("dangling"), OK),
  single(create("dangling", { exclusive: true }), "EEXIST"),
  ...["file", "dir", "link", "loop", "dirlink"].map((path) => single(create(path, { exclusive: true }), "EEXIST")),
  ...["dir", "dirlink", "dir/", "new/", "file/", "dir/sub/.."].map((path) => single(create(path), "EISDIR")),
  ...["nothing/x", "empty/no/x"].map((path) => single(create(path), "ENOENT")),
  ...["file/x", "link/x"].map((path) => single(create(path), "ENOTDIR")),
  single(create("loop"), "ELOOP"),
  ...["loop/", "link/", "dangling/", "dirlink/"].map((path) => single(create(path), "EISDIR")),
  after("a new file", [create("new")], { op: "stat", path: "new" }, { type: "file", size: 0, links: 1, mode: 0o644 }),
  after("creating through a dangling symlink", [create("dangling")], { op: "read", path: "nowhere" }, ""),
  after(
    "opening to create what is there",
    [create("file")],
    { op: "read", path: "file" },
    Buffer.from("content").toString("hex"),
  ),
  after("opening to truncate", [create("file", { truncate: true })], { op: "read", path: "file" }, ""),
  after("opening a symlink to truncate", [create("link", { truncate: true })], { op: "read", path: "file" }, ""),
  single({ op: "truncate", path: "dir", size: 0 }, "EISDIR"),
  single({ op: "truncate", path: "nothing", size: 0 }, "ENOENT"),
];

function after(title: string, before: readonly Operation[], last: Operation, value: unknown): Case {
  return { title: `after ${title}, ${last.op} sees it`, operations: [...before, last], expected: { value } };
}

const CHANGES: readonly Case[] = [
  single({ op: "mkdir", path: "new" }, OK),
  single({ op: "mkdir", path: "new/" }, OK),
  ...["file", "dir", "dir/", "link", "dangling", "dangling/", ".", "dir/.."].map((path) =>
    single({ op: "mkdir", path }, "EEXIST"),
  ),
  single({ op: "mkdir", path: "nothing/x" }, "ENOENT"),
  single({ op: "mkdir", path: "file/x" }, "ENOTDIR"),
  single({ op: "mkdir", path: "loop/x" }, "ELOOP"),
  single({ op: "rmdir", path: "empty" }, OK),
  single({ op: "rmdir", path: "empty/" }, OK),
  single({ op: "rmdir", path: "dir" }, "ENOTEMPTY"),
  single({ op: "rmdir", path: "dir/sub/.." }, "ENOTEMPTY"),
  single({ op: "rmdir", path: "empty/." }, "EINVAL"),
  single({ op: "rmdir", path: "nothing" }, "ENOENT"),
  ...["file", "file/", "link", "dirlink", "dirlink/", "dangling"].map((path) =>
    single({ op: "rmdir", path }, "ENOTDIR"),
  ),
  ...["file", "link", "dangling", "loop", "dirlink"].map((path) => single({ op: "unlink", path }, OK)),
  ...["dir", "dir/", "empty"].map((path) => single({ op: "unlink", path }, "EISDIR")),
  ...["file/", "link/", "file/x", "dirlink/"].map((path) => single({ op: "unlink", path }, "ENOTDIR")),
  single({ op: "unlink", path: "nothing" }, "ENOENT"),
  single({ op: "link", path: "file", to: "hard" }, OK),
  single({ op: "link", path: "dangling", to: "hard" }, OK),
  single({ op: "link", path: "dir", to: "hard" }, "EPERM"),
  single({ op: "link", path: "nothing", to: "hard" }, "ENOENT"),
  single({ op: "link", path: "file", to: "nothing/x" }, "ENOENT"),
  single({ op: "link", path: "file", to: "hard/" }, "ENOENT"),
  single({ op: "link", path: "file/", to: "hard" }, "ENOTDIR"),
  ...["file", "other", "dir", "link", "dangling"].map((to) => single({ op: "link", path: "file", to }, "EEXIST")),
  single({ op: "symlink", path: "new", target: "anything/at/all" }, OK),
  single({ op: "symlink", path: "new/", target: "x" }, "ENOENT"),
  single({ op: "symlink", path: "new", target: "" }, "ENOENT"),
  single({ op: "symlink", path: "nothing/x", target: "x" }, "ENOENT"),
  ...["file", "dir", "link", "dangling", "dir/"].map((path) => single({ op: "symlink", path, target: "x" }, "EEXIST")),
  single({ op: "chmod", path: "nothing", mode: 0o600 }, "ENOENT"),
  single({ op: "utimes", path: "dangling", seconds: 1 }, "ENOENT"),
  after(
    "a mode",
    [{ op: "chmod", path: "link", mode: 0o755 }],
    { op: "stat", path: "file" },
    { type: "file", size: 7, links: 1, mode: 0o755 },
  ),
  after(
    "one more name",
    [{ op: "link", path: "file", to: "hard" }],
    { op: "stat", path: "file" },
    { type: "file", size: 7, links: 2, mode: 0o644 },
  ),
  after(
    "one more name and one less",
    [
      { op: "link", path: "file", to: "hard" },
      { op: "unlink", path: "file" },
    ],
    { op: "stat", path: "hard" },
    { type: "file", size: 7, links: 1, mode: 0o644 },
  ),
];

/** What `rename` answers: kinds of sources down, kinds of targets across. */
const RENAMES: Readonly<Record<string, Readonly<Record<string, Outcome | string>>>> = {
  file: {
    missing: OK,
    other: OK,
    dangling: OK,
    void: "EISDIR",
    full: "EISDIR",
    "missing/": "ENOTDIR",
    "nothing/x": "ENOENT",
    "other/x": "ENOTDIR",
  },
  link: {
    missing: OK,
    other: OK,
    dangling: OK,
    void: "EISDIR",
    full: "EISDIR",
    "missing/": "ENOTDIR",
    "nothing/x": "ENOENT",
    file: OK,
  },
  empty: {
    missing: OK,
    "missing/": OK,
    other: "ENOTDIR",
    dangling: "ENOTDIR",
    void: OK,
    full: "ENOTEMPTY",
    "empty/x": "EINVAL",
    empty: OK,
  },
  dir: {
    missing: OK,
    "missing/": OK,
    other: "ENOTDIR",
    dangling: "ENOTDIR",
    void: OK,
    full: "ENOTEMPTY",
    "dir/sub/x": "EINVAL",
    dir: OK,
  },
  "dir/sub": { dir: "ENOTEMPTY", missing: OK, void: OK, "dir/inner": "ENOTDIR", "full/x": "ENOTDIR" },
  "dir/inner": { dir: "ENOTEMPTY", "dir/sub": "EISDIR", "dir/sub/deep": OK, "full/x": OK },
  missing: { missing: "ENOENT", other: "ENOENT", void: "ENOENT", "nothing/x": "ENOENT" },
  "file/": { missing: "ENOTDIR" },
  "dir/": { missing: OK },
  ".": { missing: "EBUSY" },
  "dir/..": { missing: "EBUSY" },
  "dirlink/": { missing: "ENOTDIR" },
};

/** All cases that both an overlay and a real directory can be asked. */
export const CASES: readonly Case[] = [
  ...LOOK_UPS,
  ...OPENS,
  ...CHANGES,
  ...Object.entries(RENAMES).flatMap(([path, targets]) =>
    Object.entries(targets).map(([to, expected]) => single({ op: "rename", path, to }, expected)),
  ),
];
