// The records, flags and variants of wasi:filesystem/types, as generated glue hands them over.
// Types only.

import type { Datetime } from "../clocks/wall-clock.ts";

export type DescriptorType = "unknown" | "directory" | "symbolic-link" | "regular-file";

export interface PathFlags {
  readonly symlinkFollow?: boolean;
}

export interface OpenFlags {
  readonly create?: boolean;
  readonly directory?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
}

export interface DescriptorFlags {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly fileIntegritySync?: boolean;
  readonly dataIntegritySync?: boolean;
  readonly requestedWriteSync?: boolean;
  readonly mutateDirectory?: boolean;
}

export interface DescriptorStat {
  readonly type: DescriptorType;
  readonly linkCount: bigint;
  readonly size: bigint;
  readonly dataAccessTimestamp: Datetime | undefined;
  readonly dataModificationTimestamp: Datetime | undefined;
  readonly statusChangeTimestamp: Datetime | undefined;
}

export type NewTimestamp =
  | { readonly tag: "no-change" }
  | { readonly tag: "now" }
  | { readonly tag: "timestamp"; readonly val: Datetime };

export interface MetadataHash {
  readonly lower: bigint;
  readonly upper: bigint;
}

export interface DirectoryEntry {
  readonly type: DescriptorType;
  readonly name: string;
}
