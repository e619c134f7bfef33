// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/recording/file_recorder.h"

#include <utility>

#include <QDir>
#include <QFileInfo>

namespace vitrine::ui {

namespace {

constexpr qint64 kFlushMs = 1000;

} // namespace

/// A disk that takes no more ends the recording; what is in the file stays readable.
template<class Action>
void FileRecorder::guarded(Action action)
{
    if (!m_writer)
        return;
    const engine::Result<void> done = action(*m_writer);
    m_state.bytes = m_writer->bytes();
    if (done)
        return;
    m_state.error = QString::fromStdString(done.error().message);
    m_state.active = false;
    m_writer.reset();
}

void FileRecorder::start(const QString& path)
{
    finish();
    m_state = {};
    m_state.path = path;
    QDir().mkpath(QFileInfo(path).absolutePath());
    auto writer = engine::TraceWriter::create(
        path.toStdString(), m_session.origin(), {.wordOf = [this](engine::TokenId token) {
            const auto word = m_session.vocabulary().find(token);
            return word == m_session.vocabulary().end() ? std::string() : word->second;
        }});
    if (!writer) {
        m_state.error = QString::fromStdString(writer.error().message);
        return;
    }
    m_writer.emplace(std::move(*writer));
    m_state.active = true;
    m_state.startNs = m_session.range().endNs;
    m_lostBefore = m_session.lost();
    m_nvtxLostBefore = m_session.nvtx().lost();
    m_flushed.start();
    for (const auto& [request, label] : m_session.labels())
        this->label(request, label);
    const std::size_t now = m_session.steps().size();
    add(m_session.cut(now, now).steps);
}

void FileRecorder::add(std::span<const engine::RecordedStep> steps)
{
    guarded([&](engine::TraceWriter& writer) { return writer.add(steps); });
}

void FileRecorder::addNvtx(std::span<const engine::NvtxEvent> events, std::span<const std::string> names)
{
    m_hasNvtx = m_hasNvtx || !events.empty();
    guarded([&](engine::TraceWriter& writer) { return writer.addNvtx(events, names); });
}

void FileRecorder::label(engine::RequestId request, const engine::TraceLabel& label)
{
    guarded([&](engine::TraceWriter& writer) { return writer.label(request, label); });
}

void FileRecorder::tick()
{
    if (!m_writer || m_flushed.elapsed() < kFlushMs)
        return;
    m_flushed.start();
    guarded([](engine::TraceWriter& writer) { return writer.flush(); });
}

void FileRecorder::finish()
{
    const engine::NvtxLanes& nvtx = m_session.nvtx();
    if (std::exchange(m_hasNvtx, false))
        guarded([&](engine::TraceWriter& writer) {
            return writer.endNvtx(nvtx.threads(), nvtx.lost() - m_nvtxLostBefore);
        });
    guarded([this](engine::TraceWriter& writer) { return writer.finish(m_session.lost() - m_lostBefore); });
    m_writer.reset();
    m_state.active = false;
}

} // namespace vitrine::ui
