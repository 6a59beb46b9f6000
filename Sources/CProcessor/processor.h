// What the compiler's target has, which Swift cannot ask, and instructions that Swift has no names for.
//
// Those for bfloat16 only where the target has AVX512-BF16; elsewhere Swift does the same by itself
// (Sources/Kernels/MatrixProduct/BFloat16.swift), and nothing of theirs is called.

#ifndef ASSAY_PROCESSOR_H
#define ASSAY_PROCESSOR_H

#define ASSAY_INLINE static inline __attribute__((always_inline))

typedef float assay_floats __attribute__((ext_vector_type(16)));
// Each of two bfloat16 numbers, the first in the low half.
typedef int assay_pairs __attribute__((ext_vector_type(16)));

// a + b·c in one instruction, rounded once.
ASSAY_INLINE int assay_has_multiply_add(void) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
  return 1;
#else
  return 0;
#endif
}

// 32 registers of 16 numbers.
ASSAY_INLINE int assay_has_wide_registers(void) {
#ifdef __AVX512F__
  return 1;
#else
  return 0;
#endif
}

// Whether rows that lie in a page each are read as fast as if they were one piece.
ASSAY_INLINE int assay_foresees_pages(void) {
#if defined(__znver4__) || defined(__znver5__)
  return 1;
#else
  return 0;
#endif
}

// Asks for the cache line at an address that will be read; never faults.
ASSAY_INLINE void assay_prefetch(const float *address) { __builtin_prefetch(address); }

// Tells the processor that the thread watches for something: it takes less from the other one of its core.
ASSAY_INLINE void assay_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

#ifdef __AVX512BF16__
#include <immintrin.h>

ASSAY_INLINE int assay_has_bfloat16(void) { return 1; }

// sum + a.high·b.high + a.low·b.low.
ASSAY_INLINE assay_floats assay_add_products(assay_floats sum, assay_pairs a, assay_pairs b) {
  return (assay_floats)_mm512_dpbf16_ps((__m512)sum, (__m512bh)a, (__m512bh)b);
}

// (low[i], high[i]), rounded.
ASSAY_INLINE assay_pairs assay_pairs_of_rows(assay_floats low, assay_floats high) {
  __m512i lower = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)low));
  __m512i upper = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)high));
  return (assay_pairs)_mm512_or_si512(lower, _mm512_slli_epi32(upper, 16));
}

// The 32 numbers of first and second, one after the other, rounded.
ASSAY_INLINE assay_pairs assay_pairs_in_line(assay_floats first, assay_floats second) {
  return (assay_pairs)_mm512_cvtne2ps_pbh((__m512)second, (__m512)first);
}
#else
ASSAY_INLINE int assay_has_bfloat16(void) { return 0; }

ASSAY_INLINE assay_floats assay_add_products(assay_floats sum, assay_pairs a, assay_pairs b) {
  (void)a;
  (void)b;
  return sum;
}

ASSAY_INLINE assay_pairs assay_pairs_of_rows(assay_floats low, assay_floats high) {
  (void)low;
  (void)high;
  return (assay_pairs)0;
}

ASSAY_INLINE assay_pairs assay_pairs_in_line(assay_floats first, assay_floats second) {
  (void)first;
  (void)second;
  return (assay_pairs)0;
}
#endif

#undef ASSAY_INLINE
#endif
