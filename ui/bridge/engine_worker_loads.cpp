// SPDX-License-Identifier: GPL-3.0-or-later
// The engine thread's side of loading: how far it is, and what comes of it.
#include "ui/bridge/engine_text.h"
#include "ui/bridge/engine_worker.h"

namespace vitrine::ui {

void EngineWorker::handle(LoadProgressed& command)
{
    m_update.load = LoadState{QString::fromStdString(command.path), command.stage, command.fraction};
}

void EngineWorker::handle(LoadFinished& command)
{
    LoadEnd end;
    end.path = QString::fromStdString(command.path);
    end.gpuProblem = EngineText::translated(command.gpuProblem);
    if (command.result.has_value()) {
        abandonLab(EngineWorker::tr("Another model was opened."));
        const std::shared_ptr<const engine::RankPlan> plan = command.result->plan;
        m_elastic.reset();
        guarded([&] {
            m_engine->install(std::move(command.result).value());
            if (plan)
                m_elastic.emplace(plan);
        });
        modelChanged();
        if (m_engine->hasModel())
            m_loadedBlocks = m_engine->kvCache()->options().blocks;
        m_kvChosen = command.kvChosen;
        applyScheduling();
        end.summary = m_engine->model();
        end.gpu = command.gpu;
        if (!end.summary)
            return; // failEngine has told
        end.outcome = LoadEnd::Outcome::Ready;
    } else {
        const engine::Error& error = command.result.error();
        const bool cancelled = error.code == engine::ErrorCode::Cancelled;
        end.outcome = cancelled ? LoadEnd::Outcome::Cancelled : LoadEnd::Outcome::Failed;
        end.error = EngineText::translated(error.message);
        if (!end.gpuProblem.isEmpty() && end.gpuProblem != end.error)
            end.error += QLatin1Char('\n') + EngineWorker::tr("On the GPU: %1").arg(end.gpuProblem);
    }
    m_update.loadEnds.append(std::move(end));
}

} // namespace vitrine::ui
