// Facts about files, from the filesystem's words to WASI's and back. Pure functions.

import type { FileType, Stats, Times } from "../../../sandbox-fs/types.ts";
import { fromDatetime, toDatetime } from "../clocks/wall-clock.ts";
import type { DescriptorStat, DescriptorType, MetadataHash, NewTimestamp } from "./shapes.ts";

const TYPES: Readonly<Record<FileType, DescriptorType>> = {
  file: "regular-file",
  directory: "directory",
  symlink: "symbolic-link",
  other: "unknown",
};

export function toDescriptorType(type: FileType): DescriptorType {
  return TYPES[type];
}

export function toDescriptorStat(stats: Stats): DescriptorStat {
  return {
    type: toDescriptorType(stats.type),
    linkCount: BigInt(stats.links),
    size: stats.size,
    dataAccessTimestamp: toDatetime(stats.atimeNs),
    dataModificationTimestamp: toDatetime(stats.mtimeNs),
    statusChangeTimestamp: toDatetime(stats.ctimeNs),
  };
}

/** The times to set; `now` is the time of the call. Throws `invalid` for a time that no file can have. */
export function toTimes(access: NewTimestamp, modification: NewTimestamp, now: bigint): Times {
  const atimeNs = toNs(access, now);
  const mtimeNs = toNs(modification, now);
  return { ...(atimeNs === undefined ? {} : { atimeNs }), ...(mtimeNs === undefined ? {} : { mtimeNs }) };
}

function toNs(timestamp: NewTimestamp, now: bigint): bigint | undefined {
  if (timestamp.tag === "no-change") return undefined;
  if (timestamp.tag === "now") return now;
  const ns = fromDatetime(timestamp.val);
  if (ns === undefined) throw "invalid";
  return ns;
}

/** The same for one node whatever its name, content and times, and different for every other of the call. */
export function metadataHash(stats: Stats, device: number): MetadataHash {
  const upper = mix(BigInt(device) + 1n);
  return { lower: mix(stats.inode ^ upper), upper };
}

/** The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): a bijection of 64 bits. */
function mix(value: bigint): bigint {
  let word = BigInt.asUintN(64, value);
  word = BigInt.asUintN(64, (word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n);
  word = BigInt.asUintN(64, (word ^ (word >> 27n)) * 0x94d049bb133111ebn);
  return word ^ (word >> 31n);
}
