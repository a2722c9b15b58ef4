// Runs kernels beside the primitives' evaluation; see KernelCheck.h.
#include "test/lower/KernelCheck.h"
#include "compiler/cpu/Tiles.h"
#include "compiler/lower/LowerGroups.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "test/cpu/Harness.h"
#include <cstring>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;
using namespace modc;
using namespace modc::lower;

std::unique_ptr<MLIRContext> lower::makeContext() {
  DialectRegistry registry;
  cpu::registerDialects(registry);
  registry.insert<mod::ModDialect>();
  auto context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  context->loadAllAvailableDialects();
  return context;
}

OwningOpRef<ModuleOp> lower::parse(MLIRContext &context, const std::string &text) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (!module)
    throw std::runtime_error("the kernel's text is wrong:\n" + text);
  return module;
}

std::string Way::name() const { return target->name.str() + (naive ? " naive" : ""); }

std::vector<Way> lower::ways() {
  std::vector<Way> all;
  for (const cpu::Target &target : cpu::targets())
    if (cpu::canRun(target)) {
      if (all.empty())
        all.push_back({&target, true});
      all.push_back({&target, false});
    }
  return all;
}

namespace {
/// Bytes whose end is the end of a readable page: reading or writing beyond faults.
class Memory {
public:
  explicit Memory(size_t bytes) : size(bytes) {
    size_t page = sysconf(_SC_PAGESIZE);
    size_t body = (bytes + page - 1) / page * page;
    mapped = body + page;
    base = static_cast<char *>(mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base == MAP_FAILED || mprotect(base + body, page, PROT_NONE) != 0)
      throw std::runtime_error("no memory");
    data = base + body - bytes;
    std::memset(base, 0xA5, body);
  }
  ~Memory() { munmap(base, mapped); }
  Memory(const Memory &) = delete;

  /// The bytes before the data are still as they were.
  bool untouchedBefore() const {
    for (char *p = base; p != data; ++p)
      if (static_cast<unsigned char>(*p) != 0xA5)
        return false;
    return true;
  }
  char *data;
  size_t size;

private:
  char *base;
  size_t mapped;
};
} // namespace

static size_t bytesOf(Type element) { return std::max(1u, element.getIntOrFloatBitWidth() / 8); }

static APFloat narrow(double value, const llvm::fltSemantics &semantics) {
  APFloat x(value);
  bool lost;
  x.convert(semantics, APFloat::rmNearestTiesToEven, &lost);
  return x;
}

static void pack(const mod::Array &a, char *to) {
  size_t width = bytesOf(a.element);
  for (int64_t n = 0, e = a.count(); n < e; ++n, to += width) {
    uint64_t bits;
    if (auto f = dyn_cast<FloatType>(a.element))
      bits = narrow(a.f[n], f.getFloatSemantics()).bitcastToAPInt().getZExtValue();
    else
      bits = static_cast<uint64_t>(a.i[n]);
    std::memcpy(to, &bits, width);
  }
}

static mod::Array unpack(Type element, ArrayRef<int64_t> dims, const char *from) {
  mod::Array a = mod::Array::make(element, dims);
  size_t width = bytesOf(element);
  for (int64_t n = 0, e = a.count(); n < e; ++n, from += width) {
    uint64_t bits = 0;
    std::memcpy(&bits, from, width);
    if (auto f = dyn_cast<FloatType>(element)) {
      APFloat x(f.getFloatSemantics(), APInt(width * 8, bits));
      bool lost;
      x.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
      a.f[n] = x.convertToDouble();
    } else {
      a.i[n] =
          element.isUnsignedInteger() || element.isInteger(1) ? int64_t(bits) : llvm::SignExtend64(bits, width * 8);
    }
  }
  return a;
}

