;; Loops, branches and bytes of memory: the sieve of Eratosthenes; gives the number of primes below 1,000,000.
(module
  (memory 16)
  (global $limit i32 (i32.const 1000000))
  (func (export "run") (result i32)
    (local $candidate i32)
    (local $multiple i32)
    (local $count i32)
    (memory.fill (i32.const 0) (i32.const 0) (global.get $limit))
    (local.set $candidate (i32.const 2))
    (loop $next
      (if (i32.eqz (i32.load8_u (local.get $candidate)))
        (then
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (local.set $multiple (i32.shl (local.get $candidate) (i32.const 1)))
          (block $done
            (loop $mark
              (br_if $done (i32.ge_u (local.get $multiple) (global.get $limit)))
              (i32.store8 (local.get $multiple) (i32.const 1))
              (local.set $multiple (i32.add (local.get $multiple) (local.get $candidate)))
              (br $mark)))))
      (local.set $candidate (i32.add (local.get $candidate) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $candidate) (global.get $limit))))
    (local.get $count)))
