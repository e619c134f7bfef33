// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of payloads on their way from the thread that told NVTX to the reader: each belongs to one event and
// is given out once. Bounded; what finds no room has the number 0. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ordered_mutex.h"

namespace vitrine::engine {

class PayloadTexts
{
public:
    static constexpr std::size_t kLongest = 512; ///< bytes

    /// 0 for an empty text.
    std::uint32_t keep(std::string_view text);
    /// Empty: none of this number, or of a time before clear().
    std::string take(std::uint32_t number);
    void clear();

private:
    static constexpr std::size_t kMost = 65'536;

    OrderedMutex m_lock{LockOrder::NvtxPayload};
    std::uint32_t m_times = 1; // clear() was called; tells old numbers from new ones
    std::vector<std::string> m_texts;
    std::vector<std::uint32_t> m_free;
};

} // namespace vitrine::engine
