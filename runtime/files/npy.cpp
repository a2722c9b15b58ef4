// NumPy's .npy format, versions 1 to 3 (numpy.lib.format): magic, header length, a Python dictionary as text, the
// elements.
#include "core/tensor_impl.h"
#include "files/input_file.h"
#include "files/output_file.h"
#include "modrt/files.h"
#include <algorithm>
#include <cstring>

namespace modrt {
using namespace detail;

namespace {
constexpr size_t kMaxHeader = 1u << 20;

struct DTypeName {
    const char *text; // kind and bytes, as after the byte order
    DType dtype;
};
constexpr DTypeName kDTypes[] = {{"b1", DType::boolean}, {"u1", DType::u8},  {"i1", DType::i8},   {"i2", DType::i16},
                                 {"i4", DType::i32},     {"i8", DType::i64}, {"f2", DType::f16},  {"f4", DType::f32},
                                 {"f8", DType::f64},     {"c8", DType::c64}, {"c16", DType::c128}};

struct Header {
    DType dtype = DType::f32;
    bool fortran = false;
    Shape shape;
};

/// Reads {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }: the three keys in any order, nothing else.
class HeaderParser {
  public:
    HeaderParser(std::string_view text, const std::string &path) : text_(text), path_(path) {}

    Header parse() {
        Header h;
        unsigned seen = 0;
        expect('{');
        while (!accept('}')) {
            std::string key = quoted();
            expect(':');
            unsigned bit = key == "descr" ? 1 : key == "fortran_order" ? 2 : key == "shape" ? 4 : 0;
            if (!bit || (seen & bit))
                fail("key '" + key.substr(0, 32) + "' is unknown or there twice");
            seen |= bit;
            if (bit == 1)
                h.dtype = dtype();
            else if (bit == 2)
                h.fortran = boolean();
            else
                h.shape = shape();
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skip();
        if (at_ != text_.size())
            fail("text after the dictionary");
        if (seen != 7)
            fail("descr, fortran_order or shape is missing");
        return h;
    }

  private:
    [[noreturn]] void fail(const std::string &what) {
        bad_file(path_, "not a NumPy array this version can read: " + what);
    }
    void skip() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n'))
            ++at_;
    }
    bool accept(char c) {
        skip();
        bool found = at_ < text_.size() && text_[at_] == c;
        at_ += found;
        return found;
    }
    void expect(char c) {
        if (!accept(c))
            fail(std::string("expected '") + c + "' in the header");
    }
    std::string quoted() {
        skip();
        char quote = at_ < text_.size() ? text_[at_] : 0;
        size_t end = quote == '\'' || quote == '"' ? text_.find(quote, at_ + 1) : std::string_view::npos;
        if (end == std::string_view::npos)
            fail("expected a quoted word in the header");
        std::string word(text_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        return word;
    }
    DType dtype() {
        skip();
        if (at_ < text_.size() && text_[at_] == '[')
            fail("a structured dtype");
        std::string descr = quoted();
        if (descr.size() > 1 && descr[0] == '>' && descr.substr(1) != "b1" && descr.substr(1) != "u1" &&
            descr.substr(1) != "i1")
            fail("big-endian dtype '" + descr + "'; save x.astype(x.dtype.newbyteorder('<'))");
        for (auto &d : kDTypes)
            if (descr.size() > 1 && std::strchr("<|=>", descr[0]) && descr.substr(1) == d.text)
                return d.dtype;
        fail("dtype '" + descr.substr(0, 32) + "'");
    }
    bool boolean() {
        skip();
        for (bool value : {true, false}) {
            std::string_view word = value ? "True" : "False";
            if (text_.substr(at_, word.size()) == word) {
                at_ += word.size();
                return value;
            }
        }
        fail("fortran_order is not True or False");
    }
    Shape shape() {
        Shape s;
        expect('(');
        while (!accept(')')) {
            skip();
            int64_t n = 0;
            size_t start = at_;
            while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9')
                if (__builtin_mul_overflow(n, int64_t(10), &n) ||
                    __builtin_add_overflow(n, int64_t(text_[at_++] - '0'), &n))
                    fail("a size beyond 63 bits");
            if (at_ == start)
                fail("a size that is no number");
            if (s.size() == Shape::kMaxRank)
                fail("more than " + std::to_string(Shape::kMaxRank) + " dimensions");
            s.push_back(n);
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return s;
    }

    std::string_view text_;
    const std::string &path_;
    size_t at_ = 0;
};
} // namespace

Tensor load_npy(const std::string &path) {
    Ref<Storage> file = open_input(path);
    std::string_view bytes(file->data, size_t(file->bytes));
    if (bytes.size() < 10 || bytes.substr(0, 6) != "\x93NUMPY")
        bad_file(path, "not a NumPy .npy file");
    auto byte = [&](size_t i) { return size_t(uint8_t(bytes[i])); };
    size_t major = byte(6), prefix = major == 1 ? 10 : 12;
    if (major < 1 || major > 3)
        bad_file(path, ".npy version " + std::to_string(major) + " is unknown; 1 to 3 can be read");
    if (bytes.size() < prefix)
        bad_file(path, "was cut short in its header");
    size_t length = major == 1 ? byte(8) | byte(9) << 8 : byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24;
    if (length > kMaxHeader || length > bytes.size() - prefix)
        bad_file(path, "a header of " + std::to_string(length) + " bytes does not fit the file or the limit of 1 MB");
    Header h = HeaderParser(bytes.substr(prefix, length), path).parse();
    int64_t need = size_of(h.dtype), offset = int64_t(prefix + length);
    for (int64_t d : h.shape)
        if (__builtin_mul_overflow(need, d, &need))
            bad_file(path, "shape " + h.shape.text() + " is too large");
    if (need != file->bytes - offset)
        bad_file(path, "shape " + h.shape.text() + " needs " + std::to_string(need) + " bytes, the file has " +
                           std::to_string(file->bytes - offset));
    if (offset % std::min<int64_t>(size_of(h.dtype), 8) != 0) { // not written by NumPy, which aligns to 64
        Ref<Storage> copy = Storage::allocate(need);
        std::memcpy(copy->data, file->data + offset, size_t(need));
        file = copy;
        offset = 0;
    }
    if (!h.fortran || h.shape.size() < 2)
        return make_view(file, offset, h.shape, h.dtype);
    int64_t strides[Shape::kMaxRank], stride = 1;
    for (size_t i = 0; i < h.shape.size(); ++i) {
        strides[i] = stride;
        stride *= h.shape[i];
    }
    return make_view(file, offset, h.shape, h.dtype, strides);
}

void save_npy(const Tensor &tensor, const std::string &path) {
    Tensor t = tensor.contiguous();
    auto name = std::find_if(std::begin(kDTypes), std::end(kDTypes), [&](auto &d) { return d.dtype == t.dtype(); });
    if (name == std::end(kDTypes))
        throw TypeError(path + ": NumPy has no " + std::string(name_of(t.dtype())) +
                        "; convert with to(f32) before saving");
    std::string header = std::string("{'descr': '") + (size_of(t.dtype()) == 1 ? "|" : "<") + name->text +
                         "', 'fortran_order': False, 'shape': (";
    for (size_t i = 0; i < t.shape().size(); ++i)
        header += (i ? " " : "") + std::to_string(t.shape()[i]) + (i + 1 < t.shape().size() || i == 0 ? "," : "");
    header += "), }";
    header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 11, ' ');
    header += '\n';
    OutputFile file(path);
    char prefix[10] = {'\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, char(header.size()), char(header.size() >> 8)};
    file.write(prefix, 10);
    file.write(header);
    file.write(t.data_ptr(), t.nbytes());
    file.commit();
}
} // namespace modrt
