// SPDX-License-Identifier: GPL-3.0-or-later
// Which operation runs next.
#include "cuda_emulator/work_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vitrine::cuda_emulator {

namespace {

// A real device would wait for ever.
constexpr std::chrono::seconds kPatience{120};

void addWithPredecessors(const OperationPtr& operation, std::set<const Operation*>& all)
{
    std::vector<const Operation*> open{operation.get()};
    while (!open.empty()) {
        const Operation* next = open.back();
        open.pop_back();
        if (next->done || !all.insert(next).second)
            continue;
        for (const OperationPtr& before : next->after)
            open.push_back(before.get());
    }
}

} // namespace

void WorkQueue::setSeed(std::uint64_t seed)
{
    m_seed = seed;
    m_order.reset(seed);
}

OperationPtr WorkQueue::add(int device, Work work, const std::vector<OperationPtr>& after)
{
    auto operation = std::make_shared<Operation>();
    operation->id = ++m_lastId;
    operation->device = device;
    operation->work = std::move(work);
    for (const OperationPtr& before : after) {
        if (before == nullptr || before->done ||
            std::ranges::find(operation->after, before) != operation->after.end())
            continue;
        operation->after.push_back(before);
        before->next.push_back(operation);
    }
    operation->missing = operation->after.size();
    m_pending.emplace(operation->id, operation);
    if (operation->missing == 0)
        m_ready.emplace(operation->id, operation);
    m_idle.notify_all(); // somebody may wait for others to come to a meeting
    return operation;
}

OperationPtr WorkQueue::pick(const std::set<const Operation*>* allowed)
{
    std::vector<OperationPtr> candidates;
    for (const auto& [id, operation] : m_ready) {
        if (allowed == nullptr || allowed->contains(operation.get()))
            candidates.push_back(operation);
    }
    if (candidates.empty())
        return nullptr;
    return candidates[m_seed == 0 ? 0 : m_order.draw() % candidates.size()];
}

void WorkQueue::run(const OperationPtr& operation, MachineLock& lock)
{
    m_ready.erase(operation->id);
    if (operation->work.meeting != nullptr) {
        meet(operation, lock);
        return;
    }
    std::optional<Failure> failure;
    const Work work = std::move(operation->work); // a drop meanwhile leaves it alive
    if (work.run) {
        const std::uint64_t seed = m_seed == 0 ? 0 : m_order.draw() + 1;
        m_running = true;
        lock.unlock();
        failure = work.run(seed);
        lock.lock();
        m_running = false;
    }
    finished(operation);
    if (failure && m_failed)
        m_failed(operation->device, *failure);
    m_idle.notify_all();
}

// The last one to come does what all came for.
void WorkQueue::meet(const OperationPtr& operation, MachineLock& lock)
{
    const std::shared_ptr<Meeting> meeting = operation->work.meeting;
    const std::size_t seat = operation->work.seat;
    if (meeting->left[seat]) {
        finished(operation);
        m_idle.notify_all();
        return;
    }
    meeting->arrived[seat] = operation;
    if (!meeting->full())
        return;
    m_running = true;
    lock.unlock();
    const std::optional<Failure> failure = meeting->run();
    lock.lock();
    m_running = false;
    const std::vector<OperationPtr> all = std::exchange(meeting->arrived, {});
    for (const OperationPtr& one : all) {
        if (one != nullptr) // null: it was given up meanwhile
            finished(one);
    }
    for (const OperationPtr& one : all) {
        if (one != nullptr && failure && m_failed)
            m_failed(one->device, *failure);
    }
    m_idle.notify_all();
}

void WorkQueue::leave(Meeting& meeting, std::size_t seat)
{
    meeting.left[seat] = true;
    if (seat < meeting.arrived.size() && meeting.arrived[seat] != nullptr)
        finished(std::exchange(meeting.arrived[seat], nullptr));
    m_idle.notify_all();
}

void WorkQueue::finished(const OperationPtr& operation)
{
    if (operation->done)
        return;
    operation->done = true;
    operation->finishedAt = ++m_clock;
    operation->work = {};
    operation->after.clear();
    m_pending.erase(operation->id);
    m_ready.erase(operation->id);
    for (const auto& weak : operation->next) {
        const OperationPtr next = weak.lock();
        if (next != nullptr && !next->done && --next->missing == 0)
            m_ready.emplace(next->id, next);
    }
    operation->next.clear();
}

bool WorkQueue::step(const std::set<const Operation*>* allowed, MachineLock& lock)
{
    if (m_running) {
        m_idle.wait(lock, [this] { return !m_running; });
        return true;
    }
    const OperationPtr next = pick(allowed);
    if (next == nullptr)
        return false;
    run(next, lock);
    return true;
}

// Half of the times only what is needed runs, else anything that may.
void WorkQueue::finish(const std::vector<OperationPtr>& wanted, MachineLock& lock)
{
    bool sparing = m_seed != 0 && m_order.draw() % 2 == 0;
    std::set<const Operation*> needed;
    for (const OperationPtr& operation : wanted) {
        if (sparing && operation != nullptr)
            addWithPredecessors(operation, needed);
    }
    const auto missing = [&] {
        return std::ranges::any_of(wanted,
                                   [](const auto& operation) { return operation && !operation->done; });
    };
    while (missing()) {
        if (step(sparing ? &needed : nullptr, lock))
            continue;
        if (!sparing && !waitForOthers(wanted, lock))
            return;
        sparing = false; // what is met with was given to other devices
    }
}

// Nothing can run until another thread gives more work, or gives up a meeting.
bool WorkQueue::waitForOthers(const std::vector<OperationPtr>& wanted, MachineLock& lock)
{
    const auto missing = [](const auto& operation) { return operation && !operation->done; };
    if (m_idle.wait_for(lock, kPatience) == std::cv_status::no_timeout)
        return true;
    const auto stuck = std::ranges::find_if(wanted, missing);
    if (stuck != wanted.end() && m_failed)
        m_failed((*stuck)->device,
                 {cudaErrorLaunchTimeout, "a collective waited for ranks that never came to it"});
    return false;
}

void WorkQueue::finishDevice(int device, MachineLock& lock)
{
    std::vector<OperationPtr> wanted;
    for (const auto& [id, operation] : m_pending) {
        if (operation->device == device)
            wanted.push_back(operation);
    }
    finish(wanted, lock);
}

void WorkQueue::finishAll(MachineLock& lock)
{
    while (!m_pending.empty() && step(nullptr, lock)) {
    }
}

void WorkQueue::advance(MachineLock& lock)
{
    step(nullptr, lock);
}

void WorkQueue::drop(int device)
{
    std::vector<OperationPtr> doomed;
    for (const auto& [id, operation] : m_pending) {
        if (operation->device == device)
            doomed.push_back(operation);
    }
    for (const OperationPtr& operation : doomed)
        finished(operation);
}

} // namespace vitrine::cuda_emulator
