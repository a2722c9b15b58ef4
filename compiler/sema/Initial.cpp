// Initialisers of parameters and buffers: traced as functions, then recognised where they are a plain fill or draw.
#include "compiler/sema/Elaborator.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace modc;
using namespace modc::sema;
using mod::SymTensorType;

void Elaborator::initialise(State &state, const ast::DeclareStmt &stmt, llvm::StringRef name) {
  SymTensorType type = state.type;
  if (!stmt.init) {
    state.init = mod::InitAttr::fill(ctx, 0);
    return;
  }
  // A detached function without arguments; `mod.return` of a value of the declared type.
  mlir::OpBuilder builder(ctx);
  mlir::OperationState op(loc(stmt.range), mod::FuncOp::getOperationName());
  op.addAttribute("sym_name", builder.getStringAttr("init"));
  op.addAttribute("function_type", mlir::TypeAttr::get(builder.getFunctionType({}, {type})));
  op.addRegion();
  mlir::OwningOpRef<mod::FuncOp> func(llvm::cast<mod::FuncOp>(mlir::Operation::create(op)));
  mlir::Block &block = func->getBody().emplaceBlock();
  Trace trace(mlir::OpBuilder::atBlockEnd(&block));
  trace.stateless = true;
  Trace *outer = std::exchange(frame->trace, &trace);
  bool body = std::exchange(frame->body, false);

  // In the outermost call, parameters named `shape` and `dtype` default to the declared ones.
  auto *call = llvm::dyn_cast<ast::CallExpr>(stmt.init);
  bool plain = llvm::isa<ast::NameExpr, ast::MemberExpr>(stmt.init);
  Value value;
  if (call || plain) {
    Value callee = eval(call ? *call->callee : *stmt.init);
    CallArgs args;
    args.range = stmt.init->range;
    bool good = !callee.poisoned() && (!call || evalArgs(call->args, args));
    if (auto *function = callee.get<FunctionValue>(); function && good) {
      for (const ast::Param &param : function->decl->params) {
        bool shape = param.name.text == "shape", dtype = param.name.text == "dtype";
        bool given = llvm::any_of(args.named, [&](auto &a) { return a.first == param.name.text; });
        if ((!shape && !dtype) || given || (shape && param.star && !args.positional.empty()))
          continue;
        args.named.emplace_back(param.name.text,
                                shape ? makeDims(type.getDims()) : Value(DTypeValue{type.getElementType()}));
        args.places.push_back(stmt.init->range);
      }
      value = this->call(callee, std::move(args));
    } else if (good && call) {
      value = this->call(callee, std::move(args));
    } else if (good) {
      value = callee;
    }
  } else {
    value = eval(*stmt.init);
  }
  bool bad = value.poisoned();
  if (!bad && value.number()) {
    auto number = *asDouble(value);
    bool whole = !value.is<double>() || llvm::isa<mlir::FloatType>(type.getElementType());
    if (!whole)
      report(diag::wrongValue, stmt.init->range,
             "`" + name.str() + "` is " + type.text() + ", its initial value a float");
    state.init = mod::InitAttr::fill(ctx, number);
  } else if (!bad) {
    SymTensorType given = tensorType(value);
    if (!given) {
      Diagnostic &d =
          report(diag::wrongValue, stmt.init->range, "`" + name.str() + "` cannot begin as " + describe(value));
      d.note(
          "an initial value is a number, a tensor of the declared shape, or a function such as `zeros` that makes one");
    } else if (given.getDims() != type.getDims()) {
      report(diag::wrongValue, stmt.init->range,
             "`" + name.str() + "` is declared as " + type.text() + ", its initial value is " + given.text())
          .expect(type.text(), given.text());
    } else {
      Value exact = cast(value, type.getElementType(), stmt.init->range);
      if (mlir::Value result = exact.poisoned() ? mlir::Value() : tensorOf(exact, stmt.init->range)) {
        mod::ReturnOp::create(trace.builder, loc(stmt.init->range), result);
        for (mlir::Operation &unused : llvm::make_early_inc_range(llvm::reverse(block)))
          if (unused.use_empty() && mlir::isMemoryEffectFree(&unused) &&
              !unused.hasTrait<mlir::OpTrait::IsTerminator>())
            unused.erase();
        state.init = classifyInitial(*func);
        if (!state.init) {
          state.init = mod::InitAttr::function(ctx, saver.save("init." + name.str()));
          func->setResAttrsAttr(
              builder.getArrayAttr({builder.getDictionaryAttr({attr("mod.name", builder.getStringAttr("output"))})}));
          state.function = std::move(func);
        }
      }
    }
  }
  frame->trace = outer;
  frame->body = body;
  if (!state.init)
    state.init = mod::InitAttr::fill(ctx, 0);
}

