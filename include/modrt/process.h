// What belongs to the whole process: the thread pool's size, the random generator, cached memory.
#pragma once
#include "modrt/tensor.h"

namespace modrt {
/// Size of the pool, the calling thread included; 1 runs everything on the caller. Results do not depend on it.
/// Default: the number of physical cores this process may use, or MODRT_NUM_THREADS. ValueError below 1 or above 1024.
/// Waits for a running job, not for calls.
MODRT_API void set_num_threads(int);
MODRT_API int get_num_threads();
/// Seeds the generator and starts its call numbers again. Dropout, initial values and rand() depend on both alone:
/// every call from outside, every model made and every rand() takes the next number.
MODRT_API void manual_seed(uint64_t);
MODRT_API uint64_t initial_seed(); ///< 0 until manual_seed() or seed()
MODRT_API uint64_t seed();         ///< seeds with a number from the system, which it returns
/// The generator's seed and the number of the next call, u8[16]: what a checkpoint keeps so that a run goes on bit for
/// bit. set_rng_state throws TypeError for a tensor that is no such state.
MODRT_API Tensor get_rng_state();
MODRT_API void set_rng_state(const Tensor &);
/// Gives idle arenas of this thread and cached blocks back to the system.
MODRT_API void trim();
} // namespace modrt
