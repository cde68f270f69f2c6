;; Catches what is thrown at it by functions that may suspend it, and goes on as if nothing had happened.
(module
  (import "wasi:http/outgoing-handler@0.2.0" "handle" (func $handle))
  (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
  (import "wasi:io/poll@0.2.0" "[method]pollable.ready" (func $ready (param i32) (result i32)))
  (memory (export "memory") 1)
  ;; What is thrown, by number; and then, by number: nothing, or loops.
  (func (export "go-on") (param $what i32) (param $then i32) (result i32)
    (block $caught
      (try_table (catch_all $caught)
        (if (i32.eq (local.get $what) (i32.const 0)) (then (call $handle)))
        (if (i32.eq (local.get $what) (i32.const 1)) (then (call $block (i32.const 1234))))
        (if (i32.eq (local.get $what) (i32.const 2)) (then (drop (call $ready (i32.const 1234)))))))
    (if (i32.eq (local.get $then) (i32.const 1)) (then (loop (br 0))))
    (i32.const 42))
)
