// wasi:filesystem/preopens: the directories that the scope grants.

import { guardFunctions } from "../resource.ts";
import type { Preopen } from "../setup.ts";
import { Descriptor } from "./descriptor.ts";
import { type FileContext, OpenNode } from "./open-node.ts";
import type { DescriptorFlags } from "./shapes.ts";

/** The interface. Every listing makes descriptors of its own; dropping one closes nothing for the others. */
export function preopens(context: FileContext, directories: readonly Preopen[]): Readonly<Record<string, unknown>> {
  const devices = [...new Set(directories.map(({ fs }) => fs))];
  const open = (preopen: Preopen): readonly [Descriptor, string] => {
    const mutable = preopen.access !== "read";
    const flags: DescriptorFlags = { read: true, mutateDirectory: mutable };
    const node = new OpenNode({
      context,
      fs: preopen.fs,
      handle: preopen.directory,
      device: devices.indexOf(preopen.fs),
      path: preopen.path,
      mutable,
      readable: true,
      writable: false,
      owned: false,
    });
    return [new Descriptor(node, flags), preopen.path];
  };
  return guardFunctions(context.ledger, {
    getDirectories: (): readonly (readonly [Descriptor, string])[] => directories.map(open),
  });
}
