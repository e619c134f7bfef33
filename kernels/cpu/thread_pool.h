// SPDX-License-Identifier: GPL-3.0-or-later
// Threads that all run the same function on their own share (SPMD), with a barrier inside it.
// Waiting spins for some microseconds, then sleeps on a futex: an idle pool burns no CPU.
//
// Owned by whoever computes. run() is called by one thread at a time, which takes part as rank 0 unless the
// pool was made with Caller::Waits; barrier() is called by every rank of a running job, the same number of
// times. launch() and finish() are run() in two halves: with Caller::Waits the caller is free in between,
// with Caller::Works the job runs in finish().
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
    enum class Caller : std::uint8_t { Works, Waits };
    using Function = void (*)(void* context, std::uint32_t rank);

    /// `threads` ranks, the caller's own included when it works; 0 counts as 1. Where the system starts fewer
    /// threads, there are fewer ranks: size() says how many. Where it starts none, the caller works alone.
    /// `homes`, if any, holds for each rank the hardware threads that it keeps to (none: all); a caller that
    /// works goes where it likes.
    explicit ThreadPool(std::uint32_t threads, Caller caller = Caller::Works,
                        std::vector<std::vector<std::uint32_t>> homes = {});
    /// Waits for a job that was launched and not finished; with Caller::Works such a job never runs.
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    std::uint32_t size() const { return m_size; }
    std::uint32_t wanted() const { return m_wanted; } ///< size() is less where threads could not be started

    /// job(rank) on every rank; returns when all have finished. The job throws nothing.
    template<class Job>
    void run(Job&& job)
    {
        using Callable = std::remove_reference_t<Job>;
        launch([](void* context, std::uint32_t rank) { (*static_cast<Callable*>(context))(rank); },
               const_cast<void*>(static_cast<const void*>(&job)));
        finish();
    }

    /// REQUIRES: the job launched before has been finished; `context` lives until finish() returns.
    void launch(Function function, void* context);
    /// Returns when every rank has finished the launched job.
    void finish();
    /// Some rank keeps to hardware threads near its memory.
    bool hasHomes() const;
    bool callerWorks() const { return m_caller == Caller::Works; }

    /// Returns once every rank has called it; what each wrote before is visible to all after.
    void barrier();

private:
    void start();
    void work(std::uint32_t rank);
    void goHome(std::uint32_t rank) const;
    void waitWhile(const std::atomic<std::uint32_t>& word, std::uint32_t value) const;

    std::uint32_t m_size; ///< settled before the first job
    std::uint32_t m_wanted;
    Caller m_caller;
    std::vector<std::vector<std::uint32_t>> m_homes; ///< [rank], or none
    std::uint32_t m_spins;                           ///< pauses before sleeping
    // Written by rank 0 before m_generation rises, read by the others after.
    Function m_function = nullptr; ///< null: stop
    void* m_context = nullptr;
    alignas(64) std::atomic<std::uint32_t> m_generation{0};
    alignas(64) std::atomic<std::uint32_t> m_arrived{0};
    alignas(64) std::atomic<std::uint32_t> m_phase{0};
    alignas(64) std::atomic<std::uint32_t> m_finished{0}; ///< jobs done, where the caller only waits
    std::uint32_t m_launched = 0;                         ///< jobs given, counted by the caller
    std::vector<std::thread> m_threads;
};

/// CPUs that this process may use, at least 1.
std::uint32_t usableCpus();

} // namespace vitrine::kernels::cpu
