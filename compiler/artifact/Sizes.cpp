// Numbering of sizes, and offsets of arena slots that are known at compile time.
#include "compiler/artifact/Sizes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace modc::artifact;
using modc::mod::DimAttr;
using modc::mod::SlotAttr;

static llvm::SmallVector<SlotAttr> slotsOf(modc::mod::FuncOp func) {
  llvm::SmallVector<SlotAttr> slots;
  if (auto arena = func.getArena())
    llvm::append_range(slots, arena->getAsRange<SlotAttr>());
  return slots;
}

Sizes::Sizes(mod::FuncOp func) : arena(slotsOf(func)), offsets(arena.size()) {
  // As the ABI wants it: `int` arguments in their order, then the names of dimensions.
  for (unsigned i = 0; i < func.getNumArguments(); ++i)
    if (auto name = func.getArgAttrOfType<StringAttr>(i, "mod.scalar"))
      entries.push_back({DimAttr::symbol(func.getContext(), name.getValue())});
  scalarCount = entries.size();
  if (auto dims = func.getDims())
    for (auto name : dims->getAsRange<StringAttr>())
      if (DimAttr dim = DimAttr::symbol(func.getContext(), name.getValue()); !find(dim))
        entries.push_back({dim});
  nameCount = signatureCount = entries.size();

  // checkArena has made sure that this ends.
  std::function<std::optional<int64_t>(int64_t)> offset = [&](int64_t slot) -> std::optional<int64_t> {
    int64_t at = 0;
    for (int64_t below : arena[slot].getBelow()) {
      auto start = offset(below);
      auto bytes = arena[below].getBytes().getConstant();
      int64_t end;
      if (!start || !bytes || __builtin_add_overflow(*start, *bytes, &end) || end > INT64_MAX - slotAlign)
        return std::nullopt;
      at = std::max<int64_t>(at, llvm::alignTo(end, slotAlign));
    }
    return at;
  };
  for (size_t i = 0; i < arena.size(); ++i)
    offsets[i] = offset(i);
}

std::optional<unsigned> Sizes::find(DimAttr dim) const {
  for (auto [i, e] : llvm::enumerate(entries))
    if (e.dim == dim)
      return i;
  return std::nullopt;
}

unsigned Sizes::number(DimAttr dim) {
  if (auto known = find(dim))
    return *known;
  entries.push_back({dim});
  return entries.size() - 1;
}

int32_t Sizes::portDim(DimAttr dim) const {
  return isPlain(dim) ? int32_t(*dim.getConstant()) : -1 - int32_t(*find(dim));
}

std::optional<int64_t> Sizes::constantOffset(int64_t slot) const { return offsets[slot]; }

unsigned Sizes::offsetNumber(int64_t slot) {
  for (auto [i, e] : llvm::enumerate(entries))
    if (e.slot == slot)
      return i;
  entries.push_back({{}, slot});
  return entries.size() - 1;
}

llvm::Error modc::artifact::checkArena(mod::FuncOp func) {
  auto slots = slotsOf(func);
  enum { New, Open, Done };
  std::vector<int> state(slots.size(), New);
  std::function<bool(int64_t)> visit = [&](int64_t i) {
    if (i < 0 || i >= int64_t(slots.size()) || state[i] == Open)
      return false;
    if (state[i] == Done)
      return true;
    state[i] = Open;
    for (int64_t j : slots[i].getBelow())
      if (!visit(j))
        return false;
    state[i] = Done;
    return true;
  };
  for (size_t i = 0; i < slots.size(); ++i)
    if (!visit(i))
      return llvm::createStringError("arena slots of " + func.getSymName() +
                                     " name a slot that is not there, or lie in a circle");
  return llvm::Error::success();
}
