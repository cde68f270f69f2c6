;; (module (memory 1) (func (param f64) (local f64) (local.set 1 (f64.mul (local.get 0) (f64.const 2))) (f64.store (i32.const 0) (local.get 1)) (f32.store (i32.const 0) (f32.demote_f64 (local.get 0)))))
;; {}
(module
  (type (;0;) (func (param f64)))
  (type (;1;) (func (param f64 i64) (result i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (memory (;0;) 1 65536)
  (func (;0;) (type 1) (param f64 i64) (result i64)
    (local f64 f32 f64)
    block ;; label = @1
      local.get 1
      i64.const 50
      i64.shl
      local.get 1
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      local.get 0
      f64.const 0x1p+1 (;=2;)
      f64.mul
      local.set 2
      i32.const 0
      local.get 2
      local.tee 4
      f64.const nan (;=NaN;)
      local.get 4
      local.get 4
      f64.eq
      select
      f64.store
      i32.const 0
      local.get 0
      f32.demote_f64
      local.tee 3
      f32.const nan (;=NaN;)
      local.get 3
      local.get 3
      f32.eq
      select
      f32.store
      local.get 1
      i64.const 180224
      i64.add
      return
    end
    local.get 1
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
)
