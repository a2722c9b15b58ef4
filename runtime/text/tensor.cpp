// print(tensor), as torch._tensor_str writes it with the default options: 4 digits, more than 1000 elements summarised
// to 3 at each end, lines of 80 characters.
#include "modrt/tensor.h"
#include "core/tensor_impl.h"
#include <algorithm>
#include <cmath>
#include <cstdio>

namespace modrt {
using namespace detail;

namespace {
constexpr int64_t kThreshold = 1000, kEdge = 3, kLineWidth = 80;

std::string format(const char *pattern, double value) {
    char buffer[400];
    std::snprintf(buffer, sizeof buffer, pattern, value);
    return buffer;
}

/// Python prints nan and inf without the sign of a NaN.
std::string number(const char *pattern, double v) { return std::isnan(v) ? "nan" : format(pattern, v); }

/// How wide and in which notation all elements are printed.
class Formatter {
  public:
    Formatter(DType dtype, const std::vector<double> &values, const std::vector<int64_t> &integers) : dtype_(dtype) {
        if (is_floating_point(dtype))
            measure(values);
        else
            for (int64_t v : integers)
                width_ = std::max(width_, integer(v).size());
    }
    size_t width() const { return width_; }
    std::string operator()(double v) const {
        if (scientific_)
            return padded(number("%.4e", v));
        if (integral_)
            return padded(number("%.0f", v) + (std::isfinite(v) ? "." : ""));
        return padded(number("%.4f", v));
    }
    std::string operator()(int64_t v) const { return padded(integer(v)); }

  private:
    void measure(const std::vector<double> &values) {
        double low = HUGE_VAL, high = 0;
        for (double v : values) {
            if (!std::isfinite(v) || v == 0)
                continue;
            low = std::min(low, std::abs(v));
            high = std::max(high, std::abs(v));
            integral_ &= v == std::ceil(v);
        }
        if (high == 0)
            return;
        scientific_ = high / low > 1000 || high > 1e8 || low < 1e-4;
        for (double v : values)
            if (std::isfinite(v) && v != 0)
                width_ = std::max(width_, scientific_ ? number("%.4e", v).size()
                                          : integral_ ? number("%.0f", v).size() + 1
                                                      : number("%.4f", v).size());
    }
    std::string integer(int64_t v) const {
        return dtype_ == DType::boolean ? (v ? "True" : "False") : std::to_string(v);
    }
    std::string padded(const std::string &s) const {
        return std::string(s.size() < width_ ? width_ - s.size() : 0, ' ') + s;
    }

    DType dtype_;
    bool integral_ = true, scientific_ = false;
    size_t width_ = 1;
};

/// The elements of a tensor in row-major order, as doubles or as integers.
struct Elements {
    explicit Elements(const Tensor &t) {
        if (is_floating_point(t.dtype())) {
            Tensor wide = t.to(kDouble).contiguous();
            real.assign(wide.data<double>().begin(), wide.data<double>().end());
        } else {
            Tensor wide = t.to(kLong).contiguous();
            integers.assign(wide.data<int64_t>().begin(), wide.data<int64_t>().end());
        }
    }
    std::vector<double> real;
    std::vector<int64_t> integers;
};

class Printer {
  public:
    Printer(const Tensor &t, bool summarize)
        : shape_(t.shape()), all_(t), summarize_(summarize), formatter_(formatter(t)) {}

    std::string text(size_t dim, int64_t offset, size_t indent) const {
        if (shape_.empty())
            return element(0);
        int64_t stride = 1;
        for (size_t i = dim + 1; i < shape_.size(); ++i)
            stride *= shape_[i];
        auto at = indices(shape_[dim]);
        if (dim + 1 == shape_.size())
            return row(at, offset, indent);
        size_t rest = shape_.size() - dim;
        std::string joint = "," + std::string(rest - 1, '\n') + std::string(indent + 1, ' '), out = "[";
        for (size_t i = 0; i < at.size(); ++i)
            out += (i ? joint : "") + (at[i] < 0 ? "..." : text(dim + 1, offset + at[i] * stride, indent + 1));
        return out + "]";
    }

