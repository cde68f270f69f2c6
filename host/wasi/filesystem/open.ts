// open-at: what a guest may ask for, and the rights that come out of it.
// It must not know descriptors: it makes the node and the flags of one.

import type { OpenOptions } from "../../../sandbox-fs/types.ts";
import { OpenNode } from "./open-node.ts";
import { requireUnicode } from "./path.ts";
import type { DescriptorFlags, OpenFlags, PathFlags } from "./shapes.ts";

/** The three flag arguments of open-at. */
export interface OpenRequest {
  readonly pathFlags: PathFlags;
  readonly openFlags: OpenFlags;
  readonly flags: DescriptorFlags;
}

export interface Opened {
  readonly node: OpenNode;
  /** What get-flags will tell. */
  readonly flags: DescriptorFlags;
}

/**
 * Opens a path below a directory. As on Wasmtime: creating and truncating imply writing, asking for nothing means reading, and
 * a directory opened below another may change what is in it if that one may, whether `mutate-directory` was asked for or not
 * (the preview1 adapter never asks). Throws an error code. Errors: RESOURCE_LIMIT, IO_LIMIT.
 */
export function openBelow(parent: OpenNode, path: string, request: OpenRequest): Opened {
  requireUnicode(path);
  checkCombination(request);
  const options = toOptions(request);
  const mutable = parent.setup.mutable;
  const wantsChange = options.write === true || request.flags.mutateDirectory === true;
  if (wantsChange && !mutable) throw parent.refuse("open for writing", path);
  parent.setup.context.ledger.reserveHandle();
  const handle = parent.operate("open", path, (fs, directory) => fs.open(directory, path, options));
  const isDirectory = handle.type === "directory";
  const readable = options.read === true;
  const writable = options.write === true && !isDirectory;
  const node = new OpenNode({
    ...parent.setup,
    handle,
    path: parent.pathOf(path),
    readable,
    writable,
    owned: true,
  });
  const mutateDirectory = isDirectory && request.flags.mutateDirectory === true;
  return { node, flags: { read: readable, write: writable, mutateDirectory } };
}

function checkCombination({ openFlags, flags }: OpenRequest): void {
  if (flags.fileIntegritySync || flags.dataIntegritySync || flags.requestedWriteSync) throw "unsupported";
  if (openFlags.directory && (openFlags.create || openFlags.exclusive || openFlags.truncate)) throw "invalid";
}

function toOptions({ pathFlags, openFlags, flags }: OpenRequest): OpenOptions {
  const create = openFlags.create === true;
  return {
    read: flags.read === true || flags.write !== true,
    write: flags.write === true || create || openFlags.truncate === true,
    create,
    exclusive: create && openFlags.exclusive === true,
    truncate: openFlags.truncate === true,
    directory: openFlags.directory === true,
    follow: pathFlags.symlinkFollow === true,
  };
}