/// In memory order: dimensions as a layout permutes them, and back.
static mod::Array permuted(const mod::Array &a, ArrayRef<int64_t> order) {
  SmallVector<int64_t> dims, strides = mod::rowMajorStrides(a.dims), walked;
  for (int64_t d : order) {
    dims.push_back(a.dims[d]);
    walked.push_back(strides[d]);
  }
  mod::Array out = mod::Array::make(a.element, dims);
  std::array<SmallVector<int64_t>, 1> steps{walked};
  mod::walkIndices<1>(dims, steps, [&](int64_t n, auto &at) {
    if (a.isFloat())
      out.f[n] = a.f[at[0]];
    else
      out.i[n] = a.i[at[0]];
  });
  return out;
}

static mod::Array inMemory(const mod::Array &a, Type type) {
  mod::LayoutAttr layout = cast<mod::SymTensorType>(type).getLayout();
  return layout ? permuted(a, layout.getPerm()) : a;
}

/// A matrix as kernels of this target read it packed: `[columns / width][inner][width]`, zero beyond the last column.
static mod::Array inPanels(const mod::Array &a, size_t panel, const cpu::Target &target) {
  int64_t columns = a.dims[panel], inner = a.dims[1 - panel], bytes = bytesOf(a.element),
          width = cpu::panelWidth(columns, bytes, target);
  mod::Array out = mod::Array::make(a.element, {(columns + width - 1) / width * width, inner});
  for (int64_t j = 0; j < columns; ++j)
    for (int64_t k = 0; k < inner; ++k)
      out.f[(j / width * inner + k) * width + j % width] = a.f[panel == 0 ? j * inner + k : k * columns + j];
  return out;
}

static mod::Array randomArray(Type element, ArrayRef<int64_t> dims, std::mt19937_64 &rng, int64_t limit, bool indices) {
  mod::Array a = mod::Array::make(element, dims);
  std::uniform_real_distribution<double> real(-2, 2);
  for (double &x : a.f)
    x = real(rng);
  for (int64_t &x : a.i) {
    bool unsignedOnly = indices || element.isUnsignedInteger();
    x = element.isInteger(1) ? int64_t(rng() & 1)
        : unsignedOnly       ? int64_t(rng() % uint64_t(limit))
                             : int64_t(rng() % uint64_t(2 * limit + 1)) - limit;
  }
  return a;
}

struct KernelCheck::State {
  ModuleOp graph;
  std::vector<Way> ways;
  std::vector<std::unique_ptr<cpu::Loaded>> code;
};

KernelCheck::KernelCheck(ModuleOp graph, std::vector<Way> ways) : state(std::make_unique<State>()) {
  state->graph = graph;
  state->ways = std::move(ways);
  std::string text;
  llvm::raw_string_ostream out(text);
  OwningOpRef<ModuleOp> kernels = lowerGroups(graph);
  if (!kernels || failed(verify(*kernels))) {
    graph.print(out);
    throw std::runtime_error("lower-groups failed on\n" + text);
  }
  kernels->print(out);
  for (const Way &way : state->ways)
    try {
      state->code.push_back(std::make_unique<cpu::Loaded>(text, *way.target, way.naive));
    } catch (const std::runtime_error &error) {
      throw std::runtime_error(way.name() + ": " + error.what());
    }
}

KernelCheck::~KernelCheck() = default;

static std::string difference(const mod::Array &expected, const mod::Array &actual, Tolerance tolerance) {
  Type element = expected.element;
  double allowed = element.isF64() ? tolerance.f64 : element.isF32() ? tolerance.f32 : tolerance.half;
  for (int64_t n = 0, e = expected.count(); n < e; ++n) {
    bool same;
    double want, got;
    if (expected.isFloat()) {
      want = expected.f[n], got = actual.f[n];
      same = std::isnan(want) ? std::isnan(got) : want == got || std::abs(want - got) <= allowed * (1 + std::abs(want));
    } else {
      want = expected.i[n], got = actual.i[n];
      same = expected.i[n] == actual.i[n];
    }
    if (!same)
      return "element " + std::to_string(n) + " of " + std::to_string(e) + ": expected " + std::to_string(want) +
             ", got " + std::to_string(got);
  }
  return "";
}

