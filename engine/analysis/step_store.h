// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a recording, one after the other in memory, that others may read while it grows: what was
// handed out stays where it is and as it is until nobody holds it. Steps are copied only when they must move
// (more room is needed, the oldest go) while somebody reads.
//
// The owner's thread calls everything here; what share() returned may be read and let go on any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

/// Steps that do not change, for as long as `hold` does.
struct SharedSteps
{
    std::shared_ptr<const void> hold;
    std::span<const RecordedStep> steps;
};

class StepStore
{
public:
    StepStore() : m_block(std::make_shared<Block>()) {}
    StepStore(StepStore&&) = default;
    StepStore& operator=(StepStore&&) = default;

    std::span<const RecordedStep> all() const { return m_block->steps; }
    std::size_t size() const { return m_block->steps.size(); }
    bool isEmpty() const { return m_block->steps.empty(); }
    const RecordedStep& operator[](std::size_t step) const { return m_block->steps[step]; }

    void push(RecordedStep step);
    /// The first `count` go and `first` comes in their place. REQUIRES: 0 < count <= size().
    void replaceFirst(std::size_t count, RecordedStep first);
    /// All that are there now.
    SharedSteps share() const;
    /// Somebody reads: steps would have to be copied to be moved.
    bool isRead() const { return m_block->readers.load(std::memory_order_acquire) > 0; }

private:
    struct Block
    {
        std::vector<RecordedStep> steps;
        mutable std::atomic<std::size_t> readers = 0;
    };

    std::shared_ptr<Block> m_block;
};

} // namespace vitrine::engine
