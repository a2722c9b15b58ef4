// The cache of kernels' objects: one file a key, followed by its hash, in a folder of this build of the compiler.
#include "compiler/artifact/Objects.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace modc::artifact;
namespace fs = llvm::sys::fs;

static std::string hex(XXH128_hash_t h) { return utohexstr(h.high64, true, 16) + utohexstr(h.low64, true, 16); }

/// Tells builds of the compiler apart: objects of one build mean nothing to another.
static std::string buildId() {
  static const std::string id = [] {
    auto self = MemoryBuffer::getFile("/proc/self/exe", /*IsText=*/false, /*RequiresNullTerminator=*/false);
    return self ? hex(xxh3_128bits(arrayRefFromStringRef((*self)->getBuffer()))) : std::string();
  }();
  return id;
}

ObjectCache::ObjectCache(const Options &options) : limit(options.cacheBytes) {
  if (!options.cache)
    return;
  SmallString<128> at(options.cacheFolder);
  auto fromVariable = [&](const char *variable, StringRef below) {
    if (const char *value = at.empty() ? getenv(variable) : nullptr; value && *value == '/') {
      at = value;
      sys::path::append(at, below);
    }
  };
  fromVariable("XDG_CACHE_HOME", "modc");
  fromVariable("HOME", ".cache/modc");
  if (at.empty() || buildId().empty())
    return;
  root = at.str();
  sys::path::append(at, buildId());
  if (!fs::create_directories(at))
    folder = at.str();
}

std::string ObjectCache::key(StringRef text, StringRef symbol, StringRef target, StringRef kernelOptions) const {
  std::string all;
  for (StringRef part : {symbol, target, kernelOptions, text})
    all += (Twine(part.size()) + ":" + part).str();
  return hex(xxh3_128bits(arrayRefFromStringRef(all))) + ".o";
}

std::optional<Bytes> ObjectCache::get(StringRef key) const {
  if (!enabled())
    return std::nullopt;
  SmallString<128> path(folder);
  sys::path::append(path, key);
  auto file = MemoryBuffer::getFile(path, false, false);
  if (!file || (*file)->getBufferSize() < sizeof(uint64_t))
    return std::nullopt;
  StringRef bytes = (*file)->getBuffer().drop_back(sizeof(uint64_t));
  uint64_t hash;
  std::memcpy(&hash, bytes.end(), sizeof hash);
  if (hash != xxh3_64bits(bytes))
    return std::nullopt;
  int fd; // what was used lately is removed last
  if (!fs::openFileForWrite(path, fd, fs::CD_OpenExisting, fs::OF_Append)) {
    (void)fs::setLastAccessAndModificationTime(fd, std::chrono::system_clock::now());
    (void)fs::closeFile(fd);
  }
  return Bytes(bytes.begin(), bytes.end());
}

void ObjectCache::put(StringRef key, ArrayRef<char> bytes) const {
  if (!enabled())
    return;
  SmallString<128> path(folder);
  sys::path::append(path, key);
  Bytes all(bytes);
  uint64_t hash = xxh3_64bits(StringRef(bytes.data(), bytes.size()));
  all.append(reinterpret_cast<const char *>(&hash), reinterpret_cast<const char *>(&hash + 1));
  consumeError(writeFile(path, all));
}

void ObjectCache::trim() const {
  if (!enabled())
    return;
  struct File {
    sys::TimePoint<> used;
    std::string path;
    uint64_t bytes;
  };
  std::vector<File> files;
  uint64_t total = 0;
  std::error_code ec;
  for (fs::recursive_directory_iterator it(root, ec), end; !ec && it != end; it.increment(ec))
    if (auto s = it->status(); s && s->type() == fs::file_type::regular_file) {
      files.push_back({s->getLastModificationTime(), it->path(), s->getSize()});
      total += s->getSize();
    }
  llvm::sort(files, [](auto &a, auto &b) { return a.used < b.used; });
  for (File &f : files) {
    if (total <= limit)
      break;
    if (!fs::remove(f.path))
      total -= f.bytes;
  }
}
