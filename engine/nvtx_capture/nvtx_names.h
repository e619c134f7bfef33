// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of captured events as numbers; bounded. One owner at a time.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace vitrine::engine {

class NvtxNames
{
public:
    /// Of a name; 0: it is empty, or there is no room for more.
    std::uint32_t numberOf(const std::string& name);
    /// Of what may be new each time, which has room of its own, so that it never takes that of a name.
    std::uint32_t detailOf(const std::string& detail);

    const std::vector<std::string>& all() const { return m_names; } ///< [0] is empty; only ever grows

private:
    std::uint32_t known(const std::string& text) const;
    std::uint32_t add(const std::string& text);

    static constexpr std::size_t kMost = 131'072; // of each

    std::vector<std::string> m_names{""};
    std::unordered_map<std::string, std::uint32_t> m_numbers;
    std::size_t m_details = 0;
};

} // namespace vitrine::engine
