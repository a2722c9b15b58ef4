// Warnings that need the whole program: children and parameters that no export reaches, `let`s that nothing reads.
#include "compiler/sema/Elaborator.h"
#include "llvm/ADT/StringSet.h"

using namespace modc;
using namespace modc::sema;

/// Occurrences of a name as a whole word.
static unsigned countWord(llvm::StringRef text, llvm::StringRef word) {
  unsigned count = 0;
  auto inWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t at = text.find(word); at != llvm::StringRef::npos; at = text.find(word, at + 1)) {
    size_t end = at + word.size();
    count += (at == 0 || !inWord(text[at - 1])) && (end == text.size() || !inWord(text[end]));
  }
  return count;
}

void Elaborator::warnUnused() {
  // What functions reached from the exports call, read and write, as paths from the root.
  llvm::StringSet<> used;
  auto mark = [&](std::string path) {
    while (used.insert(path).second) {
      size_t dot = path.rfind('.');
      if (dot == std::string::npos)
        break;
      path.resize(dot);
    }
  };
  auto join = [](const std::string &prefix, llvm::StringRef name) {
    return prefix.empty() ? name.str() : name.empty() ? prefix : prefix + "." + name.str();
  };
  for (Instance *root : roots) {
    used.clear();
    llvm::DenseMap<FunctionInfo *, llvm::StringSet<>> seen;
    auto visit = [&](auto &&self, FunctionInfo &function, const std::string &prefix) -> void {
      if (!seen[&function].insert(prefix).second)
        return;
      for (mod::FuncOp op : {function.op, function.train}) {
        if (!op)
          continue;
        op->walk([&](mod::GetOp get) { mark(join(prefix, get.getPath())); });
        op->walk([&](mod::SetOp set) { mark(join(prefix, set.getPath())); });
      }
      for (auto &[call, callee] : function.calls) {
        std::string path = join(prefix, llvm::cast<mod::CallOp>(call).getChild());
        mark(path);
        self(self, *callee, path);
      }
    };
    for (auto &[op, function] : exported)
      if (llvm::cast<mod::ExportOp>(op).getInstance() == uint64_t(llvm::find(roots, root) - roots.begin())) {
        auto path = op->getAttrOfType<mlir::StringAttr>("mod.path");
        if (path)
          mark(path.str());
        visit(visit, *function, path ? path.str() : "");
      }
    auto &known = paths(*root);
    auto walk = [&](auto &&self, Instance &at, const std::string &path) -> void {
      if (known.lookup(&at) != path)
        return; // a second name of it
      bool library = at.cls->file->library;
      for (auto &[name, member] : at.members) {
        std::string here = join(path, name);
        Instance *child = member.value.instance();
        bool is = member.kind == MemberKind::Child && child;
        if (!is && !(member.kind == MemberKind::Param && member.value.is<StateValue>()))
          continue;
        if (is && known.lookup(child) != here)
          continue;
        if (!used.contains(here) && !library)
          report(diag::unusedChild, member.where, is ? "child" : "parameter", here);
        else if (is && used.contains(here))
          self(self, *child, here);
      }
    };
    walk(walk, *root, "");
  }
  for (auto &entry : files) {
    FileScope &file = *entry.second;
    if (file.library)
      continue;
    for (const ast::Stmt *item : file.tree.items) {
      auto *decl = llvm::dyn_cast<ast::ModuleDecl>(item);
      if (!decl)
        continue;
      llvm::StringRef text = sources.text(decl->range);
      for (const ast::Stmt *stmt : decl->body)
        if (auto *let = llvm::dyn_cast<ast::LetStmt>(stmt))
          if (auto *name = llvm::dyn_cast<ast::NameExpr>(let->target);
              name && name->name != "_" && countWord(text, name->name) == 1)
            report(diag::unusedLet, name->range, name->name);
    }
  }
}
