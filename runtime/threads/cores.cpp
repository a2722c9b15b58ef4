// Counts physical cores: affinity, hyperthread siblings, the control group's quota.
#include "threads/cores.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sched.h>

namespace modrt::detail {
int default_threads() noexcept {
    if (const char *text = std::getenv("MODRT_NUM_THREADS")) {
        char *end;
        long n = std::strtol(text, &end, 10);
        if (end != text && !*end && n >= 1 && n <= 1024)
            return int(n);
    }
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return 1;
    int cores = 0;
    for (int i = 0; i < CPU_SETSIZE; ++i) {
        if (!CPU_ISSET(i, &allowed))
            continue;
        char name[96];
        std::snprintf(name, sizeof name, "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", i);
        int first = i; // a core counts at its first thread that we may use
        if (FILE *f = std::fopen(name, "r")) {
            if (std::fscanf(f, "%d", &first) != 1)
                first = i;
            std::fclose(f);
        }
        cores += first >= i || first < 0 || !CPU_ISSET(first, &allowed);
    }
    if (FILE *f = std::fopen("/sys/fs/cgroup/cpu.max", "r")) {
        long quota, period;
        if (std::fscanf(f, "%ld %ld", &quota, &period) == 2 && period > 0 && quota > 0)
            cores = std::min<long>(cores, std::max<long>(1, quota / period));
        std::fclose(f);
    }
    return std::clamp(cores, 1, 1024);
}
} // namespace modrt::detail
