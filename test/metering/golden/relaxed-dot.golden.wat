;; (module (func (param v128 v128 v128) (result v128) (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))
;; {"relaxedSimd":true}
(module
  (type (;0;) (func (param v128 v128 v128) (result v128)))
  (type (;1;) (func (param v128 v128 v128 i64) (result v128 i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (func (;0;) (type 1) (param v128 v128 v128 i64) (result v128 i64)
    (local v128 v128 v128)
    block ;; label = @1
      local.get 3
      i64.const 50
      i64.shl
      local.get 3
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      local.get 0
      local.get 1
      local.get 2
      local.set 6
      local.set 5
      local.set 4
      local.get 4
      local.get 5
      i16x8.extmul_low_i8x16_s
      local.get 4
      local.get 5
      i16x8.extmul_high_i8x16_s
      local.set 5
      local.set 4
      local.get 4
      local.get 5
      i8x16.shuffle 0 1 4 5 8 9 12 13 16 17 20 21 24 25 28 29
      local.get 4
      local.get 5
      i8x16.shuffle 2 3 6 7 10 11 14 15 18 19 22 23 26 27 30 31
      i16x8.add_sat_s
      i32x4.extadd_pairwise_i16x8_s
      local.get 6
      i32x4.add
      local.get 3
      i64.const 65536
      i64.add
      return
    end
    local.get 3
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
)
