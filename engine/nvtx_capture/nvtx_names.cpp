// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_capture/nvtx_names.h"

namespace vitrine::engine {

std::uint32_t NvtxNames::known(const std::string& text) const
{
    const auto found = m_numbers.find(text);
    return found == m_numbers.end() ? 0 : found->second;
}

std::uint32_t NvtxNames::add(const std::string& text)
{
    const auto number = static_cast<std::uint32_t>(m_names.size());
    m_numbers.emplace(text, number);
    m_names.push_back(text);
    return number;
}

std::uint32_t NvtxNames::numberOf(const std::string& name)
{
    const std::uint32_t number = known(name);
    return number != 0 || name.empty() || m_names.size() - m_details >= kMost ? number : add(name);
}

std::uint32_t NvtxNames::detailOf(const std::string& detail)
{
    const std::uint32_t number = known(detail);
    if (number != 0 || detail.empty() || m_details >= kMost)
        return number;
    ++m_details;
    return add(detail);
}

} // namespace vitrine::engine
