// How many threads are worth having here.
#pragma once

namespace modrt::detail {
// MODRT_NUM_THREADS, else the physical cores this process may use within its CPU quota.
int default_threads() noexcept;
} // namespace modrt::detail
