// Runs every export of a file of mod IR by the reference interpreter, on arrays that a script wrote beside it.
//
//   mod-eval FILE.mlir DIR [--training] [--exact] [--fused | --composed] [--seed=N]
//
// For export E: inputs DIR/E.in.NAME, state DIR/E.state.PATH where such a file is, outputs DIR/E.out.NAME or a message
// in DIR/E.error; after the call all state goes to DIR/E.new.PATH if DIR/E.keep exists. A file is one line, `f64` or
// `i64` and the sizes, then the elements, little-endian.
#include "dialect/reference/Interpreter.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace mlir;
using namespace modc;
namespace fs = std::filesystem;

static bool read(const fs::path &path, MLIRContext &ctx, mod::Array &out) {
  std::ifstream file(path, std::ios::binary);
  std::string line, kind;
  if (!file || !std::getline(file, line))
    return false;
  std::istringstream header(line);
  header >> kind;
  SmallVector<int64_t> dims;
  for (int64_t d; header >> d;)
    dims.push_back(d);
  Type element = kind == "f64" ? Type(Float64Type::get(&ctx)) : Type(IntegerType::get(&ctx, 64));
  out = mod::Array::make(element, dims);
  char *to = out.isFloat() ? reinterpret_cast<char *>(out.f.data()) : reinterpret_cast<char *>(out.i.data());
  return bool(file.read(to, out.count() * 8));
}

static void write(const fs::path &path, const mod::Array &a) {
  std::ofstream file(path, std::ios::binary);
  file << (a.isFloat() ? "f64" : "i64");
  for (int64_t d : a.dims)
    file << " " << d;
  file << "\n";
  file.write(a.isFloat() ? reinterpret_cast<const char *>(a.f.data()) : reinterpret_cast<const char *>(a.i.data()),
             a.count() * 8);
}

static llvm::Error runExport(ModuleOp module, const std::string &name, const fs::path &dir,
                             reference::Options options) {
  auto interpreter = reference::Interpreter::load(module, name, options);
  if (!interpreter)
    return interpreter.takeError();
  MLIRContext &ctx = *module.getContext();
  auto leaves = interpreter->tree().named();
  mod::Array array;
  for (auto &[path, leaf] : leaves)
    if (read(dir / (name + ".state." + path), ctx, array))
      if (llvm::Error e = interpreter->setState(path, array))
        return e;
  auto wanted = interpreter->inputs();
  if (!wanted)
    return wanted.takeError();
  std::map<std::string, mod::Array> inputs;
  for (auto &[input, type] : *wanted)
    if (read(dir / (name + ".in." + input), ctx, array)) {
      mod::Array converted = convertArray(array, type.getElementType());
      mod::Evaluator().round(converted);
      inputs[input] = std::move(converted);
    }
  auto outputs = interpreter->run(inputs);
  if (!outputs)
    return outputs.takeError();
  for (auto &[output, value] : *outputs)
    write(dir / (name + ".out." + output), value);
  if (fs::exists(dir / (name + ".keep")))
    for (auto &[path, leaf] : leaves)
      write(dir / (name + ".new." + path), *leaf->value);
  return llvm::Error::success();
}

int main(int argc, char **argv) {
  if (argc < 3) {
    std::cerr << "usage: mod-eval FILE.mlir DIR [--training] [--exact] [--fused | --composed] [--seed=N]\n";
    return 1;
  }
  reference::Options options;
  for (int i = 3; i < argc; ++i) {
    StringRef arg = argv[i];
    if (arg == "--training")
      options.training = true;
    else if (arg == "--exact")
      options.exact = true;
    else if (arg == "--fused")
      options.form = reference::Form::Fused;
    else if (arg == "--composed")
      options.form = reference::Form::Composed;
    else if (!arg.consume_front("--seed=") || arg.getAsInteger(10, options.seed)) {
      std::cerr << "mod-eval: unknown option " << argv[i] << "\n";
      return 1;
    }
  }
  DialectRegistry registry;
  registry.insert<mod::ModDialect, arith::ArithDialect, math::MathDialect>();
  MLIRContext ctx(registry);
  auto module = parseSourceFile<ModuleOp>(argv[1], &ctx);
  if (!module)
    return 1;
  for (auto e : module->getOps<mod::ExportOp>()) {
    std::string name = e.getSymName().str();
    if (llvm::Error error = runExport(*module, name, argv[2], options))
      std::ofstream(fs::path(argv[2]) / (name + ".error")) << llvm::toString(std::move(error));
  }
}
