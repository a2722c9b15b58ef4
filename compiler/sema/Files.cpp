// Files of a program: where imports are found, which names a file has, constants evaluated on demand.
#include "compiler/sema/Elaborator.h"
#include "compiler/syntax/Parser.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace modc;
using namespace modc::sema;
namespace path = llvm::sys::path;

static constexpr unsigned kMaxImports = 1000, kMaxStarDepth = 50;

FileScope *Elaborator::openFile(llvm::StringRef name, bool library, SourceRange from) {
  llvm::SmallString<128> clean(name);
  path::remove_dots(clean, /*remove_dot_dot=*/true);
  if (auto it = files.find(clean); it != files.end())
    return it->second.get();
  if (missing.count(clean))
    return nullptr;
  if (files.size() >= kMaxImports)
    return report(diag::fileNotFound, from, name).note("a program has at most 1000 files"), nullptr;
  auto tree = loadAndParse(clean, from, sources, diags);
  if (!tree) {
    missing[clean] = true;
    return nullptr;
  }
  auto &slot = files[clean];
  slot = std::make_unique<FileScope>();
  FileScope &file = *slot;
  file.id = tree->file;
  file.tree = std::move(*tree);
  file.path = clean.str().str();
  file.name = path::stem(clean).str();
  file.library = library;
  declareNames(file);
  return &file;
}

void Elaborator::declareNames(FileScope &file) {
  auto add = [&](const ast::Identifier &name, const ast::Stmt *decl, const ast::ImportedName *imported = nullptr) {
    FileScope::Entry entry;
    entry.decl = decl;
    entry.imported = imported;
    auto [it, fresh] = file.names.insert({name.text, entry});
    if (fresh)
      return;
    // `import nn.functional as F` may stand twice, and a later import hides an earlier one; declarations may not.
    auto isImport = [](const ast::Stmt *s) { return llvm::isa<ast::ImportDecl, ast::FromImportDecl>(s); };
    if (!isImport(decl) && !isImport(it->second.decl))
      report(diag::duplicateDeclaration, name.range, name.text).also(it->second.decl->range, "declared here before");
    it->second = entry;
  };
  for (const ast::Stmt *item : file.tree.items) {
    if (auto *d = llvm::dyn_cast<ast::ImportDecl>(item)) {
      add(d->alias ? d->alias : d->path.front(), d);
    } else if (auto *d = llvm::dyn_cast<ast::FromImportDecl>(item)) {
      if (d->all)
        file.stars.push_back(d);
      for (auto &name : d->names)
        add(name.bound(), d, &name);
    } else if (auto *d = llvm::dyn_cast<ast::ConstantDecl>(item)) {
      add(d->name, d);
    } else if (auto *d = llvm::dyn_cast<ast::ModuleDecl>(item)) {
      add(d->name, d);
    } else if (auto *d = llvm::dyn_cast<ast::DeriveDecl>(item)) {
      add(d->name, d);
    } else if (auto *d = llvm::dyn_cast<ast::FunctionDecl>(item)) {
      add(d->name, d);
    } else if (auto *d = llvm::dyn_cast<ast::ExportDecl>(item)) {
      file.exports.push_back(d);
    }
    checkAttributes(item->attrs, file.library);
  }
}

