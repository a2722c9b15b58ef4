// A job is open while its gate bit is set; workers enter by counting themselves into the gate, and the caller reuses
// the job only when the closed gate is empty. Idle workers spin for about 20 microseconds, then sleep on a futex.
#include "threads/pool.h"
#include "core/spinlock.h"
#include "modrt/error.h"
#include "modrt/process.h"
#include "threads/cores.h"
#include <algorithm>
#include <atomic>
#include <chrono>
#include <climits>
#include <linux/futex.h>
#include <mutex>
#include <pthread.h>
#include <signal.h>
#include <string>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace modrt {
namespace detail {
namespace {
void relax() noexcept {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}
void futex(std::atomic<uint32_t> &word, int op, uint32_t value) noexcept {
    static_assert(sizeof(std::atomic<uint32_t>) == 4);
    syscall(SYS_futex, reinterpret_cast<uint32_t *>(&word), op | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}
constexpr uint32_t kOpen = 1u << 31;
constexpr auto kSpin = std::chrono::microseconds(20);

struct Pool {
    std::atomic<bool> busy{false};
    std::atomic<int> size{0}; // wanted, caller included; 0: not decided yet
    int workers = 0;          // running; `busy` held
    alignas(64) std::atomic<uint32_t> generation{0};
    std::atomic<uint32_t> sleepers{0}, alive{0};
    std::atomic<bool> stopping{false};
    alignas(64) std::atomic<uint32_t> gate{0};
    alignas(64) std::atomic<int64_t> next{0};
    int64_t n = 0;
    modc_chunk_fn fn = nullptr;
    void *arg = nullptr;
    SpinLock failure;
    int64_t failed_chunk = INT64_MAX;
    modc_rc failed = MODC_OK;

    void work() noexcept {
        for (int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < n;)
            if (modc_rc rc = fn(arg, i); rc != MODC_OK) {
                std::lock_guard lock(failure);
                if (i < failed_chunk) {
                    failed_chunk = i;
                    failed = rc;
                }
            }
    }
    bool enter() noexcept {
        uint32_t g = gate.load(std::memory_order_acquire);
        while (g & kOpen)
            if (gate.compare_exchange_weak(g, g + 1, std::memory_order_acquire))
                return true;
        return false;
    }
    void announce(int wake) noexcept { // seq_cst: either a sleeper sees the new generation or it is seen here
        generation.fetch_add(1);
        if (sleepers.load())
            futex(generation, FUTEX_WAKE, uint32_t(wake));
    }
    void run_worker() noexcept;
    void start(int wanted);
    void stop() noexcept;
};
Pool &pool() {
    static Pool *p = [] {
        auto *made = new Pool; // never destroyed: workers may run until the process ends
        pthread_atfork(nullptr, nullptr, [] {
            Pool &q = pool(); // the child has no workers
            q.workers = 0;
            q.alive.store(0);
            q.sleepers.store(0);
            q.gate.store(0);
            q.busy.store(false);
            q.size.store(1);
        });
        return made;
    }();
    return *p;
}
thread_local bool t_inside = false; // a chunk runs on this thread

void Pool::run_worker() noexcept {
    t_inside = true;
    uint32_t seen = generation.load();
    while (!stopping.load()) {
        if (enter()) {
            work();
            gate.fetch_sub(1, std::memory_order_release);
        }
        auto until = std::chrono::steady_clock::now() + kSpin;
        uint32_t now;
        for (int i = 0; (now = generation.load(std::memory_order_acquire)) == seen; ++i) {
            relax();
            if (i % 64 == 63 && std::chrono::steady_clock::now() > until) {
                sleepers.fetch_add(1);
                futex(generation, FUTEX_WAIT, seen);
                sleepers.fetch_sub(1);
            }
        }
        seen = now;
    }
    alive.fetch_sub(1, std::memory_order_release);
}

void Pool::start(int wanted) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); // inherited: signals are the program's threads' business
    while (workers < wanted) {
        alive.fetch_add(1);
        try {
            std::thread([this] { run_worker(); }).detach();
        } catch (const std::system_error &) {
            alive.fetch_sub(1);
            size.store(workers + 1); // the system has no more threads: go on with those there are
            break;
        }
        ++workers;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}
void Pool::stop() noexcept {
    stopping.store(true);
    announce(INT_MAX);
    while (alive.load(std::memory_order_acquire))
        std::this_thread::yield();
    stopping.store(false);
    workers = 0;
}
int decide_size(Pool &p) {
    int size = p.size.load(std::memory_order_relaxed);
    if (size)
        return size;
    int none = 0;
    p.size.compare_exchange_strong(none, default_threads());
    return p.size.load();
}
modc_rc run_inline(int64_t n, modc_chunk_fn fn, void *arg) noexcept {
    modc_rc first = MODC_OK;
    for (int64_t i = 0; i < n; ++i)
        if (modc_rc rc = fn(arg, i); rc != MODC_OK && first == MODC_OK)
            first = rc;
    return first;
}
} // namespace

modc_rc parallel(int64_t n, modc_chunk_fn fn, void *arg) noexcept {
    if (n <= 1 || t_inside)
        return run_inline(n, fn, arg);
    Pool &p = pool();
    int size = decide_size(p);
    if (size == 1 || p.busy.exchange(true, std::memory_order_acquire))
        return run_inline(n, fn, arg);
    if (p.workers < size - 1)
        p.start(size - 1);
    p.n = n;
    p.fn = fn;
    p.arg = arg;
    p.failed_chunk = INT64_MAX;
    p.failed = MODC_OK;
    p.next.store(0, std::memory_order_relaxed);
    p.gate.store(kOpen, std::memory_order_release);
    p.announce(int(std::min<int64_t>(n - 1, p.workers)));
    t_inside = true;
    p.work();
    t_inside = false;
    p.gate.fetch_and(~kOpen, std::memory_order_acq_rel);
    for (int i = 0; p.gate.load(std::memory_order_acquire) != 0; ++i)
        if (i < 4096)
            relax();
        else
            std::this_thread::yield();
    modc_rc rc = p.failed;
    p.busy.store(false, std::memory_order_release);
    return rc;
}
} // namespace detail

void set_num_threads(int n) {
    if (n < 1 || n > 1024)
        throw ValueError("set_num_threads(): expected 1 to 1024, got " + std::to_string(n));
    auto &p = detail::pool();
    while (p.busy.exchange(true, std::memory_order_acquire))
        std::this_thread::yield();
    p.stop();
    p.size.store(n);
    p.busy.store(false, std::memory_order_release);
}
int get_num_threads() { return detail::decide_size(detail::pool()); }
} // namespace modrt
