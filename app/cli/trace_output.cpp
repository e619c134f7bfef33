// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/trace_output.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include "app/cli/command.h"
#include "engine/base/clock.h"
#include "engine/trace/whole_file.h"

namespace vitrine::cli {

using engine::Result;

namespace {

engine::TraceOrigin originOf(const engine::Engine& engine, const engine::Recorder& recorder)
{
    engine::TraceOrigin origin;
    origin.pool = recorder.start();
    origin.model = std::filesystem::path(engine.model()->path).stem().string();
    origin.device = engine.device() + ", " + std::to_string(engine.threads()) + " threads";
    origin.program = "vitrine-cli";
    origin.unixNs = std::chrono::duration_cast<std::chrono::nanoseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count();
    origin.steadyNs = engine::nowNs();
    return origin;
}

} // namespace

Result<void> checkTraceTarget(const std::string& path)
{
    const std::optional<engine::TraceFormat> format = engine::traceFormatOf(path);
    if (!format)
        return engine::invalidArgument("wants a file that ends in .vtrace, .json, .pftrace, .sqlite, .csv, "
                                       ".prom, .html or .pdf, not \"" +
                                       path + "\"");
    if (const Result<void> can = engine::canExport(*format); !can)
        return engine::Error{can.error().code, path + ": " + can.error().message};
    return {};
}

Result<TraceOutput> TraceOutput::open(const std::string& path, engine::Engine& engine)
{
    TraceOutput output(path, engine);
    engine.record(output.m_recorder.get());
    output.m_trace.origin = originOf(engine, *output.m_recorder);
    if (path.empty())
        return output;
    const std::optional<engine::TraceFormat> format = engine::traceFormatOf(path);
    if (format != engine::TraceFormat::Recording) { // said before the run, which may be long
        if (const Result<void> writable = engine::checkWritable(path); !writable)
            return writable.error();
        return output;
    }
    const auto model = engine.sharedModel();
    auto writer = engine::TraceWriter::create(
        path, output.m_trace.origin,
        {.wordOf = [model](engine::TokenId token) { return std::string(model->tokenizer().bytes(token)); }});
    if (!writer)
        return writer.error();
    output.m_writer.emplace(std::move(*writer));
    return output;
}

TraceOutput::~TraceOutput()
{
    if (m_recorder != nullptr)
        m_engine->record(nullptr);
}

void TraceOutput::keep(const Result<void>& written)
{
    if (!written && !m_error)
        m_error = written.error();
}

void TraceOutput::label(engine::RequestId request, const std::string& title)
{
    const engine::TraceLabel label{title, 0, 0};
    if (m_writer)
        keep(m_writer->label(request, label));
    else
        m_trace.labels[request] = label;
}

void TraceOutput::drain()
{
    for (engine::RecordedStep& step : m_recorder->take()) {
        if (m_metrics != nullptr)
            m_metrics->add(step);
        if (m_writer)
            keep(m_writer->add({&step, 1}));
        else if (!m_path.empty())
            m_trace.steps.push_back(std::move(step));
    }
    drainNvtx();
}

void TraceOutput::captureNvtx(engine::TracedRanges& capture)
{
    m_nvtx = &capture;
    capture.start();
    if (!capture.note().empty())
        message("replay: " + capture.note());
}

void TraceOutput::drainNvtx()
{
    if (m_nvtx == nullptr)
        return;
    const std::vector<engine::NvtxEvent> events = m_nvtx->take();
    std::vector<engine::NvtxEvent>& kept = m_trace.nvtx.events;
    if (m_writer)
        keep(m_writer->addNvtx(events, m_nvtx->names()));
    else
        kept.insert(kept.end(), events.begin(), events.end());
}

void TraceOutput::closeNvtx()
{
    if (m_nvtx == nullptr)
        return;
    m_nvtx->stop();
    drainNvtx();
    m_trace.nvtx.names = m_nvtx->names();
    m_trace.nvtx.threads = m_nvtx->threads();
    m_trace.nvtx.dropped = m_nvtx->dropped();
    if (m_writer)
        keep(m_writer->endNvtx(m_trace.nvtx.threads, m_trace.nvtx.dropped));
}

Result<void> TraceOutput::close()
{
    m_engine->record(nullptr); // what came after the last step is given out
    drain();
    closeNvtx();
    m_trace.dropped = m_recorder->dropped();
    m_trace.complete = true;
    if (m_writer)
        keep(m_writer->finish(m_trace.dropped));
    else if (!m_path.empty())
        keep(engine::exportTrace(engine::Timeline(m_trace), m_path));
    return m_error ? Result<void>(*m_error) : Result<void>();
}

} // namespace vitrine::cli
