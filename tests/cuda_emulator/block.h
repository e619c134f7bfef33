// SPDX-License-Identifier: GPL-3.0-or-later
// A block of CUDA threads: a fibre each, run by one OS thread, warp by warp, until they wait for each other.
// A wait that can never end is a fault, not a hang. Blocks are used again: fibres are costly to make.
#pragma once

#include "cuda_emulator/collective.h"
#include "cuda_emulator/fibre.h"
#include "cuda_emulator/kernel_launch.h"
#include "cuda_emulator/pending_copies.h"
#include "cuda_emulator/shuffle_order.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace vitrine::cuda_emulator {

class Block
{
public:
    // Runs the block `index` of the launch. `seed` 0: threads in ascending order, else in an order drawn from
    // it.
    std::optional<KernelFault> run(const KernelLaunch& launch, uint3 index, std::uint64_t seed);

    // Called by the thread that runs, inside the kernel. They return when all that take part have come.
    void meetWarp(unsigned mask, Combine combine, void* payload);
    int meetBlock(BlockVote vote, int predicate);
    void giveWay();
    [[noreturn]] void stop(const std::string& why);

    unsigned lane() const { return m_current->linear % 32; }
    unsigned warp() const { return m_current->linear / 32; }
    PendingCopies& pendingCopies() { return m_current->copies; }
    void* dynamicShared() const { return m_dynamic; }
    std::size_t dynamicSharedBytes() const { return m_launch->dynamicShared; }

    // The block that runs on this OS thread.
    static Block& current();

private:
    enum class State { Ready, AtWarp, AtBlock, Exited };

    struct Thread
    {
        Fibre fibre;
        Block* block = nullptr;
        unsigned linear = 0;
        uint3 index{};
        State state = State::Exited;
        unsigned mask = 0;
        Combine combine = nullptr;
        void* payload = nullptr;
        BlockVote vote = BlockVote::None;
        int predicate = 0;
        PendingCopies copies;
    };

    void prepare(const KernelLaunch& launch, uint3 index, std::uint64_t seed);
    void prepareShared();
    void checkShared();
    void schedule();
    bool runWarp(unsigned warp);
    bool runReady(unsigned warp);
    bool finishCollectives(unsigned warp);
    bool finishCollective(unsigned warp, unsigned lane);
    bool finishBarrier();
    void resume(Thread& thread);
    void wait(State state);
    unsigned lanesOf(unsigned warp) const;
    KernelFault diverged() const;
    KernelFault fault(const std::string& what) const;
    void abandon();
    static void enterKernel(void* thread);

    const KernelLaunch* m_launch = nullptr;
    uint3 m_index{};
    unsigned m_count = 0;
    unsigned m_exited = 0;
    std::vector<std::unique_ptr<Thread>> m_threads; // at least m_count
    std::array<unsigned, 32> m_arrived{};           // threads of a warp that are ready
    Thread* m_current = nullptr;
    int m_voteResult = 0;
    ShuffleOrder m_order;
    std::vector<char> m_memory; // holds the dynamic shared memory and its guards
    char* m_dynamic = nullptr;
    std::optional<KernelFault> m_fault;
};

} // namespace vitrine::cuda_emulator
