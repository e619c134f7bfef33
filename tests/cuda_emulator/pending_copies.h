// SPDX-License-Identifier: GPL-3.0-or-later
// A thread's asynchronous copies to shared memory. The bytes land at the wait, so that a missing wait is
// seen; until then the target holds poison, so that a target still in use is seen too.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace vitrine::cuda_emulator {

class PendingCopies
{
public:
    // `sourceBytes` are read, the rest of `bytes` becomes zero.
    void add(void* target, const void* source, std::size_t bytes, std::size_t sourceBytes);
    void commit();
    // All groups but the newest `pending` land.
    void wait(std::size_t pending);
    // Everything lands, committed or not.
    void waitAll();
    void clear();

private:
    struct Copy
    {
        void* target;
        const void* source;
        std::size_t bytes;
        std::size_t sourceBytes;
    };

    static void land(const std::vector<Copy>& group);

    std::vector<Copy> m_open;
    std::deque<std::vector<Copy>> m_groups;
};

} // namespace vitrine::cuda_emulator
