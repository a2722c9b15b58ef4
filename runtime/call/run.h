// Calling compiled functions and modules: the inside of Module::operator().
#pragma once
#include "call/binding.h"
#include <span>

namespace modrt::detail {
modc_frame make_frame(const ArtifactImpl &);

// Key of random numbers as folded so far, and the number of the root call.
struct Random {
    uint64_t key, call;
};
// One call's values. Results either go into tensors that the callee makes, or into the memory of tensors that are
// there.
struct Values {
    std::span<const Tensor> in;
    std::span<Tensor> out;
    bool into = false;
};

// A call through a module's boundary: its hooks, then fused or composed.
void invoke(ModuleImpl &, size_t entry, const Values &, Random);
// Forward without the module's own hooks.
void run_body(ModuleImpl &, const Entry &, const Values &, Random);
void run_composed(ModuleImpl &, const Entry &, const Values &, Random, bool train);
// Which entry of a module a CALL means: the method itself, or of a replaced module the one of its name; -1: none.
// `expected` is the class that was compiled against; only methods ask for it.
int32_t callee_entry(const ModuleImpl &callee, const modc_class *expected, uint16_t method);
// One compiled function with its binding. `sig` names the ports in messages.
void run_function(ModuleImpl &, const Binding &, const modc_sig &sig, const Values &, Random);
// From outside: checks the counts, announces the call, takes its number, publishes written buffers.
void call_root(ModuleImpl &, size_t entry, const Values &);

// ---- state written by the running call
// Where a call writes: a private copy made at first use, or the memory itself where the function asks for it and nobody
// else has a hand on it.
void *state_of(TensorImpl &, bool in_place);
bool overlaid(const Binding &); // reads something that this call has written
void publish_overlay();
void drop_overlay() noexcept; // and ends what was written in place

// ---- messages
std::string call_place(const ModuleImpl &); // "encoder.layer.0 (BertLayer)"
void check_count(const ModuleImpl &, const modc_sig &, size_t n_in);
void check_port(const ModuleImpl &, const modc_sig &, const modc_port &, const Tensor &, const char *what);
[[noreturn]] void throw_plan_error(const ModuleImpl &, const modc_sig &, std::span<const Tensor> in, modc_rc,
                                   const int64_t *info);
[[noreturn]] void throw_body_error(const ModuleImpl &, const modc_fn &, modc_rc, const int64_t *info, const char *text);
} // namespace modrt::detail
