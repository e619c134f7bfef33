// SPDX-License-Identifier: GPL-3.0-or-later
// Writes what a running recording gets to a file, from now on: the file begins with the pool as it is. A
// recording's thread; the session outlives it.
#pragma once

#include <optional>
#include <span>

#include <QElapsedTimer>
#include <QString>

#include "engine/analysis/session.h"
#include "engine/trace/trace_writer.h"
#include "ui/recording/pictures.h"

namespace vitrine::ui {

class FileRecorder
{
public:
    explicit FileRecorder(const engine::Session& session) : m_session(session) {}

    bool isRunning() const { return m_writer.has_value(); }
    /// What there is to say; `error` stays until the next start.
    const FileRecording& state() const { return m_state; }

    void start(const QString& path);
    void add(std::span<const engine::RecordedStep> steps);
    /// `names` are those of all events so far.
    void addNvtx(std::span<const engine::NvtxEvent> events, std::span<const std::string> names);
    void label(engine::RequestId request, const engine::TraceLabel& label);
    /// Writes out what waits, about once a second.
    void tick();
    void finish();

private:
    template<class Action>
    void guarded(Action action);

    const engine::Session& m_session;
    std::optional<engine::TraceWriter> m_writer;
    FileRecording m_state;
    QElapsedTimer m_flushed;
    quint64 m_lostBefore = 0;     // steps, by the time it began
    quint64 m_nvtxLostBefore = 0; // likewise
    bool m_hasNvtx = false;
};

} // namespace vitrine::ui
