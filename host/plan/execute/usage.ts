// Adds up what calls took.

import type { ResourceUsage } from "../../hooks.ts";

export const NO_USAGE: ResourceUsage = Object.freeze({
  fuel: 0,
  cpu_ms: 0,
  memory_mb: 0,
  io_operations: 0,
  io_bytes: 0,
  host_calls: 0,
});

/** What two calls took together; memory is the most that either held. */
export function addUsage(a: ResourceUsage, b: ResourceUsage): ResourceUsage {
  return {
    fuel: a.fuel + b.fuel,
    cpu_ms: a.cpu_ms + b.cpu_ms,
    memory_mb: Math.max(a.memory_mb, b.memory_mb),
    io_operations: a.io_operations + b.io_operations,
    io_bytes: a.io_bytes + b.io_bytes,
    host_calls: a.host_calls + b.host_calls,
  };
}
