// The filesystem without Node: for browsers, the edge, and tests.
// It must not import anything of Node, nor hold anything itself.

export type { Base, BaseEntry, BaseFacts, BaseListing, Hash, Verify } from "./base.ts";
export { memfsBase } from "./bases/memfs.ts";
export {
  type MemoryDirectory,
  type MemoryEntry,
  type MemoryFile,
  type MemorySymlink,
  memoryBase,
} from "./bases/memory.ts";
export type { Volume, VolumeStats } from "./bases/volume.ts";
export type { ChangedNode, Changeset, FileContent, Observation } from "./changeset.ts";
export type { Recovery } from "./commit/recover.ts";
export { CommitError, type CommitErrorCode, type Conflict, FsError, type FsErrorCode } from "./errors.ts";
export { STATE_DIRECTORY } from "./names.ts";
export { createOverlay, type OverlayOptions } from "./overlay.ts";
export type { Quota } from "./quota.ts";
export * from "./types.ts";
export { grant, readOnly } from "./view.ts";
