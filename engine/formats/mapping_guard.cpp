// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/mapping_guard.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace vitrine::engine {

namespace {

constexpr int kSlots = 512;

struct Slot
{
    std::atomic<bool> taken{false};
    std::atomic<std::uintptr_t> begin{0}, end{0}; ///< begin 0: not in use yet
    std::atomic<bool> lost{false};
};

// A signal handler reaches nothing but such variables.
std::array<Slot, kSlots> g_slots;
struct sigaction g_before = {};
std::uintptr_t g_pageSize = 4096;

/// Zeros from the page that could not be read to the mapping's end.
bool replacePages(std::uintptr_t address)
{
    for (Slot& slot : g_slots) {
        const std::uintptr_t begin = slot.begin.load(), end = slot.end.load();
        if (begin == 0 || address < begin || address >= end)
            continue;
        const std::uintptr_t page = address / g_pageSize * g_pageSize;
        void* const mapped = mmap(reinterpret_cast<void*>(page), end - page, PROT_READ,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        slot.lost.store(true);
        return mapped != MAP_FAILED;
    }
    return false;
}

void onBusError(int /*signal*/, siginfo_t* info, void* /*context*/)
{
    const int before = errno;
    const bool replaced = replacePages(reinterpret_cast<std::uintptr_t>(info->si_addr));
    errno = before;
    if (!replaced)
        sigaction(SIGBUS, &g_before, nullptr); // the read is tried again and ends as it would have
}

void install()
{
    static std::once_flag once;
    std::call_once(once, [] {
        g_pageSize = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
        struct sigaction action = {};
        action.sa_sigaction = onBusError;
        action.sa_flags = SA_SIGINFO;
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, &g_before);
    });
}

} // namespace

MappingGuard::MappingGuard(const std::uint8_t* data, std::size_t size)
{
    install();
    for (int i = 0; i < kSlots; ++i) {
        Slot& slot = g_slots[static_cast<std::size_t>(i)];
        if (slot.taken.exchange(true))
            continue;
        slot.lost.store(false);
        slot.end.store(reinterpret_cast<std::uintptr_t>(data) + size);
        slot.begin.store(reinterpret_cast<std::uintptr_t>(data));
        m_slot = i;
        return;
    }
}

MappingGuard::MappingGuard(MappingGuard&& other) noexcept : m_slot(std::exchange(other.m_slot, -1)) {}

MappingGuard& MappingGuard::operator=(MappingGuard&& other) noexcept
{
    std::swap(m_slot, other.m_slot);
    return *this;
}

MappingGuard::~MappingGuard()
{
    if (m_slot < 0)
        return;
    Slot& slot = g_slots[static_cast<std::size_t>(m_slot)];
    slot.begin.store(0);
    slot.taken.store(false);
}

bool MappingGuard::lost() const
{
    return m_slot >= 0 && g_slots[static_cast<std::size_t>(m_slot)].lost.load();
}

} // namespace vitrine::engine
