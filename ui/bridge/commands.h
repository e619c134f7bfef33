// SPDX-License-Identifier: GPL-3.0-or-later
// What other threads ask of the engine thread. Read between two steps, in order.
#pragma once

#include <string>
#include <variant>

#include "engine/base/result.h"
#include "engine/engine.h"
#include "ui/bridge/lab_job.h"
#include "ui/bridge/snapshots.h"

namespace vitrine::ui {

struct GenerateCommand
{
    QList<ReplyId> replies; ///< to one prompt
    engine::GenerationRequest request;
};
struct StopCommand
{
    ReplyId reply;
};
struct UnloadCommand
{};
struct PrefetchCommand
{
    engine::Prompt prompt;
};
struct WatchCommand
{
    QList<ReplyId> replies;
};
struct ForeseeCommand
{
    quint64 id = 0;
    engine::GenerationRequest request;
};
struct ScheduleCommand
{
    SchedulingChoice choice;
};
/// Processes that share the model; 0: as many as are fastest.
struct ProcessesCommand
{
    quint32 count = 1;
};
struct LabCommand
{
    LabJob job;
};
struct StopLabCommand
{};
struct LoadProgressed
{
    std::string path;
    engine::LoadStage stage = engine::LoadStage::OpeningFile;
    double fraction = 0;
};
struct LoadFinished
{
    std::string path;
    engine::Result<engine::PreparedModel> result;
    bool kvChosen = false;       ///< its KV memory was chosen for this load
    qint32 gpu = engine::kNoGpu; ///< that it computes on
    std::string gpuProblem = {}; ///< why not on the one that was asked for
};
struct QuitCommand
{};

using Command = std::variant<GenerateCommand, StopCommand, UnloadCommand, PrefetchCommand, WatchCommand,
                             ForeseeCommand, ScheduleCommand, ProcessesCommand, LabCommand, StopLabCommand,
                             LoadProgressed, LoadFinished, QuitCommand>;

} // namespace vitrine::ui
