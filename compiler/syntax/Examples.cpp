// The tables of examples, by the first digit of the codes.
#include "compiler/syntax/Examples.h"

using namespace modc;

static constexpr Example table[] = {
#define EXAMPLE(CODE, WRONG, RIGHT) {#CODE, WRONG, RIGHT},
#include "compiler/syntax/examples/syntax.def"

#include "compiler/syntax/examples/types.def"

#include "compiler/syntax/examples/modules.def"
};

llvm::ArrayRef<Example> modc::allExamples() { return table; }

const Example *modc::findExample(llvm::StringRef code) {
  for (const Example &example : table)
    if (example.code == code)
      return &example;
  return nullptr;
}
