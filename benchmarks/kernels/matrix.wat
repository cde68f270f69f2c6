;; Arithmetic in nested loops: the product of two 160 x 160 matrices of f64; gives its trace, truncated.
(module
  (memory 16)
  (global $size i32 (i32.const 160))
  (func $at (param $base i32) (param $row i32) (param $column i32) (result i32)
    (i32.add
      (local.get $base)
      (i32.shl (i32.add (i32.mul (local.get $row) (global.get $size)) (local.get $column)) (i32.const 3))))
  (func $fill (param $base i32) (param $factor f64)
    (local $cell i32)
    (loop $next
      (f64.store
        (i32.add (local.get $base) (i32.shl (local.get $cell) (i32.const 3)))
        (f64.mul (local.get $factor) (f64.convert_i32_u (i32.rem_u (local.get $cell) (i32.const 17)))))
      (local.set $cell (i32.add (local.get $cell) (i32.const 1)))
      (br_if $next
        (i32.lt_u (local.get $cell) (i32.mul (global.get $size) (global.get $size))))))
  (func $cell (param $row i32) (param $column i32) (result f64)
    (local $k i32)
    (local $left i32)
    (local $right i32)
    (local $sum f64)
    (local.set $left (call $at (i32.const 0) (local.get $row) (i32.const 0)))
    (local.set $right (call $at (i32.const 204800) (i32.const 0) (local.get $column)))
    (loop $next
      (local.set $sum
        (f64.add
          (local.get $sum)
          (f64.mul (f64.load (local.get $left)) (f64.load (local.get $right)))))
      (local.set $left (i32.add (local.get $left) (i32.const 8)))
      (local.set $right (i32.add (local.get $right) (i32.shl (global.get $size) (i32.const 3))))
      (local.set $k (i32.add (local.get $k) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $k) (global.get $size))))
    (local.get $sum))
  (func (export "run") (result i32)
    (local $row i32)
    (local $column i32)
    (local $trace f64)
    (call $fill (i32.const 0) (f64.const 0.5))
    (call $fill (i32.const 204800) (f64.const 0.25))
    (loop $rows
      (local.set $column (i32.const 0))
      (loop $columns
        (f64.store
          (call $at (i32.const 409600) (local.get $row) (local.get $column))
          (call $cell (local.get $row) (local.get $column)))
        (local.set $column (i32.add (local.get $column) (i32.const 1)))
        (br_if $columns (i32.lt_u (local.get $column) (global.get $size))))
      (local.set $trace
        (f64.add (local.get $trace) (f64.load (call $at (i32.const 409600) (local.get $row) (local.get $row)))))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $rows (i32.lt_u (local.get $row) (global.get $size))))
    (i32.trunc_f64_s (local.get $trace))))
