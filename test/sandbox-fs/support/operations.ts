// Operations as data, so that one list runs on an overlay, on a real directory and on kernel OverlayFS.
// It must not know how they are run.

import fc from "fast-check";

export type Operation =
  | {
      readonly op: "mkdir" | "rmdir" | "unlink" | "list" | "stat" | "lstat" | "readlink" | "read";
      readonly path: string;
    }
  | { readonly op: "rename" | "link"; readonly path: string; readonly to: string }
  | { readonly op: "symlink"; readonly path: string; readonly target: string }
  | { readonly op: "write"; readonly path: string; readonly position: number; readonly text: string }
  | { readonly op: "create"; readonly path: string; readonly exclusive: boolean; readonly truncate: boolean }
  | { readonly op: "truncate"; readonly path: string; readonly size: number }
  | { readonly op: "chmod"; readonly path: string; readonly mode: number }
  | { readonly op: "utimes"; readonly path: string; readonly seconds: number }
  | { readonly op: "open"; readonly path: string; readonly slot: number; readonly write: boolean }
  | { readonly op: "slotWrite"; readonly slot: number; readonly position: number; readonly text: string }
  | { readonly op: "slotRead" | "slotClose"; readonly slot: number };

/** What an operation gave: a value that can be compared, or the errno. */
export type Outcome = { readonly value: unknown } | { readonly error: string };

const names = ["a", "b", "c", "d"];
const name = fc.constantFrom(...names);
const plain = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const odd = fc.tuple(plain, fc.constantFrom("/", "/.", "/..", "//a", "/./b", "/../b")).map(([path, end]) => path + end);
/** Paths that stay inside, even on a real directory. */
const path = fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: odd });
const target = fc.oneof(plain, fc.constantFrom(".", "./d", "a/../b", "a/"));
const text = fc.string({ maxLength: 8 });
const position = fc.constantFrom(0, 1, 5, 4096, 65_535, 65_536, 70_000);
const slot = fc.constantFrom(0, 1);

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    op: fc.constantFrom("mkdir", "rmdir", "unlink", "list", "stat", "lstat", "readlink", "read"),
    path,
  }),
  fc.record({ op: fc.constantFrom("rename", "link"), path, to: path }),
  fc.record({ op: fc.constantFrom("rename"), path: plain, to: plain }),
  fc.record({ op: fc.constant("symlink"), path, target }),
  fc.record({ op: fc.constant("write"), path, position, text }),
  fc.record({ op: fc.constant("create"), path, exclusive: fc.boolean(), truncate: fc.boolean() }),
  fc.record({ op: fc.constant("truncate"), path, size: fc.constantFrom(0, 1, 3, 5000, 65_536, 65_537) }),
  fc.record({ op: fc.constant("chmod"), path: plain, mode: fc.constantFrom(0o755, 0o700, 0o744, 0o711) }),
  fc.record({ op: fc.constant("utimes"), path: plain, seconds: fc.constantFrom(1, 1_000_000, 4_000_000_000) }),
  fc.record({ op: fc.constant("open"), path, slot, write: fc.boolean() }),
  fc.record({ op: fc.constant("slotWrite"), slot, position, text }),
  fc.record({ op: fc.constantFrom("slotRead", "slotClose"), slot }),
) as fc.Arbitrary<Operation>;
