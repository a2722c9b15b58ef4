// Files and tables that are not what they should be: refused with a sentence, never a crash.
#include "artifact/artifact_impl.h"
#include "support.h"
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <link.h>
#include <random>
#include <sys/mman.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
using namespace support;

namespace {
std::string read_file(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
struct Files : testing::Test {
    std::string folder = testing::TempDir() + "modrt_artifact_" + std::to_string(getpid());
    std::string good = read_file(HANDMADE_SO);
    Files() { std::filesystem::create_directories(folder); }
    ~Files() override { std::filesystem::remove_all(folder); }
    std::string write(const std::string &name, const std::string &bytes) {
        std::string path = folder + "/" + name;
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    static std::string sealed(std::string body) { // body without a trailer
        modc_trailer t{
            body.size() + sizeof t, XXH3_64bits(body.data(), body.size()), MODC_ABI_MAJOR, MODC_ABI_MINOR, 62, {}};
#if defined(__aarch64__)
        t.machine = 183;
#endif
        std::memcpy(t.magic, MODC_TRAILER_MAGIC, sizeof t.magic);
        return body.append(reinterpret_cast<const char *>(&t), sizeof t);
    }
};
struct Environment {
    const char *name;
    Environment(const char *n, const char *value) : name(n) { setenv(n, value, 1); }
    ~Environment() { unsetenv(name); }
};

TEST_F(Files, ALibraryIsLoadedAndRuns) {
    Artifact a = load(HANDMADE_SO);
    EXPECT_EQ(a.name(), "handmade");
    EXPECT_EQ(a.exports().size(), 10u);
    EXPECT_EQ(a.doc("net"), "A small net.");
    std::string info = a.info();
    EXPECT_NE(info.find("export net(x: f32[N, 8], steps: int) -> out: f32[N, 4]"), std::string::npos) << info;
    EXPECT_NE(info.find("target other: 2 kernels, needs nothing special (chosen)"), std::string::npos) << info;
    EXPECT_NE(info.find("target future: 2 kernels, needs bit 63\n"), std::string::npos) << info;
    Module net = a.create("net").eval(), linked = handmade().create("net").eval();
    a = Artifact(); // modules keep the code
    linked.load_state_dict(net.state_dict());
    EXPECT_TRUE(same_bits(net(input(5), 2), linked(input(5), 2)));
    net.set_submodule("norm", linked["norm"]);
    forget_runs();
    EXPECT_TRUE(same_bits(net(input(5), 2), linked(input(5), 2))) << "equal content from another artifact";
    EXPECT_EQ(ran("Mean.eval"), 0);
}

TEST_F(Files, TargetByHand) {
    {
        Environment e("MODRT_TARGET", "baseline");
        EXPECT_NE(load(HANDMADE_SO).info().find("target baseline: 2 kernels, needs nothing special (chosen)"),
                  std::string::npos);
    }
    {
        Environment e("MODRT_TARGET", "nope");
        EXPECT_EQ(error<ArtifactError>([] { load(HANDMADE_SO); }),
                  HANDMADE_SO " has no CPU target 'nope' (MODRT_TARGET); it has baseline, other, future");
    }
    Environment e("MODRT_TARGET", "future");
    EXPECT_EQ(error<ArtifactError>([] { load(HANDMADE_SO); }),
              HANDMADE_SO " has code for baseline, other, future; this CPU can run none of it: future needs bit 63. "
                          "Compile with modc --mcpu "
                          "for this machine");
}

TEST_F(Files, DamagedFiles) {
    EXPECT_NE(error<FileError>([&] { load(folder + "/missing.so"); }).find("No such file"), std::string::npos);
    EXPECT_NE(error<FileError>([&] { load(folder); }).find("is not a file"), std::string::npos);
    EXPECT_NE(error<ArtifactError>([&] { load(write("empty.so", "")); }).find("cut short: it has 0 bytes"),
              std::string::npos);
    EXPECT_NE(error<ArtifactError>([&] { load(write("text.so", std::string(1000, 'x'))); }).find("not made by modc"),
              std::string::npos);
    for (size_t n : {size_t(10), size_t(100), good.size() / 2, good.size() - 41, good.size() - 1})
        EXPECT_NE(error<ArtifactError>([&] { load(write("cut.so", good.substr(0, n))); }).find("cut short"),
                  std::string::npos)
            << n;
    EXPECT_NE(error<ArtifactError>([&] {
                  load(write("middle.so", good.substr(0, 5000) + good.substr(6000)));
              }).find("damaged"),
              std::string::npos);
    std::string flipped = good;
    flipped[flipped.size() / 3] ^= 1;
    EXPECT_NE(error<ArtifactError>([&] { load(write("flip.so", flipped)); }).find("do not match the hash"),
              std::string::npos);
    std::string body = good.substr(0, good.size() - sizeof(modc_trailer));
    EXPECT_NE(
        error<ArtifactError>([&] { load(write("garbage.so", sealed("not a library"))); }).find("cannot be loaded"),
        std::string::npos);
    EXPECT_NE(
        error<ArtifactError>([&] { load(write("half.so", sealed(body.substr(0, 300)))); }).find("cannot be loaded"),
        std::string::npos);
    auto trailer = [&](auto change) {
        std::string s = good;
        modc_trailer t;
        std::memcpy(&t, s.data() + s.size() - sizeof t, sizeof t);
        change(t);
        std::memcpy(s.data() + s.size() - sizeof t, &t, sizeof t);
        return write("trailer.so", s);
    };
    EXPECT_NE(error<ArtifactError>([&] { load(trailer([](auto &t) { t.machine = 3; })); }).find("is for machine 3"),
              std::string::npos);
    EXPECT_NE(error<ArtifactError>([&] { load(trailer([](auto &t) { t.major = 2; })); }).find("interface 2.0"),
              std::string::npos);
    EXPECT_NE(error<ArtifactError>([&] { load(trailer([](auto &t) { t.minor = 9; })); }).find("interface 1.9"),
              std::string::npos);
    EXPECT_EQ(load(write("copy.so", good)).name(), "handmade");
}

TEST(Tables, SingleFaults) {
    modc_artifact t = *modc_artifact_v1();
    auto refused = [&](auto change) {
        modc_artifact broken = t;
        change(broken);
        return error<ArtifactError>([&] { link(&broken); });
    };
    EXPECT_NE(refused([](auto &x) { x.magic = 0; }).find("is not a modc artifact"), std::string::npos);
    EXPECT_NE(refused([](auto &x) { x.major = 7; }).find("interface 7.0"), std::string::npos);
    EXPECT_NE(refused([](auto &x) { x.minor = 7; }).find("use a newer runtime"), std::string::npos);
    EXPECT_NE(refused([](auto &x) { x.stride.step += 8; }).find("record sizes"), std::string::npos);
    EXPECT_NE(refused([](auto &x) { x.n_classes = 1u << 30; }).find("too many classes"), std::string::npos);
    EXPECT_NE(refused([](auto &x) { x.classes = nullptr; }).find("lie outside"), std::string::npos);
    EXPECT_NE(refused([](auto &x) { x.n_targets = 0; }).find("no code for any CPU"), std::string::npos);
    EXPECT_THROW(link(nullptr), ArtifactError);

    std::vector<modc_class> classes(t.classes, t.classes + t.n_classes);
    auto with_class = [&](size_t i, auto change) {
        auto copy = classes;
        change(copy[i]);
        return refused([&](auto &x) { x.classes = copy.data(); });
    };
    modc_child cyclic[] = {{"again", 0, {}}};
    EXPECT_NE(with_class(0, [&](auto &c) { c.children = cyclic, c.n_children = 1; }).find("does not come after"),
              std::string::npos);
    modc_child dotted[] = {{"a.b", 5, {}}};
    EXPECT_NE(with_class(1, [&](auto &c) { c.children = dotted, c.n_children = 1; }).find("contains a dot"),
              std::string::npos);
    modc_child same[] = {{"a", 6, {}}, {"a", 6, {}}};
    EXPECT_NE(with_class(1, [&](auto &c) { c.children = same; }).find("two members are called 'a'"), std::string::npos);
    EXPECT_NE(with_class(5, [&](auto &c) { c.fused[MODC_FWD_EVAL] = 999; }).find("function 999"), std::string::npos);
    EXPECT_NE(with_class(5, [&](auto &c) { c.fused[MODC_FWD_EVAL] = 0; }).find("another signature"), std::string::npos);
    EXPECT_NE(with_class(5,
                         [&](auto &c) {
                             c.fused[MODC_BWD_TRAIN] = 3;
                             c.fused[MODC_FWD_TRAIN] = -1;
                         })
                  .find("a backward without"),
              std::string::npos);

    std::vector<modc_step> steps(t.programs[0].steps, t.programs[0].steps + t.programs[0].n_steps);
    auto with_step = [&](size_t i, auto change) {
        auto copy = steps;
        change(copy[i]);
        std::vector<modc_program> programs(t.programs, t.programs + t.n_programs);
        programs[0].steps = copy.data();
        return refused([&](auto &x) { x.programs = programs.data(); });
    };
    EXPECT_NE(with_step(0, [](auto &s) { s.op = 77; }).find("unknown operation"), std::string::npos);
    EXPECT_NE(with_step(0, [](auto &s) { s.target = 6; }).find("no module"), std::string::npos);
    EXPECT_NE(with_step(0, [](auto &s) { s.slots = 1u << 31; }).find("beyond the pool"), std::string::npos);
    EXPECT_NE(with_step(1, [](auto &s) { s.slots = 5; }).find("before it is written"), std::string::npos);
    EXPECT_NE(with_step(4, [](auto &s) { s.target = 16; }).find("jump target"), std::string::npos);
    EXPECT_NE(with_step(15, [](auto &s) { s.op = MODC_S_DROP; }).find("runs off its end"), std::string::npos);
    // Loops that would never end: past their condition, on the spot, with a condition that no round writes.
    EXPECT_NE(with_step(10, [](auto &s) { s.target = 5; }).find("cannot be left"), std::string::npos);
    EXPECT_NE(with_step(10, [](auto &s) { s.target = 10; }).find("cannot be left"), std::string::npos);
    EXPECT_NE(with_step(4, [](auto &s) { s.target = 4; }).find("cannot be left"), std::string::npos);
    EXPECT_NE(with_step(4, [](auto &s) { s.slots = 6; }).find("stays as it is"), std::string::npos);
}

// Random damage to the tables of a loaded library, in its memory: every pointer, count and index of them.
TEST(Tables, RandomDamageIsRefusedOrHarmless) {
    void *library = dlopen(HANDMADE_SO, RTLD_NOW | RTLD_LOCAL);
    ASSERT_TRUE(library) << dlerror();
    auto *entry = reinterpret_cast<const modc_artifact *(*)()>(dlsym(library, MODC_ENTRY));
    auto *table = entry();
    modrt::detail::Image image = modrt::detail::Image::of_library(library);
    ASSERT_TRUE(image.readable(table, sizeof *table));
    ASSERT_TRUE(image.executable(reinterpret_cast<void *>(entry)));
    EXPECT_FALSE(image.executable(table));

    std::vector<std::pair<char *, size_t>> arrays = {
        {(char *)table->classes, table->n_classes * sizeof(modc_class)},
        {(char *)table->sigs, table->n_sigs * sizeof(modc_sig)},
        {(char *)table->fns, table->n_fns * sizeof(modc_fn)},
        {(char *)table->programs, table->n_programs * sizeof(modc_program)},
        {(char *)table->programs[0].steps, table->programs[0].n_steps * sizeof(modc_step)},
        {(char *)table->prepared, table->n_prepared * sizeof(modc_prepared)},
        {(char *)table->targets, table->n_targets * sizeof(modc_target)},
        {(char *)table->exports, table->n_exports * sizeof(modc_export)},
        {(char *)table->classes[0].children, table->classes[0].n_children * sizeof(modc_child)},
        {(char *)table->classes[5].tensors, table->classes[5].n_tensors * sizeof(modc_tensor)},
        {(char *)table->sigs[0].in, table->sigs[0].n_in * sizeof(modc_port)},
        {(char *)table->bodies, table->n_fns * sizeof(void *)},
        {(char *)table->plans, table->n_fns * sizeof(void *)},
        {(char *)table, sizeof *table}};
    auto page = uintptr_t(sysconf(_SC_PAGESIZE));
    for (auto [p, n] : arrays) { // private pages of the file: no other process sees the damage
        uintptr_t begin = uintptr_t(p) / page * page, end = (uintptr_t(p) + n + page - 1) / page * page;
        ASSERT_EQ(mprotect(reinterpret_cast<void *>(begin), end - begin, PROT_READ | PROT_WRITE), 0);
    }
    std::mt19937_64 random(20);
    int refused = 0, accepted = 0;
    for (int round = 0; round < 20000; ++round) {
        auto [p, n] = arrays[random() % arrays.size()];
        char saved[8];
        size_t width = size_t(1) << random() % 4, at = random() % (n / width) * width;
        std::memcpy(saved, p + at, width);
        uint64_t value;
        switch (random() % 6) {
        case 0:
            value = random();
            break;
        case 1:
            value = random() % 64;
            break;
        case 2:
            value = ~uint64_t(0);
            break;
        case 3:
            value = uint64_t(table) + random() % 8192;
            break;
        case 4:
            value = uint64_t(1) << random() % 64;
            break;
        default:
            std::memcpy(&value, saved, width), value += random() % 3 - 1;
            break;
        }
        std::memcpy(p + at, &value, width);
        try {
            modrt::detail::validate(table, image, "mutant");
            ++accepted;
        } catch (const Error &) { // ArtifactError, or UnsupportedError for a flag
            ++refused;
        }
        std::memcpy(p + at, saved, width);
    }
    EXPECT_GT(refused, 5000) << accepted;
    modrt::detail::validate(table, image, "restored");
    dlclose(library);
}
} // namespace
