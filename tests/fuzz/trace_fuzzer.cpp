// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer: any bytes as a recording, as they are and with checksums that are right, so that what stands
// behind them is reached. Seeds: tests/data/corpus/vtrace.
#include <cstddef>
#include <cstdint>

#include "tests/engine/support/trace_exercise.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace vitrine::test;
    mustHold(size == 0 || data != nullptr);
    const std::string refusal = exerciseTrace({data, size});
    mustHold(refusal.empty() || refusal.starts_with("input.vtrace: "));
    exerciseTrace(withRightSums({data, size}));
    return 0;
}
