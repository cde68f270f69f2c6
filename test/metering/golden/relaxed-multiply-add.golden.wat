;; (module (func (param v128 v128 v128) (result v128) (f32x4.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2))))
;; {"relaxedSimd":true}
(module
  (type (;0;) (func (param v128 v128 v128) (result v128)))
  (type (;1;) (func (param v128 v128 v128 i64) (result v128 i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (func (;0;) (type 1) (param v128 v128 v128 i64) (result v128 i64)
    (local v128 v128)
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
      local.set 5
      f32x4.mul
      f32x4.neg
      local.get 5
      f32x4.add
      local.tee 4
      v128.const i32x4 0x7fc00000 0x7fc00000 0x7fc00000 0x7fc00000
      local.get 4
      local.get 4
      f32x4.eq
      v128.bitselect
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