  private:
    /// Indices to print of a dimension; -1 stands for the dots.
    std::vector<int64_t> indices(int64_t n) const {
        std::vector<int64_t> out;
        for (int64_t i = 0; i < n; ++i) {
            if (summarize_ && n > 2 * kEdge && i == kEdge) {
                out.push_back(-1);
                i = n - kEdge;
            }
            out.push_back(i);
        }
        return out;
    }
    std::string element(int64_t i) const {
        return all_.real.empty() ? formatter_(all_.integers[size_t(i)]) : formatter_(all_.real[size_t(i)]);
    }
    std::string row(const std::vector<int64_t> &at, int64_t offset, size_t indent) const {
        size_t length = formatter_.width() + 2;
        size_t per_line = std::max<size_t>(1, (kLineWidth - std::min<size_t>(indent, kLineWidth)) / length);
        std::string out = "[";
        for (size_t i = 0; i < at.size(); ++i) {
            if (i)
                out += i % per_line ? ", " : ",\n" + std::string(indent + 1, ' ');
            out += at[i] < 0 ? " ..." : element(offset + at[i]);
        }
        return out + "]";
    }
    /// Width and notation come from what is printed alone.
    Formatter formatter(const Tensor &t) const {
        if (!summarize_)
            return Formatter(t.dtype(), all_.real, all_.integers);
        std::vector<double> real;
        std::vector<int64_t> integers;
        collect(0, 0, real, integers);
        return Formatter(t.dtype(), real, integers);
    }
    void collect(size_t dim, int64_t offset, std::vector<double> &real, std::vector<int64_t> &integers) const {
        if (dim == shape_.size()) {
            if (all_.real.empty())
                integers.push_back(all_.integers[size_t(offset)]);
            else
                real.push_back(all_.real[size_t(offset)]);
            return;
        }
        int64_t stride = 1;
        for (size_t i = dim + 1; i < shape_.size(); ++i)
            stride *= shape_[i];
        for (int64_t i : indices(shape_[dim]))
            if (i >= 0)
                collect(dim + 1, offset + i * stride, real, integers);
    }

    Shape shape_;
    Elements all_;
    bool summarize_;
    Formatter formatter_;
};

std::string tuple_text(const Shape &s) {
    std::string out = "(";
    for (size_t i = 0; i < s.size(); ++i)
        out += (i ? ", " : "") + std::to_string(s[i]);
    return out + (s.size() == 1 ? ",)" : ")");
}

std::string to_text(const Tensor &t) {
    constexpr char prefix[] = "tensor(";
    constexpr size_t indent = sizeof(prefix) - 1;
    std::string body;
    std::vector<std::string> suffixes;
    std::string dtype = "dtype=" + std::string(torch_name(t.dtype()));
    if (!t.has_data()) { // declared, as torch prints a tensor on the meta device
        body = "...";
        suffixes = {"device='meta'", "size=" + tuple_text(t.shape())};
        if (t.dtype() != kFloat)
            suffixes.push_back(dtype);
    } else if (t.numel() == 0) {
        body = "[]";
        if (t.dim() != 1)
            suffixes.push_back("size=" + tuple_text(t.shape()));
        if (t.dtype() != kFloat)
            suffixes.push_back(dtype);
    } else {
        body = Printer(t, t.numel() > kThreshold).text(0, 0, indent);
        if (t.dtype() != kFloat && t.dtype() != kLong && t.dtype() != kBool)
            suffixes.push_back(dtype);
    }
    if (t.requires_grad())
        suffixes.push_back("requires_grad=True");
    std::string out = prefix + body;
    size_t newline = out.rfind('\n');
    size_t last_line = newline == std::string::npos ? out.size() + 2 : out.size() - newline + 1;
    for (auto &suffix : suffixes) {
        if (last_line + suffix.size() + 2 > size_t(kLineWidth)) {
            out += ",\n" + std::string(indent, ' ') + suffix;
            last_line = indent + suffix.size();
        } else {
            out += ", " + suffix;
            last_line += suffix.size() + 2;
        }
    }
    return out + ")";
}
} // namespace

std::ostream &operator<<(std::ostream &os, const Tensor &t) {
    if (!t)
        return os << "None";
    if (t.impl()->owned && t.impl()->owned->parameter)
        os << "Parameter containing:\n";
    return os << to_text(t);
}
} // namespace modrt
