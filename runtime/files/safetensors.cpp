// safetensors: weights as mapped views, written atomically; sharded files by their index.
#include "core/tensor_impl.h"
#include "files/input_file.h"
#include "files/output_file.h"
#include "files/safetensors_header.h"
#include "modrt/files.h"
#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

namespace modrt {
using namespace detail;

namespace {
constexpr int64_t kMaxHeader = 100'000'000; // the format's own limit
constexpr int64_t kMaxIndex = 100'000'000;
constexpr char kAliasPrefix[] = "modrt.alias."; // in __metadata__: one entry a name that shares another's memory

std::string_view view_of(const Ref<Storage> &file) { return {file->data, size_t(file->bytes)}; }

void read_safetensors(const Ref<Storage> &file, const std::string &path, StateDict &out) {
    uint64_t length = 0;
    for (int i = 7; i >= 0; --i)
        length = length << 8 | uint8_t(file->data[i]);
    if (length > uint64_t(kMaxHeader))
        bad_file(path, "a header of " + std::to_string(length) +
                           " bytes is above the limit of 100 MB; is this a safetensors file?");
    if (int64_t(length) > file->bytes - 8)
        bad_file(path, "the header needs " + std::to_string(length) + " bytes, the file has " +
                           std::to_string(file->bytes - 8) + " after the first 8: it was cut short");
    int64_t data = 8 + int64_t(length);
    auto header = parse_safetensors_header(view_of(file).substr(8, length), file->bytes - data, path);
    for (auto &t : header.tensors) {
        if (out.contains(t.name))
            bad_file(path, "tensor \"" + t.name + "\" is in another file of this checkpoint too");
        // Elements must be aligned to be read in place; files by other writers may not be.
        int64_t offset = data + t.begin;
        if (offset % std::min<int64_t>(size_of(t.dtype), 8) == 0) {
            out[t.name] = make_view(file, offset, t.shape, t.dtype);
        } else {
            Tensor copy = empty(t.shape, t.dtype);
            std::memcpy(const_cast<void *>(copy.data_ptr()), file->data + offset, size_t(t.end - t.begin));
            out[t.name] = copy;
        }
    }
    for (auto &[key, first] : header.metadata) {
        if (key.rfind(kAliasPrefix, 0) != 0)
            continue;
        std::string name = key.substr(sizeof(kAliasPrefix) - 1);
        if (!out.contains(first) || out.contains(name))
            bad_file(path, "alias \"" + name + "\" of \"" + first + "\" does not fit the tensors");
        Tensor shared = out.at(first);
        out[name] = shared;
        out.aliases[name] = first;
    }
}

/// model.safetensors.index.json: {"metadata": …, "weight_map": {tensor: file}}.
void read_index(const Ref<Storage> &file, const std::string &path, StateDict &out) {
    if (file->bytes > kMaxIndex)
        bad_file(path, "an index of more than 100 MB");
    // The depth is bounded by the callback: an index has two levels, a hostile one may have a million.
    bool deep = false;
    auto limit = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json &) { return !(deep |= depth > 4); };
    auto json = nlohmann::json::parse(view_of(file).begin(), view_of(file).end(), limit, false);
    if (deep || !json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object())
        bad_file(path, "neither safetensors nor the index of sharded safetensors (no \"weight_map\")");
    std::string folder = path.substr(0, path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1);
    std::map<std::string, std::vector<std::string>> shards;
    for (auto &[name, shard] : json["weight_map"].items()) {
        if (!shard.is_string())
            bad_file(path, "the file of tensor \"" + name + "\" is no string");
        auto &text = shard.get_ref<const std::string &>();
        if (text.empty() || text.find('/') != std::string::npos || text == "." || text == "..")
            bad_file(path, "\"" + text + "\" is not a plain file name");
        shards[text].push_back(name);
    }
    for (auto &[shard, names] : shards) {
        StateDict part;
        Ref<Storage> bytes = open_input(folder + shard);
        if (bytes->bytes < 8)
            bad_file(folder + shard, "not a safetensors file: shorter than 8 bytes");
        read_safetensors(bytes, folder + shard, part);
        for (auto &name : names) {
            if (!part.contains(name))
                bad_file(folder + shard, "tensor \"" + name + "\", which " + path + " promises, is not there");
            out[name] = part.at(name);
        }
    }
}
} // namespace

