// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer: any bytes as a model file. Seeds: tests/data/corpus/gguf.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/engine/support/gguf_exercise.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    vitrine::test::must(size == 0 || data != nullptr);
    const std::string refusal = vitrine::test::exerciseGguf({data, size});
    vitrine::test::must(refusal.empty() || refusal.starts_with("input.gguf: "));
    return 0;
}
