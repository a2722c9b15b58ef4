// The shape of an artifact: determinism, tables, static form, cache, header.
#include "CKernels.h"
#include "modrt/abi.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/xxhash.h"
#include <dlfcn.h>
#include <gtest/gtest.h>

using namespace llvm;
using namespace modc;
using modc::artifact::Bytes;

namespace {
Bytes must(Expected<Bytes> bytes) {
  EXPECT_TRUE(bool(bytes)) << toString(bytes.takeError());
  return bytes ? std::move(*bytes) : Bytes();
}

/// The table of a library, loaded without any runtime.
struct Loaded {
  explicit Loaded(const Bytes &bytes, StringRef name) {
    std::string path = scratch(name);
    EXPECT_FALSE(bool(artifact::writeFile(path, bytes)));
    handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    EXPECT_TRUE(handle) << dlerror();
    auto entry = reinterpret_cast<const modc_artifact *(*)()>(dlsym(handle, MODC_ENTRY));
    EXPECT_TRUE(entry);
    table = entry();
  }
  ~Loaded() { dlclose(handle); }
  void *handle;
  const modc_artifact *table;
};
} // namespace

TEST(Artifact, SameInputSameBytes) {
  auto graph = parseFile("mlp.mlir");
  CKernels kernels;
  auto options = plainOptions();
  Bytes first = must(artifact::emitShared(*graph, kernels, options));
  options.threads = 1;
  auto again = parseFile("mlp.mlir");
  EXPECT_EQ(first, must(artifact::emitShared(*again, kernels, options)));
  options.sourceHash = "abd";
  EXPECT_NE(first, must(artifact::emitShared(*again, kernels, options)));
  StringRef text(first.data(), first.size());
  EXPECT_FALSE(text.contains("/tmp")) << "a path of this machine is in the artifact";
  EXPECT_FALSE(text.contains(MODC_TEST_FOLDER));
}

TEST(Artifact, TrailerDescribesTheFile) {
  auto graph = parseFile("mlp.mlir");
  CKernels kernels;
  Bytes bytes = must(artifact::emitShared(*graph, kernels, plainOptions()));
  modc_trailer t;
  ASSERT_GT(bytes.size(), sizeof t);
  std::memcpy(&t, bytes.end() - sizeof t, sizeof t);
  EXPECT_EQ(t.file_bytes, bytes.size());
  EXPECT_EQ(t.xxh3, xxh3_64bits(StringRef(bytes.data(), bytes.size() - sizeof t)));
  EXPECT_EQ(StringRef(t.magic, 16), MODC_TRAILER_MAGIC);
  EXPECT_EQ(t.machine, 62u);
}

TEST(Artifact, OnlyTheEntryIsVisible) {
  auto graph = parseFile("mlp.mlir");
  CKernels kernels;
  Bytes bytes = must(artifact::emitShared(*graph, kernels, plainOptions()));
  auto elf = object::ObjectFile::createELFObjectFile(MemoryBufferRef(StringRef(bytes.data(), bytes.size()), "so"));
  ASSERT_TRUE(bool(elf)) << toString(elf.takeError());
  std::vector<std::string> defined, needed;
  for (auto s : cast<object::ELFObjectFileBase>(**elf).getDynamicSymbolIterators())
    (cantFail(s.getFlags()) & object::SymbolRef::SF_Undefined ? needed : defined)
        .push_back(cantFail(s.getName()).str());
  EXPECT_EQ(defined, std::vector<std::string>{MODC_ENTRY});
  for (StringRef n : needed)
    EXPECT_TRUE(n == "memcpy" || n == "memset" || n.empty()) << n.str();
  for (auto section : (*elf)->sections()) {
    StringRef name = cantFail(section.getName());
    EXPECT_FALSE(name == ".data" || name == ".bss" || name == ".init_array")
        << "writable data or a constructor: " << name.str();
  }
}

