// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks handed out one by one to the threads that run them.
#include "cuda_emulator/grid.h"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <thread>

namespace vitrine::cuda_emulator {

namespace {

// With AddressSanitizer, __shared__ variables exist once in the process.
unsigned workersFor(std::size_t blocks)
{
#if defined(__SANITIZE_ADDRESS__)
    return blocks > 0 ? 1 : 0;
#else
    const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
    return unsigned(std::min<std::size_t>(blocks, cores));
#endif
}

// The blocks in the order in which they begin.
class BlockQueue
{
public:
    BlockQueue(const KernelLaunch& launch, std::uint64_t seed)
        : m_launch(launch), m_seed(seed),
          m_count(std::uint64_t(launch.grid.x) * launch.grid.y * launch.grid.z),
          m_first(seed == 0 ? 0 : seed % m_count)
    {}

    std::uint64_t count() const { return m_count; }

    void work(Block& block)
    {
        for (std::uint64_t i = m_next++; i < m_count && !m_stopped; i = m_next++) {
            const std::uint64_t linear = (i + m_first) % m_count;
            const std::uint64_t x = m_launch.grid.x;
            const std::uint64_t y = m_launch.grid.y;
            const uint3 index{unsigned(linear % x), unsigned(linear / x % y), unsigned(linear / (x * y))};
            auto fault = block.run(m_launch, index, m_seed == 0 ? 0 : m_seed + linear * 0x9E3779B9U);
            if (fault && !m_stopped.exchange(true))
                m_fault = std::move(fault);
        }
    }

    std::optional<KernelFault> fault() { return std::move(m_fault); }

private:
    const KernelLaunch& m_launch;
    const std::uint64_t m_seed;
    const std::uint64_t m_count;
    const std::uint64_t m_first;
    std::atomic<std::uint64_t> m_next = 0;
    std::atomic<bool> m_stopped = false;
    std::optional<KernelFault> m_fault;
};

} // namespace

std::optional<KernelFault> Grid::run(const KernelLaunch& launch, std::uint64_t seed)
{
    const std::lock_guard lock(m_mutex);
    BlockQueue queue(launch, seed);
    const unsigned workers = workersFor(queue.count());
    while (m_blocks.size() < workers)
        m_blocks.push_back(std::make_unique<Block>());
    std::vector<std::jthread> helpers;
    for (unsigned i = 1; i < workers; ++i)
        helpers.emplace_back([&queue, block = m_blocks[i].get()] { queue.work(*block); });
    queue.work(*m_blocks[0]);
    helpers.clear();
    return queue.fault();
}

} // namespace vitrine::cuda_emulator
