// Applies a changeset to a memfs volume.
// It must not know the overlay.

import type { Base } from "../base.ts";
import type { Changeset } from "../changeset.ts";
import { FsError } from "../errors.ts";
import type { Volume } from "./volume.ts";

export function commitToVolume(_volume: Volume, _root: string, _base: Base, _changeset: Changeset): readonly string[] {
  throw new FsError("ENOTSUP", "commit");
}
