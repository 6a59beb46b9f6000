// The one processor instruction of bfloat16 products, for Swift, which has no name for it.
//
// sum + a.low·b.low + a.high·b.high in each of sixteen lanes: a and b are pairs of bfloat16 numbers, the low one in the
// low half of a lane. Only where the compiler's target has AVX512-BF16; elsewhere Swift does the same by itself
// (Sources/Kernels/MatrixProduct/BFloat16.swift).

#ifndef ASSAY_BFLOAT16_H
#define ASSAY_BFLOAT16_H

typedef float assay_floats __attribute__((ext_vector_type(16)));
typedef int assay_pairs __attribute__((ext_vector_type(16)));

#ifdef __AVX512BF16__
#include <immintrin.h>

static inline __attribute__((always_inline)) int assay_has_products(void) { return 1; }

static inline __attribute__((always_inline)) assay_floats assay_add_products(
    assay_floats sum, assay_pairs a, assay_pairs b) {
  return (assay_floats)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
}
#else

static inline __attribute__((always_inline)) int assay_has_products(void) { return 0; }

static inline __attribute__((always_inline)) assay_floats assay_add_products(
    assay_floats sum, assay_pairs a, assay_pairs b) {
  (void)a;
  (void)b;
  return sum;
}
#endif

#endif
