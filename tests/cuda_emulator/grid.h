// SPDX-License-Identifier: GPL-3.0-or-later
// A whole launch: its blocks over a few OS threads, in an order drawn from a seed. One launch runs at a time.
#pragma once

#include "cuda_emulator/block.h"

#include <memory>
#include <mutex>
#include <vector>

namespace vitrine::cuda_emulator {

class Grid
{
public:
    // Returns when every block has run, or with the first fault. Seed 0: everything in ascending order.
    std::optional<KernelFault> run(const KernelLaunch& launch, std::uint64_t seed);

private:
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Block>> m_blocks; // one an OS thread
};

} // namespace vitrine::cuda_emulator
