// SPDX-License-Identifier: GPL-3.0-or-later
// The engine thread: owns the Engine, runs engine.step() while there is work, sleeps otherwise. Commands are
// read between two steps, so that Stop acts within one step, also in a long prefill. What happened goes out
// at most once a frame: one EngineUpdate in the slot and one updateReady() signal.
//
// Thread: constructed anywhere, moved to its QThread, run() is that thread's main function; post(),
// loadModel(), cancelLoad() and takeUpdate() belong to the thread of the EngineBridge.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <QObject>

#include "engine/engine.h"
#include "engine/plan/elastic_ranks.h"
#include "ui/bridge/command_queue.h"
#include "ui/bridge/lab_run.h"
#include "ui/bridge/model_loader.h"
#include "ui/bridge/reply_tracker.h"
#include "ui/bridge/residency_watch.h"
#include "ui/bridge/token_counter.h"
#include "ui/bridge/update_slot.h"
#include "ui/recording/recording_feed.h"

namespace vitrine::ui {

class EngineWorker : public QObject
{
    Q_OBJECT

public:
    /// The counter outlives it. Everything that happens is left in the feed.
    EngineWorker(const engine::EngineOptions& options, TokenCounter& counter,
                 std::shared_ptr<RecordingFeed> feed);
    ~EngineWorker() override;

    void post(Command command) { m_commands.push(std::move(command)); }
    void loadModel(std::string path, const LoadOptions& options) { m_loader->load(std::move(path), options); }
    void cancelLoad() { m_loader->cancel(); }
    std::optional<FrameUpdate> takeUpdate() { return m_slot.take(); }

public slots:
    /// Returns after a QuitCommand.
    void run();

signals:
    void updateReady();

private:
    using Clock = std::chrono::steady_clock;

    bool handleCommands(); // false: quit
    void handle(GenerateCommand& command);
    void handle(StopCommand& command);
    void handle(UnloadCommand& command);
    void handle(PrefetchCommand& command);
    void handle(WatchCommand& command);
    void handle(ForeseeCommand& command);
    void handle(ScheduleCommand& command);
    void handle(ProcessesCommand& command);
    void handle(LabCommand& command);
    void handle(StopLabCommand& command);
    void handle(LoadProgressed& command);
    void handle(LoadFinished& command);
    void handle(QuitCommand& command);

    void guarded(const std::function<void()>& action);
    void modelChanged();
    void tellSource();
    engine::Result<void> setProcesses(quint32 count);
    void planForThreads(std::uint32_t threads);
    void followLoad();
    void applyScheduling();
    void applyKvMemory();
    void startEngine();
    void work();
    void rest();
    bool mayRest() const;
    void advanceLab();
    Clock::time_point labWakes(Clock::time_point otherwise) const;
    void tellLab();
    void abandonLab(const QString& why);
    void closeLab(const LabEnd& end);
    void onEvent(const engine::EngineEvent& event);
    void take(const engine::EngineEvent& event);
    void failEngine(const QString& why);
    void collectSteps();
    void collectStatus();
    void collectResidency();
    void flush();
    bool hasUpdate() const;

    CommandQueue m_commands;
    UpdateSlot m_slot;
    std::unique_ptr<ModelLoader> m_loader;
    TokenCounter& m_counter;
    std::shared_ptr<RecordingFeed> m_feed;

    // Engine thread only, from here on.
    struct Generated
    {
        qint64 ns = 0;
        quint32 tokens = 0;
    };

    std::unique_ptr<engine::Engine> m_engine;
    quint32 m_loadedBlocks = 0;                    ///< of the KV cache when the model was loaded
    bool m_kvChosen = false;                       ///< for the load of this model
    std::optional<SchedulingChoice> m_scheduling;  ///< none: as the engine's options say
    bool m_deterministic = false;                  ///< without a choice
    bool m_chosenInLab = false;                    ///< m_scheduling is to be applied when the run is over
    std::optional<engine::ElasticRanks> m_elastic; ///< none: a number of processes was chosen
    std::unique_ptr<LabRun> m_lab;                 // the run under way
    ReplyTracker m_replies;
    ResidencyWatch m_residency;
    std::vector<engine::EngineEvent> m_early; // events that came before submit() returned
    EngineUpdate m_update;
    LabUpdate m_labUpdate;
    std::vector<engine::StepRecord> m_drained;
    std::deque<Generated> m_generated; // the last second
    quint64 m_droppedBefore = 0;       // by engines that failed
    EngineStatus m_status;
    Clock::time_point m_nextFlush{};
    Clock::time_point m_nextStatus{};
    Clock::time_point m_nextResidency{};
    Clock::time_point m_nextLab{};
    bool m_submitting = false;
    bool m_quit = false;
    bool m_statusOpen = false; // figures may still change although nothing runs
};

} // namespace vitrine::ui
