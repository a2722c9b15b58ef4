// Runs ld.lld, checks what the result needs, writes files whole.
#include "compiler/artifact/Link.h"
#include "modrt/abi.h"
#include "llvm/ObjCopy/ConfigManager.h"
#include "llvm/ObjCopy/ObjCopy.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace modc::artifact;
namespace fs = llvm::sys::fs;

char EnvironmentError::ID;

static Error fileError(const Twine &what, StringRef path, std::error_code ec) {
  return createStringError("cannot " + what + " " + path + ": " + ec.message());
}

/// Pipes and devices can't be replaced, only written.
static Error writeThrough(StringRef path, ArrayRef<char> bytes) {
  std::error_code ec;
  raw_fd_ostream out(path, ec, fs::CD_OpenExisting);
  if (!ec) {
    out.write(bytes.data(), bytes.size());
    out.close();
    ec = out.error();
    out.clear_error();
  }
  return ec ? fileError("write", path, ec) : Error::success();
}

Error modc::artifact::writeFile(StringRef name, ArrayRef<char> bytes) {
  SmallString<256> path(name);
  fs::file_status status;
  if (!fs::status(name, status) && fs::exists(status)) {
    if (status.type() == fs::file_type::directory_file)
      return fileError("write", name, std::make_error_code(std::errc::is_a_directory));
    if (status.type() != fs::file_type::regular_file)
      return writeThrough(name, bytes);
    (void)fs::real_path(name, path); // of a link, the file is replaced
  }
  auto temp = fs::TempFile::create(path + ".%%%%%%%%.tmp", fs::all_read | fs::owner_write);
  if (!temp)
    return createStringError("cannot write " + name + ": " + toString(temp.takeError()));
  raw_fd_ostream out(temp->FD, /*shouldClose=*/false);
  out.write(bytes.data(), bytes.size());
  out.flush();
  if (std::error_code ec = out.error()) {
    out.clear_error();
    consumeError(temp->discard());
    return fileError("write", name, ec);
  }
  if (Error e = temp->keep(path))
    return createStringError("cannot write " + name + ": " + toString(std::move(e)));
  return Error::success();
}

namespace {
/// A folder for one run of the linker; it is gone afterwards, whatever happened.
class Folder {
public:
  Folder() { ec = fs::createUniqueDirectory("modc-link", path); }
  ~Folder() {
    if (!ec)
      (void)fs::remove_directories(path);
  }
  std::string file(StringRef name) const {
    SmallString<128> f(path);
    sys::path::append(f, name);
    return f.str().str();
  }
  SmallString<128> path;
  std::error_code ec;
};
} // namespace

Expected<std::string> modc::artifact::findLinker() {
  for (StringRef name : {"ld.lld-22", "ld.lld"}) {
    if (auto found = sys::findProgramByName(name))
      return *found;
    if (auto found = sys::findProgramByName(name, {MODC_LLVM_BIN}))
      return *found;
  }
  return createStringError("the linker ld.lld-22 is not in PATH; install the package lld-22");
}

static std::string readAll(StringRef path) {
  auto file = MemoryBuffer::getFile(path);
  return file ? (*file)->getBuffer().str() : "";
}

/// Runs the linker over the objects; `flags` come before them.
static Expected<Bytes> link(ArrayRef<NamedObject> objects, ArrayRef<StringRef> flags) {
  auto linker = findLinker();
  if (!linker)
    return linker.takeError();
  Folder folder;
  if (folder.ec)
    return make_error<EnvironmentError>("cannot make " + folder.path.str().str() + " for the linker: " +
                                        folder.ec.message() + "; TMPDIR names a folder that can be written");
  std::string out = folder.file("out"), errors = folder.file("errors");
  SmallVector<std::string> files;
  for (const NamedObject &o : objects) {
    files.push_back(folder.file(o.name));
    if (Error e = writeFile(files.back(), o.bytes))
      return make_error<EnvironmentError>(toString(std::move(e)));
  }
  SmallVector<StringRef> args{*linker};
  llvm::append_range(args, flags);
  args.append({"-o", out});
  for (StringRef f : files)
    args.push_back(f);
  std::string problem;
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(errors), StringRef(errors)};
  int rc = sys::ExecuteAndWait(*linker, args, std::nullopt, redirects, 0, 0, &problem);
  if (rc != 0) {
    std::string text = problem + readAll(errors);
    std::string prefix = folder.path.str().str() + "/";
    for (size_t at; (at = text.find(prefix)) != std::string::npos;)
      text.erase(at, prefix.size());
    return createStringError("the linker " + *linker + " failed: " + StringRef(text).trim());
  }
  auto result = MemoryBuffer::getFile(out, false, false);
  if (!result)
    return fileError("read what the linker wrote,", out, result.getError());
  StringRef bytes = (*result)->getBuffer();
  return Bytes(bytes.begin(), bytes.end());
}