TEST(Artifact, TablesSayWhatTheGraphHolds) {
  auto graph = parseFile("mlp.mlir");
  CKernels kernels;
  Loaded so(must(artifact::emitShared(*graph, kernels, plainOptions())), "tables.so");
  const modc_artifact &t = *so.table;
  EXPECT_EQ(t.magic, MODC_ABI_MAGIC);
  EXPECT_STREQ(t.name, "toy");
  EXPECT_STREQ(t.compiler, "modc test");
  EXPECT_STREQ(t.source_hash, "abc");
  modc_stride strides = MODC_STRIDES;
  EXPECT_EQ(std::memcmp(&t.stride, &strides, sizeof strides), 0);

  ASSERT_EQ(t.n_classes, 5u); // MLP, List, then children in order of use
  const modc_class &mlp = t.classes[0];
  EXPECT_STREQ(mlp.name, "MLP");
  EXPECT_EQ(mlp.flags, 0);
  ASSERT_EQ(mlp.n_args, 4u);
  EXPECT_EQ(mlp.args[0].value.kind, MODC_V_INT);
  EXPECT_EQ(mlp.args[0].value.i, 6);
  EXPECT_STREQ(mlp.args[1].value.s, "toy");
  EXPECT_EQ(mlp.args[2].value.f, 0.5);
  EXPECT_EQ(mlp.args[3].value.kind, MODC_V_NONE);
  ASSERT_EQ(mlp.n_children, 3u);
  EXPECT_STREQ(mlp.children[0].key, "layers");
  EXPECT_EQ(t.classes[mlp.children[0].cls].kind, MODC_K_LIST);
  EXPECT_EQ(t.classes[mlp.children[0].cls].sig, MODC_NONE);
  EXPECT_EQ(mlp.children[2].cls, MODC_NONE);
  ASSERT_EQ(mlp.n_tensors, 1u);
  EXPECT_EQ(mlp.tensors[0].flags, MODC_T_BUFFER | MODC_T_PERSISTENT);
  EXPECT_EQ(mlp.tensors[0].init, MODC_INIT_FILL);
  EXPECT_EQ(mlp.tensors[0].a, 2.0);
  ASSERT_EQ(mlp.n_methods, 1u);
  EXPECT_STREQ(mlp.methods[0].name, "hidden");
  EXPECT_GT(mlp.loc.line, 0u);
  EXPECT_STREQ(mlp.loc.file, "mlp.mlir");

  const modc_sig &sig = t.sigs[mlp.sig];
  ASSERT_EQ(sig.n_in, 1u);
  EXPECT_STREQ(sig.in[0].name, "x");
  EXPECT_EQ(sig.in[0].dims[0], -1);
  EXPECT_EQ(sig.in[0].dims[1], 6);
  ASSERT_EQ(sig.n_syms, 1u);
  EXPECT_STREQ(sig.syms[0].name, "N");
  EXPECT_EQ(sig.syms[0].min, 1);
  EXPECT_EQ(sig.syms[0].max, 4096);
  ASSERT_EQ(sig.n_guards, 1u);
  EXPECT_STREQ(sig.guards[0].text, "N <= 1000");

  const modc_fn &fn = t.fns[mlp.fused[MODC_FWD_EVAL]];
  EXPECT_EQ(mlp.fused[MODC_FWD_TRAIN], mlp.fused[MODC_FWD_EVAL]) << "nothing in it reads `training`";
  EXPECT_EQ(mlp.fused[MODC_BWD_EVAL], MODC_NONE);
  ASSERT_EQ(fn.n_weights, 2u);
  EXPECT_STREQ(t.paths[fn.weights[0].path], "layers.0");
  EXPECT_EQ(fn.weights[0].tensor, 1);
  ASSERT_EQ(fn.n_prepared, 2u);
  ASSERT_EQ(fn.n_launches, 2u);
  EXPECT_STREQ(fn.launches[1].from, "fc2");
  EXPECT_STREQ(t.targets[0].kernels[fn.launches[0].kernel].name, "matmul_6x8.fused");

  ASSERT_EQ(t.n_targets, 2u);
  EXPECT_EQ(t.targets[0].n_kernels, 5u) << "the kernel that nothing launches is left out";
  const modc_class &head = t.classes[t.exports[2].cls];
  EXPECT_EQ(head.tensors[0].init, MODC_INIT_UNIFORM);
  EXPECT_EQ(head.tensors[1].init, MODC_INIT_FN);
  char text[64];
  EXPECT_EQ(head.extra_repr(nullptr, text, sizeof text), 40);
  EXPECT_STREQ(text, "in_features=8, out_features=3, bias=True");
  EXPECT_EQ(head.extra_repr(nullptr, text, 5), 40);
  EXPECT_STREQ(text, "in_f");

  // Blocks of "fc2.weight" and "weight": one content, two lists of sources.
  std::set<uint64_t> contents;
  for (uint32_t i = 0; i < t.n_prepared; ++i)
    contents.insert(t.prepared[i].content);
  EXPECT_EQ(t.n_prepared, 4u);
  EXPECT_EQ(contents.size(), 2u);
  EXPECT_EQ(t.targets[0].prepared_bytes[0](nullptr), 8 * 6 * 4);
  int64_t narrow = 0, wide = 0;
  for (uint32_t i = 0; i < t.n_prepared; ++i)
    narrow += t.targets[0].prepared_bytes[i](nullptr), wide += t.targets[1].prepared_bytes[i](nullptr);
  EXPECT_EQ(narrow, 2 * (8 * 6 * 4) + 2 * (4 * 8 * 4));
  EXPECT_EQ(wide, 2 * (8 * 6 * 4) + 2 * (8 * 8 * 4));

  EXPECT_STREQ(t.exports[0].doc, "A toy.");
  EXPECT_EQ(t.exports[0].instance, t.exports[1].instance);
  EXPECT_EQ(t.exports[1].method, 1);
}

