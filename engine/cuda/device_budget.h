// SPDX-License-Identifier: GPL-3.0-or-later
// How the memory of a GPU is shared out: weights first, then room for steps, a part for recorded steps, a
// margin that stays free, and the KV pool gets the rest. Arithmetic only; any thread.
#pragma once

#include <cstdint>

namespace vitrine::engine {

/// Bytes, at one moment.
struct DeviceUse
{
    std::uint64_t free = 0;   ///< as the device tells
    std::uint64_t taken = 0;  ///< by this executor, recorded steps included
    std::uint64_t graphs = 0; ///< of these, by recorded steps
};

class DeviceBudget
{
public:
    DeviceBudget() = default;
    /// `limit`: most that the executor may take; 0: nobody set one.
    DeviceBudget(std::uint64_t total, std::uint64_t limit) : m_total(total), m_limit(limit) {}

    std::uint64_t total() const { return m_total; }
    std::uint64_t limit() const { return m_limit; }
    /// That recorded steps may take.
    std::uint64_t graphs() const;
    /// That stays free: the driver loads code as it is needed, and other programs draw with the same GPU.
    std::uint64_t kept() const;
    /// That may be taken now, whatever for.
    std::uint64_t available(const DeviceUse& use) const;
    /// That room for steps may take: a part, or a model with a large vocabulary would have no KV left.
    std::uint64_t forSteps(const DeviceUse& use) const;
    /// That room for steps may grow by once there is a pool: half of what is free, the margin included.
    std::uint64_t forGrowth(const DeviceUse& use) const;
    std::uint64_t forKv(const DeviceUse& use) const;

private:
    std::uint64_t m_total = 0, m_limit = 0;
};

} // namespace vitrine::engine