namespace {
/// The number of a `mod.full`, through conversions.
std::optional<double> constantOf(mlir::Value v) {
  while (auto to = v.getDefiningOp<mod::ToOp>())
    v = to.getX();
  auto full = v.getDefiningOp<mod::FullOp>();
  if (!full)
    return std::nullopt;
  if (auto f = llvm::dyn_cast<mlir::FloatAttr>(full.getValue()))
    return f.getValueAsDouble();
  return double(llvm::cast<mlir::IntegerAttr>(full.getValue()).getInt());
}

/// x * scale + shift, of nested products and sums with numbers.
struct Affine {
  mlir::Value x;
  double scale = 1, shift = 0;
};

Affine affineOf(mlir::Value v) {
  if (auto to = v.getDefiningOp<mod::ToOp>())
    if (llvm::isa<mlir::FloatType>(llvm::cast<SymTensorType>(to.getX().getType()).getElementType()))
      return affineOf(to.getX());
  auto operands = [](mlir::Operation *op) { return std::pair(op->getOperand(0), op->getOperand(1)); };
  mlir::Operation *op = v.getDefiningOp();
  if (op && llvm::isa<mod::AddOp, mod::SubOp, mod::MulOp, mod::DivOp>(op)) {
    auto [a, b] = operands(op);
    auto ca = constantOf(a), cb = constantOf(b);
    bool sub = llvm::isa<mod::SubOp>(op);
    if (llvm::isa<mod::AddOp, mod::SubOp>(op) && cb) {
      Affine in = affineOf(a);
      in.shift += sub ? -*cb : *cb;
      return in;
    }
    if (llvm::isa<mod::AddOp>(op) && ca) {
      Affine in = affineOf(b);
      in.shift += *ca;
      return in;
    }
    if (llvm::isa<mod::MulOp>(op) && (ca || cb)) {
      Affine in = affineOf(ca ? b : a);
      double by = ca ? *ca : *cb;
      return {in.x, in.scale * by, in.shift * by};
    }
    if (llvm::isa<mod::DivOp>(op) && cb && *cb != 0) {
      Affine in = affineOf(a);
      return {in.x, in.scale / *cb, in.shift / *cb};
    }
  }
  return {v};
}

bool isDraw(mlir::Value v) { return v.getDefiningOp<mod::RandomOp>() != nullptr; }

/// sqrt(-2 log(1 - u)) * cos(2 pi u')
bool isBoxMuller(mlir::Value v) {
  auto product = v.getDefiningOp<mod::MulOp>();
  if (!product)
    return false;
  auto root = product.getA().getDefiningOp<mod::SqrtOp>();
  auto wave = product.getB().getDefiningOp<mod::CosOp>();
  if (!root || !wave)
    return false;
  Affine inner = affineOf(root.getX()), angle = affineOf(wave.getX());
  auto log = inner.x.getDefiningOp<mod::LogOp>();
  if (!log || inner.scale != -2 || inner.shift != 0 || !isDraw(angle.x) ||
      std::abs(angle.scale - 6.283185307179586) > 1e-9)
    return false;
  auto rest = log.getX().getDefiningOp<mod::SubOp>();
  return rest && constantOf(rest.getA()) == 1 && isDraw(rest.getB());
}
} // namespace

mod::InitAttr Elaborator::classifyInitial(mod::FuncOp function) {
  mlir::Value result = function.getBody().front().getTerminator()->getOperand(0);
  if (auto number = constantOf(result))
    return mod::InitAttr::fill(ctx, *number);
  Affine affine = affineOf(result);
  if (isDraw(affine.x) && affine.scale > 0)
    return mod::InitAttr::uniform(ctx, affine.shift, affine.shift + affine.scale);
  if (isBoxMuller(affine.x) && affine.scale > 0)
    return mod::InitAttr::normal(ctx, affine.shift, affine.scale);
  return {};
}
