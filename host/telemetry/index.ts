// The entry `glovebox/telemetry`: listeners that record what runs do.
// It must not know how a plan runs.

export { type JsonLogOptions, jsonLogListener } from "./log-json.ts";
export { openTelemetryListener, type TelemetryOptions } from "./open-telemetry.ts";
export { printable, safeJson } from "./printable.ts";
export { parentFromTraceparent } from "./traceparent.ts";