TEST(Artifact, ProgramDropsValuesAtTheirLastUse) {
  auto graph = parseFile("mlp.mlir");
  CKernels kernels;
  Loaded so(must(artifact::emitShared(*graph, kernels, plainOptions())), "program.so");
  const modc_artifact &t = *so.table;
  const modc_program &p = t.programs[t.classes[0].program[0]];
  std::string text;
  for (uint32_t i = 0; i < p.n_steps; ++i) {
    const modc_step &s = p.steps[i];
    static const char *names[] = {"", "CALL", "RUN", "DROP", "MOVE", "JUMP", "JUMP_IF_FALSE", "RETURN"};
    text += names[s.op];
    if (s.op == MODC_S_CALL)
      text += std::string(" ") + t.paths[s.target] + "@" + std::to_string(s.site);
    for (int k = 0; k < s.n_in + s.n_out; ++k)
      text += (k == s.n_in ? " -> " : " ") + std::to_string(t.slot_pool[s.slots + k]);
    text += "\n";
  }
  EXPECT_EQ(text, "CALL layers.0@0 0 -> 1\nDROP 0\nRUN 1 -> 0\nDROP 1\nCALL layers.1@1 0 -> 1\nDROP 0\nCALL fc2@2 1 -> "
                  "0\nDROP 1\nRETURN 0\n");
  EXPECT_EQ(p.n_slots, 2u);
}

