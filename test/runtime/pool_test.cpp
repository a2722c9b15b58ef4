// The thread pool: every chunk once, the lowest failure, nesting, callers side by side, fork; results that do not
// depend on it.
#include "support.h"
#include "threads/pool.h"
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
using namespace support;

namespace {
struct Job {
    std::vector<std::atomic<int>> ran;
    std::atomic<int> nested{0};
    explicit Job(size_t n) : ran(n) {}
    static modc_rc chunk(void *p, int64_t i) {
        ++static_cast<Job *>(p)->ran[size_t(i)];
        return MODC_OK;
    }
    static modc_rc failing(void *p, int64_t i) {
        chunk(p, i);
        return i == 7 || i == 93 ? modc_rc(i) : MODC_OK;
    }
    static modc_rc nesting(void *p, int64_t i) {
        chunk(p, i);
        struct Inner {
            Job *job;
            std::thread::id caller;
        } inner{static_cast<Job *>(p), std::this_thread::get_id()};
        return modrt::detail::parallel(
            3,
            [](void *q, int64_t) {
                auto &in = *static_cast<Inner *>(q);
                in.job->nested += in.caller == std::this_thread::get_id();
                return modc_rc(MODC_OK);
            },
            &inner);
    }
};

struct Pool : testing::TestWithParam<int> {
    void SetUp() override { set_num_threads(GetParam()); }
    void TearDown() override { set_num_threads(1); }
};
INSTANTIATE_TEST_SUITE_P(Sizes, Pool, testing::Values(1, 2, 3, 7));

TEST_P(Pool, EveryChunkOnce) {
    EXPECT_EQ(get_num_threads(), GetParam());
    for (int round = 0; round < 200; ++round) {
        Job job(size_t(1 + round % 37));
        EXPECT_EQ(modrt::detail::parallel(int64_t(job.ran.size()), Job::chunk, &job), MODC_OK);
        for (auto &n : job.ran)
            ASSERT_EQ(n, 1);
        if (round % 50 == 49)
            std::this_thread::sleep_for(std::chrono::milliseconds(1)); // let the workers fall asleep
    }
}
TEST_P(Pool, TheLowestFailureIsReportedAndTheRestRuns) {
    Job job(100);
    EXPECT_EQ(modrt::detail::parallel(100, Job::failing, &job), 7);
    for (auto &n : job.ran)
        EXPECT_EQ(n, 1);
}
TEST_P(Pool, NestedJobsRunOnTheirCaller) {
    Job job(20);
    EXPECT_EQ(modrt::detail::parallel(20, Job::nesting, &job), MODC_OK);
    EXPECT_EQ(job.nested, 60);
}
TEST_P(Pool, CallersSideBySide) {
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                Job job(16);
                modrt::detail::parallel(16, Job::chunk, &job);
                for (auto &n : job.ran)
                    wrong += n != 1;
            }
        });
    for (auto &t : threads)
        t.join();
    EXPECT_EQ(wrong, 0);
}
TEST_P(Pool, SizeChangesWhileOthersCall) {
    std::atomic<bool> stop{false};
    std::atomic<int> wrong{0};
    std::thread caller([&] {
        while (!stop) {
            Job job(16);
            modrt::detail::parallel(16, Job::chunk, &job);
            for (auto &n : job.ran)
                wrong += n != 1;
        }
    });
    for (int i = 0; i < 20; ++i)
        set_num_threads(1 + i % 4);
    stop = true;
    caller.join();
    EXPECT_EQ(wrong, 0);
}

TEST(Threads, ResultsDoNotDependOnTheirNumber) {
    Module net = handmade().create("net");
    StateDict start = net.state_dict();
    Tensor x = input(61);
    for (bool train : {false, true}) {
        Tensors results;
        for (int n : {1, 2, 3}) {
            set_num_threads(n);
            net.load_state_dict(start);
            net.train(train);
            manual_seed(6);
            for (int i = 0; i < 5; ++i)
                results.push_back(net(x, 2));
            results.push_back(net.get_buffer("norm.mean").clone());
        }
        for (size_t i = 6; i < results.size(); ++i)
            EXPECT_TRUE(same_bits(results[i], results[i % 6])) << (train ? "train" : "eval") << " result " << i;
    }
    set_num_threads(1);
    EXPECT_THROW(set_num_threads(0), ValueError);
    EXPECT_THROW(set_num_threads(2000), ValueError);
}

TEST(Threads, AForkedChildHasAPoolOfItsOwn) {
    set_num_threads(3);
    Module net = handmade().create("net").eval();
    Tensor x = input(61), want = net(x, 2);
    pid_t child = fork();
    if (child == 0) {
        bool good = get_num_threads() == 1 && same_bits(net(x, 2), want);
        _exit(good ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT_TRUE(same_bits(net(x, 2), want));
    set_num_threads(1);
}
} // namespace
