// Module: a node of the live tree. Names follow torch.nn.Module.
#pragma once
#include "modrt/hooks.h"
#include "modrt/state_dict.h"
#include "modrt/tensor.h"
#include <concepts>
#include <variant>

namespace modrt {
class Artifact;

/// A constructor argument as the model was compiled with: None, bool, int, float, str, ints.
using Arg = std::variant<std::monostate, bool, int64_t, double, std::string, std::vector<int64_t>>;

/// One input or output of a signature.
struct Port {
    std::string name;
    DType dtype = DType::f32;
    bool scalar = false;           ///< an `int` (i64) or `float` (f64) argument, given as a number
    std::vector<int64_t> dims;     ///< -1 where the size is a symbol
    std::vector<std::string> text; ///< each size as the signature writes it: "N", "384"
};

/// A handle, cheap to copy; copies name the same node. Everything here may be called by any thread at any time:
/// structure, hooks and modes are read live at each boundary; weights are those of one moment for the whole of an
/// outermost call. Children are kept alive by their parent, the root by its handles. Members but the constructor,
/// operator bool and == throw ValueError on an empty handle.
class MODRT_API Module {
  public:
    Module() = default; ///< None
    explicit operator bool() const noexcept { return bool(impl_); }
    bool operator==(const Module &) const noexcept; ///< same node, same entry

    // ---- calling. Inputs in the order of the signature. ShapeError, TypeError, ValueError, StructureError,
    // UnsupportedError and whatever hooks throw; the model is unchanged then.
    /// Numbers become the signature's int and float arguments. ValueError when the signature has not exactly one
    /// output.
    template <class... T> Tensor operator()(const T &...inputs) const {
        Tensor in[sizeof...(T) + 1] = {as_input(inputs)...}, out;
        call_span(std::span<const Tensor>(in, sizeof...(T)), std::span<Tensor>(&out, 1));
        return out;
    }
    Tensors call(const Tensors &inputs) const;
    Named<Tensor> call(const Named<Tensor> &inputs) const; ///< by name; KeyError for an unknown or missing one
    /// Results are written into the caller's contiguous tensors. Allocates nothing.
    void call_into(std::span<const Tensor> in, std::span<Tensor> out) const;
    /// The same node, called through another export of the artifact (a method). KeyError when it is not of this tree.
    Module entry(std::string_view export_name) const;
    /// The same node, called with other static arguments: bools and strings among those that the export was compiled
    /// for
    /// (`m.with({{"act", "relu"}})(x)`). ValueError lists the choices.
    Module with(const Named<Arg> &arguments) const;
    /// The static arguments of this entry with their values, and all others that with() can choose, each once.
    Named<Arg> chosen() const;
    std::vector<Named<Arg>> choices() const;

    // ---- identity
    std::string type() const; ///< "Linear"
    bool is(std::string_view type) const;
    std::string path() const;      ///< first path under its root; "" for a root
    std::string signature() const; ///< "MLP(x: f32[N, 64]) -> out: f32[N, 10]"
    std::vector<Port> inputs() const;
    std::vector<Port> outputs() const;
    Arg attr(std::string_view constructor_argument) const; ///< in_features, p, ...; KeyError
    std::string extra_repr() const;
    std::string repr() const; ///< byte for byte as PyTorch's print(model)

    // ---- tree
    Module operator[](std::string_view key) const;
    Module operator[](int64_t index) const; ///< negative counts from the end; IndexError
    Module operator[](const char *key) const { return (*this)[std::string_view(key)]; }
    Module operator[](int index) const { return (*this)[int64_t(index)]; }
    int64_t size() const; ///< children, None included
    std::vector<Module> children() const;
    std::vector<Module> modules() const;
    Named<Module> named_children() const;
    Named<Module> named_modules(const std::string &prefix = "", bool remove_duplicate = true) const;
    std::vector<Parameter> parameters(bool recurse = true) const;
    Named<Parameter> named_parameters(const std::string &prefix = "", bool recurse = true,
                                      bool remove_duplicate = true) const;
    std::vector<Buffer> buffers(bool recurse = true) const;
    Named<Buffer> named_buffers(const std::string &prefix = "", bool recurse = true,
                                bool remove_duplicate = true) const;
    Named<Parameter> _parameters() const; ///< own, in order, None included
    Named<Buffer> _buffers() const;
    Named<Module> _modules() const;                    ///< children, None included
    Module get_submodule(std::string_view path) const; ///< KeyError with PyTorch's text
    Parameter get_parameter(std::string_view path) const;
    Buffer get_buffer(std::string_view path) const;
    Parameter param(std::string_view name) const; ///< own parameter; KeyError
    Buffer buffer(std::string_view name) const;   ///< own buffer; KeyError

