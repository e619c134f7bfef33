// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded run as a file, and answers of a recording to wait for.
#pragma once

#include <string>

#include <QString>
#include <QTemporaryDir>
#include <QTest>

#include "engine/trace/trace_writer.h"
#include "tests/engine/support/recorded_run.h"
#include "ui/recording/recording_session.h"

namespace vitrine::tests {

/// Its request 2 is of a conversation (9, message 11); a token's word is its number in brackets. Empty where
/// it could not be written.
inline QString writtenRun(const QTemporaryDir& folder, const RecordedRun& run,
                          const QString& name = QStringLiteral("run.vtrace"))
{
    engine::TraceOrigin origin;
    origin.pool = run.start;
    origin.model = "SmolLM2";
    origin.unixNs = 1'700'000'000'000'000'000;
    origin.steadyNs = run.steps.front().record.startNs;
    const QString path = folder.filePath(name);
    auto writer = engine::TraceWriter::create(
        path.toStdString(), origin,
        {.wordOf = [](engine::TokenId token) { return "<" + std::to_string(token) + ">"; }});
    if (!writer || !writer->label(engine::RequestId{2}, {"Kyoto packing list", 9, 11}) ||
        !writer->add(run.steps) || !writer->finish(0))
        return {};
    return path;
}

/// What `signal` says after `ask`.
template<class Value, class Ask>
Value answer(ui::RecordingSession& session, void (ui::RecordingSession::*signal)(const Value&), Ask ask)
{
    constexpr int kPatienceMs = 60'000;
    Value value{};
    int answers = 0;
    const auto connection = QObject::connect(&session, signal, &session, [&](const Value& heard) {
        value = heard;
        ++answers;
    });
    ask();
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answers > 0, kPatienceMs); }();
    QObject::disconnect(connection);
    return value;
}

} // namespace vitrine::tests
