// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_store.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vitrine::engine {

namespace {

constexpr std::size_t kFirstRoom = 1024;

} // namespace

void StepStore::push(RecordedStep step)
{
    std::vector<RecordedStep>& steps = m_block->steps;
    if (steps.size() < steps.capacity() || !isRead()) {
        steps.push_back(std::move(step)); // behind what anybody reads
        return;
    }
    auto larger = std::make_shared<Block>();
    larger->steps.reserve(std::max(kFirstRoom, steps.size() + steps.size() / 2));
    larger->steps.assign(steps.begin(), steps.end());
    larger->steps.push_back(std::move(step));
    m_block = std::move(larger);
}

void StepStore::replaceFirst(std::size_t count, RecordedStep first)
{
    const auto kept = m_block->steps.begin() + static_cast<std::ptrdiff_t>(count);
    if (!isRead()) {
        *(kept - 1) = std::move(first);
        m_block->steps.erase(m_block->steps.begin(), kept - 1);
        return;
    }
    auto fresh = std::make_shared<Block>();
    fresh->steps.reserve(m_block->steps.size());
    fresh->steps.push_back(std::move(first));
    fresh->steps.insert(fresh->steps.end(), kept, m_block->steps.end());
    m_block = std::move(fresh);
}

SharedSteps StepStore::share() const
{
    m_block->readers.fetch_add(1, std::memory_order_relaxed);
    const auto let = [block = m_block](const void*) {
        block->readers.fetch_sub(1, std::memory_order_release);
    };
    return {std::shared_ptr<const void>(m_block.get(), let), all()};
}

} // namespace vitrine::engine
