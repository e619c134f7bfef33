// SPDX-License-Identifier: GPL-3.0-or-later
// What a replay records goes into a file in the format that its suffix names: .vtrace while it runs, others
// at its end. One engine, one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "engine/gpu_capture/traced_ranges.h"
#include "engine/telemetry/metrics.h"
#include "engine/trace/trace_export.h"
#include "engine/trace/trace_writer.h"

namespace vitrine::cli {

/// InvalidArgument: the suffix names no format of recordings; OutOfResources: this build does not write it.
engine::Result<void> checkTraceTarget(const std::string& path);

class TraceOutput
{
public:
    /// Records what `engine` does from now on, with its cache empty. OutOfResources when the file cannot be
    /// written; without a path there is none. REQUIRES: a suffix that engine::traceFormatOf() knows, a model,
    /// and that the engine lives longer.
    static engine::Result<TraceOutput> open(const std::string& path, engine::Engine& engine);

    TraceOutput(TraceOutput&&) = default;
    TraceOutput& operator=(TraceOutput&&) = delete;
    ~TraceOutput();

    /// Also what is told to NVTX, and what GPUs do, from now on. The capture is attached and outlives this.
    void captureNvtx(engine::TracedRanges& capture);
    /// Also counted there, which outlives this.
    void count(engine::Metrics& metrics) { m_metrics = &metrics; }
    void label(engine::RequestId request, const std::string& title);
    void drain(); ///< after steps
    engine::Result<void> close();

private:
    TraceOutput(const std::string& path, engine::Engine& engine)
        : m_path(path), m_engine(&engine), m_recorder(std::make_unique<engine::Recorder>())
    {}
    void keep(const engine::Result<void>& written);
    void drainNvtx();
    void closeNvtx();

    std::string m_path;
    engine::Engine* m_engine;
    std::unique_ptr<engine::Recorder> m_recorder; // the engine knows its address
    std::optional<engine::TraceWriter> m_writer;  // of a .vtrace
    engine::Trace m_trace;                        // of another format
    engine::TracedRanges* m_nvtx = nullptr;
    engine::Metrics* m_metrics = nullptr;
    std::optional<engine::Error> m_error; // the first
};

} // namespace vitrine::cli
