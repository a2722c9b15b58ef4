// Constants of the artifact: texts, arrays of numbers, arrays of records with pointers.
#include "compiler/artifact/Tables.h"

using namespace llvm;
using namespace modc::artifact;

static Constant *null(Module &m) { return ConstantPointerNull::get(PointerType::get(m.getContext(), 0)); }

GlobalVariable *Tables::global(Constant *init, unsigned align, const Twine &name) {
  auto *g = new GlobalVariable(module, init->getType(), /*isConstant=*/true, GlobalValue::PrivateLinkage, init,
                               "modc.t." + name);
  g->setAlignment(Align(align));
  g->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  return g;
}

Constant *Tables::shared(StringRef bytes, unsigned align) {
  if (bytes.empty())
    return null(module);
  Constant *&slot = plain[{bytes.str(), align}];
  if (!slot)
    slot = global(ConstantDataArray::getString(module.getContext(), bytes, /*AddNull=*/false), align, "c");
  return slot;
}

Constant *Tables::text(StringRef s) { return shared(StringRef(s.str().c_str(), s.size() + 1), 1); }

Constant *Tables::blob(StringRef bytes, ArrayRef<std::pair<size_t, Constant *>> pointers, unsigned align,
                       StringRef name) {
  if (bytes.empty())
    return null(module);
  LLVMContext &ctx = module.getContext();
  auto sorted = llvm::to_vector(pointers);
  llvm::sort(sorted, [](auto &a, auto &b) { return a.first < b.first; });
  SmallVector<Constant *> parts;
  size_t at = 0;
  auto plainUpTo = [&](size_t end) {
    if (end > at)
      parts.push_back(ConstantDataArray::getString(ctx, bytes.slice(at, end), false));
    at = end;
  };
  for (auto [offset, to] : sorted) {
    plainUpTo(offset);
    parts.push_back(to);
    at += sizeof(void *);
  }
  plainUpTo(bytes.size());
  return global(ConstantStruct::getAnon(ctx, parts, /*Packed=*/true), align, name);
}

Constant *Tables::pointers(ArrayRef<Constant *> values, StringRef name) {
  if (values.empty())
    return null(module);
  auto *type = ArrayType::get(PointerType::get(module.getContext(), 0), values.size());
  SmallVector<Constant *> entries;
  for (Constant *v : values)
    entries.push_back(v ? v : null(module));
  return global(ConstantArray::get(type, entries), alignof(void *), name);
}
