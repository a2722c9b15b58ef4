// The memory that an artifact's tables may point to.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace modrt::detail {
// The mapped segments of one library; or, for a table linked into the program, anything but null.
class Image {
  public:
    static Image anything() {
        Image i;
        i.anything_ = true;
        return i;
    }
    static Image of_library(void *handle); // from dlopen
    bool readable(const void *p, size_t bytes) const;
    bool executable(const void *p) const;
    // Length of a zero-terminated text of at most `limit` characters that lies inside; -1 otherwise.
    int64_t text_length(const char *p, size_t limit) const;

  private:
    struct Segment {
        uintptr_t begin, end;
        bool executable;
    };
    bool anything_ = false;
    std::vector<Segment> segments_;
};
} // namespace modrt::detail
