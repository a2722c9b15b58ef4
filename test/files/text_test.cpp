// Printing of tensors, byte for byte as PyTorch 2.13 (make_goldens.py).
#include "modrt/modrt.hpp"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace modrt;

namespace {
std::string text(const Tensor &t) {
  std::ostringstream os;
  os << t;
  return os.str();
}

TEST(TensorText, IsPyTorchs) {
  StateDict tensors = load_file(GOLDENS "/goldens.safetensors");
  std::ifstream file(GOLDENS "/goldens.json");
  auto want = nlohmann::json::parse(file);
  ASSERT_GT(want.size(), 30u);
  for (auto &[name, repr] : want.items())
    EXPECT_EQ(text(tensors.at(name)), repr.get<std::string>()) << name;
}

TEST(TensorText, NoneAndShapes) {
  EXPECT_EQ(text(Tensor()), "None");
  std::ostringstream os;
  os << Shape{3, 2} << Shape{};
  EXPECT_EQ(os.str(), "torch.Size([3, 2])torch.Size([])");
  Tensor t = ones({2});
  t.requires_grad_();
  EXPECT_EQ(text(t), "tensor([1., 1.], requires_grad=True)");
}
} // namespace