    /// Replaces a child that exists. StructureError with both signatures when compiled code could not call it; nothing
    /// changed then. Sizes are not compared: they flow to whatever consumes them and are checked at the call.
    Module &set_submodule(std::string_view path, const Module &);

    // ---- state
    bool training() const;
    Module &train(bool mode = true);
    Module &eval() { return train(false); }
    Module &requires_grad_(bool on = true);
    Module &apply(const std::function<void(Module &)> &); ///< children first
    /// Own parameters, own persistent buffers, then children. Every alias of a tied tensor has its key. `prefix` is put
    /// before each key as it is. Values are plain tensors over the memory of this moment; keep_vars gives the
    /// parameters themselves.
    StateDict state_dict(const std::string &prefix = "", bool keep_vars = false) const;
    /// All or nothing: every name, shape and dtype is checked and every prepared weight derived before anything
    /// changes. StateDictError with PyTorch's text.
    Incompatible load_state_dict(const StateDict &, LoadOptions = {});
    Module &prepare(); ///< derives now what the first call would; ValueError for a missing weight

    // ---- hooks. F returns void, or a Tensor / Tensors that replace what it was given (none = unchanged).
    /// F(Module &, const Tensors &inputs)
    template <class F> HookHandle register_forward_pre_hook(F f, HookOptions o = {}) {
        return pre_hook([f](Module &m, const Tensors &in) mutable { return replaced([&] { return f(m, in); }); }, o);
    }
    /// F(Module &, const Tensors &inputs, const Tensor &output) or (..., const Tensors &outputs); under always_call the
    /// output may be none
    template <class F> HookHandle register_forward_hook(F f, HookOptions o = {}) {
        return forward_hook(
            [f](Module &m, const Tensors &in, const Tensors &out) mutable {
                if constexpr (std::is_invocable_v<F, Module &, const Tensors &, const Tensors &>)
                    return replaced([&] { return f(m, in, out); });
                else
                    return replaced([&] { return f(m, in, out.empty() ? Tensor() : out[0]); });
            },
            o);
    }

    explicit Module(detail::Ref<detail::ModuleImpl> impl, int32_t method = -1)
        : impl_(std::move(impl)), method_(method) {}
    detail::ModuleImpl *impl() const noexcept { return impl_.get(); } ///< for the runtime itself

  private:
    friend class Artifact;
    template <class T> static Tensor as_input(const T &v) {
        if constexpr (std::is_same_v<T, bool>)
            return Tensor(v);
        else if constexpr (std::is_integral_v<T>)
            return Tensor(int64_t(v));
        else if constexpr (std::is_floating_point_v<T>)
            return number(double(v));
        else
            return Tensor(v);
    }
    template <class G> static Tensors replaced(G g) {
        if constexpr (std::is_void_v<decltype(g())>) {
            g();
            return {};
        } else if constexpr (std::is_convertible_v<decltype(g()), Tensor>) {
            Tensor t = g();
            return t ? Tensors{t} : Tensors{};
        } else {
            return g();
        }
    }
    static Tensor number(double);
    void call_span(std::span<const Tensor> in, std::span<Tensor> out) const;
    HookHandle pre_hook(std::function<Tensors(Module &, const Tensors &)>, HookOptions);
    HookHandle forward_hook(std::function<Tensors(Module &, const Tensors &, const Tensors &)>, HookOptions);

    detail::Ref<detail::ModuleImpl> impl_;
    int32_t method_ = -1; // entry: index in modc_class.methods; -1 is forward
};
MODRT_API std::ostream &operator<<(std::ostream &, const Module &); ///< repr()

/// Hooks of every module of the process, run before the module's own; an empty result leaves the values unchanged.
MODRT_API HookHandle register_module_forward_pre_hook(std::function<Tensors(Module &, const Tensors &in)>);
MODRT_API
HookHandle register_module_forward_hook(std::function<Tensors(Module &, const Tensors &in, const Tensors &out)>,
                                        HookOptions = {});
} // namespace modrt
