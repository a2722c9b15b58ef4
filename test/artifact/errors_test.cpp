// What goes wrong is said, and leaves nothing behind.
#include "CKernels.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <gtest/gtest.h>
#include <sys/stat.h>

using namespace llvm;
using namespace modc;

namespace {
std::string failure(mlir::ModuleOp graph, artifact::KernelProvider &kernels) {
  auto bytes = artifact::emitShared(graph, kernels, plainOptions());
  EXPECT_FALSE(bool(bytes));
  return bytes ? "" : toString(bytes.takeError());
}

/// mlp.mlir with one text replaced.
std::string failureWith(StringRef from, StringRef to) {
  auto file = MemoryBuffer::getFile(MODC_TEST_FOLDER "/mlp.mlir");
  std::string text = (*file)->getBuffer().str();
  size_t at = text.find(from.str());
  EXPECT_NE(at, std::string::npos) << from.str();
  text.replace(at, from.size(), to.str());
  auto graph = parseText(text);
  CKernels kernels;
  return graph ? failure(*graph, kernels) : "";
}

std::vector<std::string> leftOver(StringRef folder, StringRef part) {
  std::vector<std::string> found;
  std::error_code ec;
  for (sys::fs::directory_iterator it(folder, ec), end; it != end && !ec; it.increment(ec))
    if (sys::path::filename(it->path()).contains(part))
      found.push_back(it->path());
  return found;
}
} // namespace

TEST(ArtifactErrors, KernelsThatDoNotCompile) {
  auto graph = parseFile("mlp.mlir");
  CKernels kernels;
  kernels.bodies["relu"] = "return nonsense;";
  std::string text = failure(*graph, kernels);
  EXPECT_NE(text.find("cannot compile kernel modc.k.relu.narrow"), std::string::npos) << text;
  EXPECT_NE(text.find("nonsense"), std::string::npos) << text;
}

TEST(ArtifactErrors, ForeignFunctionsAndMissingKernels) {
  // A folder of its own: other tests link at the same time.
  SmallString<128> temp;
  ASSERT_FALSE(sys::fs::createUniqueDirectory("modc-errors", temp));
  setenv("TMPDIR", temp.c_str(), 1);
  auto graph = parseFile("mlp.mlir");
  CKernels kernels;
  kernels.bodies["relu"] = "extern double cosh(double); F(1)[0] = cosh(F(0)[0]); return 0;";
  std::string text = failure(*graph, kernels);
  EXPECT_NE(text.find("the artifact would need cosh"), std::string::npos) << text;

  struct Nothing : CKernels {
    Expected<SmallVector<char, 0>> compile(StringRef text, StringRef symbol, unsigned target) const override {
      return CKernels::compile(text, "another", target);
    }
  } nothing;
  text = failure(*graph, nothing);
  EXPECT_NE(text.find("the linker"), std::string::npos) << text;
  EXPECT_NE(text.find("modc.k."), std::string::npos) << text;
  EXPECT_EQ(text.find(temp.str().str() + "/modc-link"), std::string::npos)
      << "a folder that is gone is named: " << text;
  EXPECT_TRUE(leftOver(temp, "modc-link").empty());
  sys::fs::remove_directories(temp);
}

TEST(ArtifactErrors, BrokenGraphs) {
  EXPECT_NE(failureWith("mod.weight = \"fc2.bias\"", "mod.weight = \"fc3.bias\"")
                .find("has no parameter or buffer 'fc3.bias'"),
            std::string::npos);
  EXPECT_NE(failureWith("#mod.slot<<32*N>>", "#mod.slot<<32*N>, above [0]>").find("lie in a circle"),
            std::string::npos);
  EXPECT_NE(failureWith("#mod.place<\"arena\" 0>", "#mod.place<\"arena\" 7>")
                .find("neither a slot of its arena nor an output"),
            std::string::npos);
  EXPECT_NE(failureWith("mod.role = \"eval\"", "mod.role = \"evil\"").find("unknown role 'evil'"), std::string::npos);
  EXPECT_NE(failureWith("mod.child @\"0\" = @Linear_6_8", "mod.child @\"0\" = @MLP").find("contains itself"),
            std::string::npos);
  EXPECT_NE(failureWith("mod.method = \"hidden\"", "mod.piece = 9 : i64, mod.method = \"hidden\"")
                .find("no compiled method 'hidden'"),
            std::string::npos);
}

TEST(ArtifactErrors, UnwritableOutput) {
  std::string text = toString(artifact::writeFile(scratch("no/such/folder/a.so"), {'x'}));
  EXPECT_NE(text.find("cannot write"), std::string::npos) << text;
  EXPECT_NE(text.find("no/such/folder/a.so"), std::string::npos) << text;
  std::string folder = scratch("folder");
  ASSERT_FALSE(sys::fs::create_directory(folder));
  text = toString(artifact::writeFile(folder, {'x'}));
  EXPECT_NE(text.find("irectory"), std::string::npos) << text;
  EXPECT_TRUE(leftOver(sys::path::parent_path(folder), ".tmp").empty());
}

TEST(ArtifactErrors, OutputsThatAreNoFilesAreWrittenNotReplaced) {
  std::string pipe = scratch("link.so"), file = scratch("real.so");
  ASSERT_FALSE(bool(artifact::writeFile(file, {'a'})));
  ASSERT_FALSE(sys::fs::create_link(file, pipe));
  ASSERT_FALSE(bool(artifact::writeFile(pipe, {'b'})));
  EXPECT_EQ((*MemoryBuffer::getFile(file))->getBuffer(), "b") << "a link stays one";
  ASSERT_FALSE(bool(artifact::writeFile("/dev/null", {'b'})));
  struct stat s;
  ASSERT_EQ(stat("/dev/null", &s), 0);
  EXPECT_TRUE(S_ISCHR(s.st_mode));
}
