;; (module (func (param v128 v128 v128) (result v128) (i64x2.relaxed_laneselect (i32x4.relaxed_laneselect (i16x8.relaxed_laneselect (i8x16.relaxed_laneselect (i32x4.relaxed_trunc_f64x2_u_zero (i32x4.relaxed_trunc_f64x2_s_zero (i32x4.relaxed_trunc_f32x4_u (i32x4.relaxed_trunc_f32x4_s (f64x2.relaxed_max (f64x2.relaxed_min (f32x4.relaxed_max (f32x4.relaxed_min (i16x8.relaxed_q15mulr_s (i8x16.relaxed_swizzle (local.get 0) (local.get 1)) (local.get 1)) (local.get 1)) (local.get 1)) (local.get 1)) (local.get 1)) ) ) ) ) (local.get 1) (local.get 2)) (local.get 1) (local.get 2)) (local.get 1) (local.get 2)) (local.get 1) (local.get 2))))
;; {"relaxedSimd":true,"nan":false,"fuel":false,"depth":false}
(module
  (type (;0;) (func (param v128 v128 v128) (result v128)))
  (import "glovebox:meter" "word" (global (;0;) (mut i64)))
  (import "glovebox:meter" "pages" (global (;1;) (mut i32)))
  (import "glovebox:meter" "elements" (global (;2;) (mut i32)))
  (import "glovebox:meter" "state" (global (;3;) (mut i32)))
  (func (;0;) (type 0) (param v128 v128 v128) (result v128)
    local.get 0
    local.get 1
    i8x16.swizzle
    local.get 1
    i16x8.q15mulr_sat_s
    local.get 1
    f32x4.min
    local.get 1
    f32x4.max
    local.get 1
    f64x2.min
    local.get 1
    f64x2.max
    i32x4.trunc_sat_f32x4_s
    i32x4.trunc_sat_f32x4_u
    i32x4.trunc_sat_f64x2_s_zero
    i32x4.trunc_sat_f64x2_u_zero
    local.get 1
    local.get 2
    v128.bitselect
    local.get 1
    local.get 2
    v128.bitselect
    local.get 1
    local.get 2
    v128.bitselect
    local.get 1
    local.get 2
    v128.bitselect
  )
)
