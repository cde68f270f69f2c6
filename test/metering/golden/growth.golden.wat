;; (module (memory 1 5) (func (param i32) (drop (memory.grow (local.get 0)))))
;; {}
(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (param i32) (result i32)))
  (type (;2;) (func (param i32 i64) (result i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (memory (;0;) 1 5)
  (func (;0;) (type 2) (param i32 i64) (result i64)
    (local i32 i32)
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
      local.get 1
      i64.const 32768
      i64.add
      local.set 1
      local.tee 2
      call 1
      local.tee 3
      i32.const -1
      i32.ne
      if ;; label = @2
        local.get 2
        i64.extend_i32_u
        i64.const 14
        i64.shl
        local.get 1
        i64.add
        local.set 1
        local.get 1
        i64.const 0
        i64.lt_s
        br_if 1 (;@1;)
      end
      local.get 3
      drop
      local.get 1
      return
    end
    local.get 1
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
  (func (;1;) (type 1) (param i32) (result i32)
    (local i32)
    memory.size
    i64.extend_i32_u
    local.get 0
    i64.extend_i32_u
    i64.add
    i64.const 5
    i64.gt_u
    if ;; label = @1
      i32.const -1
      return
    end
    local.get 0
    global.get 1
    i32.gt_u
    if ;; label = @1
      global.get 3
      i32.const 2
      i32.or
      global.set 3
      i32.const -1
      return
    end
    local.get 0
    memory.grow
    local.tee 1
    i32.const -1
    i32.eq
    if ;; label = @1
      global.get 3
      i32.const 8
      i32.or
      global.set 3
      unreachable
    end
    global.get 1
    local.get 0
    i32.sub
    global.set 1
    local.get 1
  )
)
