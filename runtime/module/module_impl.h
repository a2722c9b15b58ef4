// ModuleImpl: a node of the live tree. The class tables say what the compiler knew; everything that may change at run
// time is here.
#pragma once
#include "artifact/artifact_impl.h"
#include "call/epoch.h"
#include "core/spinlock.h"
#include "modrt/module.h"
#include <memory>
#include <mutex>
#include <string>

namespace modrt::detail {
struct Binding;

enum class HookKind : uint8_t { pre, forward };
struct HookEntry {
    int64_t id;
    HookKind kind;
    bool always;
    std::function<Tensors(Module &, const Tensors &)> pre;
    std::function<Tensors(Module &, const Tensors &, const Tensors &)> forward;
    ModuleImpl *owner = nullptr; // weak, null for a global hook or when the module is gone; guarded by hook_owners()
    bool global = false;
};
using HookList = std::vector<std::shared_ptr<HookEntry>>;
SpinLock &hook_owners();
std::shared_ptr<const HookList> global_hooks();

struct Child {
    std::string_view key;   // the class record's
    Ref<ModuleImpl> module; // null: None
};
// What a call looks at besides weights. Immutable; replaced whole under the tree mutex, so that a walk works on one
// state of it.
struct Config {
    bool training = true;
    std::vector<Child> children;
    std::shared_ptr<const HookList> hooks; // null: none
    const Child *find(std::string_view key, size_t hint = 0) const {
        if (hint < children.size() && children[hint].key == key)
            return &children[hint];
        for (auto &c : children)
            if (c.key == key)
                return &c;
        return nullptr;
    }
};

// Reasons to leave the fused body, worked out bottom-up after each change of hooks, modes or structure.
enum Flag : uint32_t {
    kTrain = 1,
    kOwnHook = 2,   // hooks here: they wrap whichever body runs
    kBelow = 4,     // below: a hook, a mode that differs where it matters, or another structure
    kStructure = 8, // the subtree differs from what was compiled
};

struct ModuleImpl {
    std::atomic<uint32_t> refs{1};
    std::atomic<uint32_t> flags{kTrain};
    Ref<ArtifactImpl> artifact;
    const ClassInfo *info = nullptr;
    int32_t export_index = -1;                       // of the export that made it
    std::unique_ptr<std::atomic<Binding *>[]> cells; // by ClassInfo::fns; null: the next call builds
    std::vector<Ref<TensorImpl>> tensors;            // by class record; null: None. Fixed after creation
    std::vector<ModuleImpl *> parents;               // weak; tree mutex
    uint64_t mark = 0;                               // scratch of walks; tree mutex

    ModuleImpl(Ref<ArtifactImpl> a, const ClassInfo *i);
    ~ModuleImpl();
    const modc_class &record() const { return *info->record; }
    std::shared_ptr<const Config> config() const {
        std::lock_guard l(config_lock_);
        return config_;
    }
    void set_config(std::shared_ptr<const Config>); // tree mutex held; the caller drops the old one after unlocking

  private:
    mutable SpinLock config_lock_;
    std::shared_ptr<const Config> config_ = std::make_shared<Config>();
};
bool try_retain(ModuleImpl *) noexcept; // false when it is being destroyed

ModuleImpl &checked(const Module &);
// The node at a path below m, null where the path leaves the tree. `keep` holds what the walk went through.
Ref<ModuleImpl> find(const ModuleImpl &m, const PathInfo &);
Ref<ModuleImpl> find(const ModuleImpl &m, std::string_view path);
std::string path_of(const ModuleImpl &);         // takes the tree mutex
std::string name_for_errors(const ModuleImpl &); // path, or the export's or class's name for a root
const modc_tensor *tensor_record(const ModuleImpl &, const TensorImpl *);

// ---- tree mutex held
uint32_t compute_flags(const ModuleImpl &);
void refresh_up(ModuleImpl &);                                                // flags of m and of what depends on them
void ancestors(ModuleImpl &, uint64_t mark, CachedVector<ModuleImpl *> &out); // m and everything above, each once
} // namespace modrt::detail
