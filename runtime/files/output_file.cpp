// Writing by temporary file and rename.
#include "files/output_file.h"
#include "files/input_file.h"
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace modrt::detail {
OutputFile::OutputFile(const std::string &path) : path_(path) {
    static std::atomic<unsigned> serial{0};
    // A name of our own; an old one left by a killed process of the same number is passed over.
    for (int attempt = 0; attempt < 100 && fd_ < 0; ++attempt) {
        temporary_ = path + ".tmp" + std::to_string(getpid()) + "-" + std::to_string(serial++);
        fd_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd_ < 0 && errno != EEXIST)
            break;
    }
    if (fd_ < 0)
        bad_file(path, std::string("cannot be written: ") + strerror(errno));
}

OutputFile::~OutputFile() {
    if (fd_ >= 0) {
        close(fd_);
        unlink(temporary_.c_str());
    }
}

void OutputFile::fail(const char *what) {
    std::string text = std::string(what) + ": " + strerror(errno);
    bad_file(path_, text);
}

void OutputFile::write(const void *data, int64_t bytes) {
    auto *at = static_cast<const char *>(data);
    while (bytes > 0) {
        ssize_t n = ::write(fd_, at, size_t(bytes));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            fail("cannot be written");
        at += n;
        bytes -= n;
    }
}

void OutputFile::commit() {
    if (fsync(fd_) != 0)
        fail("cannot be synchronised");
    if (rename(temporary_.c_str(), path_.c_str()) != 0)
        fail("cannot be put in place");
    close(fd_);
    fd_ = -1;
    size_t slash = path_.rfind('/');
    std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path_.substr(0, slash);
    // The new name must survive a power cut too; file systems that cannot sync a folder are no error.
    if (int dir = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); dir >= 0) {
        fsync(dir);
        close(dir);
    }
}
} // namespace modrt::detail
