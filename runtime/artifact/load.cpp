// Loading: the trailer before anything is mapped, the tables before anything is run.
#include "artifact/artifact_impl.h"
#include "modrt/error.h"
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace modrt {
namespace detail {
namespace {
#if defined(__x86_64__)
constexpr uint32_t kMachine = 62;
#elif defined(__aarch64__)
constexpr uint32_t kMachine = 183;
#else
#error "the runtime knows x86-64 and AArch64"
#endif
struct File {
    int fd;
    explicit File(const std::string &path) : fd(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (fd < 0)
            throw FileError("cannot open " + path + ": " + std::strerror(errno));
    }
    ~File() { close(fd); }
    void read_at(uint64_t offset, void *to, size_t n, const std::string &path) const {
        for (size_t done = 0; done < n;) {
            ssize_t got = pread(fd, static_cast<char *>(to) + done, n - done, off_t(offset + done));
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                throw FileError("cannot read " + path + " at byte " + std::to_string(offset + done) + ": " +
                                (got < 0 ? std::strerror(errno) : "it became shorter"));
            done += size_t(got);
        }
    }
};
std::string machine_name(uint32_t m) {
    return m == 62 ? "x86-64" : m == 183 ? "AArch64" : "machine " + std::to_string(m);
}
} // namespace

void check_trailer(const std::string &path) {
    File file(path);
    struct stat st;
    if (fstat(file.fd, &st) != 0)
        throw FileError("cannot read " + path + ": " + std::strerror(errno));
    if (!S_ISREG(st.st_mode))
        throw FileError(path + " is not a file");
    modc_trailer trailer;
    auto size = uint64_t(st.st_size);
    if (size < sizeof trailer)
        throw ArtifactError(path + " was not made by modc, or is cut short: it has " + std::to_string(size) + " bytes");
    file.read_at(size - sizeof trailer, &trailer, sizeof trailer, path);
    if (std::memcmp(trailer.magic, MODC_TRAILER_MAGIC, sizeof trailer.magic) != 0)
        throw ArtifactError(path + " was not made by modc, or is cut short: it does not end in modc's trailer");
    if (trailer.file_bytes != size)
        throw ArtifactError(path + " is damaged: it has " + std::to_string(size) + " bytes, its trailer says " +
                            std::to_string(trailer.file_bytes));
    if (trailer.machine != kMachine)
        throw ArtifactError(path + " is for " + machine_name(trailer.machine) + ", this machine is " +
                            machine_name(kMachine));
    if (trailer.major != MODC_ABI_MAJOR || trailer.minor > MODC_ABI_MINOR)
        throw ArtifactError(path + " was compiled for artifact interface " + std::to_string(trailer.major) + "." +
                            std::to_string(trailer.minor) + ", this runtime reads " + std::to_string(MODC_ABI_MAJOR) +
                            "." + std::to_string(MODC_ABI_MINOR) + " and older");
    const char *verify = std::getenv("MODRT_VERIFY");
    if (verify && std::strcmp(verify, "quick") == 0)
        return;
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), XXH3_freeState);
    if (!state)
        throw std::bad_alloc();
    XXH3_64bits_reset(state.get());
    constexpr size_t kChunk = 1 << 16;
    auto buffer = std::make_unique<char[]>(kChunk);
    for (uint64_t offset = 0, end = size - sizeof trailer; offset < end;) {
        size_t n = size_t(std::min<uint64_t>(kChunk, end - offset));
        file.read_at(offset, buffer.get(), n, path);
        XXH3_64bits_update(state.get(), buffer.get(), n);
        offset += n;
    }
    if (XXH3_64bits_digest(state.get()) != trailer.xxh3)
        throw ArtifactError(path + " is damaged: its contents do not match the hash in its trailer");
}
} // namespace detail

using namespace detail;

Artifact load(const std::string &path) {
    check_trailer(path);
    std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                     std::free); // dlopen searches names without '/'
    if (!real)
        throw FileError("cannot open " + path + ": " + std::strerror(errno));
    void *library = dlopen(real.get(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *why = dlerror();
        throw ArtifactError(path + " cannot be loaded: " + (why ? why : "unknown error"));
    }
    struct Close {
        void operator()(void *handle) const { dlclose(handle); }
    };
    std::unique_ptr<void, Close> guard(library);
    auto *entry = reinterpret_cast<const modc_artifact *(*)()>(dlsym(library, MODC_ENTRY));
    Image image = Image::of_library(library);
    if (!entry || !image.executable(reinterpret_cast<const void *>(entry)))
        throw ArtifactError(path + " was not made by modc: it has no " MODC_ENTRY);
    const modc_artifact *table = entry();
    guard.release(); // open_table owns it from here, also when it throws
    return Artifact(open_table(table, image, path, library));
}

Artifact link(const modc_artifact *table) {
    if (!table)
        throw ArtifactError("link(): the table is null");
    return Artifact(open_table(table, Image::anything(), "", nullptr));
}
} // namespace modrt