FileScope *Elaborator::importFile(llvm::ArrayRef<ast::Identifier> names, FileScope *from, SourceRange range) {
  llvm::SmallString<128> relative;
  std::string dotted;
  for (auto &name : names) {
    path::append(relative, name.text);
    dotted += (dotted.empty() ? "" : ".") + name.text.str();
  }
  relative += ".mod";
  std::vector<std::pair<std::string, bool>> folders;
  if (from)
    folders.emplace_back(path::parent_path(from->path).str(), from->library);
  // A file of a package folder imports `nn.functional` as files outside do.
  if (from && from->library)
    folders.emplace_back(options.libraryPath, true);
  else
    folders.emplace_back(mainFolder, false);
  for (auto &folder : options.includePaths)
    folders.emplace_back(folder, false);
  if (!options.libraryPath.empty())
    folders.emplace_back(options.libraryPath, true);
  for (auto &[folder, library] : folders) {
    llvm::SmallString<128> candidate(folder);
    path::append(candidate, relative);
    if (llvm::sys::fs::is_regular_file(candidate)) {
      FileScope *file = openFile(candidate, library, range);
      if (file && file->tree.hasErrors && !file->library)
        report(diag::brokenImport, range, dotted);
      return file;
    }
  }
  if (dotted == "train" || dotted == "optim") {
    notCompiled(range, "training, which `" + dotted + "` is part of,",
                "export the model and its loss as modules; train in PyTorch and load the weights");
    return nullptr;
  }
  Diagnostic &d = report(diag::fileNotFound, range, dotted);
  std::string looked;
  llvm::StringSet<> shown;
  for (auto &[folder, library] : folders)
    if (shown.insert(folder).second)
      looked += (looked.empty() ? "" : ", ") + (folder.empty() ? std::string("the current folder") : folder);
  d.note("looked for " + relative.str().str() + " in " + looked);
  // PyTorch's imports.
  llvm::StringRef ours = llvm::StringSwitch<llvm::StringRef>(dotted)
                             .Cases({"torch.nn", "torch.nn.modules"}, "import nn")
                             .Case("torch.nn.functional", "import nn.functional as F")
                             .Default("");
  auto *decl = llvm::dyn_cast_or_null<ast::ImportDecl>(importing);
  if (!ours.empty() && decl)
    d.suggest("the layers are in `nn`", decl->range, ours.str());
  else if (!ours.empty())
    d.suggest(("the layers are in `nn`: `" + ours + "`").str());
  else if (llvm::is_contained({"math", "numpy", "typing", "einops", "torchvision"}, names.front().text))
    d.suggest("leave it out: Python's packages are not there; `sqrt`, `exp`, `pi` and the like need no import");
  if (options.libraryPath.empty())
    d.note("no installed library was found");
  return nullptr;
}

FileScope *Elaborator::libraryFile(llvm::StringRef dotted) {
  llvm::SmallVector<llvm::StringRef> parts;
  dotted.split(parts, '.');
  llvm::SmallString<128> name(options.libraryPath);
  for (auto part : parts)
    path::append(name, part);
  name += ".mod";
  return llvm::sys::fs::is_regular_file(name) ? openFile(name, true, {}) : nullptr;
}

std::optional<Value> Elaborator::fileName(FileScope &file, llvm::StringRef name, bool exportedOnly, unsigned level) {
  if (exportedOnly && name.starts_with("_"))
    return std::nullopt;
  if (file.names.count(name))
    return evaluateEntry(file, name);
  if (level > kMaxStarDepth)
    return std::nullopt;
  for (auto it = file.stars.rbegin(); it != file.stars.rend(); ++it) {
    if (name.starts_with("_"))
      break;
    const ast::FromImportDecl &star = **it;
    if (star.path.size() == 1 && star.path[0].text == "primitives") {
      if (auto *builtin = findBuiltin(name))
        return BuiltinValue{builtin};
      if (mlir::Type type = mod::dtypeFromName(ctx, name))
        return DTypeValue{type};
      continue;
    }
    FileScope *from = importFile(star.path, &file, star.range);
    if (from && from != &file)
      if (auto value = fileName(*from, name, true, level + 1))
        return value;
  }
  return std::nullopt;
}

