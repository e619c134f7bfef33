// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a mapped file whose bytes have gone (truncated, a drive pulled out, a server away) raises SIGBUS,
// which ends a process. A guarded mapping turns into zeros instead and remembers that it was lost, so that
// its reader can say so. Faults outside guarded mappings go where they went before.
// Any thread. A few hundred mappings at once; what comes beyond is not guarded.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::engine {

class MappingGuard
{
public:
    MappingGuard() = default;
    /// `data` begins with a page. It stays mapped as long as the guard lives.
    MappingGuard(const std::uint8_t* data, std::size_t size);
    MappingGuard(MappingGuard&& other) noexcept;
    MappingGuard& operator=(MappingGuard&& other) noexcept;
    ~MappingGuard();

    /// True once a read has met bytes that are not there any more.
    bool lost() const;

private:
    int m_slot = -1;
};

} // namespace vitrine::engine
