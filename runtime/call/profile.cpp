// The profile that runs, if any, and how it is shown.
#include "call/profile.h"
#include "call/run.h"
#include "modrt/error.h"
#include "modrt/profile.h"
#include <algorithm>
#include <cstdio>
#include <map>
#include <mutex>

namespace modrt {
namespace detail {
std::atomic<bool> tracing{false};
namespace {
std::mutex records_mutex;
std::vector<LaunchRecord> launch_records;
TraceClock::time_point began;

std::string json_text(const std::string &s) {
    std::string out = "\"";
    for (char c : s) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (uint8_t(c) >= 0x20)
            out += c;
    }
    return out + "\"";
}
} // namespace

void record_launch(const ModuleImpl &m, const modc_fn &fn, uint32_t launch, TraceClock::time_point start) {
    auto end = TraceClock::now();
    if (launch >= fn.n_launches)
        return;
    const modc_launch &l = fn.launches[launch];
    const modc_target &t = *m.artifact->target;
    auto us = [](TraceClock::duration d) { return std::chrono::duration<double, std::micro>(d).count(); };
    std::string place = call_place(m);
    if (l.from && *l.from)
        place += ": " + std::string(l.from);
    LaunchRecord r{t.kernels && l.kernel < t.n_kernels ? t.kernels[l.kernel].name : std::to_string(l.kernel), place,
                   us(start - began), us(end - start)};
    std::lock_guard lock(records_mutex);
    launch_records.push_back(std::move(r));
}
} // namespace detail

using namespace detail;

Profile::Profile() {
    std::lock_guard lock(records_mutex);
    if (tracing.exchange(true))
        throw ValueError("a Profile is running already; only one can at a time");
    launch_records.clear();
    began = TraceClock::now();
}

Profile::~Profile() { tracing = false; }

std::vector<LaunchRecord> Profile::records() const {
    std::lock_guard lock(records_mutex);
    return launch_records;
}

std::string Profile::table() const {
    struct Sum {
        int64_t launches = 0;
        double us = 0;
    };
    std::map<std::pair<std::string, std::string>, Sum> sums;
    double total = 0;
    for (auto &r : records()) {
        auto &s = sums[{r.kernel, r.module}];
        ++s.launches;
        s.us += r.duration_us;
        total += r.duration_us;
    }
    std::vector<std::pair<std::pair<std::string, std::string>, Sum>> rows(sums.begin(), sums.end());
    std::stable_sort(rows.begin(), rows.end(), [](auto &a, auto &b) { return a.second.us > b.second.us; });
    std::string out = "   total us  launches    mean us  share  kernel  (module: operations)\n";
    for (auto &[key, s] : rows) {
        char line[96];
        std::snprintf(line, sizeof line, "%11.1f %9lld %10.2f %5.1f%%  ", s.us, static_cast<long long>(s.launches),
                      s.us / double(s.launches), total > 0 ? 100 * s.us / total : 0);
        out += line + key.first + "  (" + key.second + ")\n";
    }
    return out;
}

std::string Profile::chrome_trace() const {
    std::string out = "{\"traceEvents\": [";
    bool first = true;
    for (auto &r : records()) {
        char times[96];
        std::snprintf(times, sizeof times, "\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"ts\": %.3f, \"dur\": %.3f",
                      r.start_us, r.duration_us);
        out += std::string(first ? "\n" : ",\n") + "{\"name\": " + json_text(r.kernel) + ", " + times +
               ", \"args\": {\"module\": " + json_text(r.module) + "}}";
        first = false;
    }
    return out + "\n]}\n";
}
} // namespace modrt
