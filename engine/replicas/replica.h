// SPDX-License-Identifier: GPL-3.0-or-later
// One of several engines with the same model: scheduler, KV cache and compute threads of its own, on a thread
// of its own. Commands go in from any thread and never wait for a step; what becomes of them goes to the
// outbox, with the ids that they came with.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <string>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/base/ordered_mutex.h"
#include "engine/engine.h"
#include "engine/replicas/replica_outbox.h"

namespace vitrine::engine {

class Replica
{
public:
    /// The outbox outlives it.
    Replica(std::uint32_t number, PreparedModel prepared, ReplicaOutbox& outbox);
    ~Replica(); ///< waits for the step under way; tells no more
    Replica(const Replica&) = delete;
    Replica& operator=(const Replica&) = delete;

    /// The samples have the id `first` and the next ones. A refusal is a RequestFinished of each with its
    /// reason.
    void submit(RequestId first, GenerationRequest request, std::uint32_t samples);
    void cancel(RequestId id);

private:
    struct Submission
    {
        RequestId first;
        GenerationRequest request;
        std::uint32_t samples = 1;
    };
    using Command = std::variant<Submission, RequestId>; ///< an id: cancel it

    void post(Command command);
    // All below on its thread.
    void run(PreparedModel prepared);
    /// False: it is to end.
    bool takeCommands();
    void carryOut(Submission submission);
    void carryOut(RequestId cancelled);
    void step();
    void hear(EngineEvent event);
    void giveUp(const std::string& reason);
    void refuse(RequestId id, const std::string& reason);
    void tell();

    std::uint32_t m_number;
    ReplicaOutbox& m_outbox;

    OrderedMutex m_mutex{LockOrder::Replica}; // of the next two
    std::vector<Command> m_commands;
    bool m_stop = false;
    std::condition_variable_any m_wake;

    // Its thread's own:
    Engine m_engine;
    std::unordered_map<RequestId, RequestId> m_outside; ///< by the engine's ids
    std::unordered_map<RequestId, RequestId> m_inside;  ///< the other way round
    ReplicaNews m_news;
    std::vector<StepRecord> m_steps;

    std::thread m_thread; ///< last: it uses the others
};

} // namespace vitrine::engine
