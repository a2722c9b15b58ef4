// Source files in memory: loading them with limits, and turning byte offsets into lines and columns.
#pragma once

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace modc {

/// Index of a file in its SourceManager.
using FileId = uint32_t;
inline constexpr FileId noFile = ~FileId(0);

/// Bytes [begin, end) of one file. A default-made range means "no place" (a command line, a whole program).
struct SourceRange {
  FileId file = noFile;
  uint32_t begin = 0;
  uint32_t end = 0;

  bool valid() const { return file != noFile; }
  /// From the start of this range to the end of `last`, which is in the same file.
  SourceRange to(SourceRange last) const { return {file, begin, last.end}; }
  /// The empty range where this one begins or ends: the place of an insertion.
  SourceRange start() const { return {file, begin, begin}; }
  SourceRange finish() const { return {file, end, end}; }
  bool operator==(const SourceRange &) const = default;
};

/// One-based; the column counts characters (code points), as editors show it.
struct LineColumn {
  uint32_t line = 0;
  uint32_t column = 0;
};

/// Why a file could not be loaded.
enum class LoadProblem { none, missing, directory, unreadable, tooLarge, notUtf8, nulByte };

struct LoadResult {
  /// The file, also when its *text* is at fault (`notUtf8`, `nulByte`), so that a message can point into it.
  FileId file = noFile;
  LoadProblem problem = LoadProblem::none;
  /// First byte at fault for `notUtf8` and `nulByte`.
  uint32_t offset = 0;
  /// The operating system's words for `unreadable`.
  std::string detail;

  explicit operator bool() const { return problem == LoadProblem::none; }
};

/// Owns the text of all files of a run. Texts never move: StringRefs into them live as long as the manager.
/// Not thread safe while loading; reading from many threads is fine.
class SourceManager {
public:
  static constexpr uint64_t maxFileSize = 16u << 20;

  /// Reads a file once; the same path again gives the same id. A byte order mark is skipped. An empty file is a file.
  LoadResult load(llvm::StringRef path);
  /// A text that is no file, such as the value of an option; `name` is what messages call it.
  FileId add(llvm::StringRef name, std::string text);

  llvm::StringRef path(FileId file) const { return files[file].path; }
  llvm::StringRef text(FileId file) const { return files[file].text; }
  llvm::StringRef text(SourceRange range) const { return text(range.file).slice(range.begin, range.end); }
  size_t numFiles() const { return files.size(); }

  /// One-based number of the line that holds the byte; an offset at the end of the text is on the last line.
  uint32_t line(FileId file, uint32_t offset) const;
  LineColumn lineColumn(FileId file, uint32_t offset) const;
  /// Text of a one-based line without its line end; empty when out of range.
  llvm::StringRef lineText(FileId file, uint32_t line) const;
  /// Offset of the first byte of a one-based line.
  uint32_t lineStart(FileId file, uint32_t line) const;
  uint32_t numLines(FileId file) const { return static_cast<uint32_t>(files[file].starts.size()); }
  /// "path:line:column" of where the range begins; empty for no place.
  std::string where(SourceRange range) const;

private:
  struct File {
    std::string path;
    std::string text;
    std::vector<uint32_t> starts;
    LoadResult result;
  };
  FileId insert(std::string path, std::string text);

  std::deque<File> files;
};

/// Offset of the first byte that is not part of well-formed UTF-8, if any.
std::optional<uint32_t> firstInvalidUtf8(llvm::StringRef text);

} // namespace modc
