// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer: any bytes as the weights of a folder, and as its config.json. Seeds:
// tests/data/corpus/safetensors.
#include <cstddef>
#include <cstdint>

#include "tests/engine/support/safetensors_exercise.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    vitrine::test::must(size == 0 || data != nullptr);
    const std::string refusal = vitrine::test::exerciseSafetensors({data, size});
    vitrine::test::must(refusal.empty() || refusal.starts_with("input.safetensors: "));
    const std::string other = vitrine::test::exerciseConfig({reinterpret_cast<const char*>(data), size});
    vitrine::test::must(other.empty() || other.starts_with("config.json: "));
    return 0;
}
