// SPDX-License-Identifier: GPL-3.0-or-later
// Where the engine's thread leaves what it did and a recording's thread finds it, with what is known of the
// model that runs. Thread: any; locks are held for moving pointers only.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <QString>

#include "engine/analysis/analysis_facts.h"
#include "engine/base/ordered_mutex.h"
#include "engine/gpu_capture/traced_ranges.h"
#include "engine/model/model.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::ui {

class RecordingFeed
{
public:
    struct Source
    {
        std::shared_ptr<const engine::Model> model; ///< to be let go soon: it holds the file's memory
        QString name, device;
        engine::AnalysisFacts facts; ///< as they are with the settings in force
    };

    engine::Recorder& recorder() { return m_recorder; }

    /// What captures NVTX and GPUs, or why nothing does; before anybody reads from here.
    void setNvtx(engine::TracedRanges capture) { m_nvtx.emplace(std::move(capture)); }
    void setNoNvtx(const QString& why) { m_nvtxProblem = why; }
    /// For the recording's thread; null: see nvtxProblem().
    engine::TracedRanges* nvtx() { return m_nvtx ? &*m_nvtx : nullptr; }
    const QString& nvtxProblem() const { return m_nvtxProblem; }

    void setSource(Source source)
    {
        const std::lock_guard guard(m_lock);
        m_source = std::move(source);
    }
    Source source() const
    {
        const std::lock_guard guard(m_lock);
        return m_source;
    }

private:
    engine::Recorder m_recorder;
    std::optional<engine::TracedRanges> m_nvtx;
    QString m_nvtxProblem;
    mutable engine::OrderedMutex m_lock{engine::LockOrder::RecordingFeed};
    Source m_source;
};

} // namespace vitrine::ui
