// SPDX-License-Identifier: GPL-3.0-or-later
// The copies of the thread that runs.
#include "cuda_emulator/async_copy.h"

#include "cuda_emulator/block.h"

#include <cstdint>

namespace vitrine::cuda_emulator {

void copyAsync(void* shared, const void* global, int bytes, int sourceBytes)
{
    Block& block = Block::current();
    const auto size = static_cast<std::uintptr_t>(bytes);
    if (reinterpret_cast<std::uintptr_t>(shared) % size != 0 ||
        reinterpret_cast<std::uintptr_t>(global) % size != 0)
        block.stop("an asynchronous copy is not aligned to its size");
    if (sourceBytes < 0 || sourceBytes > bytes)
        block.stop("an asynchronous copy reads more than it writes");
    block.pendingCopies().add(shared, global, size, static_cast<std::size_t>(sourceBytes));
}

void commitCopies()
{
    Block::current().pendingCopies().commit();
}

void waitForCopies(int pending)
{
    Block::current().pendingCopies().wait(static_cast<std::size_t>(pending));
}

void waitForAllCopies()
{
    Block::current().pendingCopies().waitAll();
}

} // namespace vitrine::cuda_emulator
