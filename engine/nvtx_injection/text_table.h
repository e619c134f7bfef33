// SPDX-License-Identifier: GPL-3.0-or-later
// Texts as numbers. Bounded in number and length: beyond that all texts are one. Any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/base/ordered_mutex.h"

namespace vitrine::engine {

class TextTable
{
public:
    /// 0 for an empty text.
    std::uint32_t idOf(std::string_view text);
    /// Stays where it is.
    const char* text(std::uint32_t id) const;

private:
    mutable OrderedMutex m_lock{LockOrder::NvtxTexts};
    std::deque<std::string> m_texts{""};
    std::unordered_map<std::string_view, std::uint32_t> m_ids; // of m_texts
};

/// As UTF-8; U+FFFD for what is no character.
void appendCharacter(std::string& out, std::uint32_t character);
/// UTF-8 of a wide text; what is no character becomes U+FFFD.
std::string narrow(const wchar_t* text);

} // namespace vitrine::engine
