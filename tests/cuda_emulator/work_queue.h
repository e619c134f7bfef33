// SPDX-License-Identifier: GPL-3.0-or-later
// The work that was given to the devices and has not run. It runs when somebody waits for some of it, one
// operation after the other, in an order drawn from a seed that keeps nothing but the dependencies. The
// machine's mutex guards it; an operation runs without it.
#pragma once

#include "cuda_emulator/meeting.h"
#include "cuda_emulator/shuffle_order.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>

namespace vitrine::cuda_emulator {

using MachineLock = std::unique_lock<std::mutex>;

class WorkQueue
{
public:
    // Told of every failure, with the lock held.
    void setFailureHandler(std::function<void(int device, const Failure&)> handler)
    {
        m_failed = std::move(handler);
    }
    // 0: in order of issue.
    void setSeed(std::uint64_t seed);

    OperationPtr add(int device, Work work, const std::vector<OperationPtr>& after);
    // Runs until all of them are done, and perhaps others.
    void finish(const std::vector<OperationPtr>& wanted, MachineLock& lock);
    void finishDevice(int device, MachineLock& lock);
    void finishAll(MachineLock& lock);
    // Runs one operation, if any is left.
    void advance(MachineLock& lock);
    // What is left of a device's work is done without being run.
    void drop(int device);
    // Whoever has this seat does not come any more; if it is there, it goes on.
    void leave(Meeting& meeting, std::size_t seat);
    std::size_t size() const { return m_pending.size(); }

private:
    OperationPtr pick(const std::set<const Operation*>* allowed);
    void run(const OperationPtr& operation, MachineLock& lock);
    void meet(const OperationPtr& operation, MachineLock& lock);
    bool waitForOthers(const std::vector<OperationPtr>& wanted, MachineLock& lock);
    void finished(const OperationPtr& operation);
    bool step(const std::set<const Operation*>* allowed, MachineLock& lock);

    std::function<void(int, const Failure&)> m_failed;
    std::map<std::uint64_t, OperationPtr> m_pending; // by id
    std::map<std::uint64_t, OperationPtr> m_ready;
    std::uint64_t m_lastId = 0;
    std::uint64_t m_clock = 0;
    std::uint64_t m_seed = 0;
    ShuffleOrder m_order;
    bool m_running = false;
    std::condition_variable m_idle;
};

} // namespace vitrine::cuda_emulator
