// Files that appear whole or not at all.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace modrt::detail {
/// Writes a new file beside `path`; commit() makes it `path` in one step (sync, rename, sync of the folder). Without a
/// commit nothing is left. FileError names the path.
class OutputFile {
  public:
    explicit OutputFile(const std::string &path);
    OutputFile(const OutputFile &) = delete;
    ~OutputFile();
    void write(const void *data, int64_t bytes);
    void write(std::string_view text) { write(text.data(), int64_t(text.size())); }
    void commit();

  private:
    [[noreturn]] void fail(const char *what);
    std::string path_, temporary_;
    int fd_ = -1;
};
} // namespace modrt::detail
