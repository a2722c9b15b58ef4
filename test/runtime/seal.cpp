// seal FILE [OUT]: appends the trailer that modc appends after linking. For the hand-written artifact, and for damaged
// copies of it.
#include "modrt/abi.h"
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#define XXH_INLINE_ALL
#include <xxhash.h>

int main(int argc, char **argv) {
    if (argc < 2)
        return std::fprintf(stderr, "usage: seal FILE [OUT]\n"), 1;
    std::ifstream in(argv[1], std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    modc_trailer t{};
    t.file_bytes = bytes.size() + sizeof t;
    t.xxh3 = XXH3_64bits(bytes.data(), bytes.size());
    t.major = MODC_ABI_MAJOR;
    t.minor = MODC_ABI_MINOR;
#if defined(__x86_64__)
    t.machine = 62;
#else
    t.machine = 183;
#endif
    std::memcpy(t.magic, MODC_TRAILER_MAGIC, sizeof t.magic);
    bytes.append(reinterpret_cast<const char *>(&t), sizeof t);
    std::ofstream out(argc > 2 ? argv[2] : argv[1], std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), std::streamsize(bytes.size()));
    return in && out ? 0 : 1;
}
