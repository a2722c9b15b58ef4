// Loading source files with limits, and their lines and columns.
#include "compiler/syntax/Source.h"

#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <algorithm>

using llvm::StringRef;

namespace modc {

std::optional<uint32_t> firstInvalidUtf8(StringRef text) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.begin());
  const auto *at = begin;
  const auto *end = reinterpret_cast<const llvm::UTF8 *>(text.end());
  if (llvm::isLegalUTF8String(&at, end))
    return std::nullopt;
  return static_cast<uint32_t>(at - begin);
}

/// What is wrong with a path before any of it is read.
static LoadResult checkFile(StringRef path) {
  LoadResult result;
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(path, status)) {
    bool missing = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
    result.problem = missing ? LoadProblem::missing : LoadProblem::unreadable;
    result.detail = error.message();
  } else if (status.type() == llvm::sys::fs::file_type::directory_file) {
    result.problem = LoadProblem::directory;
  } else if (status.type() != llvm::sys::fs::file_type::regular_file) {
    // Reading a device or a pipe could block or never end.
    result.problem = LoadProblem::unreadable;
    result.detail = "not a regular file";
  } else if (status.getSize() > SourceManager::maxFileSize) {
    result.problem = LoadProblem::tooLarge;
  }
  return result;
}

LoadResult SourceManager::load(StringRef path) {
  for (const File &file : files)
    if (file.path == path)
      return file.result;
  // A NUL would cut the path off in the system call.
  LoadResult result;
  if (path.contains('\0')) {
    result.problem = LoadProblem::missing;
    return result;
  }
  result = checkFile(path);
  if (!result)
    return result;
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                            /*IsVolatile=*/true);
  if (!buffer) {
    result.problem = LoadProblem::unreadable;
    result.detail = buffer.getError().message();
    return result;
  }
  StringRef bytes = (*buffer)->getBuffer();
  if (bytes.size() > maxFileSize) {
    result.problem = LoadProblem::tooLarge;
    return result;
  }
  bytes.consume_front("\xEF\xBB\xBF");
  result.file = insert(path.str(), bytes.str());
  if (size_t nul = bytes.find('\0'); nul != StringRef::npos) {
    result.problem = LoadProblem::nulByte;
    result.offset = static_cast<uint32_t>(nul);
  } else if (std::optional<uint32_t> bad = firstInvalidUtf8(bytes)) {
    result.problem = LoadProblem::notUtf8;
    result.offset = *bad;
  }
  files[result.file].result = result;
  return result;
}

FileId SourceManager::add(StringRef name, std::string text) {
  FileId file = insert(name.str(), std::move(text));
  files[file].result.file = file;
  return file;
}

FileId SourceManager::insert(std::string path, std::string text) {
  File &file = files.emplace_back();
  file.path = std::move(path);
  file.text = std::move(text);
  file.starts.push_back(0);
  for (size_t at = file.text.find('\n'); at != std::string::npos; at = file.text.find('\n', at + 1))
    file.starts.push_back(static_cast<uint32_t>(at + 1));
  return static_cast<FileId>(files.size() - 1);
}

uint32_t SourceManager::line(FileId file, uint32_t offset) const {
  const std::vector<uint32_t> &starts = files[file].starts;
  return static_cast<uint32_t>(std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin());
}

LineColumn SourceManager::lineColumn(FileId file, uint32_t offset) const {
  uint32_t number = line(file, offset);
  StringRef before = text(file).slice(files[file].starts[number - 1], offset);
  // Continuation bytes of UTF-8 are 10xxxxxx; all others begin a character.
  auto characters = std::count_if(before.begin(), before.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return {number, static_cast<uint32_t>(characters) + 1};
}

StringRef SourceManager::lineText(FileId file, uint32_t line) const {
  if (line == 0 || line > numLines(file))
    return {};
  StringRef rest = text(file).substr(lineStart(file, line));
  return rest.take_until([](char c) { return c == '\n'; }).rtrim('\r');
}

uint32_t SourceManager::lineStart(FileId file, uint32_t line) const { return files[file].starts[line - 1]; }

std::string SourceManager::where(SourceRange range) const {
  if (!range.valid())
    return {};
  LineColumn at = lineColumn(range.file, range.begin);
  return path(range.file).str() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

} // namespace modc
