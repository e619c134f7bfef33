// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cpu/thread_pool.h"

#include <algorithm>
#include <exception>
#include <sched.h>
#include <utility>

namespace vitrine::kernels::cpu {

namespace {

// About 50 µs of pauses: longer than a layer's stages differ between ranks, short enough to be polite.
constexpr std::uint32_t kSpins = 3000;

void pause()
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

} // namespace

std::uint32_t usableCpus()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return static_cast<std::uint32_t>(std::max(1, CPU_COUNT(&set)));
    return std::max(1U, std::thread::hardware_concurrency());
}

ThreadPool::ThreadPool(std::uint32_t threads, Caller caller, std::vector<std::vector<std::uint32_t>> homes)
    : m_size(std::max(1U, threads)), m_wanted(m_size), m_caller(caller), m_homes(std::move(homes)),
      m_spins(m_size > usableCpus() ? 0 : kSpins)
{
    m_threads.reserve(m_size);
    start();
}

/// As many as the system gives. Those that run look at the size with their first job only.
void ThreadPool::start()
{
    const std::uint32_t own = callerWorks() ? 1 : 0;
    try {
        for (std::uint32_t rank = own; rank < m_size; ++rank)
            m_threads.emplace_back([this, rank] { work(rank); });
    } catch (const std::exception&) { // no thread, or no memory for one
        m_size = std::max<std::uint32_t>(1, own + static_cast<std::uint32_t>(m_threads.size()));
        if (m_threads.empty())
            m_caller = Caller::Works;
    }
}

ThreadPool::~ThreadPool()
{
    if (!callerWorks())
        finish(); // what was launched still reads m_function
    m_function = nullptr;
    m_generation.fetch_add(1, std::memory_order_release);
    m_generation.notify_all();
    for (std::thread& thread : m_threads)
        thread.join();
}

void ThreadPool::waitWhile(const std::atomic<std::uint32_t>& word, std::uint32_t value) const
{
    for (std::uint32_t spin = 0; spin < m_spins; ++spin) {
        if (word.load(std::memory_order_acquire) != value)
            return;
        pause();
    }
    while (word.load(std::memory_order_acquire) == value)
        word.wait(value, std::memory_order_acquire);
}

void ThreadPool::barrier()
{
    if (m_size == 1)
        return;
    const std::uint32_t phase = m_phase.load(std::memory_order_relaxed);
    if (m_arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == m_size) {
        m_arrived.store(0, std::memory_order_relaxed);
        m_phase.store(phase + 1, std::memory_order_release);
        m_phase.notify_all();
        return;
    }
    waitWhile(m_phase, phase);
}

void ThreadPool::launch(Function function, void* context)
{
    m_function = function;
    m_context = context;
    ++m_launched;
    if (!callerWorks()) {
        m_generation.fetch_add(1, std::memory_order_release);
        m_generation.notify_all();
    }
}

void ThreadPool::finish()
{
    if (!callerWorks())
        return waitWhile(m_finished, m_launched - 1);
    if (m_size > 1) {
        m_generation.fetch_add(1, std::memory_order_release);
        m_generation.notify_all();
    }
    m_function(m_context, 0);
    barrier();
}

bool ThreadPool::hasHomes() const
{
    return std::any_of(m_homes.begin(), m_homes.end(), [](const auto& home) { return !home.empty(); });
}

/// Where the system refuses, the thread stays free.
void ThreadPool::goHome(std::uint32_t rank) const
{
    if (rank >= m_homes.size() || m_homes[rank].empty())
        return;
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const std::uint32_t cpu : m_homes[rank])
        if (cpu < CPU_SETSIZE)
            CPU_SET(cpu, &set);
    static_cast<void>(sched_setaffinity(0, sizeof set, &set));
}

void ThreadPool::work(std::uint32_t rank)
{
    goHome(rank);
    for (std::uint32_t generation = 0;;) {
        waitWhile(m_generation, generation);
        ++generation;
        if (m_function == nullptr)
            return;
        m_function(m_context, rank);
        barrier();
        if (rank == 0) { // only where the caller waits
            m_finished.store(generation, std::memory_order_release);
            m_finished.notify_all();
        }
    }
}

} // namespace vitrine::kernels::cpu
