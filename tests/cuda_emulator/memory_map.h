// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of all virtual devices and the pinned memory of the host. Contents begin poisoned; guards on
// either side are checked (AddressSanitizer checks them itself, at the access). Any thread.
#pragma once

#include "cuda_emulator/failure.h"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace vitrine::cuda_emulator {

enum class MemoryKind { Device, Pinned, Registered };

struct Allocation
{
    char* place = nullptr;
    std::size_t bytes = 0;
    MemoryKind kind = MemoryKind::Device;
    int device = 0;
    std::size_t held = 0; // bytes that count against the device
};

class MemoryMap
{
public:
    ~MemoryMap();

    // Null when the device has not enough left.
    void* allocate(MemoryKind kind, int device, std::size_t bytes);
    // Memory of somebody else becomes known. False when it overlaps what is known.
    bool registerHost(void* place, std::size_t bytes);
    // False when no such allocation begins there.
    bool release(void* place, MemoryKind kind);
    void releaseAll();

    // The allocation that holds the address, or ends right there.
    std::optional<Allocation> find(const void* place) const;
    // Whether the bytes lie in one allocation. `found` says in which.
    bool holds(const void* place, std::size_t bytes, Allocation* found = nullptr) const;
    // Of the first guard that was written to; it is mended.
    std::optional<std::string> damage();

    void setLimit(int device, std::size_t bytes);
    std::size_t limit(int device) const;
    std::size_t used(int device) const;
    std::vector<Allocation> all() const;

private:
    void free(const Allocation& allocation);

    mutable std::mutex m_mutex;
    std::map<const char*, Allocation> m_allocations; // by place
    std::map<int, std::size_t> m_limits;
    std::map<int, std::size_t> m_used;
};

} // namespace vitrine::cuda_emulator
