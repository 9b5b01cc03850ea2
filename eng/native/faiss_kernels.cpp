// The distribution compiles FAISS for the oldest x86-64, where its inner product is a scalar loop that waits for every addition.
// These are the same two functions for several generations of processors, chosen when the library is loaded; the linker prefers them to
// the archive's. FAISS's search itself is untouched. Only this file is compiled with -ffast-math, which lets sums be split into lanes.
#include <cstddef>

#define RECSYS_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3,unroll-loops")))

namespace faiss {

RECSYS_CLONES float fvec_inner_product(const float* x, const float* y, size_t d) {
    float sum = 0;
    for (size_t i = 0; i < d; i++) sum += x[i] * y[i];
    return sum;
}

RECSYS_CLONES float fvec_L2sqr(const float* x, const float* y, size_t d) {
    float sum = 0;
    for (size_t i = 0; i < d; i++) sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sum;
}

}  // namespace faiss
