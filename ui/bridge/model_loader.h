// SPDX-License-Identifier: GPL-3.0-or-later
// Prepares models on a thread of its own, so that chats go on meanwhile and cancelling acts at once.
// One load at a time: a new one supersedes the one under way, which then ends as cancelled. Every load() is
// answered by one LoadFinished. Where the GPU that was asked for cannot be used, the processor is tried.
//
// Thread: every public call from any one thread at a time, none of them waits (but the destructor, which
// joins: it takes as long as the loader takes to ask its progress callback again). Reports arrive on the
// loader's thread through the queue.
#pragma once

#include <atomic>
#include <condition_variable>
#include <optional>
#include <string>
#include <thread>

#include "engine/base/ordered_mutex.h"
#include "engine/engine_options.h"
#include "ui/bridge/command_queue.h"

namespace vitrine::ui {

class ModelLoader
{
public:
    ModelLoader(engine::EngineOptions options, CommandQueue& reports);
    ~ModelLoader();

    void load(std::string path, const LoadOptions& options = {});
    void cancel();

private:
    struct Job
    {
        quint64 serial = 0;
        std::string path;
        LoadOptions options;
    };

    void run();
    std::optional<Job> nextJob();
    void prepare(const Job& job);
    LoadFinished attempt(const Job& job, const engine::LoadProgress& progress) const;

    const engine::EngineOptions m_options;
    CommandQueue& m_reports;
    std::atomic<quint64> m_wanted{0}; // serial of the load that shall go on; 0: none
    engine::OrderedMutex m_mutex{engine::LockOrder::ModelLoader};
    std::condition_variable_any m_changed;
    std::optional<Job> m_next; // guarded by m_mutex
    bool m_quit = false;       // guarded by m_mutex
    quint64 m_lastSerial = 0;  // callers' side only
    std::thread m_thread;
};

} // namespace vitrine::ui
