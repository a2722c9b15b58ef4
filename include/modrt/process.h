// What belongs to the whole process: the thread pool's size, the random generator, cached memory.
#pragma once
#include "modrt/export.h"
#include <cstdint>

namespace modrt {
/// Size of the pool, the calling thread included; 1 runs everything on the caller. Results do not depend on it.
/// Default: the number of physical cores this process may use, or MODRT_NUM_THREADS. ValueError below 1 or above 1024.
/// Waits for a running job, not for calls.
MODRT_API void set_num_threads(int);
MODRT_API int get_num_threads();
/// Seeds the generator and starts its call numbers again. Dropout, initial values and rand() depend on both alone.
MODRT_API void manual_seed(uint64_t);
MODRT_API uint64_t initial_seed();
/// Gives idle arenas of this thread and cached blocks back to the system.
MODRT_API void trim();
} // namespace modrt
