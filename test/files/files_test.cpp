// safetensors and .npy: round trips with the files of other writers, hostile files, mutated files, atomic writing.
#include "modrt/modrt.hpp"
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <random>
#include <sys/stat.h>

using namespace modrt;
namespace fs = std::filesystem;

namespace {
/// Memory where there is some: rewriting a file on a disk may wait for it.
fs::path scratch() { return fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path(); }

struct Folder {
  Folder() : path(scratch() / ("modc-files-" + std::to_string(getpid()) + "-" + std::to_string(serial++))) {
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string &name, const std::string &bytes) const {
    std::ofstream((path / name).string(), std::ios::binary) << bytes;
    return (path / name).string();
  }
  fs::path path;
  static inline int serial = 0;
};

std::string read(const std::string &path) {
  std::ifstream f(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(f), {}};
}

std::string safetensors(const std::string &header, const std::string &data = "") {
  std::string out(8, '\0');
  uint64_t n = header.size();
  std::memcpy(out.data(), &n, 8);
  return out + header + data;
}

template <class E = FileError> std::string message(const std::function<void()> &f) {
  try {
    f();
  } catch (const E &e) {
    return e.what();
  }
  return "";
}

TEST(Safetensors, WhatOthersWroteComesBack) {
  StateDict a = load_file(GOLDENS "/goldens.safetensors");
  Folder folder;
  std::string copy = (folder.path / "copy.safetensors").string();
  save_file(a, copy);
  StateDict b = load_file(copy);
  ASSERT_EQ(a.size(), b.size());
  for (auto &[name, t] : a) {
    ASSERT_TRUE(b.contains(name));
    const Tensor &u = b.at(name);
    EXPECT_EQ(t.dtype(), u.dtype());
    EXPECT_EQ(t.shape(), u.shape());
    ASSERT_EQ(t.nbytes(), u.nbytes());
    EXPECT_EQ(std::memcmp(t.data_ptr(), u.data_ptr(), size_t(t.nbytes())), 0) << name; // NaN included
  }
}

/// A file begins with the length of its header: none of the lengths makes it look like another kind of file.
TEST(Safetensors, HeadersOfAllLengths) {
  Folder folder;
  std::string path = (folder.path / "lengths.safetensors").string();
  bool pickle = false;
  for (size_t length = 1; length < 1500; length += 7) {
    StateDict s;
    std::string name(length, 'w');
    s[name] = ones({1});
    save_file(s, path);
    std::ifstream file(path, std::ios::binary);
    pickle |= file.get() == 0x80 && file.get() == 2;
    EXPECT_TRUE(load_file(path).contains(name)) << length;
  }
  EXPECT_TRUE(pickle) << "the length that begins as a pickle does is not among them";
}

TEST(Safetensors, AliasesAreStoredOnce) {
  Folder folder;
  std::string path = (folder.path / "tied.safetensors").string();
  StateDict s;
  s["a.weight"] = ones({100});
  Tensor shared = s.at("a.weight");
  s["b.weight"] = shared;
  s.aliases["b.weight"] = "a.weight";
  save_file(s, path);
  EXPECT_LT(fs::file_size(path), 700u);
  StateDict t = load_file(path);
  EXPECT_TRUE(equal(t.at("b.weight"), ones({100})));
  EXPECT_EQ(t.aliases.at("b.weight"), "a.weight");
}

TEST(Safetensors, MappedMemoryIsNotWritten) {
  StateDict s = load_file(GOLDENS "/goldens.safetensors");
  Tensor t = s.at("vector");
  EXPECT_THROW(t.mutable_data<float>(), TypeError);
}

TEST(Safetensors, ReadInsteadOfMapped) {
  setenv("MODRT_MMAP", "0", 1);
  StateDict s = load_file(GOLDENS "/goldens.safetensors");
  unsetenv("MODRT_MMAP");
  EXPECT_EQ(s.at("int_scalar").item<int64_t>(), 5);
}

TEST(Safetensors, HostileFilesAreRefused) {
  const std::string f4 = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", four(4, '\0');
  struct Case {
    const char *name;
    std::string bytes, part;
  };
  const Case cases[] = {
      {"empty", "", "is empty"},
      {"short", "abc", "shorter than 8 bytes"},
      {"header beyond file", std::string("\xff\0\0\0\0\0\0\0{}", 10), "cut short"},
      {"huge header", std::string("\0\0\0\0\0\0\0\x7f{}", 10), "100 MB"},
      {"length of all ones", std::string(8, '\xff') + "{}", "100 MB"},
      {"not JSON", safetensors("{hello}"), "not valid JSON"},
      {"array", safetensors("[1, 2, 3]"), "does not begin"},
      {"no header", safetensors(""), "does not begin"},
      {"cut JSON", safetensors(R"({"a":{"dtype":"F32")"), "not valid JSON"},
      {"trailing text", safetensors(f4 + "x", four), "not valid JSON"},
      {"bad UTF-8", safetensors("{\"\xff\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", four),
       "not valid JSON"},
      {"unknown dtype", safetensors(R"({"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}})", four), "F8_E4M3"},
      {"negative size", safetensors(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", four), "negative"},
      {"fraction", safetensors(R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", four), "fraction"},
      {"size as text", safetensors(R"({"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}})", four), "string"},
      {"null shape", safetensors(R"({"a":{"dtype":"F32","shape":null,"data_offsets":[0,4]}})", four), "null"},
      {"shape missing", safetensors(R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", four), "missing"},
      {"one offset", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", four), "missing"},
      {"three offsets", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", four),
       "more than two"},
      {"unknown field", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})", four),
       "unknown field"},
      {"field twice", safetensors(R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", four),
       "twice"},
      {"name twice",
       safetensors(
           R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
           std::string(8, '\0')),
       "twice"},
      {"metadata twice", safetensors(R"({"__metadata__":{},"__metadata__":{}})"), "twice"},
      {"metadata number", safetensors(R"({"__metadata__":{"a":1}})"), "a number"},
      {"nested", safetensors(R"({"a":{"dtype":{"x":1},"shape":[1],"data_offsets":[0,4]}})", four), "object"},
      {"nested arrays", safetensors("{\"a\":{\"shape\":" + std::string(100000, '[')), "array"},
      {"tensor is number", safetensors(R"({"a":1})"), "a number"},
      {"overlap",
       safetensors(
           R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
           std::string(8, '\0')),
       "overlaps"},
      {"gap", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", std::string(8, '\0')), "gap"},
      {"backwards", safetensors(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", four), "bytes"},
      {"beyond the file", safetensors(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", four), "cut short"},
      {"wrong size", safetensors(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}})", four),
       "does not have 4 bytes"},
      {"overflow", safetensors(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}})", four),
       "does not have"},
      {"beyond 63 bits",
       safetensors(R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]}})", four), "63 bits"},
      {"rank 9", safetensors(R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,4],"data_offsets":[0,4]}})", four),
       "dimensions"},
      {"bytes left over", safetensors(f4, std::string(8, '\0')), "after the last tensor"},
      {"alias of nothing",
       safetensors(R"({"__metadata__":{"modrt.alias.b":"zz"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                   four),
       "alias"},
      {"long name", safetensors("{\"" + std::string(5000, 'n') + "\":{}}"), "4096"},
      {"one array", std::string("\x93NUMPY\x01\0v\0", 10) + std::string(118, ' '), "load_npy"},
      {"index without map", R"({"metadata": {}})", "weight_map"},
      {"index with path", R"({"weight_map": {"a": "../secret"}})", "plain file name"},
      {"index with number", R"({"weight_map": {"a": 5}})", "no string"},
      {"index of missing", R"({"weight_map": {"a": "none.safetensors"}})", "none.safetensors"},
      {"deep index", "{\"weight_map\": {\"a\": " + std::string(100000, '['), "weight_map"},
  };
  Folder folder;
  for (auto &c : cases) {
    std::string path = folder.write("hostile", c.bytes);
    std::string text = message([&] { load_file(path); });
    EXPECT_NE(text.find(c.part), std::string::npos) << c.name << ": " << text;
    EXPECT_NE(text.find(folder.path.string()), std::string::npos) << c.name << " does not name the file";
  }
  EXPECT_NE(message([&] { load_file((folder.path / "absent").string()); }).find("absent"), std::string::npos);
  EXPECT_NE(message([&] { load_file(folder.path.string()); }).find("is a folder"), std::string::npos);
  std::string pipe = (folder.path / "pipe").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(message([&] { load_file(pipe); }).find("regular file"), std::string::npos);
  // A zip, a pickle as torch wrote it before, and a file of nothing but a pickle's first bytes.
  for (std::string begin :
       {std::string("PK\3\4", 4), std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46", 8), std::string()}) {
    std::string pt = folder.write("model.pt", begin.empty() ? "\x80\x02" : begin + std::string(50, '\0'));
    EXPECT_NE(message<UnsupportedError>([&] { load_file(pt); }).find("save_file"), std::string::npos);
  }
}

TEST(Safetensors, ShardsAreJoined) {
  Folder folder;
  StateDict a, b;
  a["x"] = ones({2});
  b["y"] = zeros({3});
  save_file(a, (folder.path / "1.safetensors").string());
  save_file(b, (folder.path / "2.safetensors").string());
  auto index =
      folder.write("model.safetensors.index.json", R"({"weight_map": {"x": "1.safetensors", "y": "2.safetensors"}})");
  StateDict both = load_file(index);
  EXPECT_EQ(both.size(), 2u);
  EXPECT_EQ(both.at("y").shape(), (Shape{3}));
  auto wrong = folder.write("wrong.json", R"({"weight_map": {"x": "2.safetensors"}})");
  EXPECT_NE(message([&] { load_file(wrong); }).find("promises"), std::string::npos);
}

/// Flips, cuts, inserts and repeats bytes of a good file: an error or a result, never a crash.
void mutate(const std::string &good, const std::string &suffix, const std::function<void(const std::string &)> &open) {
  Folder folder;
  std::mt19937 rng(11);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = good;
    for (unsigned k = 0, n = 1 + rng() % 4; k < n; ++k) {
      size_t at = rng() % std::min<size_t>(bytes.size(), rng() % 2 ? bytes.size() : 400);
      switch (rng() % 4) {
      case 0:
        bytes[at] = char(rng());
        break;
      case 1:
        bytes.resize(at + 1);
        break;
      case 2:
        bytes.insert(at, bytes.substr(rng() % bytes.size(), rng() % 40));
        break;
      default:
        bytes[at] = char(bytes[at] ^ (1 << rng() % 8));
      }
    }
    try {
      open(folder.write("mutant" + suffix, bytes));
    } catch (const Error &) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 500);
}

TEST(Safetensors, MutantsNeverCrash) {
  mutate(read(GOLDENS "/goldens.safetensors").substr(0, 1 << 20), ".safetensors", [](const std::string &path) {
    int64_t sum = 0;
    for (auto &[name, t] : load_file(path))
      for (int64_t i = 0; i < t.nbytes(); ++i)
        sum += static_cast<const char *>(t.data_ptr())[i];
    (void)sum;
  });
}

TEST(Files, WritingIsWholeOrNothing) {
  Folder folder;
  std::string path = (folder.path / "out.safetensors").string();
  StateDict good, bad;
  good["x"] = ones({2});
  save_file(good, path);
  bad["x"] = ones({2});
  bad["none"] = Tensor();
  EXPECT_THROW(save_file(bad, path), ValueError);
  EXPECT_TRUE(load_file(path).contains("x"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()), 1);
  EXPECT_NE(message([&] { save_file(good, "/nonexistent/folder/x.safetensors"); }).find("/nonexistent"),
            std::string::npos);
  EXPECT_NE(message([&] { save_file(good, folder.path.string()); }).find(folder.path.string()), std::string::npos);
}

TEST(Npy, WhatNumPyWroteComesBack) {
  const std::pair<const char *, DType> kinds[] = {
      {"bool", DType::boolean}, {"uint8", DType::u8},    {"int8", DType::i8},
      {"int16", DType::i16},    {"int32", DType::i32},   {"int64", DType::i64},
      {"float16", DType::f16},  {"float32", DType::f32}, {"float64", DType::f64}};
  for (auto &[name, dtype] : kinds) {
    std::string path = std::string(GOLDENS "/npy/") + name + ".npy";
    Tensor t = load_npy(path);
    EXPECT_EQ(t.dtype(), dtype);
    EXPECT_EQ(t.shape(), (Shape{3, 4}));
    EXPECT_EQ(t.to(kDouble)[2][1].item<double>(), dtype == DType::boolean ? 1 : 9) << name;
    Folder folder;
    std::string copy = (folder.path / "copy.npy").string();
    save_npy(t, copy);
    EXPECT_EQ(read(copy), read(path)) << name; // byte for byte as NumPy
  }
  EXPECT_TRUE(equal(load_npy(GOLDENS "/npy/fortran.npy").contiguous(), load_npy(GOLDENS "/npy/float32.npy")));
  EXPECT_EQ(load_npy(GOLDENS "/npy/scalar.npy").item<float>(), 2.5f);
  EXPECT_EQ(load_npy(GOLDENS "/npy/empty.npy").shape(), (Shape{0, 3}));
  EXPECT_TRUE(equal(load_npy(GOLDENS "/npy/version2.npy"), load_npy(GOLDENS "/npy/float32.npy")));
  EXPECT_TRUE(equal(load_npy(GOLDENS "/npy/version3.npy"), load_npy(GOLDENS "/npy/float32.npy")));
}

TEST(Npy, HostileFilesAreRefused) {
  auto npy = [](const std::string &header, const std::string &data) {
    return std::string("\x93NUMPY\x01\0", 8) + char(header.size()) + char(header.size() >> 8) + header + data;
  };
  const std::string four(4, '\0');
  const std::pair<std::string, const char *> cases[] = {
      {"", "not a NumPy"},
      {std::string("\x93NUMPY\x01\0\xff\xff", 10), "does not fit"},
      {std::string("\x93NUMPY\x09\0\0\0{}", 12), "version 9"},
      {npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", four + four), "needs 4 bytes"},
      {npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", four), "needs 8 bytes"},
      {npy("{'descr': '<f4', 'fortran_order': False, }", four), "missing"},
      {npy("{'descr': '<f4', 'descr': '<f4', 'shape': (1,), }", four), "twice"},
      {npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", four), "|O"},
      {npy("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,), }", four), "fortran_order"},
      {npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", four), "no number"},
      {npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", four), "63 bits"},
      {npy("{'descr': '<f4', 'fortran_order': False, 'shape': (9000000000000000000, 9), }", four), "too large"},
      {npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1), }", four), "dimensions"},
      {npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } import os", four), "after the dictionary"},
      {npy("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,), }", four), "quoted"},
  };
  Folder folder;
  for (auto &[bytes, part] : cases) {
    std::string path = folder.write("hostile.npy", bytes);
    std::string text = message([&] { load_npy(path); });
    EXPECT_NE(text.find(part), std::string::npos) << part << ": " << text;
  }
  EXPECT_NE(message([] { load_npy(GOLDENS "/npy/big_endian.npy"); }).find("newbyteorder"), std::string::npos);
  EXPECT_NE(message([] { load_npy(GOLDENS "/npy/structured.npy"); }).find("structured"), std::string::npos);
}

TEST(Npy, MutantsNeverCrash) {
  mutate(read(GOLDENS "/npy/float32.npy"), ".npy", [](const std::string &path) { load_npy(path).contiguous(); });
}
} // namespace