std::string KernelCheck::run(StringRef name, const Sizes &sizes, uint64_t seed, Tolerance tolerance,
                             int64_t integerLimit, bool indices) {
  auto kernel = state->graph.lookupSymbol<mod::KernelOp>(name);
  Block &body = kernel.getBody().front();
  auto yield = cast<mod::YieldOp>(body.back());
  std::mt19937_64 rng(seed);
  mod::Evaluator evaluator;
  evaluator.sizes = sizes;
  evaluator.call = seed % 5;
  for (BlockArgument arg : body.getArguments()) {
    if (isa<mod::RngType>(arg.getType())) {
      evaluator.setKey(arg, rng());
      continue;
    }
    auto shape = evaluator.shape(arg.getType());
    if (!shape)
      return llvm::toString(shape.takeError());
    evaluator.set(
        arg, randomArray(cast<mod::SymTensorType>(arg.getType()).getElementType(), *shape, rng, integerLimit, indices));
  }
  for (Operation &op : body.without_terminator())
    if (llvm::Error error = cast<mod::EvalOpInterface>(op).eval(evaluator)) {
      std::string text = llvm::toString(std::move(error));
      // What has no meaning has nothing to be compared with: the largest of no elements.
      return StringRef(text).contains("which is empty") ? "" : "evaluation: " + text;
    }

  std::string report;
  std::vector<std::unique_ptr<Memory>> exact; // results of the first way that uses builders
  std::string exactName;
  for (auto [way, code] : llvm::zip(state->ways, state->code)) {
    std::vector<std::unique_ptr<Memory>> memory;
    std::vector<uint64_t> words;
    auto add = [&](size_t bytes) {
      memory.push_back(std::make_unique<Memory>(bytes));
      words.push_back(cpu::word(memory.back()->data));
    };
    for (BlockArgument arg : body.getArguments()) {
      if (isa<mod::RngType>(arg.getType())) {
        words.push_back(evaluator.getKey(arg));
        continue;
      }
      const mod::Array &a = evaluator.get(arg);
      mod::LayoutAttr layout = cast<mod::SymTensorType>(arg.getType()).getLayout();
      mod::Array stored = layout && !layout.getPanel().empty() ? inPanels(a, layout.getPanel()[0], *way.target)
                                                               : inMemory(a, arg.getType());
      add(stored.count() * bytesOf(a.element));
      pack(stored, memory.back()->data);
    }
    size_t firstOutput = memory.size();
    for (Value v : yield.getValues())
      add(evaluator.get(v).count() * bytesOf(evaluator.get(v).element));
    for (auto dim : kernel.getDims().getAsRange<StringAttr>())
      words.push_back(sizes.at(dim.str()));

    cpu::Frame frame(seed % 2 ? cpu::Frame::Backward : cpu::Frame::Forward, evaluator.call);
    modc_rc rc = frame.run(code->function(name.str()), words);
    if (rc != MODC_OK)
      report += way.name() + ": return code " + std::to_string(rc) + "\n";
    for (auto [i, v] : llvm::enumerate(yield.getValues())) {
      mod::Array expected = inMemory(evaluator.get(v), v.getType());
      Memory &out = *memory[firstOutput + i];
      std::string wrong = difference(expected, unpack(expected.element, expected.dims, out.data), tolerance);
      if (!wrong.empty())
        report += way.name() + ": output " + std::to_string(i) + ", " + wrong + "\n";
      if (!out.untouchedBefore())
        report += way.name() + ": output " + std::to_string(i) + ", wrote before its memory\n";
      if (!exact.empty() && !way.naive && std::memcmp(exact[i]->data, out.data, out.size) != 0)
        report += way.name() + ": output " + std::to_string(i) + " differs in bits from " + exactName + "\n";
    }
    if (exact.empty() && !way.naive) {
      exactName = way.name();
      for (size_t i = firstOutput; i < memory.size(); ++i)
        exact.push_back(std::move(memory[i]));
    }
  }
  return report;
}