/// A zip, or a pickle alone. A safetensors file whose header has 640 bytes begins as a pickle does, but for the high
/// bytes of that number.
static bool is_checkpoint(std::string_view bytes) {
    if (bytes.substr(0, 4) == std::string_view("PK\3\4", 4))
        return true;
    if (bytes.substr(0, 2) != "\x80\x02")
        return false;
    return bytes.size() < 8 || bytes.substr(4, 4) != std::string_view("\0\0\0\0", 4);
}

StateDict load_file(const std::string &path) {
    Ref<Storage> file = open_input(path);
    std::string_view bytes = view_of(file);
    if (bytes.empty())
        bad_file(path, "is empty");
    if (is_checkpoint(bytes))
        throw UnsupportedError(
            path + " is a PyTorch checkpoint (.pt); this version reads safetensors alone. In Python: "
                   "safetensors.torch.save_file(torch.load(\"…\", weights_only=True), \"weights.safetensors\")");
    if (bytes.substr(0, 6) == "\x93NUMPY")
        bad_file(path, "is one NumPy array, not a file of named tensors; load_npy reads it");
    StateDict out;
    size_t first = bytes.find_first_not_of(" \t\r\n");
    // A safetensors file begins with the header's length, whose high bytes are 0: no text does.
    if (first != std::string_view::npos && bytes[first] == '{' &&
        bytes.substr(0, 8).find('\0') == std::string_view::npos)
        read_index(file, path, out);
    else if (bytes.size() < 8)
        bad_file(path, "not a safetensors file: shorter than 8 bytes");
    else
        read_safetensors(file, path, out);
    return out;
}

void save_file(const StateDict &state, const std::string &path) {
    SafetensorsHeader header;
    std::vector<Tensor> values; // contiguous, in the order of the file
    auto is_alias = [&](const std::string &name) {
        auto it = state.aliases.find(name);
        return it != state.aliases.end() && state.contains(it->second) && state.contains(name);
    };
    for (auto &[name, tensor] : state) {
        if (name == "__metadata__")
            throw ValueError("a tensor cannot be called __metadata__ in a safetensors file");
        if (!tensor || !tensor.has_data())
            throw ValueError(path + ": \"" + name + "\" has no value to save");
        if (is_alias(name)) {
            header.metadata[kAliasPrefix + name] = state.aliases.at(name);
            continue;
        }
        header.tensors.push_back({name, tensor.dtype(), tensor.shape(), 0, 0});
        values.push_back(tensor.contiguous());
    }
    // Largest elements first keep every tensor aligned, as the format's own writer does; then by name.
    std::vector<size_t> order(values.size());
    for (size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        auto &x = header.tensors[a], &y = header.tensors[b];
        return std::pair(-size_of(x.dtype), x.name) < std::pair(-size_of(y.dtype), y.name);
    });
    SafetensorsHeader sorted;
    sorted.metadata = header.metadata;
    int64_t at = 0;
    for (size_t i : order) {
        auto t = header.tensors[i];
        t.begin = at;
        at += values[i].nbytes();
        t.end = at;
        sorted.tensors.push_back(std::move(t));
    }
    std::string text = write_safetensors_header(sorted);
    if (int64_t(text.size()) > kMaxHeader)
        throw ValueError(path + ": the names need a header of more than 100 MB, which no reader accepts");
    OutputFile file(path);
    char length[8];
    for (int i = 0; i < 8; ++i)
        length[i] = char(uint64_t(text.size()) >> (8 * i));
    file.write(length, 8);
    file.write(text);
    for (size_t i : order)
        file.write(values[i].data_ptr(), values[i].nbytes());
    file.commit();
}
} // namespace modrt
