// The WASI functions that only hostile guests need, unwrapped.
// Knows nothing of what they are misused for.

@external("wasi:cli/exit@0.2.0", "exit")
export declare function exit(failed: i32): void;
@external("wasi:cli/stdout@0.2.0", "get-stdout")
export declare function get_stdout(): i32;
@external("wasi:io/streams@0.2.0", "[method]output-stream.blocking-write-and-flush")
export declare function output_stream_write(self: i32, bytes: usize, length: i32, result: usize): void;
@external("wasi:clocks/wall-clock@0.2.0", "now")
export declare function wall_clock_now(result: usize): void;
@external("wasi:random/random@0.2.0", "get-random-bytes")
export declare function get_random_bytes(length: u64, result: usize): void;
