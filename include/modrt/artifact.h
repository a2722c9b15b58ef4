// Artifact: compiled code and the tables that describe it.
#pragma once
#include "modrt/module.h"

struct modc_artifact;

namespace modrt {
/// A handle. The code stays loaded while any module or binding made from it lives. Free for any thread.
class MODRT_API Artifact {
  public:
    Artifact() = default;
    explicit operator bool() const noexcept { return bool(impl_); }
    std::string name() const;
    std::vector<std::string> exports() const;
    std::string doc(std::string_view export_name) const; ///< the model's ## comment
    std::string info() const; ///< compiler, targets, chosen instruction set, exports and signatures
    /// An export with its initial values, in train mode. Each call makes a tree of its own. KeyError lists what there
    /// is.
    Module create(std::string_view export_name) const;
    /// As create, without memory for weights: tree, names, shapes and load_state_dict work; a call before that is a
    /// ValueError.
    Module declare(std::string_view export_name) const;

    explicit Artifact(detail::Ref<detail::ArtifactImpl> impl) : impl_(std::move(impl)) {}
    detail::ArtifactImpl *impl() const noexcept { return impl_.get(); }

  private:
    detail::Ref<detail::ArtifactImpl> impl_;
};
/// Loads a library made by modc. The file's trailer is checked before any of it is mapped, its tables before any of it
/// is run (MODRT_VERIFY=quick leaves out the content hash). MODRT_TARGET=NAME picks an instruction set by hand.
/// ArtifactError, FileError.
MODRT_API Artifact load(const std::string &path);
/// An artifact that is linked into the program; the table must stay in memory.
MODRT_API Artifact link(const modc_artifact *);
} // namespace modrt
