;; (module (table (export "t") 2 funcref) (elem (i32.const 0) func $f) (func $f (param i32) (call_indirect (param i32) (i32.const 7) (local.get 0))))
;; {}
(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32 i64) (result i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (table (;0;) 2 10000000 funcref)
  (export "t" (table 0))
  (elem (;0;) (i32.const 0) func 1)
  (func (;0;) (type 1) (param i32 i64) (result i64)
    block ;; label = @1
      local.get 1
      i64.const 50
      i64.shl
      local.get 1
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      i32.const 7
      local.get 0
      local.get 1
      i64.const 49156
      i64.add
      global.set 0
      call_indirect (type 0)
      global.get 0
      local.set 1
      local.get 1
      i64.const -4
      i64.add
      return
    end
    local.get 1
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
  (func (;1;) (type 0) (param i32)
    local.get 0
    global.get 0
    i64.const 16384
    i64.add
    call 0
    global.set 0
  )
)
