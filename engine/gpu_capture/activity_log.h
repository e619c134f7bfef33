// SPDX-License-Identifier: GPL-3.0-or-later
// Activities that came from the driver and wait to be taken; bounded. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/ordered_mutex.h"
#include "engine/gpu_capture/gpu_activity.h"

namespace vitrine::engine {

class ActivityLog
{
public:
    /// Forgets what waits; `most` find room between two calls of take().
    void start(std::size_t most);
    void add(const GpuActivity& activity);
    void drop(std::uint64_t count);
    std::vector<GpuActivity> take();
    std::uint64_t dropped() const; ///< since start()

    /// Of a kernel, as the compiler calls it. 0: there is no room for more names.
    std::uint32_t nameOf(std::string_view name);
    std::string name(std::uint32_t number) const;

private:
    mutable OrderedMutex m_lock{LockOrder::GpuActivity};
    std::size_t m_most = 0;
    std::vector<GpuActivity> m_waiting;
    std::uint64_t m_dropped = 0;
    std::vector<std::string> m_names{""};
    std::unordered_map<std::string, std::uint32_t> m_numbers;
};

} // namespace vitrine::engine
