// Opening and mapping input files.
#include "files/input_file.h"
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace modrt::detail {
void bad_file(const std::string &path, const std::string &what) { throw FileError(path + ": " + what); }
void bad_file_at(const std::string &path, int64_t offset, const std::string &what) {
    throw FileError(path + ": " + what + " (byte " + std::to_string(offset) + ")");
}

namespace {
struct Descriptor {
    int fd;
    ~Descriptor() { close(fd); }
};

Ref<Storage> read_all(const std::string &path, int fd, int64_t size) {
    Ref<Storage> storage = Storage::allocate(size);
    for (int64_t at = 0; at < size;) {
        ssize_t n = ::read(fd, storage->data + at, size_t(size - at));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            bad_file_at(path, at, std::string("cannot be read: ") + strerror(errno));
        if (n == 0)
            bad_file_at(path, at, "became shorter while it was read");
        at += n;
    }
    storage->access = Access::immutable;
    return storage;
}
} // namespace

Ref<Storage> open_input(const std::string &path) {
    // Not blocking, so that a named pipe without a writer is an error and not a wait.
    Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.fd < 0)
        bad_file(path, std::string("cannot be opened: ") + strerror(errno));
    struct stat info;
    if (fstat(file.fd, &info) != 0)
        bad_file(path, std::string("cannot be examined: ") + strerror(errno));
    if (S_ISDIR(info.st_mode))
        bad_file(path, "is a folder, not a file");
    if (!S_ISREG(info.st_mode))
        bad_file(path, "is not a regular file");
    const char *map = std::getenv("MODRT_MMAP");
    int64_t size = info.st_size;
    if (size == 0 || (map && std::string_view(map) == "0"))
        return read_all(path, file.fd, size);
    void *memory = mmap(nullptr, size_t(size), PROT_READ, MAP_PRIVATE, file.fd, 0);
    if (memory == MAP_FAILED)
        return read_all(path, file.fd, size);
    return Storage::foreign(memory, size, [memory, size] { munmap(memory, size_t(size)); }, Access::immutable);
}
} // namespace modrt::detail
