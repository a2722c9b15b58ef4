// ArtifactImpl: a checked table, the code behind it, and what is worked out once per class.
#pragma once
#include "artifact/image.h"
#include "core/memory.h"
#include "modrt/abi.h"
#include "modrt/artifact.h"
#include <atomic>
#include <string>
#include <string_view>
#include <vector>

namespace modrt::detail {
constexpr uint32_t kMaxPorts = 1024, kMaxSyms = 4096, kMaxDepth = 256, kMaxSources = 64, kMaxNodes = 1u << 20;

struct PathInfo {      // modc_artifact.paths, split
    uint64_t hash = 0; // modc_name: folded into keys of random numbers
    std::vector<std::string_view> keys;
    std::vector<uint32_t> hints; // where in its parent's children each key was when the tables were checked
};

// One way into a class: its forward, or a method.
struct Entry {
    const modc_sig *sig = nullptr; // null: a container without a forward
    const modc_method *method = nullptr;
    const int32_t *fused = nullptr, *program = nullptr;
    bool runs_hooks = true;
    int32_t cell[MODC_N_ROLES]; // in ModuleImpl::cells, -1: not compiled
};

struct ClassInfo {
    const modc_class *record = nullptr;
    std::vector<int32_t> fns;   // every function that a node of this class may run, sorted; a node has a cell for each
    std::vector<Entry> entries; // forward, then methods
    int32_t cell_of(int32_t fn) const; // -1: none
};

struct SigInfo {
    std::vector<uint32_t> int_ports, float_ports; // scalar inputs, in order
};

struct ArtifactImpl {
    std::atomic<uint32_t> refs{1};
    const modc_artifact *table = nullptr;
    void *library = nullptr;
    std::string path; // of the file; "" when linked
    const modc_target *target = nullptr;
    const modc_body *bodies = nullptr;
    const modc_plan *plans = nullptr;
    uint64_t target_key = 0; // part of the key of prepared blocks: layouts belong to the target
    std::vector<PathInfo> paths;
    std::vector<ClassInfo> classes;
    std::vector<SigInfo> sigs;

    ~ArtifactImpl();
    const ClassInfo &info(const modc_class *c) const { return classes[size_t(c - table->classes)]; }
    const SigInfo &info(const modc_sig *s) const { return sigs[size_t(s - table->sigs)]; }
    std::string label() const { return path.empty() ? std::string(table->name) : path; }
};

// Everything that can be wrong with a table is found here; afterwards it is used without further checks. ArtifactError.
void validate(const modc_artifact *, const Image &, const std::string &label);
// Follows a path through the class records; null when it leaves them or meets None.
const modc_class *class_at(const modc_artifact *, const modc_class *root, std::string_view path);
// "MLP(x: f32[N, 64], steps: int) -> out: f32[N, 10]"
std::string signature_text(std::string_view name, const modc_sig &);
std::string port_text(const modc_sig &, const modc_port &); // "f32[N, 64]"
// The runnable target of highest rank, or MODRT_TARGET's. ArtifactError says what each target lacks.
const modc_target *choose_target(const modc_artifact *, const std::string &label);
// Works out PathInfo, ClassInfo and SigInfo of a checked table and chooses the target.
Ref<ArtifactImpl> open_table(const modc_artifact *, const Image &, std::string path, void *library);
// Reads the trailer and the hash of a file. ArtifactError, FileError.
void check_trailer(const std::string &path);
} // namespace modrt::detail