Value Elaborator::evaluateEntry(FileScope &file, llvm::StringRef name) {
  using Entry = FileScope::Entry;
  Entry &entry = file.names.find(name)->second;
  if (entry.state == Entry::Done)
    return entry.value;
  const ast::Stmt *decl = entry.decl;
  if (entry.state == Entry::Busy) {
    report(diag::constantCycle, decl->range, name);
    return Poison{};
  }
  entry.state = Entry::Busy;
  Frame scope;
  scope.file = &file;
  scope.caller = frame;
  Frame *outer = std::exchange(frame, &scope);
  // A trial of a method must not swallow what is wrong with a constant.
  unsigned wasQuiet = std::exchange(quiet, 0);
  Value value;
  const ast::Stmt *outerImport = std::exchange(importing, decl);
  if (auto *d = llvm::dyn_cast<ast::ConstantDecl>(decl)) {
    value = eval(*d->value);
    if (value.is<TensorValue>()) {
      report(diag::tensorMember, decl->range, name)
          .suggest("make it a buffer of the module that uses it, or a function");
      value = Poison{};
    }
  } else if (auto *d = llvm::dyn_cast<ast::ModuleDecl>(decl)) {
    classDefs.push_back(std::make_unique<ClassDef>(ClassDef{d, &file, d->name.text, {}}));
    value = ClassValue{classDefs.back().get()};
  } else if (auto *d = llvm::dyn_cast<ast::FunctionDecl>(decl)) {
    value = FunctionValue{d, &file, nullptr};
  } else if (auto *d = llvm::dyn_cast<ast::DeriveDecl>(decl)) {
    Value base = eval(*d->call->callee);
    CallArgs args;
    bool good = evalArgs(d->call->args, args);
    if (auto *c = base.get<ClassValue>(); c && good) {
      auto def = std::make_unique<ClassDef>(*c->cls);
      def->name = d->name.text;
      if (!args.positional.empty())
        report(diag::wrongValue, d->call->range, "a derived class fixes arguments by name: `module A = B(n=2)`");
      for (auto [i, arg] : llvm::enumerate(args.named)) {
        auto &params = def->decl->params;
        if (llvm::none_of(params, [&](const ast::Param &p) { return p.name.text == arg.first; })) {
          llvm::SmallVector<llvm::StringRef> known;
          for (auto &p : params)
            known.push_back(p.name.text);
          SourceRange place = args.places[args.positional.size() + i];
          place = args.keyword(i);
          didYouMean(report(diag::unknownKeyword, place, (c->cls->name + "()").str(), arg.first), place, arg.first,
                     known);
        }
        def->bound.push_back(arg);
      }
      classDefs.push_back(std::move(def));
      value = ClassValue{classDefs.back().get()};
    } else if (!base.poisoned() && good) {
      report(diag::wrongValue, d->call->callee->range,
             "`module " + d->name.text.str() + " = ...` needs a module class, got " + describe(base));
    }
  } else if (auto *d = llvm::dyn_cast<ast::ImportDecl>(decl)) {
    if (FileScope *target = importFile(d->path, &file, d->range)) {
      value = FileValue{target};
      // `import a.b` binds `a`; `a.b` is then found as a member of the package.
      if (!d->alias && d->path.size() > 1)
        if (FileScope *package = importFile(d->path.take_front(1), &file, d->range))
          value = FileValue{package};
    }
  } else if (auto *d = llvm::dyn_cast<ast::FromImportDecl>(decl)) {
    const ast::ImportedName *imported = file.names.find(name)->second.imported;
    if (FileScope *target = importFile(d->path, &file, d->range)) {
      bool sameFolder = path::parent_path(target->path) == path::parent_path(file.path);
      if (auto found = fileName(*target, imported->name.text, !sameFolder)) {
        value = *found;
      } else {
        llvm::SmallVector<llvm::StringRef> known;
        for (auto &[other, e] : target->names)
          known.push_back(other);
        didYouMean(report(diag::importedNameMissing, imported->name.range, target->name, imported->name.text),
                   imported->name.range, imported->name.text, known);
      }
    }
  }
  importing = outerImport;
  quiet = wasQuiet;
  frame = outer;
  Entry &done = file.names.find(name)->second;
  done.value = value;
  done.state = Entry::Done;
  return value;
}
