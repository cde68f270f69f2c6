// open: from a path to a handle, creating or emptying a file on the way.
// It must not read or write content otherwise.

import type { Context, OpenNode } from "../context.ts";
import { FsError } from "../errors.ts";
import { resolve, type Spot } from "../resolve.ts";
import type { OpenOptions } from "../types.ts";
import { requireEntryChange, requireWrite } from "./rights.ts";
import { setSize } from "./truncate.ts";

/**
 * ENOENT, EEXIST (exclusive), EISDIR (writing to a directory), ENOTDIR, ELOOP (a symlink that is not to be followed), ENXIO
 * (special files), EPERM (not granted), EMFILE, EDQUOT.
 */
export function open(context: Context, directory: OpenNode, path: string, options: OpenOptions): OpenNode {
  const creates = options.create === true && options.directory !== true;
  const follow = options.follow !== false && !(creates && options.exclusive === true);
  // "name/" is no name of a file to create, wherever it leads: Linux says so before it follows it.
  const createsAt = follow && !path.endsWith("/") ? "create" : "entry";
  const last = creates ? createsAt : follow ? "follow" : "stay";
  const spot = resolve(context, directory, path, last, "open");
  if (creates && spot.slash && spot.name !== ".") throw new FsError("EISDIR", "open", { path });
  if (spot.node === null) {
    if (!creates) throw new FsError("ENOENT", "open", { path });
    return create(context, spot, path, options);
  }
  if (creates && options.exclusive === true) throw new FsError("EEXIST", "open", { path });
  const wantsWrite = options.write === true || options.truncate === true;
  switch (spot.node.type) {
    case "symlink":
      throw new FsError(options.directory === true ? "ENOTDIR" : "ELOOP", "open", { path });
    case "directory":
      if (wantsWrite || creates) throw new FsError("EISDIR", "open", { path });
      return context.open(spot.node, spot.cursor, true, false);
    default:
      if (options.directory === true || spot.slash) throw new FsError("ENOTDIR", "open", { path });
      if (spot.node.type === "other") throw new FsError("ENXIO", "open", { path });
  }
  if (wantsWrite) requireWrite(spot.cursor, "open", path);
  const handle = context.open(spot.node, spot.cursor, options.read !== false, options.write === true);
  if (options.truncate === true) setSize(context, spot.node, 0, "open");
  return handle;
}

function create(context: Context, spot: Spot, path: string, options: OpenOptions): OpenNode {
  requireEntryChange(context, spot, "open", path);
  const { tree } = context;
  const record = tree.create("file", (options.mode ?? 0o644) & 0o7777, "open");
  const handle = context.open(record.node, spot.cursor, options.read !== false, options.write === true);
  tree.attach(spot.parent, spot.name, record.node, "open");
  return handle;
}
