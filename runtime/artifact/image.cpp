// Segments of a loaded library, from the dynamic linker.
#include "artifact/image.h"
#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <link.h>

namespace modrt::detail {
Image Image::of_library(void *handle) {
    Image image;
    link_map *map = nullptr;
    if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || !map)
        return image;
    struct Search {
        link_map *map;
        Image *image;
    } search{map, &image};
    dl_iterate_phdr(
        [](dl_phdr_info *info, size_t, void *p) {
            auto &s = *static_cast<Search *>(p);
            if (info->dlpi_addr != s.map->l_addr || std::strcmp(info->dlpi_name, s.map->l_name) != 0)
                return 0;
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                auto &h = info->dlpi_phdr[i];
                if (h.p_type == PT_LOAD && h.p_flags & PF_R)
                    s.image->segments_.push_back({info->dlpi_addr + h.p_vaddr, info->dlpi_addr + h.p_vaddr + h.p_memsz,
                                                  (h.p_flags & PF_X) != 0});
            }
            return 1;
        },
        &search);
    return image;
}

bool Image::readable(const void *p, size_t bytes) const {
    if (!p)
        return false;
    auto at = reinterpret_cast<uintptr_t>(p);
    if (anything_)
        return at + bytes >= at;
    return std::any_of(segments_.begin(), segments_.end(),
                       [&](const Segment &s) { return at >= s.begin && at <= s.end && bytes <= s.end - at; });
}
bool Image::executable(const void *p) const {
    auto at = reinterpret_cast<uintptr_t>(p);
    return p && (anything_ || std::any_of(segments_.begin(), segments_.end(), [&](const Segment &s) {
                     return s.executable && at >= s.begin && at < s.end;
                 }));
}
int64_t Image::text_length(const char *p, size_t limit) const {
    if (!p)
        return -1;
    size_t room = limit;
    if (!anything_) {
        auto at = reinterpret_cast<uintptr_t>(p);
        auto s = std::find_if(segments_.begin(), segments_.end(),
                              [&](const Segment &x) { return at >= x.begin && at < x.end; });
        if (s == segments_.end())
            return -1;
        room = std::min<size_t>(limit, s->end - at);
    }
    size_t n = strnlen(p, room);
    return n == room ? -1 : int64_t(n);
}
} // namespace modrt::detail
