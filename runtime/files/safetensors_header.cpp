// safetensors headers: an event parser with a state for each place that the format knows, so that nothing else is
// stored.
#include "files/safetensors_header.h"
#include "files/input_file.h"
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace modrt::detail {
namespace {
constexpr size_t kMaxTensors = 1u << 20;
constexpr size_t kMaxName = 4096;

struct DTypeName {
    const char *text;
    DType dtype;
};
constexpr DTypeName kDTypes[] = {{"BOOL", DType::boolean}, {"U8", DType::u8},     {"I8", DType::i8},
                                 {"I16", DType::i16},      {"I32", DType::i32},   {"I64", DType::i64},
                                 {"F16", DType::f16},      {"BF16", DType::bf16}, {"F32", DType::f32},
                                 {"F64", DType::f64},      {"C64", DType::c64},   {"C128", DType::c128}};

/// Where the parser is.
enum class At { start, names, entry, shape, offsets, metadata, done };

class Reader {
  public:
    Reader(SafetensorsHeader &out, const std::string &path) : out_(out), path_(path) {}

    bool null() { return unexpected("null"); }
    bool boolean(bool) { return unexpected("a boolean"); }
    bool number_float(double, const std::string &) { return unexpected("a fraction"); }
    bool binary(nlohmann::json::binary_t &) { return unexpected("binary data"); }
    bool number_integer(int64_t v) { return v < 0 ? fail("a negative number") : number_unsigned(uint64_t(v)); }
    bool number_unsigned(uint64_t v) {
        if (v > uint64_t(std::numeric_limits<int64_t>::max()))
            return fail("a number beyond 63 bits");
        if (at_ == At::shape) {
            if (entry_.shape.size() == Shape::kMaxRank)
                return fail("more than " + std::to_string(Shape::kMaxRank) + " dimensions");
            entry_.shape.push_back(int64_t(v));
        } else if (at_ == At::offsets) {
            if (n_offsets_ == 2)
                return fail("more than two data_offsets");
            (n_offsets_++ ? entry_.end : entry_.begin) = int64_t(v);
        } else {
            return unexpected("a number");
        }
        return true;
    }
    bool string(std::string &v) {
        if (at_ == At::metadata) {
            if (!out_.metadata.emplace(key_, v).second)
                return fail("the key \"" + key_ + "\" twice in __metadata__");
            return true;
        }
        if (at_ != At::entry || key_ != "dtype")
            return unexpected("a string");
        for (auto &d : kDTypes)
            if (v == d.text) {
                entry_.dtype = d.dtype;
                return true;
            }
        return fail("dtype \"" + v.substr(0, 32) + "\", which this version cannot read");
    }
    bool start_object(size_t) {
        if (at_ == At::start) {
            at_ = At::names;
        } else if (at_ == At::names) {
            bool metadata = key_ == "__metadata__";
            at_ = metadata ? At::metadata : At::entry;
            if (metadata && std::exchange(has_metadata_, true))
                return fail("__metadata__ twice");
            entry_ = {};
            entry_.name = metadata ? "" : key_;
            seen_ = n_offsets_ = 0;
        } else {
            return unexpected("an object");
        }
        return true;
    }
    bool key(std::string &v) {
        if (v.size() > kMaxName)
            return fail("a name of more than 4096 bytes");
        key_ = v;
        if (at_ != At::entry)
            return true;
        unsigned bit = v == "dtype" ? 1 : v == "shape" ? 2 : v == "data_offsets" ? 4 : 0;
        if (!bit)
            return fail("unknown field \"" + v.substr(0, 64) + "\"");
        if (seen_ & bit)
            return fail("field \"" + v + "\" twice");
        seen_ |= bit;
        return true;
    }
    bool end_object() {
        if (at_ == At::names) {
            at_ = At::done;
        } else if (at_ == At::metadata) {
            at_ = At::names;
        } else {
            if (seen_ != 7 || n_offsets_ != 2)
                return fail("dtype, shape or two data_offsets missing");
            if (out_.tensors.size() == kMaxTensors)
                return fail("more than 1048576 tensors");
            out_.tensors.push_back(entry_);
            at_ = At::names;
        }
        return true;
    }
    bool start_array(size_t) {
        if (at_ != At::entry || key_ == "dtype")
            return unexpected("an array");
        at_ = key_ == "shape" ? At::shape : At::offsets;
        return true;
    }
    bool end_array() {
        at_ = At::entry;
        return true;
    }
    bool parse_error(size_t position, const std::string &, const nlohmann::detail::exception &) {
        bad_file_at(path_, 8 + int64_t(position), "the header is not valid JSON");
    }

  private:
    bool fail(const std::string &what) {
        std::string of =
            at_ == At::names || at_ == At::metadata || at_ == At::start ? "" : " for tensor \"" + entry_.name + "\"";
        bad_file(path_, "the header has " + what + of);
    }
    bool unexpected(const char *what) { return fail(std::string(what) + " where the format has none"); }

    SafetensorsHeader &out_;
    const std::string &path_;
    At at_ = At::start;
    TensorEntry entry_;
    std::string key_;
    unsigned seen_ = 0, n_offsets_ = 0;
    bool has_metadata_ = false;
};

/// Bytes of a tensor; nothing when they do not fit 63 bits.
bool tensor_bytes(const TensorEntry &t, int64_t &bytes) {
    bytes = size_of(t.dtype);
    for (int64_t d : t.shape)
        if (__builtin_mul_overflow(bytes, d, &bytes))
            return false;
    return true;
}
} // namespace

SafetensorsHeader parse_safetensors_header(std::string_view json, int64_t data_bytes, const std::string &path) {
    SafetensorsHeader header;
    Reader reader(header, path);
    // Trailing spaces are the format's padding; anything else after the object is not.
    if (json.empty() || json.front() != '{')
        bad_file_at(path, 8, "not a safetensors file: the header does not begin with '{'");
    nlohmann::json::sax_parse(json.begin(), json.end(), &reader);

    auto by_name = [](const TensorEntry &a, const TensorEntry &b) { return a.name < b.name; };
    std::sort(header.tensors.begin(), header.tensors.end(), by_name);
    for (size_t i = 1; i < header.tensors.size(); ++i)
        if (header.tensors[i].name == header.tensors[i - 1].name)
            bad_file(path, "tensor \"" + header.tensors[i].name + "\" twice");
    std::vector<const TensorEntry *> by_place;
    for (auto &t : header.tensors)
        by_place.push_back(&t);
    std::sort(by_place.begin(), by_place.end(),
              [](auto *a, auto *b) { return std::pair(a->begin, a->end) < std::pair(b->begin, b->end); });
    int64_t at = 0;
    for (auto *t : by_place) {
        int64_t bytes;
        if (t->end < t->begin || t->end > data_bytes)
            bad_file(path, "tensor \"" + t->name + "\" lies at bytes " + std::to_string(t->begin) + " to " +
                               std::to_string(t->end) + ", the file has " + std::to_string(data_bytes) +
                               ": it was cut short");
        if (!tensor_bytes(*t, bytes) || bytes != t->end - t->begin)
            bad_file(path, "tensor \"" + t->name + "\" of shape " + t->shape.text() + " does not have " +
                               std::to_string(t->end - t->begin) + " bytes");
        if (t->begin != at)
            bad_file(path, "tensor \"" + t->name + "\" overlaps another or leaves a gap before it");
        at = t->end;
    }
    if (at != data_bytes)
        bad_file(path, std::to_string(data_bytes - at) + " bytes after the last tensor");
    return header;
}

std::string write_safetensors_header(const SafetensorsHeader &header) {
    auto json = nlohmann::ordered_json::object();
    if (!header.metadata.empty())
        json["__metadata__"] = header.metadata;
    for (auto &t : header.tensors) {
        auto name =
            std::find_if(std::begin(kDTypes), std::end(kDTypes), [&](auto &d) { return d.dtype == t.dtype; })->text;
        json[t.name] = {{"dtype", name},
                        {"shape", std::vector<int64_t>(t.shape.begin(), t.shape.end())},
                        {"data_offsets", {t.begin, t.end}}};
    }
    std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
}
} // namespace modrt::detail
