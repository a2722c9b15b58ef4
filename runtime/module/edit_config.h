// Copy, change, publish: how a node's configuration changes.
#pragma once
#include "module/module_impl.h"

namespace modrt::detail {
template <class F> void edit_config(ModuleImpl &m, F change) {
    std::shared_ptr<const Config> old; // dropped after the lock: it may own user's objects
    std::lock_guard l(world().tree);
    old = m.config();
    auto next = std::make_shared<Config>(*old);
    change(*next);
    m.set_config(std::move(next));
    refresh_up(m);
}
} // namespace modrt::detail
