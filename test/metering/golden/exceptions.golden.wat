;; (module (tag $t (param i32)) (func (result i32) (block $h (result i32) (try_table (catch $t $h) (throw $t (i32.const 1))) (i32.const 2))))
;; {}
(module
  (type (;0;) (func (param i32)))
  (type (;1;) (func (result i32)))
  (type (;2;) (func (param i64) (result i32 i64)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (tag (;0;) (type 0) (param i32))
  (func (;0;) (type 2) (param i64) (result i32 i64)
    block ;; label = @1
      local.get 0
      i64.const 50
      i64.shl
      local.get 0
      i64.or
      i64.const 0
      i64.lt_s
      br_if 0 (;@1;)
      block (result i32) ;; label = @2
        try_table (catch 0 0 (;@2;)) ;; label = @3
          i32.const 1
          local.get 0
          i64.const 49152
          i64.add
          global.set 0
          throw 0
        end
        unreachable
      end
      global.get 0
      i64.const -16384
      i64.and
      local.get 0
      i64.const 16383
      i64.and
      i64.or
      local.get 0
      global.get 0
      i64.const -16384
      i64.and
      local.get 0
      i64.const 16383
      i64.and
      i64.or
      local.get 0
      i64.gt_u
      select
      local.set 0
      local.get 0
      return
    end
    local.get 0
    global.set 0
    i32.const 1
    global.set 3
    unreachable
  )
)
