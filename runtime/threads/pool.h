// The process's thread pool: one job at a time, chunks taken from a counter, results independent of the number of
// threads.
#pragma once
#include "modrt/abi.h"

namespace modrt::detail {
// Runs chunks 0..n-1 once each; the code of the lowest failing one. Inside a chunk, or while another thread's job runs,
// the caller runs its chunks alone and waits for nobody.
modc_rc parallel(int64_t n, modc_chunk_fn fn, void *arg) noexcept;
} // namespace modrt::detail
