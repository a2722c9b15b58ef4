// Kernels in C for tests of artifacts.
#include "CKernels.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <gtest/gtest.h>

using namespace llvm;
using namespace modc;

// Panels of W columns: [ceil(N / W)][K][W]. The sum runs over k in order, whatever W is. Rows are chunks of 4.
static const char *prelude = R"(
#include "modrt/abi.h"
#define W WIDTH
#define F(i) ((float *)a[i])
static inline float dot(const float *x, const float *w, int64_t j, int64_t K) {
  float s = 0;
  for (int64_t k = 0; k < K; ++k) s += x[k] * w[(j / W * K + k) * W + j % W];
  return s;
}
)";

static std::string matmul(int k, int n, bool relu) {
  std::string s = R"(
  int64_t rows = (int64_t)a[4];
  for (int64_t i = 0; i < rows; ++i) for (int64_t j = 0; j < N; ++j) {
    float v = dot(F(0) + i * K, F(1), j, K) + F(2)[j];
    F(3)[i * N + j] = RELU && 0 > v ? 0 : v;
  }
  return 0;)";
  return "enum { K = " + std::to_string(k) + ", N = " + std::to_string(n) + ", RELU = " + std::to_string(relu) + " };" +
         s;
}
static std::string pack(int k, int n) {
  return "enum { K = " + std::to_string(k) + ", N = " + std::to_string(n) + R"( };
  for (int64_t p = 0; p < (N + W - 1) / W; ++p) for (int64_t c = 0; c < K; ++c) for (int64_t l = 0; l < W; ++l)
    F(1)[(p * K + c) * W + l] = p * W + l < N ? F(0)[(p * W + l) * K + c] : 0;
  return 0;)";
}

CKernels::CKernels() : sets{{"narrow", 0, {0, 0}}, {"wide", 1, {0, 0}}} {
  bodies["matmul_6x8.fused"] = matmul(6, 8, true);
  bodies["matmul_6x8.leaf"] = matmul(6, 8, false);
  bodies["matmul_8x3"] = matmul(8, 3, false);
  bodies["pack_6x8"] = pack(6, 8);
  bodies["pack_8x3"] = pack(8, 3);
  bodies["relu"] =
      "for (int64_t i = 0; i < (int64_t)(a[2] * a[3]); ++i) F(1)[i] = 0 > F(0)[i] ? 0 : F(0)[i]; return 0;";
  bodies["draw"] = "uint32_t r[4]; modc_philox(a[0], 0, f->call, r);"
                   "for (int i = 0; i < 3; ++i) F(1)[i] = (float)(r[i] >> 8) * 0x1p-24f; return 0;";
}

Expected<std::string> CKernels::lower(mlir::Operation *op, unsigned) {
  auto it = bodies.find(cast<mlir::SymbolOpInterface>(op).getName());
  if (it == bodies.end())
    return createStringError("no C text");
  return it->second;
}

Expected<SmallVector<char, 0>> CKernels::compile(StringRef text, StringRef symbol, unsigned target) const {
  std::string file = scratch(("k" + Twine(compiled++)).str()), source = file + ".c", object = file + ".o",
              log = file + ".log";
  std::string c = prelude + ("modc_rc k(modc_frame *f, const void *p) __asm__(\"" + symbol +
                             "\") __attribute__((visibility(\"hidden\")));\n" +
                             "modc_rc k(modc_frame *f, const void *p) { const uint64_t *a = p; (void)a;" + text + "}\n")
                                .str();
  if (Error e = artifact::writeFile(source, c))
    return std::move(e);
  std::string include = MODC_TEST_FOLDER "/../../include", width = "-DWIDTH=" + std::to_string(4 << target);
  // From standard input, so that no path gets into the object.
  StringRef args[] = {MODC_CLANG,       "-x", "c",     "-",   "-c", "-O1", "-fPIC", "-ffp-contract=off",
                      "-ffreestanding", "-I", include, width, "-o", object};
  std::optional<StringRef> redirects[] = {StringRef(source), StringRef(log), StringRef(log)};
  std::string problem;
  if (sys::ExecuteAndWait(MODC_CLANG, args, std::nullopt, redirects, 0, 0, &problem) != 0) {
    auto said = MemoryBuffer::getFile(log);
    return createStringError("clang: " + problem + (said ? (*said)->getBuffer().str() : ""));
  }
  auto bytes = MemoryBuffer::getFile(object, false, false);
  if (!bytes)
    return errorCodeToError(bytes.getError());
  return SmallVector<char, 0>((*bytes)->getBufferStart(), (*bytes)->getBufferEnd());
}

Expected<int64_t> CKernels::preparedBytes(mod::PrepareOp op, unsigned target) const {
  auto type = cast<mod::SymTensorType>(op.getBody().getArgument(0).getType());
  int64_t n = *type.getDims()[0].getConstant(), k = *type.getDims()[1].getConstant(), w = 4 << target;
  return (n + w - 1) / w * w * k * 4;
}

mlir::MLIRContext &testContext() {
  static mlir::MLIRContext context;
  context.loadDialect<mod::ModDialect>();
  return context;
}

mlir::OwningOpRef<mlir::ModuleOp> parseFile(StringRef name) {
  auto module = mlir::parseSourceFile<mlir::ModuleOp>((MODC_TEST_FOLDER "/" + name).str(), &testContext());
  EXPECT_TRUE(module) << name.str();
  return module;
}

mlir::OwningOpRef<mlir::ModuleOp> parseText(StringRef text) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &testContext());
  EXPECT_TRUE(module) << text.str();
  return module;
}

std::string scratch(StringRef name) {
  struct Folder {
    Folder() {
      if (std::error_code ec = sys::fs::createUniqueDirectory("modc-artifact-test", path))
        ADD_FAILURE() << ec.message();
    }
    ~Folder() { (void)sys::fs::remove_directories(path); }
    SmallString<128> path;
  };
  static Folder folder;
  SmallString<128> file(folder.path);
  sys::path::append(file, name);
  return file.str().str();
}

artifact::Options plainOptions() {
  artifact::Options o;
  o.name = "toy";
  o.compiler = "modc test";
  o.sourceHash = "abc";
  o.cache = false;
  return o;
}
