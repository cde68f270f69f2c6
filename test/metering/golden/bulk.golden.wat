;; (module (memory 1) (func (param i32) (memory.fill (i32.const 0) (i32.const 0) (local.get 0)) (memory.fill (i32.const 0) (i32.const 0) (i32.const 200))))
;; {}
(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32 i64) (result i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (memory (;0;) 1 65536)
  (func (;0;) (type 1) (param i32 i64) (result i64)
    (local i32)
    block ;; label = @1
      local.get 1
      i64.const 50
      i64.shl
      local.get 1
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      i32.const 0
      i32.const 0
      local.get 0
      local.tee 2
      i64.extend_i32_u
      i64.const 14
      i64.shl
      i64.const 65536
      i64.add
      local.get 1
      i64.add
      local.set 1
      local.get 2
      local.get 1
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      memory.fill
      i32.const 0
      i32.const 0
      i32.const 200
      local.get 1
      i64.const 3342336
      i64.add
      local.set 1
      local.get 1
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      memory.fill
      local.get 1
      return
    end
    local.get 1
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
)
