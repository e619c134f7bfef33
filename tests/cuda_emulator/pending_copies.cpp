// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of copies, oldest first.
#include "cuda_emulator/pending_copies.h"

#include "cuda_emulator/poison.h"

#include <cstring>

namespace vitrine::cuda_emulator {

void PendingCopies::add(void* target, const void* source, std::size_t bytes, std::size_t sourceBytes)
{
    poison(target, bytes);
    m_open.push_back({target, source, bytes, sourceBytes});
}

void PendingCopies::commit()
{
    m_groups.push_back(std::move(m_open));
    m_open.clear();
}

void PendingCopies::wait(std::size_t pending)
{
    for (; m_groups.size() > pending; m_groups.pop_front())
        land(m_groups.front());
}

void PendingCopies::waitAll()
{
    commit();
    wait(0);
}

void PendingCopies::clear()
{
    m_open.clear();
    m_groups.clear();
}

void PendingCopies::land(const std::vector<Copy>& group)
{
    for (const Copy& copy : group) {
        std::memcpy(copy.target, copy.source, copy.sourceBytes);
        std::memset(static_cast<char*>(copy.target) + copy.sourceBytes, 0, copy.bytes - copy.sourceBytes);
    }
}

} // namespace vitrine::cuda_emulator
