;; (module (import "h" "f" (func $h)) (func $f (call $h) (call $g (i32.const 1))) (func $g (param i32) (local i64) (local.set 1 (i64.const 2))) (start $f))
;; {}
(module
  (type (;0;) (func))
  (type (;1;) (func (param i32)))
  (type (;2;) (func (param i64) (result i64)))
  (type (;3;) (func (param i32 i64) (result i64)))
  (import "h" "f" (func (;0;) (type 0)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (start 4)
  (func (;1;) (type 2) (param i64) (result i64)
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
      i64.const 32770
      i64.add
      call 3
      local.set 0
      i32.const 1
      local.get 0
      i64.const 49152
      i64.add
      call 2
      i64.const -2
      i64.add
      return
    end
    local.get 0
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
  (func (;2;) (type 3) (param i32 i64) (result i64)
    (local i64)
    block ;; label = @1
      local.get 1
      i64.const 50
      i64.shl
      local.get 1
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      i64.const 2
      local.set 2
      local.get 1
      i64.const 32768
      i64.add
      return
    end
    local.get 1
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
  (func (;3;) (type 2) (param i64) (result i64)
    local.get 0
    i64.const -16368
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
  )
  (func (;4;) (type 0)
    global.get 0
    i64.const 16384
    i64.add
    call 1
    global.set 0
  )
)
