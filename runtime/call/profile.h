// Recording of launches, asked for by modrt::Profile.
#pragma once
#include "artifact/artifact_impl.h"
#include "module/module_impl.h"
#include <atomic>
#include <chrono>

namespace modrt::detail {
using TraceClock = std::chrono::steady_clock;
extern std::atomic<bool> tracing;
// Launch number `launch` of fn, which ran for module m, ended now.
void record_launch(const ModuleImpl &m, const modc_fn &fn, uint32_t launch, TraceClock::time_point start);
} // namespace modrt::detail
