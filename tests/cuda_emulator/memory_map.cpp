// SPDX-License-Identifier: GPL-3.0-or-later
// Allocations between guards.
#include "cuda_emulator/memory_map.h"

#include "cuda_emulator/poison.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace vitrine::cuda_emulator {

namespace {

constexpr std::size_t kAlignment = 256;
constexpr std::size_t kGuard = 256;
[[maybe_unused]] constexpr unsigned char kGuardByte = 0xA5;

std::size_t rounded(std::size_t bytes)
{
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

std::size_t guardBehind(const Allocation& allocation)
{
    return rounded(allocation.bytes) - allocation.bytes + kGuard;
}

#if defined(__SANITIZE_ADDRESS__)
void raiseGuards(const Allocation& allocation)
{
    ASAN_POISON_MEMORY_REGION(allocation.place - kGuard, kGuard);
    ASAN_POISON_MEMORY_REGION(allocation.place + allocation.bytes, guardBehind(allocation));
}

void lowerGuards(const Allocation& allocation)
{
    ASAN_UNPOISON_MEMORY_REGION(allocation.place - kGuard, kGuard + rounded(allocation.bytes) + kGuard);
}

std::optional<std::string> guardDamage(const Allocation&)
{
    return std::nullopt;
}
#else
void raiseGuards(const Allocation& allocation)
{
    std::memset(allocation.place - kGuard, kGuardByte, kGuard);
    std::memset(allocation.place + allocation.bytes, kGuardByte, guardBehind(allocation));
}

void lowerGuards(const Allocation&) {}

std::optional<std::string> guardDamage(const Allocation& allocation)
{
    const auto written = [](const char* begin, std::size_t bytes) {
        return std::find_if(begin, begin + bytes,
                            [](char c) { return static_cast<unsigned char>(c) != kGuardByte; });
    };
    const char* before = allocation.place - kGuard;
    const char* behind = allocation.place + allocation.bytes;
    const char* first = written(before, kGuard);
    if (first == allocation.place)
        first = written(behind, guardBehind(allocation));
    if (first == behind + guardBehind(allocation))
        return std::nullopt;
    return "byte " + std::to_string(first - allocation.place) + " of an allocation of " +
           std::to_string(allocation.bytes) + " bytes was written";
}
#endif

} // namespace

MemoryMap::~MemoryMap()
{
    releaseAll();
}

void* MemoryMap::allocate(MemoryKind kind, int device, std::size_t bytes)
{
    const std::lock_guard lock(m_mutex);
    Allocation allocation;
    allocation.bytes = bytes;
    allocation.kind = kind;
    allocation.device = device;
    allocation.held = kind == MemoryKind::Device ? rounded(bytes) : 0;
    const std::size_t used = m_used[device];
    if (bytes > (std::size_t(1) << 40) ||
        (kind == MemoryKind::Device &&
         (used > m_limits[device] || allocation.held > m_limits[device] - used)))
        return nullptr;
    auto* block = static_cast<char*>(std::aligned_alloc(kAlignment, kGuard + rounded(bytes) + kGuard));
    if (block == nullptr)
        return nullptr;
    allocation.place = block + kGuard;
    poison(allocation.place, bytes);
    raiseGuards(allocation);
    m_used[device] = used + allocation.held;
    m_allocations.emplace(allocation.place, allocation);
    return allocation.place;
}

bool MemoryMap::registerHost(void* place, std::size_t bytes)
{
    const std::lock_guard lock(m_mutex);
    auto* begin = static_cast<char*>(place);
    const auto behind = m_allocations.lower_bound(begin + bytes);
    if (behind != m_allocations.begin() &&
        std::prev(behind)->second.place + std::prev(behind)->second.bytes > begin)
        return false;
    return m_allocations.emplace(begin, Allocation{begin, bytes, MemoryKind::Registered, 0, 0}).second;
}

bool MemoryMap::release(void* place, MemoryKind kind)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_allocations.find(static_cast<char*>(place));
    if (found == m_allocations.end() || found->second.kind != kind)
        return false;
    free(found->second);
    m_allocations.erase(found);
    return true;
}

void MemoryMap::releaseAll()
{
    const std::lock_guard lock(m_mutex);
    for (const auto& [place, allocation] : m_allocations)
        free(allocation);
    m_allocations.clear();
}

void MemoryMap::free(const Allocation& allocation)
{
    m_used[allocation.device] -= allocation.held;
    if (allocation.kind == MemoryKind::Registered)
        return;
    lowerGuards(allocation);
    poison(allocation.place, allocation.bytes);
    std::free(allocation.place - kGuard);
}

std::optional<Allocation> MemoryMap::find(const void* place) const
{
    const std::lock_guard lock(m_mutex);
    const auto* address = static_cast<const char*>(place);
    const auto behind = m_allocations.upper_bound(address);
    if (behind == m_allocations.begin())
        return std::nullopt;
    const Allocation& allocation = std::prev(behind)->second;
    if (address > allocation.place + allocation.bytes)
        return std::nullopt;
    return allocation;
}

bool MemoryMap::holds(const void* place, std::size_t bytes, Allocation* found) const
{
    const auto allocation = find(place);
    if (!allocation)
        return false;
    if (found != nullptr)
        *found = *allocation;
    return bytes <= std::size_t(allocation->place + allocation->bytes - static_cast<const char*>(place));
}

std::optional<std::string> MemoryMap::damage()
{
    const std::lock_guard lock(m_mutex);
    for (const auto& [place, allocation] : m_allocations) {
        if (allocation.kind == MemoryKind::Registered)
            continue;
        if (auto text = guardDamage(allocation)) {
            raiseGuards(allocation);
            return text;
        }
    }
    return std::nullopt;
}

void MemoryMap::setLimit(int device, std::size_t bytes)
{
    const std::lock_guard lock(m_mutex);
    m_limits[device] = bytes;
}

std::size_t MemoryMap::limit(int device) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_limits.find(device);
    return found == m_limits.end() ? 0 : found->second;
}

std::size_t MemoryMap::used(int device) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_used.find(device);
    return found == m_used.end() ? 0 : found->second;
}

std::vector<Allocation> MemoryMap::all() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<Allocation> result;
    for (const auto& [place, allocation] : m_allocations)
        result.push_back(allocation);
    return result;
}

} // namespace vitrine::cuda_emulator
