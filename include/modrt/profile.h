// Where the time of calls goes, kernel by kernel.
#pragma once
#include "modrt/export.h"
#include <cstdint>
#include <string>
#include <vector>

namespace modrt {
/// One launch of a compiled kernel.
struct LaunchRecord {
    std::string kernel; ///< name in the artifact: "matmul_384x1536.0b63af48"
    std::string module; ///< the module whose function ran, and which of its modules' operations the kernel fuses
    double start_us;    ///< since the profile began
    double duration_us;
};

/// Records every launch of every thread while it lives; one at a time in a process (ValueError for a second). Costs two
/// clock readings and an allocation a launch; nothing while there is none.
class MODRT_API Profile {
  public:
    Profile();
    ~Profile();
    Profile(const Profile &) = delete;
    Profile &operator=(const Profile &) = delete;
    std::vector<LaunchRecord> records() const; ///< in the order in which launches ended
    std::string table() const;        ///< by kernel and module: launches, total and mean time, share; longest first
    std::string chrome_trace() const; ///< JSON for chrome://tracing and Perfetto
};
} // namespace modrt
