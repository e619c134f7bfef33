// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer: any bytes as a file of chats. Seeds: tests/data/corpus/chats.
#include <cstddef>
#include <cstdint>

#include "tests/exchange/support/exercise_chats.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char*>(data), qsizetype(size));
    const std::string complaint = vitrine::test::exerciseChats(bytes);
    if (!complaint.empty())
        __builtin_trap();
    return 0;
}