TEST(Artifact, ClassHashIgnoresNamesAndPlaces) {
  auto hashes = [](StringRef from, StringRef to) {
    auto file = MemoryBuffer::getFile(MODC_TEST_FOLDER "/mlp.mlir");
    std::string text = (*file)->getBuffer().str();
    for (size_t at = 0; (at = text.find(from.str(), at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to.str());
    auto graph = parseText(text);
    CKernels kernels;
    Loaded so(must(artifact::emitShared(*graph, kernels, plainOptions())), "hash.so");
    std::vector<uint64_t> out;
    for (uint32_t i = 0; i < so.table->n_classes; ++i)
      out.push_back(so.table->classes[i].hash);
    return out;
  };
  auto plain = hashes("\n", "\n");
  EXPECT_EQ(plain, hashes("@Linear_8_3", "@Other")) << "the artifact's own names for classes mean nothing";
  EXPECT_EQ(plain, hashes("\n", "\n\n")) << "lines mean nothing";
  auto kernel = hashes("hash \"0f02\"", "hash \"0f77\"");
  EXPECT_NE(plain[0], kernel[0]) << "another kernel is another content, also of whoever holds the class";
  EXPECT_NE(plain, hashes("uniform -0.5, 0.5", "uniform -0.5, 0.25"));
}

TEST(Artifact, StaticObjectAndHeaderLinkTwiceIntoOneProgram) {
  auto graph = parseFile("mlp.mlir");
  CKernels kernels;
  auto a = plainOptions(), b = plainOptions();
  a.name = "first model", b.name = "2nd";
  std::string main = "struct modc_artifact { unsigned long magic; };\n"
                     "extern \"C\" const modc_artifact modc_artifact_first_model, modc_artifact__2nd;\n"
                     "int main() { return modc_artifact_first_model.magic == modc_artifact__2nd.magic && "
                     "&modc_artifact_first_model != &modc_artifact__2nd ? 42 : 1; }\n";
  ASSERT_FALSE(bool(artifact::writeFile(scratch("a.o"), must(artifact::emitObject(*graph, kernels, a)))));
  ASSERT_FALSE(bool(artifact::writeFile(scratch("b.o"), must(artifact::emitObject(*graph, kernels, b)))));
  ASSERT_FALSE(bool(artifact::writeFile(scratch("main.cpp"), main)));
  std::string exe = scratch("both");
  std::string args[] = {MODC_CLANG,     "-x", "c++", scratch("main.cpp"), "-x", "none", scratch("a.o"),
                        scratch("b.o"), "-o", exe};
  ASSERT_EQ(sys::ExecuteAndWait(MODC_CLANG, SmallVector<StringRef>(std::begin(args), std::end(args))), 0);
  EXPECT_EQ(sys::ExecuteAndWait(exe, {exe}), 42);

  auto header = artifact::emitHeader(*graph, a);
  ASSERT_TRUE(bool(header));
  EXPECT_NE(header->find("extern \"C\" const modc_artifact modc_artifact_first_model;"), std::string::npos) << *header;
  EXPECT_NE(header->find("/// (x: f32[N, 6]) -> output: f32[N, 3]"), std::string::npos) << *header;
  EXPECT_NE(header->find("inline modrt::Module hidden()"), std::string::npos) << *header;
}

TEST(Artifact, CacheKeepsObjectsAndHealsItself) {
  auto graph = parseFile("mlp.mlir");
  CKernels kernels;
  auto options = plainOptions();
  options.cache = true;
  options.cacheFolder = scratch("cache");
  std::vector<std::string> seen;
  options.progress = [&](size_t done, size_t total, StringRef name) {
    EXPECT_EQ(done, seen.size() + 1);
    EXPECT_EQ(total, 14u);
    seen.push_back(name.str());
  };
  Bytes first = must(artifact::emitShared(*graph, kernels, options));
  EXPECT_EQ(seen.size(), 14u) << "5 kernels and 2 prepares for 2 instruction sets";
  EXPECT_EQ(kernels.compiled, 14);
  seen.clear();
  EXPECT_EQ(first, must(artifact::emitShared(*graph, kernels, options)));
  EXPECT_EQ(kernels.compiled, 14);

  // Every file of the cache cut short: all is compiled again.
  std::error_code ec;
  for (sys::fs::recursive_directory_iterator it(options.cacheFolder, ec), end; it != end && !ec; it.increment(ec))
    if (it->type() == sys::fs::file_type::regular_file) {
      auto whole = MemoryBuffer::getFile(it->path());
      std::string half = (*whole)->getBuffer().drop_back(100).str();
      ASSERT_FALSE(bool(artifact::writeFile(it->path(), half)));
    }
  seen.clear();
  EXPECT_EQ(first, must(artifact::emitShared(*graph, kernels, options)));
  EXPECT_EQ(kernels.compiled, 28);

  options.cacheBytes = 5000;
  kernels.bodies["relu"] += " ";
  seen.clear();
  must(artifact::emitShared(*graph, kernels, options));
  uint64_t total = 0;
  for (sys::fs::recursive_directory_iterator it(options.cacheFolder, ec), end; it != end && !ec; it.increment(ec))
    if (auto s = it->status(); s && s->type() == sys::fs::file_type::regular_file)
      total += s->getSize();
  EXPECT_LE(total, 5000u);
  EXPECT_GT(total, 0u);
}
