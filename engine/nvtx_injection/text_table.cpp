// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/text_table.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostTexts = 65'536;
constexpr std::size_t kLongest = 1024; // bytes
constexpr std::string_view kMore = "(further names)";

} // namespace

std::uint32_t TextTable::idOf(std::string_view text)
{
    text = text.substr(0, kLongest);
    if (text.empty())
        return 0;
    const std::lock_guard guard(m_lock);
    if (m_texts.size() > kMostTexts)
        text = m_ids.contains(text) ? text : kMore;
    if (const auto known = m_ids.find(text); known != m_ids.end())
        return known->second;
    const auto id = static_cast<std::uint32_t>(m_texts.size());
    m_ids.emplace(m_texts.emplace_back(text), id);
    return id;
}

const char* TextTable::text(std::uint32_t id) const
{
    const std::lock_guard guard(m_lock);
    return id < m_texts.size() ? m_texts[id].c_str() : "";
}

void appendCharacter(std::string& out, std::uint32_t character)
{
    if (character >= 0x110000 || (character >= 0xD800 && character < 0xE000))
        character = 0xFFFD;
    const auto tail = [&](unsigned shift) {
        out.push_back(static_cast<char>(0x80 | ((character >> shift) & 0x3F)));
    };
    if (character < 0x80) {
        out.push_back(static_cast<char>(character));
    } else if (character < 0x800) {
        out.push_back(static_cast<char>(0xC0 | (character >> 6)));
        tail(0);
    } else if (character < 0x10000) {
        out.push_back(static_cast<char>(0xE0 | (character >> 12)));
        tail(6);
        tail(0);
    } else {
        out.push_back(static_cast<char>(0xF0 | (character >> 18)));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string narrow(const wchar_t* text)
{
    std::string out;
    for (; text != nullptr && *text != 0 && out.size() < kLongest; ++text)
        appendCharacter(out, static_cast<std::uint32_t>(*text));
    return out;
}

} // namespace vitrine::engine
