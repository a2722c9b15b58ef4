// Instantiating module trees; finding instances and leaves by path.
#include "dialect/reference/Tree.h"

using namespace mlir;
using namespace modc::mod;
using namespace modc::reference;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

/// Deeper trees are cycles of classes.
static constexpr int kMaxDepth = 200;
/// Beyond this a file of a few lines (each class holding two of the next) would fill the memory.
static constexpr size_t kMaxInstances = 100000;

static std::string under(StringRef path, StringRef name) {
  return path.empty() ? name.str() : (path + "." + name).str();
}

static std::string describe(const Instance *at) {
  ClassOp cls = at->cls;
  return (at->path.empty() ? "the model" : "`" + at->path + "`") + " (" + cls.getSource().str() + ")";
}

Expected<std::unique_ptr<Tree>> Tree::build(ModuleOp module, ExportOp root, int64_t maxElements) {
  auto tree = std::make_unique<Tree>();
  tree->room = 4 * maxElements;
  if (auto ties = root.getTies())
    for (auto tie : ties->getAsRange<TieAttr>())
      tree->ties[tie.getPath().str()] = tie.getFirst().str();
  if (auto made = tree->instantiate(module, root.getCls(), "", 0); !made)
    return made.takeError();
  auto path = root->getAttrOfType<StringAttr>("mod.path");
  auto entry = tree->find(tree->root(), path ? path.getValue() : StringRef());
  if (!entry)
    return entry.takeError();
  tree->entry = *entry;
  return tree;
}

Expected<Instance *> Tree::instantiate(ModuleOp module, StringRef name, const std::string &path, int depth,
                                       Instance **place) {
  auto cls = module.lookupSymbol<ClassOp>(name);
  if (!cls)
    return createStringError("there is no class @" + name);
  if (depth > kMaxDepth)
    return createStringError("class @" + name + " contains itself");
  if (instances.size() >= kMaxInstances)
    return createStringError("the tree has more than " + Twine(kMaxInstances) + " modules");
  Instance *self = instances.emplace_back(std::make_unique<Instance>()).get();
  self->cls = cls;
  self->path = path;
  if (place) // a tie further down may lead through here
    *place = self;

  auto addLeaf = [&](Operation *op, StringRef leafName, Type type) -> Error {
    std::string leafPath = under(path, leafName);
    if (auto tie = ties.find(leafPath); tie != ties.end()) {
      auto first = leaf(root(), tie->second);
      if (!first)
        return first.takeError();
      self->leaves[leafName] = *first - leaves.data();
      return Error::success();
    }
    Evaluator sizes;
    sizes.maxElements = room;
    auto zero = sizes.result(type);
    if (!zero)
      return createStringError(leafPath + ": " + llvm::toString(zero.takeError()));
    room -= zero->count();
    self->leaves[leafName] = leaves.size();
    leaves.push_back({leafPath, cast<SymTensorType>(type), op, std::make_shared<const Array>(std::move(*zero))});
    return Error::success();
  };
  for (Operation &op : *cls.getBody().begin()) {
    Error error = Error::success();
    if (auto param = dyn_cast<ParamOp>(op); param && !param.getNone())
      error = addLeaf(&op, param.getSymName(), param.getType());
    else if (auto buffer = dyn_cast<BufferOp>(op); buffer && !buffer.getNone())
      error = addLeaf(&op, buffer.getSymName(), buffer.getType());
    if (error)
      return std::move(error);
  }
  for (auto child : cls.getBody().getOps<ChildOp>()) {
    if (!child.getCls())
      continue;
    std::string childPath = under(path, child.getSymName());
    auto tie = ties.find(childPath);
    if (tie != ties.end()) {
      auto first = find(root(), tie->second);
      if (!first)
        return first.takeError();
      self->children[child.getSymName()] = *first;
      continue;
    }
    Instance *&place = self->children[child.getSymName()];
    if (auto made = instantiate(module, *child.getCls(), childPath, depth + 1, &place); !made)
      return made.takeError();
  }
  return self;
}

Expected<Instance *> Tree::find(Instance *from, StringRef path) const {
  Instance *at = from;
  for (StringRef rest = path; !rest.empty();) {
    auto [head, tail] = rest.split('.');
    auto child = at->children.find(head);
    if (child == at->children.end())
      return createStringError(describe(at) + " has no child `" + head + "`");
    at = child->second;
    rest = tail;
  }
  return at;
}

Expected<Leaf *> Tree::leaf(Instance *from, StringRef path) {
  StringRef name = path, parents;
  if (size_t dot = path.rfind('.'); dot != StringRef::npos) {
    parents = path.take_front(dot);
    name = path.drop_front(dot + 1);
  }
  auto holder = find(from, parents);
  if (!holder)
    return holder.takeError();
  auto it = (*holder)->leaves.find(name);
  if (it == (*holder)->leaves.end())
    return createStringError(describe(*holder) + " has no parameter or buffer `" + name + "`");
  return &leaves[it->second];
}

std::vector<std::pair<std::string, const Leaf *>> Tree::named() const {
  std::vector<std::pair<std::string, const Leaf *>> out;
  auto visit = [&](auto &&self, const Instance *at, const std::string &path) -> void {
    ClassOp cls = at->cls;
    // Declarations give the order; the maps have none.
    for (Operation &op : *cls.getBody().begin())
      if (auto name = op.getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName()); isa<ParamOp, BufferOp>(op))
        if (auto it = at->leaves.find(name.getValue()); it != at->leaves.end())
          out.emplace_back(under(path, name.getValue()), &leaves[it->second]);
    for (auto child : cls.getBody().getOps<ChildOp>())
      if (auto it = at->children.find(child.getSymName()); it != at->children.end())
        self(self, it->second, under(path, child.getSymName()));
  };
  visit(visit, exported(), "");
  return out;
}
