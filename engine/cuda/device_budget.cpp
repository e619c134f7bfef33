// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/device_budget.h"

#include <algorithm>

namespace vitrine::engine {

namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

std::uint64_t less(std::uint64_t bytes, std::uint64_t taken)
{
    return bytes - std::min(bytes, taken);
}

} // namespace

std::uint64_t DeviceBudget::graphs() const
{
    return std::clamp(m_total / 128, 2 * kMebibyte, 256 * kMebibyte);
}

std::uint64_t DeviceBudget::kept() const
{
    return std::min(m_total / 10, 512 * kMebibyte);
}

std::uint64_t DeviceBudget::available(const DeviceUse& use) const
{
    const std::uint64_t free = less(use.free, kept());
    return m_limit == 0 ? free : std::min(free, less(m_limit, use.taken));
}

std::uint64_t DeviceBudget::forSteps(const DeviceUse& use) const
{
    return forKv(use) / 3;
}

std::uint64_t DeviceBudget::forGrowth(const DeviceUse& use) const
{
    const std::uint64_t half = use.free / 2;
    return m_limit == 0 ? half : std::min(half, less(m_limit, use.taken));
}

std::uint64_t DeviceBudget::forKv(const DeviceUse& use) const
{
    return less(available(use), less(graphs(), use.graphs));
}

} // namespace vitrine::engine
