// SPDX-License-Identifier: GPL-3.0-or-later
// Threads that all run the same function on their own share (SPMD), with a barrier inside it.
// Waiting spins for some microseconds, then sleeps on a futex: an idle pool burns no CPU.
//
// Owned by whoever computes. run() is called by one thread at a time, which takes part as rank 0;
// barrier() is called by every rank of a running job, the same number of times.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <type_traits>
#include <vector>

namespace vitrine::kernels::cpu {

class ThreadPool
{
public:
    /// `threads` ranks, the caller's own included; 0 counts as 1.
    explicit ThreadPool(std::uint32_t threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    std::uint32_t size() const { return m_size; }

    /// job(rank) on every rank; returns when all have finished. The job throws nothing.
    template<class Job>
    void run(Job&& job)
    {
        using Callable = std::remove_reference_t<Job>;
        start([](void* context, std::uint32_t rank) { (*static_cast<Callable*>(context))(rank); },
              const_cast<void*>(static_cast<const void*>(&job)));
    }

    /// Returns once every rank has called it; what each wrote before is visible to all after.
    void barrier();

private:
    using Function = void (*)(void* context, std::uint32_t rank);

    void start(Function function, void* context);
    void work(std::uint32_t rank);
    void waitWhile(const std::atomic<std::uint32_t>& word, std::uint32_t value) const;

    std::uint32_t m_size;
    std::uint32_t m_spins; ///< pauses before sleeping
    // Written by rank 0 before m_generation rises, read by the others after.
    Function m_function = nullptr; ///< null: stop
    void* m_context = nullptr;
    alignas(64) std::atomic<std::uint32_t> m_generation{0};
    alignas(64) std::atomic<std::uint32_t> m_arrived{0};
    alignas(64) std::atomic<std::uint32_t> m_phase{0};
    std::vector<std::thread> m_threads;
};

/// CPUs that this process may use, at least 1.
std::uint32_t usableCpus();

} // namespace vitrine::kernels::cpu
