;; (module (import "h" "f" (func $h)) (func $f (call $h) (call $g (i32.const 1))) (func $g (param i32) (local i64) (local.set 1 (i64.const 2))) (start $f))
;; {"scheme":"globals"}
(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (import "h" "f" (func (;0;) (type 0)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (start 1)
  (func (;1;) (type 0)
    (local i64)
    global.get 0
    i64.const 16384
    i64.add
    local.set 0
    block ;; label = @1
      local.get 0
      i64.const 50
      i64.shl
      local.get 0
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      local.get 0
      i64.const 16386
      i64.add
      global.set 0
      call 3
      global.get 0
      local.set 0
      i32.const 1
      local.get 0
      i64.const 32768
      i64.add
      global.set 0
      call 2
      global.get 0
      local.set 0
      local.get 0
      i64.const -2
      i64.add
      global.set 0
      return
    end
    local.get 0
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
  (func (;2;) (type 1) (param i32)
    (local i64 i64)
    global.get 0
    i64.const 16384
    i64.add
    local.set 2
    block ;; label = @1
      local.get 2
      i64.const 50
      i64.shl
      local.get 2
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      i64.const 2
      local.set 1
      local.get 2
      i64.const 32768
      i64.add
      global.set 0
      return
    end
    local.get 2
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
  (func (;3;) (type 0)
    (local i64)
    global.get 0
    local.set 0
    local.get 0
    i64.const 16
    i64.add
    global.set 0
    global.get 0
    i64.const 8192
    i64.and
    i64.eqz
    i32.eqz
    if ;; label = @1
      global.get 3
      i32.const 1
      i32.or
      global.set 3
      unreachable
    end
    call 0
    global.get 0
    i64.const 8192
    i64.and
    i64.eqz
    i32.eqz
    if ;; label = @1
      unreachable
    end
    global.get 0
    i64.const -16384
    i64.and
    local.get 0
    i64.const 16383
    i64.and
    i64.or
    global.set 0
  )
)
