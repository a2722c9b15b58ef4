// Tensors: views, conversion, interchange, and what is refused.
#include "core/convert.h"
#include "core/memory.h"
#include "core/storage.h"
#include "modrt/error.h"
#include "modrt/process.h"
#include "modrt/tensor.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>
#include <thread>
using namespace modrt;

namespace {
Tensor counting(Shape shape) {
    Tensor t = empty(shape);
    auto v = t.mutable_data<float>();
    std::iota(v.begin(), v.end(), 0.0f);
    return t;
}
std::vector<float> values(const Tensor &t) {
    Tensor c = t.contiguous();
    auto v = c.data<float>();
    return {v.begin(), v.end()};
}
using V = std::vector<float>;

TEST(Tensor, Literals) {
    EXPECT_EQ(Tensor(2).dtype(), DType::i64);
    EXPECT_EQ(Tensor(2.5).dtype(), DType::f32);
    EXPECT_EQ(Tensor(true).dtype(), DType::boolean);
    EXPECT_EQ(Tensor(2.5).item<float>(), 2.5f);
    EXPECT_EQ(Tensor(7).item<double>(), 7);
    EXPECT_EQ((Tensor{{1, 2}, {3, 4}}).shape(), Shape({2, 2}));
    EXPECT_THROW((Tensor{{1, 2}, {3}}), ShapeError);
    EXPECT_EQ(tensor({1.f, 2.f}).size(-1), 2);
    EXPECT_EQ(arange(3).data<int64_t>()[2], 2);
    EXPECT_THROW(arange(-1), ValueError);
    EXPECT_EQ(values(full({2}, 3)), (V{3, 3}));
    EXPECT_THROW(empty({int64_t(1) << 40, int64_t(1) << 40}), ValueError);
    EXPECT_THROW(empty({-1}), ValueError);
    EXPECT_THROW(Shape(std::vector<int64_t>(9, 1)), ValueError);
    EXPECT_THROW(counting({2}).item<float>(), ValueError);
    EXPECT_THROW(Tensor().shape(), ValueError);
    EXPECT_EQ(empty({0, 3}).numel(), 0);
}

TEST(Tensor, Views) {
    Tensor t = counting({2, 3, 4});
    EXPECT_EQ(t.view({6, -1}).shape(), Shape({6, 4}));
    EXPECT_EQ(t.view({6, 4}).data_ptr(), t.data_ptr());
    EXPECT_EQ(t.transpose(0, 2).shape(), Shape({4, 3, 2}));
    EXPECT_FALSE(t.transpose(0, 2).is_contiguous());
    EXPECT_THROW(t.transpose(0, 2).view({24}), ShapeError);
    EXPECT_EQ(values(t.transpose(0, 2).reshape({24}))[1], 12);
    EXPECT_EQ(t.permute({2, 0, 1}).shape(), Shape({4, 2, 3}));
    EXPECT_EQ(values(t.permute({2, 0, 1}))[1], 4);
    EXPECT_THROW(t.permute({0, 0, 1}), ValueError);
    EXPECT_EQ(values(t[1][2]), (V{20, 21, 22, 23}));
    EXPECT_EQ(values(t.select(2, -1)), (V{3, 7, 11, 15, 19, 23}));
    EXPECT_EQ(values(t[0].slice(1, {1, {}, 2})), (V{1, 3, 5, 7, 9, 11}));
    EXPECT_EQ(values(t[0][0].slice(0, {-2, {}})), (V{2, 3}));
    EXPECT_EQ(t.slice(0, {5, 9}).shape(), Shape({0, 3, 4}));
    EXPECT_THROW(t.slice(0, {0, 1, 0}), ValueError);
    EXPECT_THROW(t.select(0, 2), IndexError);
    EXPECT_THROW(t.transpose(0, 3), IndexError);
    EXPECT_THROW(t.view({5, -1}), ShapeError);
    EXPECT_THROW(t.view({-1, -1}), ShapeError);
    EXPECT_THROW(t.t(), ShapeError);
    EXPECT_EQ(t.flatten().shape(), Shape({24}));
    EXPECT_EQ(t.flatten(1).shape(), Shape({2, 12}));
    EXPECT_EQ(t.flatten(0, 1).shape(), Shape({6, 4}));
    EXPECT_EQ(Tensor(1.f).flatten().shape(), Shape({1}));
    EXPECT_EQ(t.unsqueeze(0).squeeze(0).shape(), t.shape());
    EXPECT_EQ(t.unsqueeze(-1).shape(), Shape({2, 3, 4, 1}));
    EXPECT_EQ(t.squeeze(1).shape(), t.shape());
    EXPECT_EQ(values(t.slice(1, {{}, {}, 2}).view({2, 2, 2, 2})), values(t.slice(1, {{}, {}, 2})))
        << "splitting a strided dimension";
    Tensor w = t.clone();
    w.select(1, 0).zero_();
    EXPECT_EQ(w[1][0][0].item<float>(), 0);
    EXPECT_EQ(w[1][1][0].item<float>(), 16);
    w.transpose(0, 1).copy_(counting({3, 2, 4}));
    EXPECT_EQ(values(w.transpose(0, 1)), values(counting({3, 2, 4})));
    EXPECT_THROW(w.copy_(counting({2})), ShapeError);
    EXPECT_TRUE(equal(t, t.clone()));
    EXPECT_FALSE(equal(t, w));
    EXPECT_TRUE(allclose(t, t));
    EXPECT_FALSE(allclose(t, w));
}

TEST(Tensor, Conversion) {
    using namespace modrt::detail;
    for (uint32_t h = 0; h < 65536; ++h) { // every half comes back, NaN as NaN
        float f = half_to_float(uint16_t(h));
        if (std::isnan(f))
            EXPECT_TRUE(std::isnan(half_to_float(float_to_half(f))));
        else
            ASSERT_EQ(float_to_half(f), h);
        float b = bfloat16_to_float(uint16_t(h));
        if (std::isnan(b))
            EXPECT_TRUE(std::isnan(bfloat16_to_float(float_to_bfloat16(b))));
        else
            ASSERT_EQ(float_to_bfloat16(b), h);
    }
    EXPECT_EQ(float_to_half(1.0f + 0x1p-11f), 0x3c00) << "ties to even";
    EXPECT_EQ(float_to_half(1.0f + 0x1.8p-10f), 0x3c02);
    EXPECT_EQ(float_to_half(65520.0f), 0x7c00);
    EXPECT_EQ(float_to_half(65519.0f), 0x7bff);
    EXPECT_EQ(float_to_half(0x1p-25f), 0);
    EXPECT_EQ(float_to_half(0x1.8p-24f), 2);
    EXPECT_EQ(float_to_bfloat16(1.0f + 0x1p-8f), 0x3f80);
    Tensor t{-1.5f, 2.7f, std::numeric_limits<float>::quiet_NaN(), 1e30f};
    Tensor integers = t.to(DType::i32);
    auto i = integers.data<int32_t>();
    EXPECT_EQ(i[0], -1);
    EXPECT_EQ(i[1], 2);
    EXPECT_EQ(i[3], std::numeric_limits<int32_t>::max());
    EXPECT_TRUE(t.to(DType::boolean).data<bool>()[2]);
    EXPECT_EQ(tensor({int64_t(1) << 60}).to(DType::i64).item<int64_t>(), int64_t(1) << 60);
    EXPECT_EQ(tensor({int64_t(257)}).to(DType::u8).item<int64_t>(), 1);
    EXPECT_THROW(zeros({1}, DType::c64).to(DType::f32), TypeError);
    EXPECT_EQ(t.to(DType::f32).is_same(t), true);
    EXPECT_THROW(t.data<double>(), TypeError);
    EXPECT_THROW(counting({2, 2}).t().data<float>(), ValueError);
}

TEST(Tensor, FromBlobAndDLPack) {
    int freed = 0;
    float memory[6] = {0, 1, 2, 3, 4, 5};
    {
        Tensor t = Tensor::from_blob(memory, {2, 3}, DType::f32, [&] { ++freed; });
        Tensor view = t.t();
        t = Tensor();
        DLManagedTensorVersioned *m = view.to_dlpack();
        view = Tensor();
        EXPECT_EQ(freed, 0);
        Tensor back = Tensor::from_dlpack(m);
        EXPECT_EQ(values(back), (V{0, 3, 1, 4, 2, 5}));
        back.fill_(7);
        EXPECT_EQ(memory[5], 7);
    }
    EXPECT_EQ(freed, 1);
    EXPECT_THROW(Tensor::from_blob(nullptr, {1}), ValueError);
    EXPECT_THROW(Tensor::from_dlpack(nullptr), ValueError);
    EXPECT_EQ(Tensor::from_dlpack(empty({0, 2}).to_dlpack()).shape(), Shape({0, 2}));
}

TEST(Memory, BlocksAreReusedAcrossThreads) {
    for (size_t bytes = 1; bytes < (size_t(1) << 26); bytes = bytes * 5 / 4 + 1) {
        void *p = detail::cached_allocate(bytes);
        ASSERT_EQ(reinterpret_cast<uintptr_t>(p) % detail::kBlockAlign, 0u);
        std::memset(p, 1, bytes);
        std::thread([=] { detail::cached_free(p, bytes); }).join();
        void *q = detail::cached_allocate(bytes);
        std::memset(q, 2, bytes);
        detail::cached_free(q, bytes);
    }
    trim();
}

TEST(Random, SeedDecides) {
    manual_seed(3);
    Tensor a = rand({1000}), b = rand({1000}), n = randn({4000});
    manual_seed(3);
    EXPECT_TRUE(equal(rand({1000}), a));
    EXPECT_FALSE(equal(a, b));
    double sum = 0, square = 0;
    for (float v : n.data<float>())
        sum += v, square += double(v) * v;
    EXPECT_NEAR(sum / 4000, 0, 0.06);
    EXPECT_NEAR(square / 4000, 1, 0.1);
    for (float v : a.data<float>())
        EXPECT_TRUE(v >= 0 && v < 1);
}
} // namespace