static Error refuseImports(iterator_range<object::elf_symbol_iterator> symbols) {
  std::string foreign;
  for (const object::ELFSymbolRef &s : symbols) {
    auto flags = s.getFlags();
    auto name = s.getName();
    if (!flags || !name)
      return joinErrors(flags ? Error::success() : flags.takeError(), name ? Error::success() : name.takeError());
    if ((*flags & object::SymbolRef::SF_Undefined) && !name->empty() && *name != "memcpy" && *name != "memset")
      foreign += (foreign.empty() ? "" : ", ") + name->str();
  }
  if (!foreign.empty())
    return createStringError("the artifact would need " + foreign +
                             ", which the runtime does not give; only memcpy and memset may be called");
  return Error::success();
}

static Expected<std::unique_ptr<object::ELFObjectFileBase>> openElf(const Bytes &bytes) {
  auto file =
      object::ObjectFile::createELFObjectFile(MemoryBufferRef(StringRef(bytes.data(), bytes.size()), "artifact"));
  if (!file)
    return file.takeError();
  return std::unique_ptr<object::ELFObjectFileBase>(cast<object::ELFObjectFileBase>(file->release()));
}

Expected<Bytes> modc::artifact::linkShared(ArrayRef<NamedObject> objects) {
  auto library =
      link(objects, {"-shared", "--build-id=none", "--hash-style=gnu", "-z", "relro", "-z", "now", "--gc-sections"});
  if (!library)
    return library;
  auto elf = openElf(*library);
  if (!elf)
    return elf.takeError();
  if (Error e = refuseImports((*elf)->getDynamicSymbolIterators()))
    return std::move(e);
  return library;
}

Expected<Bytes> modc::artifact::linkRelocatable(ArrayRef<NamedObject> objects, StringRef visible) {
  auto joined = link(objects, {"-r", "--build-id=none"});
  if (!joined)
    return joined;
  auto elf = openElf(*joined);
  if (!elf)
    return elf.takeError();
  // ld -r leaves a missing kernel for later; here there is no later.
  auto symbols = (*elf)->symbols();
  if (Error e =
          refuseImports({object::elf_symbol_iterator(symbols.begin()), object::elf_symbol_iterator(symbols.end())}))
    return std::move(e);
  // Two artifacts in one program may hold the same kernel: its name must not meet itself.
  objcopy::ConfigManager config;
  config.ELF.LocalizeHidden = true;
  config.Common.OutputFilename = visible;
  Bytes bytes;
  raw_svector_ostream out(bytes);
  if (Error e = objcopy::executeObjcopyOnBinary(config, **elf, out))
    return std::move(e);
  return bytes;
}

void modc::artifact::appendTrailer(Bytes &library) {
  modc_trailer t{};
  t.file_bytes = library.size() + sizeof t;
  t.xxh3 = xxh3_64bits(StringRef(library.data(), library.size()));
  t.major = MODC_ABI_MAJOR;
  t.minor = MODC_ABI_MINOR;
  std::memcpy(&t.machine, library.data() + 18, sizeof(uint16_t)); // e_machine of the ELF header
  std::memcpy(t.magic, MODC_TRAILER_MAGIC, sizeof t.magic);
  library.append(reinterpret_cast<const char *>(&t), reinterpret_cast<const char *>(&t + 1));
}
