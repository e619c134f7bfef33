// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer: any bytes as a command and as an answer between ranks. What is taken is written and read again
// as the same bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "engine/parallel/worker_frames.h"

namespace {

void mustHold(bool holds)
{
    if (!holds)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace vitrine::engine;
    const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
    std::vector<std::byte> once, twice;
    if (const Result<WorkerCommand> command = readCommand(bytes)) {
        writeCommand(*command, once);
        const Result<WorkerCommand> again = readCommand(once);
        mustHold(again.has_value());
        writeCommand(*again, twice);
        mustHold(once == twice);
    }
    once.clear();
    twice.clear();
    if (const Result<WorkerAnswer> answer = readAnswer(bytes)) {
        writeAnswer(*answer, once);
        const Result<WorkerAnswer> again = readAnswer(once);
        mustHold(again.has_value());
        writeAnswer(*again, twice);
        mustHold(once == twice);
    }
    return 0;
}
